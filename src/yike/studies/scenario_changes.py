"""Before and after: who comes within the norm, who drops out, and whose walk changes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from yike.core.circle.coverage import weight_kinds, within_norm
from yike.core.circle.presence import Presence
from yike.core.tables import (
    AccessTable,
    BoolArray,
    Coverage,
    Float32Array,
    FloatArray,
    GapState,
    IntArray,
    OutletStatus,
)
from yike.reports.scenario_facts import AreaChanges, ScenarioSide, WhoChanged

NO_NORM_S = 900.0
"""Types that the rule pack gives no norm are looked at within a quarter of an hour."""

LEAST_CHANGE_S = 60.0
"""Walks that change by less than a minute, on the same side of the norm, are not listed."""

MOST_LISTED = 100_000
"""Longest list of homes; a change of profile changes every walk of a city."""


@dataclass(frozen=True, eq=False)
class Reached:
    """One side on the columns of both: norm, who is within it, and the walk."""

    norm_s: FloatArray
    within: BoolArray  # (n_places, n_cols)
    nearest_s: Float32Array  # (n_places, n_cols); +inf where the side lacks the column


@dataclass(frozen=True, eq=False)
class Flips:
    """Homes that stand on both sides, compared; rows are (home, column) pairs."""

    type_rows: IntArray
    before: Reached
    after: Reached
    place: IntArray  # of pairs that cross the norm
    col: IntArray
    is_gain: BoolArray

    def touched(self, *, gains: bool) -> BoolArray:
        """Homes before that gain, or lose, at least one type."""
        touched = np.zeros(len(self.before.within), np.bool_)
        touched[self.place[self.is_gain == gains]] = True
        return touched


def compare_reach(before: ScenarioSide, after: ScenarioSide) -> Flips:
    """Bring both sides to the same columns and find the homes that cross a norm."""
    type_rows = np.union1d(before.access.type_rows, after.access.type_rows).astype(np.int32)
    first, second = (_reached(side, type_rows) for side in (before, after))
    n = len(before.places)
    place, col = np.nonzero(first.within != second.within[:n])
    return Flips(
        type_rows,
        first,
        second,
        place.astype(np.int32),
        col.astype(np.int32),
        np.asarray(second.within[place, col], bool),
    )


def _reached(side: ScenarioSide, type_rows: IntArray) -> Reached:
    norm_s = np.full(len(type_rows), NO_NORM_S)
    at = np.searchsorted(type_rows, side.access.type_rows)
    own = side.circle_coverage.norm_s
    norm_s[at] = np.where(np.isnan(own), NO_NORM_S, own)
    within = np.zeros((len(side.places), len(type_rows)), bool)
    within[:, at] = within_norm(side.access, norm_s[at])
    if len(at) == len(type_rows):
        return Reached(norm_s, within, side.access.nearest_s)
    nearest_s = np.full(within.shape, np.inf, np.float32)
    nearest_s[:, at] = side.access.nearest_s
    nearest_s[~side.access.is_attached] = np.nan
    return Reached(norm_s, within, nearest_s)


def area_changes(before: ScenarioSide, after: ScenarioSide, flips: Flips, level: str) -> AreaChanges:
    """
    People gained and lost per area and type.

    Parameters
    ----------
    level
        "circles", "communities" or "city" (one area: the whole pack).
    """
    area, ids = _areas(after, level)
    sides = (before, after)
    n, n_old = len(ids), len(before.places)
    people = before.places.people
    kind = np.array(weight_kinds(people, area[:n_old], n))
    alike = np.append(kind == "equal", False)
    weight = np.where(alike[area[:n_old]], 1.0, np.nan_to_num(people))
    sums = _Sums(flips, area[:n_old], n)
    hide = np.where(kind == "people", 1.0, np.nan)[:, None]
    tables = [_side_tables(side, flips.type_rows, level) for side in sides]
    (within_b, share_b, outlets_b, state_b), (within_a, share_a, outlets_a, state_a) = tables
    if level == "city":
        within_b, share_b, outlets_b = _whole(before, flips.before, flips.type_rows)
        within_a, share_a, outlets_a = _whole(after, flips.after, flips.type_rows)
        within_b, within_a = within_b * hide, within_a * hide
    return AreaChanges(
        area_ids=ids,
        type_rows=flips.type_rows,
        norm_before_s=flips.before.norm_s,
        norm_after_s=flips.after.norm_s,
        people_before=within_b,
        people_after=within_a,
        gained=sums.of(weight, flips.is_gain) * hide,
        lost=sums.of(weight, ~flips.is_gain) * hide,
        places_gained=sums.of(np.ones(n_old), flips.is_gain).astype(np.int32),
        places_lost=sums.of(np.ones(n_old), ~flips.is_gain).astype(np.int32),
        bands=before.places.bands,
        gained_by_band=sums.by_band(before, flips.is_gain),
        lost_by_band=sums.by_band(before, ~flips.is_gain),
        share_before=share_b,
        share_after=share_a,
        outlets_before=outlets_b,
        outlets_after=outlets_a,
        state_before=state_b,
        state_after=state_a,
        is_estimate=kind == "equal",
    )


def _areas(side: ScenarioSide, level: str) -> tuple[IntArray, tuple[str, ...]]:
    if level == "circles":
        return side.places.circle_idx, side.circles.circle_id
    if level == "communities":
        return side.places.community_idx, side.communities.community_id
    return np.zeros(len(side.places), np.int32), ("",)


class _Sums:
    """Sums of weights of homes that cross the norm, by area and column."""

    def __init__(self, flips: Flips, area: IntArray, n_areas: int) -> None:
        self.shape = (n_areas, len(flips.type_rows))
        self.place = flips.place
        self.inside = area[flips.place] >= 0
        self.cell = area[flips.place].astype(np.int64) * self.shape[1] + flips.col

    def of(self, weight: FloatArray, among: BoolArray) -> FloatArray:
        kept = self.inside & among
        n = self.shape[0] * self.shape[1]
        total = np.bincount(self.cell[kept], weight[self.place[kept]], minlength=n)
        return np.asarray(total.reshape(self.shape), np.float64)

    def by_band(self, side: ScenarioSide, among: BoolArray) -> FloatArray:
        """NaN where a home that crosses has no number for the band; nobody at all is nobody of any age."""
        out = np.zeros((*self.shape, len(side.places.bands)))
        for b in range(len(side.places.bands)):
            number = np.where(side.places.people == 0, 0.0, side.places.people_by_band[:, b])
            unknown = self.of(np.isnan(number).astype(np.float64), among)
            out[:, :, b] = np.where(unknown > 0, np.nan, self.of(np.nan_to_num(number), among))
        return out


_Tables = tuple[FloatArray, FloatArray, IntArray, IntArray]


def _side_tables(side: ScenarioSide, type_rows: IntArray, level: str) -> _Tables:
    """People within the norm, share, outlets and state on the columns of both sides."""
    coverage: Coverage = side.community_coverage if level == "communities" else side.circle_coverage
    presence: Presence = side.community_presence if level == "communities" else side.circle_presence
    at = np.searchsorted(type_rows, coverage.type_rows)
    shape = (len(coverage.area_ids), len(type_rows))
    people, share = np.full(shape, np.nan), np.full(shape, np.nan)
    outlets, state = np.zeros(shape, np.int32), np.full(shape, -1, np.int32)
    people[:, at], share[:, at] = coverage.people_in_norm, coverage.share_in_norm
    outlets[:, at], state[:, at] = coverage.n_outlets, presence.state
    if level == "city":
        return people, share, outlets, np.full((1, shape[1]), -1, np.int32)
    return people, share, outlets, state


def _whole(
    side: ScenarioSide, reached: Reached, type_rows: IntArray
) -> tuple[FloatArray, FloatArray, IntArray]:
    """The same of the whole pack; homes alike where no people are known, NaN where the data cannot tell."""
    people = side.places.people
    weight = np.ones(len(people)) if np.isnan(people).all() else np.nan_to_num(people)
    attached = weight * side.access.is_attached
    at = np.searchsorted(type_rows, side.access.type_rows)
    told = np.full(len(type_rows), np.nan)
    told[at] = np.where(side.circle_presence.data_state == GapState.MET, 1.0, np.nan)
    within = (attached @ reached.within * told)[None, :]
    share = np.divide(within, attached.sum(), out=np.full_like(within, np.nan), where=attached.sum() > 0)
    outlets = np.zeros((1, len(type_rows)), np.int32)
    outlets[0, at] = _open_outlets(side)
    return within, share, outlets


def _open_outlets(side: ScenarioSide) -> IntArray:
    """Open outlets of each access column in the whole pack, stops of one outlet once."""
    ptr, col = side.services
    first = side.outlets.first_of_units(side.outlets.status == OutletStatus.OPEN)
    outlet = np.repeat(np.arange(len(side.outlets)), np.diff(ptr))
    return np.bincount(col[first[outlet]], minlength=len(side.access.type_rows)).astype(np.int32)


def who_changed(before: ScenarioSide, flips: Flips, most: int = MOST_LISTED) -> WhoChanged:
    """Homes whose walk changes by a minute or more, or crosses the norm; those with most people first."""
    n = len(before.places)
    old, new = flips.before.nearest_s, flips.after.nearest_s[:n]
    with np.errstate(invalid="ignore"):
        moves = np.abs(new.astype(np.float64) - old) >= LEAST_CHANGE_S
    moves |= np.isinf(old) != np.isinf(new)
    moves |= np.isnan(old) != np.isnan(new)
    moves[flips.place, flips.col] = True
    place, col = np.nonzero(moves)
    crosses = flips.before.within[place, col] != flips.after.within[place, col]
    people = before.places.people[place]
    order = np.lexsort((col, place, -np.nan_to_num(people), ~crosses))[:most]
    place, col = place[order], col[order]
    return WhoChanged(
        place_idx=place.astype(np.int32),
        type_idx=flips.type_rows[col],
        before_s=old[place, col].astype(np.float64),
        after_s=new[place, col].astype(np.float64),
        was_within=flips.before.within[place, col],
        is_within=flips.after.within[place, col],
        people=people[order],
        n_all=int(np.count_nonzero(moves)),
    )


def same_table(one: AccessTable, other: AccessTable) -> bool:
    """Whether two tables are equal to the last bit."""
    return all(
        getattr(one, name).tobytes() == getattr(other, name).tobytes()
        for name in ("nearest_s", "nearest_outlet_idx", "count", "is_attached", "type_rows")
    )
