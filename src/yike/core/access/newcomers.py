"""Outlets that nobody knew when the watch began join a ``LiveAccess``, without searching the city again."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from yike.core.access._lane_kernels import OUTLET_BITS
from yike.core.access._search_kernels import Ends
from yike.core.access._settle_kernels import Direct, Points, group_passings
from yike.core.access._thin_kernels import Thinned
from yike.core.access.inputs import checked_ends
from yike.core.access.settle import Passings, settle_points
from yike.core.access.update import LiveAccess
from yike.core.tables import Attachments, DirectWalks, IntArray, LongArray

_Walks = tuple[IntArray, IntArray, IntArray]
"""Direct walks: number of the outlet, number of the place, ticks."""


def admit_outlets(
    live: LiveAccess,
    outlets: Attachments,
    direct: DirectWalks,
    service_ptr: LongArray,
    service_col: IntArray,
    row: IntArray | None = None,
) -> tuple[LiveAccess, IntArray]:
    """
    Let further outlets join, closed; ``open_outlet`` opens them.

    Parameters
    ----------
    live
        Taken over: use only what is returned from now on.
    outlets
        How the new ones join the graph that was watched.
    direct
        Walks from the places to them; ``outlet_idx`` counts the new ones from 0.
    service_ptr, service_col
        Columns of the table that each of them serves.
    row
        What the table of access calls each of them, by default the next rows. A row may stand for several
        outlets - one that moves has its old and its new place - while no two of them that serve the same
        column are open at once.

    Returns
    -------
    live
        With the new outlets.
    handle : shape (n_new,)
        What ``open_outlet`` and ``close_outlet`` call them.

    Raises
    ------
    ValueError
        Columns disagree, or an index points outside its table.

    Notes
    -----
    Opening a new outlet gives the table of a full run, bit for bit. Time grows with the tables of outlets
    and direct walks, not with the streets: 20 ms in a city of 50,000 homes and 50,000 outlets.
    """
    n_new, first = len(outlets), len(live.number)
    label = np.arange(first, first + n_new, dtype=np.int32) if row is None else np.asarray(row, np.int32)
    _check(live, n_new, direct, service_ptr, service_col, label)
    if live.given.paths is None:
        raise ValueError("this LiveAccess keeps no paths for new outlets")
    thinned, place_passings = live.given.paths
    ends = checked_ends("outlets", outlets, len(thinned.rank))
    limit, n_kept = live.given.limit, live.given.n_junctions
    points, passings = settle_points(ends, np.ones(n_new, np.uint8), thinned, limit, n_kept)
    order = points.row  # newcomer of each number
    n_known = live.given.n_outlets
    number = np.empty(n_new, np.int32)
    number[order] = n_known + np.arange(n_new, dtype=np.int32)
    serves_any = np.diff(service_ptr) > 0
    walks = _shortest(
        _given_walks(live, direct, number), _met_walks(thinned, place_passings, passings, n_known), limit
    )
    grown = _grow(live, points, label[order], walks, _services(service_ptr, service_col, order))
    handle = np.arange(first, first + n_new, dtype=np.int32)
    known = np.concatenate([live.number, np.where(serves_any, number, -1)]).astype(np.int32)
    return replace(grown, number=known), handle


def _check(
    live: LiveAccess,
    n_new: int,
    direct: DirectWalks,
    service_ptr: LongArray,
    service_col: IntArray,
    label: IntArray,
) -> None:
    if len(label) != n_new or len(service_ptr) != n_new + 1:
        raise ValueError(f"row or service_ptr do not fit {n_new} outlets")
    if len(direct.ptr) != live.given.n_places + 1:
        raise ValueError(f"DirectWalks.ptr has {len(direct.ptr)} rows, expected {live.given.n_places + 1}")
    if len(direct.outlet_idx) and not 0 <= direct.outlet_idx.min() <= direct.outlet_idx.max() < n_new:
        raise ValueError("DirectWalks.outlet_idx points outside the new outlets")
    if len(service_col) and not 0 <= service_col.min() <= service_col.max() < live.given.n_cols:
        raise ValueError("service_col points outside the columns watched")
    if n_new and not 0 <= label.min() <= label.max() < 1 << OUTLET_BITS:
        raise ValueError("row lies outside what a key can hold")


def _given_walks(live: LiveAccess, direct: DirectWalks, number: IntArray) -> _Walks:
    """Direct walks told by the caller, in the numbers of the watch."""
    of_row = np.empty(live.given.n_places, np.int32)
    of_row[live.given.places.row] = np.arange(live.given.n_places, dtype=np.int32)
    place = np.repeat(of_row, np.diff(direct.ptr))
    return number[direct.outlet_idx], place, np.asarray(direct.ticks, np.int32)


def _met_walks(thinned: Thinned, of_places: Passings, of_outlets: Passings, n_known: int) -> _Walks:
    """Walks over a junction taken out that both pass."""
    outlet, junction, cost = of_outlets
    if not len(outlet):
        none = np.empty(0, np.int32)
        return none, none, none
    wanted = np.zeros(len(thinned.rank), bool)
    wanted[junction] = True
    near = wanted[of_places[1]]
    place, passed, ticks_to = (a[near] for a in of_places)
    met = group_passings(place, passed, ticks_to, len(thinned.rank))
    n_met = met.ptr[junction + 1] - met.ptr[junction]
    start = np.repeat(met.ptr[junction] - np.concatenate([[0], np.cumsum(n_met)[:-1]]), n_met)
    at = start + np.arange(int(n_met.sum()))
    ticks = np.repeat(cost, n_met).astype(np.int64) + met.ticks[at]
    most = np.iinfo(np.int32).max
    return (
        np.repeat(outlet + n_known, n_met).astype(np.int32),
        met.junction[at],
        np.minimum(ticks, most).astype(np.int32),
    )


def _shortest(told: _Walks, met: _Walks, limit: int) -> _Walks:
    """Each pair once, with its shorter walk, by outlet and place; none beyond the limit."""
    outlet, place, ticks = (np.concatenate([a, b]).astype(np.int32) for a, b in zip(told, met, strict=True))
    order = np.lexsort((ticks, place, outlet))
    order = order[ticks[order] <= limit]
    outlet, place, ticks = outlet[order], place[order], ticks[order]
    is_first = np.ones(len(order), bool)
    is_first[1:] = (outlet[1:] != outlet[:-1]) | (place[1:] != place[:-1])
    return outlet[is_first], place[is_first], ticks[is_first]


def _services(ptr: LongArray, col: IntArray, order: IntArray) -> tuple[LongArray, IntArray]:
    rows = [np.asarray(col[ptr[i] : ptr[i + 1]], np.int32) for i in order]
    n = np.array([len(r) for r in rows], np.int64)
    return n, np.concatenate([*rows, np.empty(0, np.int32)])


def _grow(
    live: LiveAccess, points: Points, label: IntArray, walks: _Walks, services: tuple[LongArray, IntArray]
) -> LiveAccess:
    given = live.given
    old = given.outlets.ends
    ends = Ends(
        _append_ptr(old.ptr, np.diff(points.ends.ptr)),
        np.concatenate([old.junction, points.ends.junction]),
        np.concatenate([old.ticks, points.ends.ticks]),
    )
    grown = replace(
        given,
        outlets=Points(np.concatenate([given.outlets.row, label]).astype(np.int32), ends),
        direct=_with_walks(given.direct, walks),
        service_ptr=_append_ptr(given.service_ptr, services[0]),
        service_col=np.concatenate([given.service_col, services[1]]),
    )
    outlet, place, ticks = walks
    n_walks = np.bincount(outlet - given.n_outlets, minlength=len(label))
    return replace(
        live,
        given=grown,
        is_open=np.concatenate([live.is_open, np.zeros(len(label), np.uint8)]),
        offers=grown.offers(given.limit),
        walks=Ends(
            _append_ptr(live.walks.ptr, n_walks),
            np.concatenate([live.walks.junction, place]),
            np.concatenate([live.walks.ticks, ticks]),
        ),
    )


def _append_ptr(ptr: np.ndarray, n: np.ndarray) -> np.ndarray:
    return np.concatenate([ptr, ptr[-1] + np.cumsum(n)]).astype(ptr.dtype)


def _with_walks(direct: Direct, walks: _Walks) -> Direct:
    """Direct walks per place, the new ones behind those it had."""
    outlet, place, ticks = walks
    order = np.argsort(place, kind="stable")
    at = direct.ptr[place[order] + 1]
    more = np.bincount(place, minlength=len(direct.ptr) - 1)
    return Direct(
        (direct.ptr + np.concatenate([[0], np.cumsum(more)])).astype(direct.ptr.dtype),
        np.insert(direct.outlet, at, outlet[order]),
        np.insert(direct.ticks, at, ticks[order]),
    )
