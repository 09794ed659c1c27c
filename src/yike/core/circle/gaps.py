"""Gaps: which type is missing where, for whom, and how badly; the worst first."""

from __future__ import annotations

import numpy as np

from yike.core.circle.coverage import within_norm
from yike.core.circle.presence import Presence
from yike.core.tables import (
    AccessTable,
    BoolArray,
    Coverage,
    FloatArray,
    Gaps,
    GapState,
    IntArray,
    LongArray,
    Places,
)

Rows = np.ndarray[tuple[int, ...], np.dtype[np.integer]]
"""Row numbers of any integer width."""

_LISTED = (
    GapState.GAP,
    GapState.DATA_MISSING,
    GapState.NOT_SURVEYED,
    GapState.UNKNOWN,
    GapState.MET,
    GapState.NOT_REQUIRED,
)
"""Order of the states in the table after the ranking inside GAP."""


def find_gaps(
    access: AccessTable,
    places: Places,
    coverage: Coverage,
    presence: Presence,
    share_required: FloatArray,
    area_idx_of_place: IntArray,
) -> Gaps:
    """
    One row per area and asked type, ranked by residents times minutes over the norm.

    A resident 18 minutes from the nearest breakfast, with a norm of 10, adds 8 person-minutes; one who
    reaches none within the search limit counts as if at the limit, so that being cut off weighs most but
    never infinitely. Only GAP rows are ranked; where no people are known they follow, widest shortfall
    first. Types that are not required are listed for information, last.

    Parameters
    ----------
    share_required : shape (n_cols,)
        NaN where the rule pack does not name the type: no row.
    area_idx_of_place : shape (n_places,)
        Same areas as ``coverage``; -1 none.

    Notes
    -----
    Adding an outlet never raises a row's person-minutes. Numbers of rows whose data cannot tell are NaN.
    """
    cols = np.flatnonzero(~np.isnan(share_required) & ~np.isnan(coverage.norm_s))
    lack = _Lack(access, places, coverage.norm_s, area_idx_of_place)
    n_areas = len(coverage.area_ids)
    area = np.repeat(np.arange(n_areas), len(cols))
    col = np.tile(cols, n_areas)
    can_tell = np.isin(presence.data_state[col], (GapState.MET,)) | (presence.is_present[area, col] == 1)
    has_people = np.array([w == "people" for w in coverage.weights], bool)[area]
    told = np.where(can_tell & ~np.isnan(coverage.share_in_norm[area, col]), 1.0, np.nan)
    counted = np.where(has_people, told, np.nan)
    people = _cells(lack.people(n_areas), area, col) * counted
    minutes = _cells(lack.person_minutes(n_areas), area, col) * counted
    share = coverage.share_in_norm[area, col] * told
    short = np.maximum(share_required[col] - share, 0.0)
    state = presence.state[area, col]
    order = _worst_first(state, minutes, people, short, area, col)
    is_gap = state[order] == GapState.GAP
    ptr, place_idx = lack.places_of(area[order], col[order], ~np.isnan(told[order]))
    return Gaps(
        circle_idx=area[order].astype(np.int32),
        type_idx=coverage.type_rows[col[order]],
        state=state[order],
        norm_s=coverage.norm_s[col[order]],
        share_in_norm=share[order],
        share_required=share_required[col[order]],
        shortfall=short[order],
        people_unserved=people[order],
        person_minutes=minutes[order],
        bands=places.bands,
        unserved_by_band=lack.by_band(n_areas)[area[order], col[order]] * told[order][:, None],
        rank=np.where(is_gap, np.cumsum(is_gap), 0).astype(np.int32),
        place_ptr=ptr,
        place_idx=place_idx,
    )


def _cells(table: FloatArray, area: Rows, col: Rows) -> FloatArray:
    return np.asarray(table[area, col], np.float64)


def _worst_first(
    state: np.ndarray,
    minutes: FloatArray,
    people: FloatArray,
    short: FloatArray,
    area: Rows,
    col: Rows,
) -> Rows:
    place_in_list = np.array([_LISTED.index(GapState(s)) for s in range(len(GapState))])[state]
    is_gap = state == GapState.GAP
    worse = [np.where(is_gap, np.nan_to_num(-x, nan=0.0), 0.0) for x in (minutes, people, short)]
    unknown = is_gap & np.isnan(minutes)
    return np.lexsort((col, area, worse[2], worse[1], worse[0], unknown, place_in_list))


class _Lack:
    """Attached places beyond the norm, by access column: how far over, and how many people."""

    def __init__(self, access: AccessTable, places: Places, norm_s: FloatArray, area_idx: IntArray) -> None:
        in_area = (area_idx >= 0) & access.is_attached
        beyond: BoolArray = ~within_norm(access, norm_s) & in_area[:, None] & ~np.isnan(norm_s)
        walk_s = np.minimum(access.nearest_s, np.float32(access.limit_s)).astype(np.float64)
        self.place, self.col = np.nonzero(beyond)
        over = walk_s[self.place, self.col] - norm_s[self.col]
        # float32 rounding may put a walk just beyond the norm at the norm itself
        self.over_min = np.maximum(over, 0.0) / 60.0
        self.area = area_idx[self.place].astype(np.int64)
        self.n_cols = len(norm_s)
        self._people = np.nan_to_num(places.people)[self.place]
        self._is_known = ~np.isnan(places.people)[self.place]
        self._places = places

    def _sum(self, weight: FloatArray, n_areas: int) -> FloatArray:
        cell = self.area * self.n_cols + self.col
        total = np.bincount(cell, weight, minlength=n_areas * self.n_cols)
        return np.asarray(total.reshape(n_areas, self.n_cols), np.float64)

    def people(self, n_areas: int) -> FloatArray:
        """Residents beyond the norm."""
        return self._sum(self._people, n_areas)

    def person_minutes(self, n_areas: int) -> FloatArray:
        """Residents times minutes over the norm."""
        return self._sum(self._people * self.over_min, n_areas)

    def by_band(self, n_areas: int) -> FloatArray:
        """Residents beyond the norm by age band; NaN where a place of the area has no number for it."""
        bands = [self._band(b, n_areas) for b in range(len(self._places.bands))]
        return np.stack(bands, axis=2) if bands else np.empty((n_areas, self.n_cols, 0))

    def _band(self, b: int, n_areas: int) -> FloatArray:
        number = self._places.people_by_band[self.place, b]
        # a place known to have nobody has nobody of any age
        number = np.where(self._is_known & (self._people == 0), 0.0, number)
        total = self._sum(np.nan_to_num(number), n_areas)
        unknown = self._sum(np.isnan(number).astype(float), n_areas)
        return np.where(unknown > 0, np.nan, total)

    def places_of(self, area: Rows, col: Rows, is_told: BoolArray) -> tuple[LongArray, IntArray]:
        """Unserved places of each row, most person-minutes first, unknown people last, then by number."""
        row_of = np.full((int(self.area.max(initial=-1)) + 1, self.n_cols), -1, np.int64)
        inside = is_told & (area < len(row_of))
        row_of[area[inside], col[inside]] = np.flatnonzero(inside)
        row = row_of[self.area, self.col]
        kept = row >= 0
        row, place, over = row[kept], self.place[kept], self.over_min[kept]
        load = self._people[kept] * over
        order = np.lexsort((place, -over, ~self._is_known[kept], -load, row))
        ptr = np.concatenate([[0], np.cumsum(np.bincount(row, minlength=len(area)))])
        return ptr.astype(np.int64), place[order].astype(np.int32)
