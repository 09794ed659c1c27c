"""Access under a scenario, computed from what changed only; equal to a full run, bit for bit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np

from yike.core.access.access import compute_access
from yike.core.access.newcomers import admit_outlets
from yike.core.access.update import LiveAccess, close_outlet, open_outlet, watch_access
from yike.core.network.compound import STREET_FRONT_M
from yike.core.tables import (
    AccessTable,
    Attachments,
    BoolArray,
    IntArray,
    LongArray,
    Outlets,
    OutletStatus,
    Places,
)
from yike.sources.pack import Pack
from yike.studies.base import Base
from yike.studies.policy import services_of
from yike.studies.streets import settle_outlets, settle_places

Services = tuple[LongArray, IntArray]


@dataclass(frozen=True, eq=False)
class Reached:
    """Points on the streets and who reaches what, after a scenario."""

    places: Places
    outlets: Outlets
    place_attachments: Attachments
    outlet_attachments: Attachments
    access: AccessTable
    services: Services


@dataclass(frozen=True)
class _Step:
    """One outlet of the watch that opens or closes."""

    handle: int
    is_opening: bool


class LiveBase:
    """A base whose outlets can open and close, and go back again. Not for several threads at once."""

    def __init__(self, base: Base, n_threads: int | None = None) -> None:
        self.base = base
        self.n_threads = n_threads
        self.columns: IntArray = base.access.type_rows
        self._live: LiveAccess | None = None

    def reach(self, pack: Pack, columns: IntArray) -> Reached:
        """
        Access of an edited pack on the base's own streets.

        Parameters
        ----------
        pack
            Outlets of the base keep their rows, new ones follow; so do places.
        columns
            Business types of the access table that a full run would have.
        """
        base = self.base.joined
        changed = changed_rows(self.base.pack.outlets, pack.outlets)
        outlet_at = self._attached(pack.outlets, changed)
        places, place_at = self._places(pack)
        outlets = self._outlets(pack, changed, outlet_at, places, place_at)
        services = services_of(outlets, self.base.types, columns)
        self._watch(columns)
        own = np.searchsorted(self.columns, columns).astype(np.int32)
        steps = self._steps(outlets, changed, outlet_at, own, services)
        _go(self._watch(columns), steps)
        access = _columns_of(self._watch(columns).table(), own, columns)
        _go(self._watch(columns), [_Step(s.handle, not s.is_opening) for s in reversed(steps)])
        if len(places) > len(base.places):
            access = self._with_new_places(access, place_at, outlets, outlet_at, services)
        return Reached(places, outlets, place_at, outlet_at, access, services)

    def begin(self) -> None:
        """Begin the watch, which the first scenario would begin otherwise."""
        self._watch(self.columns)

    def _watch(self, columns: IntArray) -> LiveAccess:
        """The live table, with a column for every type asked for so far."""
        wanted = np.union1d(self.columns, columns).astype(np.int32)
        if self._live is None or len(wanted) > len(self.columns):
            self.columns = wanted
            at, access = self.base.joined, self.base.access
            services = services_of(at.outlets, self.base.types, wanted)
            self._live = watch_access(
                at.graph, at.place_attachments, at.outlet_attachments, at.direct, *services, len(wanted),
                type_rows=wanted, is_open=at.outlets.status == OutletStatus.OPEN,
                cutoffs_s=access.cutoffs_s, limit_s=access.limit_s, n_threads=self.n_threads,
            )  # fmt: skip
        return self._live

    def _steps(
        self,
        outlets: Outlets,
        changed: IntArray,
        outlet_at: Attachments,
        own: IntArray,
        services: Services,
    ) -> list[_Step]:
        """
        What closes and what opens, closings first; new outlets and changed ones join the watch.

        An outlet that only takes on functions stays, and a second one with the new functions opens in its
        row; one that moves or gives something up closes, and a new one opens in its row.
        """
        assert self._live is not None
        base = self.base.joined.outlets
        same = len(self.columns) == len(self.base.access.type_rows)
        served = self.base.services if same else services_of(base, self.base.types, self.columns)
        steps: list[_Step] = []
        rows: list[int] = []
        new_services: list[np.ndarray] = []
        for row in changed.tolist():
            after = own[services[1][services[0][row] : services[0][row + 1]]]
            is_open = outlets.status[row] == OutletStatus.OPEN
            if row < len(base):
                before = served[1][served[0][row] : served[0][row + 1]]
                was_open = base.status[row] == OutletStatus.OPEN
                stays = was_open and is_open and _is_at(base, outlets, row) and set(before) <= set(after)
                if was_open and not stays and len(before):
                    steps.append(_Step(row, False))
                if stays:
                    after = np.setdiff1d(after, before)
            if is_open and len(after):
                rows.append(row)
                new_services.append(np.sort(after).astype(np.int32))
        if rows:
            steps += [_Step(h, True) for h in self._admit(np.array(rows, np.int32), outlet_at, new_services)]
        return steps

    def _admit(self, rows: IntArray, outlet_at: Attachments, services: Sequence[np.ndarray]) -> list[int]:
        assert self._live is not None
        points = take_points(outlet_at, rows)
        at = self.base.joined
        ptr = np.concatenate([[0], np.cumsum([len(s) for s in services])]).astype(np.int64)
        col = np.concatenate(services).astype(np.int32)
        direct = at.streets.direct(at.place_attachments, points)
        self._live, handles = admit_outlets(self._live, points, direct, ptr, col, row=rows)
        return [int(h) for h in handles]

    def _attached(self, outlets: Outlets, changed: IntArray) -> Attachments:
        """Outlets on the streets; only those that are new or elsewhere are attached anew."""
        at = self.base.joined
        moved = np.array([r for r in changed.tolist() if not _is_at(at.outlets, outlets, r)], np.int64)
        if not len(moved):
            return at.outlet_attachments
        new = at.streets.attach(outlets.x_m[moved], outlets.y_m[moved], STREET_FRONT_M)
        source = np.arange(len(outlets))
        source[moved] = len(at.outlets) + np.arange(len(moved))
        return take_points(join_attachments(at.outlet_attachments, new), source)

    def _places(self, pack: Pack) -> tuple[Places, Attachments]:
        """Homes on the streets; old ones keep theirs, new ones follow."""
        at = self.base.joined
        n = len(at.places)
        if len(pack.places) == n:
            return at.places, at.place_attachments
        new = at.streets.attach(pack.places.x_m[n:], pack.places.y_m[n:])
        place_at = join_attachments(at.place_attachments, new)
        return settle_places(pack, at.streets, pack.places, place_at), place_at

    def _outlets(
        self, pack: Pack, changed: IntArray, outlet_at: Attachments, places: Places, place_at: Attachments
    ) -> Outlets:
        """Outlets with the area they lie in; old ones keep theirs."""
        at, outlets = self.base.joined, pack.outlets
        by_walk = pack.communities.delineation == "walking_voronoi" or pack.settled.get("outlets_by_walk")
        settled = outlets
        if by_walk and len(changed):
            settled = settle_outlets(pack, at.streets, places, place_at, outlets, outlet_at)
            if len(places) > len(at.places):
                return settled  # a new home may be the nearest of an old outlet
        community, circle = settled.community_idx.copy(), settled.circle_idx.copy()
        kept = np.ones(len(outlets), bool)
        kept[len(at.outlets) :] = False
        kept[changed] = False
        old = np.flatnonzero(kept)
        community[old], circle[old] = at.outlets.community_idx[old], at.outlets.circle_idx[old]
        return replace(outlets, community_idx=community, circle_idx=circle)

    def _with_new_places(
        self,
        access: AccessTable,
        place_at: Attachments,
        outlets: Outlets,
        outlet_at: Attachments,
        services: Services,
    ) -> AccessTable:
        """The table with rows for the new homes: only those are searched."""
        at = self.base.joined
        new = take_points(place_at, np.arange(len(at.places), len(place_at)))
        more = compute_access(
            at.graph, new, outlet_at, at.streets.direct(new, outlet_at), *services, len(access.type_rows),
            type_rows=access.type_rows, is_open=outlets.status == OutletStatus.OPEN,
            cutoffs_s=access.cutoffs_s, limit_s=access.limit_s, n_threads=self.n_threads,
        )  # fmt: skip
        names = ("nearest_s", "nearest_outlet_idx", "count", "is_attached")
        longer: dict[str, Any] = {n: np.concatenate([getattr(access, n), getattr(more, n)]) for n in names}
        return replace(access, **longer)


def changed_rows(before: Outlets, after: Outlets) -> IntArray:
    """Rows that are new, or trade, stand or serve otherwise than before."""
    n = len(before)
    differs: BoolArray = (before.status == OutletStatus.OPEN) != (after.status[:n] == OutletStatus.OPEN)
    differs |= (before.x_m != after.x_m[:n]) & ~(np.isnan(before.x_m) & np.isnan(after.x_m[:n]))
    differs |= (before.y_m != after.y_m[:n]) & ~(np.isnan(before.y_m) & np.isnan(after.y_m[:n]))
    differs |= np.diff(before.service_ptr) != np.diff(after.service_ptr[: n + 1])
    # rows with as many services as before may still have others
    same = np.flatnonzero(~differs)
    served = np.repeat(np.arange(n), np.diff(before.service_ptr))
    kept = np.isin(served, same)
    now = np.repeat(np.arange(len(after)), np.diff(after.service_ptr))
    kept_now = np.isin(now, same)
    other = before.service_type_idx[kept] != after.service_type_idx[kept_now]
    differs[served[kept][other]] = True
    return np.concatenate([np.flatnonzero(differs), np.arange(n, len(after))]).astype(np.int32)


def _is_at(before: Outlets, after: Outlets, row: int) -> bool:
    """Whether an outlet of both tables stands where it stood."""
    if row >= len(before):
        return False
    return bool(before.x_m[row] == after.x_m[row] and before.y_m[row] == after.y_m[row])


def _go(live: LiveAccess, steps: Sequence[_Step]) -> None:
    for step in steps:
        (open_outlet if step.is_opening else close_outlet)(live, step.handle)


def _columns_of(table: AccessTable, own: IntArray, columns: IntArray) -> AccessTable:
    """A copy of some columns, that no later opening changes."""
    is_all = len(own) == len(table.type_rows)
    names = ("nearest_s", "nearest_outlet_idx", "count")
    cut: dict[str, Any] = {
        n: getattr(table, n).copy() if is_all else np.ascontiguousarray(getattr(table, n)[:, own])
        for n in names
    }
    return replace(table, **cut, type_rows=columns)


_PER_POINT = tuple(
    f.name for f in fields(Attachments) if f.name not in ("end_ptr", "end_junction_idx", "end_ticks")
)


def take_points(points: Attachments, rows: IntArray | LongArray) -> Attachments:
    """The attachments of some points, in that order."""
    low = points.end_ptr[rows]
    n = points.end_ptr[np.asarray(rows, np.int64) + 1] - low
    ptr = np.concatenate([[0], np.cumsum(n)]).astype(np.int64)
    at = np.repeat(low - ptr[:-1], n) + np.arange(ptr[-1])
    return Attachments(
        **{name: getattr(points, name)[rows] for name in _PER_POINT},
        end_ptr=ptr,
        end_junction_idx=points.end_junction_idx[at],
        end_ticks=points.end_ticks[at],
    )


def join_attachments(one: Attachments, other: Attachments) -> Attachments:
    """The points of two tables, one behind the other."""
    both: dict[str, Any] = {
        f.name: np.concatenate([getattr(one, f.name), getattr(other, f.name)])
        for f in fields(Attachments)
        if f.name != "end_ptr"
    }
    return Attachments(end_ptr=np.concatenate([one.end_ptr, one.end_ptr[-1] + other.end_ptr[1:]]), **both)
