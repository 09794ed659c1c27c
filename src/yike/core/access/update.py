"""One outlet more or one less, without searching the city again."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from yike.core.access import _update_kernels as kernels
from yike.core.access._count_kernels import Offers
from yike.core.access._lane_kernels import KEY_LANES, OUTLET_BITS
from yike.core.access._search_kernels import Ends, Hood, empty_hood
from yike.core.access.cumulative import count_outlets
from yike.core.access.inputs import SearchInput, cutoff_ticks, search_input
from yike.core.access.nearest import junction_keys, read_from_keys
from yike.core.access.stretches import threads_to_use
from yike.core.tables import (
    AccessTable,
    Attachments,
    BoolArray,
    ByteArray,
    DirectWalks,
    Float32Array,
    IntArray,
    LongArray,
    StreetGraph,
)


@dataclass(frozen=True, eq=False)
class LiveAccess:
    """
    An ``AccessTable`` that can follow outlets as they open and close, and all it needs for that.

    Make one with ``watch_access``. Beside the table it keeps the nearest outlet of every junction: about 200
    bytes per junction and 16 per place. Not for several threads at once.
    """

    given: SearchInput  # all outlets that serve anything, open or not
    is_open: ByteArray  # per outlet in the order of ``given``
    number: IntArray  # per row of the table of outlets (later ones follow), -1 where it serves nothing
    keys: LongArray
    width: int
    offers: Offers
    at_junction: Ends  # places that have a junction as an end
    walks: Ends  # places that have a direct walk to an outlet
    hood: Hood
    marks: kernels.Marks
    cuts: IntArray
    found: tuple[Float32Array, IntArray]
    counts: IntArray
    cutoffs_s: tuple[float, ...]
    limit_s: float
    type_rows: IntArray

    def table(self) -> AccessTable:
        """The table as it is now; a view, so later openings and closings show in it."""
        return AccessTable(
            nearest_s=self.found[0],
            nearest_outlet_idx=self.found[1],
            count=self.counts,
            is_attached=self.given.is_attached,
            cutoffs_s=self.cutoffs_s,
            limit_s=self.limit_s,
            type_rows=self.type_rows,
        )


def watch_access(
    graph: StreetGraph,
    places: Attachments,
    outlets: Attachments,
    direct: DirectWalks,
    service_ptr: LongArray,
    service_col: IntArray,
    n_cols: int,
    *,
    type_rows: IntArray,
    is_open: BoolArray,
    cutoffs_s: tuple[float, ...] = (300.0, 600.0, 900.0),
    limit_s: float = 3600.0,
    n_threads: int | None = None,
) -> LiveAccess:
    """
    Compute access as ``compute_access`` does, and keep what is needed to follow changes.

    Outlets that may open later (planned ones, candidate sites) are given as closed outlets, or join with
    ``newcomers.admit_outlets``. Parameters and errors are those of ``compute_access``.
    """
    cuts, limit = cutoff_ticks(cutoffs_s, limit_s)
    everyone = np.ones(len(outlets), bool)
    given = search_input(
        graph, places, outlets, direct, service_ptr, service_col, n_cols, everyone, limit, keep_paths=True
    )
    open_now = np.asarray(is_open, bool)[given.outlets.row]
    n_served = np.diff(given.service_ptr)
    trading = replace(
        given,
        service_ptr=np.concatenate([[0], np.cumsum(n_served * open_now)]).astype(np.int64),
        service_col=given.service_col[np.repeat(open_now, n_served)],
    )
    width = -(-n_cols // KEY_LANES) * KEY_LANES
    keys = junction_keys(trading, 0, width)
    workers = threads_to_use(n_threads)
    number = np.full(len(outlets), -1, np.int32)
    number[given.outlets.row] = np.arange(given.n_outlets, dtype=np.int32)
    walks = Ends(given.direct.ptr, given.direct.outlet, given.direct.ticks)
    return LiveAccess(
        given=given,
        is_open=open_now.astype(np.uint8),
        number=number,
        keys=keys,
        width=width,
        offers=given.offers(limit),
        at_junction=kernels.points_by_junction(given.places.ends, given.n_junctions),
        walks=kernels.points_by_junction(walks, given.n_outlets),
        hood=empty_hood(given.n_junctions, 0, max(int(cuts.max(initial=0)), 0)),
        marks=kernels.empty_marks(given.n_junctions, given.n_places),
        cuts=cuts,
        found=read_from_keys(trading, keys, workers),
        counts=count_outlets(trading, cuts, len(cutoffs_s), workers, None),
        cutoffs_s=tuple(float(c) for c in cutoffs_s),
        limit_s=float(limit_s),
        type_rows=np.asarray(type_rows, np.int32),
    )


def open_outlet(live: LiveAccess, outlet_idx: int) -> None:
    """
    An outlet opens: counts and nearest of all places around it follow.

    Raises
    ------
    ValueError
        It is open already.

    Notes
    -----
    The table equals that of a full run, bit for bit. Time grows with the junctions within the longest
    cutoff and those for which the outlet becomes the nearest, not with the city.
    """
    outlet = _change(live, outlet_idx, to_open=True)
    if outlet < 0:
        return
    _count(live, outlet, 1)
    for col in _columns(live, outlet):
        n = kernels.open_keys(
            outlet,
            int(live.given.outlets.row[outlet]),
            col,
            live.keys,
            live.width,
            live.given.streets,
            live.given.outlets.ends,
            live.given.limit,
            live.marks,
        )
        _refresh(live, outlet, col, n)


def close_outlet(live: LiveAccess, outlet_idx: int) -> None:
    """
    An outlet closes: the places around it lose one, and those it was the nearest for get their next.

    Raises
    ------
    ValueError
        It is closed already.

    Notes
    -----
    As ``open_outlet``; closing the only outlet of a type touches every junction that had it.
    """
    outlet = _change(live, outlet_idx, to_open=False)
    if outlet < 0:
        return
    _count(live, outlet, -1)
    for col in _columns(live, outlet):
        n = kernels.close_keys(
            outlet,
            col,
            live.keys,
            live.width,
            (live.given.limit + 1) << OUTLET_BITS,
            live.given.streets,
            live.given.outlets.ends,
            live.offers,
            live.given.outlets.row,
            live.is_open,
            live.marks,
        )
        _refresh(live, outlet, col, n)


def _change(live: LiveAccess, outlet_idx: int, to_open: bool) -> int:
    """Set the outlet's state; returns its number, -1 when it serves nothing."""
    outlet = int(live.number[outlet_idx])
    if outlet < 0:
        return -1
    if bool(live.is_open[outlet]) == to_open:
        raise ValueError(f"outlet {outlet_idx} is {'open' if to_open else 'closed'} already")
    live.is_open[outlet] = to_open
    return outlet


def _columns(live: LiveAccess, outlet: int) -> list[int]:
    low, high = live.given.service_ptr[outlet], live.given.service_ptr[outlet + 1]
    return [int(col) for col in live.given.service_col[low:high]]


def _city(live: LiveAccess) -> tuple[object, ...]:
    return live.given.streets, live.given.places.row, live.given.is_attached, live.at_junction


def _count(live: LiveAccess, outlet: int, sign: int) -> None:
    if not live.cutoffs_s:
        return
    kernels.add_to_counts(
        outlet,
        sign,
        _city(live),
        live.given.outlets.ends,
        live.walks,
        live.offers,
        live.cuts,
        int(live.cuts.max()),
        live.hood,
        live.marks,
        live.counts,
    )


def _refresh(live: LiveAccess, outlet: int, col: int, n_marked: int) -> None:
    kernels.refresh(
        outlet,
        col,
        live.keys,
        live.width,
        (live.given.limit + 1) << OUTLET_BITS,
        _city(live),
        live.given.places.ends,
        live.given.direct,
        live.walks,
        live.offers,
        live.given.outlets.row,
        live.is_open,
        live.marks,
        n_marked,
        live.found,
    )
