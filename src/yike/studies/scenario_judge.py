"""Verdicts under a scenario, for the circles and communities it touches; all others stay as they were."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields, replace
from typing import Any, TypeVar

import numpy as np

from yike.core.circle.rules import CirclePolicy
from yike.core.circle.saturation import assess_saturation
from yike.core.tables import AccessTable, BoolArray, ByteArray, IntArray, LongArray, Outlets
from yike.reports.scenario_facts import ScenarioSide
from yike.studies.circle_areas import CircleInputs, source_state
from yike.studies.circles import Judged, judge_areas

T = TypeVar("T")

_COVERAGE = (
    "people", "people_attached", "people_within", "people_in_norm", "share_in_norm", "mean_nearest_s",
    "n_outlets", "median_nearest_s", "n_places", "n_unattached", "n_people_unknown", "weights",
)  # fmt: skip
_PRESENCE = ("is_present", "state")
_ASSESSMENT = (
    "value", "numerator", "denominator", "is_met", "points", "score", "score_known_max", "grade",
    "grade_reason",
)  # fmt: skip


def judge_touched(inputs: CircleInputs, before: ScenarioSide) -> Judged | None:
    """
    Judge only the areas that a scenario touches.

    Parameters
    ----------
    inputs
        The whole city after the scenario; its outlets and places begin with the rows of ``before``.
    before
        The city before, judged.

    Returns
    -------
    Judged
        Equal to ``judge_areas(inputs)``; None where that has to be asked: the rules changed, a type came or
        went, the source can tell of other types than before, or most areas are touched.

    Notes
    -----
    A verdict looks only at what lies in its own area, but for three things that are compared for the whole
    city here: what the source can tell, the columns, and the supply against the other circles.
    """
    if inputs.rules is not before.rules or not np.array_equal(
        inputs.access.type_rows, before.access.type_rows
    ):
        return None
    data_state, policy = source_state(inputs)
    if not np.array_equal(data_state, before.circle_presence.data_state):
        return None
    circles, communities = _touched(inputs, before)
    if 2 * (circles.sum() + communities.sum()) > len(circles) + len(communities):
        return None
    part = judge_areas(_part(inputs, circles, communities), data_state, with_saturation=False)
    c, m = np.flatnonzero(circles), np.flatnonzero(communities)
    coverage = _spliced(before.circle_coverage, part.circle_coverage, c, _COVERAGE)
    return Judged(
        circle_coverage=coverage,
        community_coverage=_spliced(before.community_coverage, part.community_coverage, m, _COVERAGE),
        circle_presence=_spliced(before.circle_presence, part.circle_presence, c, _PRESENCE),
        community_presence=_spliced(before.community_presence, part.community_presence, m, _PRESENCE),
        assessment=_spliced(before.assessment, part.assessment, c, _ASSESSMENT),
        saturation=_saturation(before, coverage, data_state, policy),
        share_required=before.share_required,
    )


def _touched(inputs: CircleInputs, before: ScenarioSide) -> tuple[BoolArray, BoolArray]:
    """Circles and communities in which something differs, closed under belonging together."""
    circles = np.zeros(len(inputs.circles) + 1, np.bool_)  # the last entry answers index -1
    communities = np.zeros(len(inputs.communities) + 1, np.bool_)
    places = _other_places(inputs, before)
    outlets = _other_outlets(inputs.outlets, before.outlets)
    n = len(before.outlets)
    for table, rows in (
        (inputs.places, places),
        (inputs.outlets, outlets),
        (before.outlets, outlets[outlets < n]),
    ):
        circles[table.circle_idx[rows]] = True
        communities[table.community_idx[rows]] = True
    for name in ("people", "households"):
        now, was = getattr(inputs.communities, name), getattr(before.communities, name)
        communities[:-1] |= (now != was) & ~(np.isnan(now) & np.isnan(was))
    of_community = inputs.communities.circle_idx
    circles[of_community[communities[:-1]]] = True
    circles[-1] = False
    communities[:-1] |= circles[of_community]
    return circles[:-1], communities[:-1]


def _other_places(inputs: CircleInputs, before: ScenarioSide) -> IntArray:
    """Homes that are new or reach something else than before."""
    n = len(before.places)
    now, was = inputs.access, before.access
    # compared as bits, so that unknown equals unknown
    differs = (now.nearest_s[:n].view(np.int32) != was.nearest_s.view(np.int32)).any(axis=1)
    differs |= (now.count[:n].reshape(n, -1) != was.count.reshape(n, -1)).any(axis=1)
    differs |= inputs.places.circle_idx[:n] != before.places.circle_idx
    differs |= inputs.places.community_idx[:n] != before.places.community_idx
    return np.concatenate([np.flatnonzero(differs), np.arange(n, len(inputs.places))]).astype(np.int32)


def _other_outlets(now: Outlets, was: Outlets) -> IntArray:
    """Outlets that are new or differ in anything a measure looks at."""
    n = len(was)
    differs = np.zeros(n, np.bool_)
    for name in ("status", "community_idx", "circle_idx", "x_m", "y_m"):
        a, b = getattr(now, name)[:n], getattr(was, name)
        differs |= (a != b) & (a == a)  # NaN stays NaN
    differs |= np.diff(now.service_ptr[: n + 1]) != np.diff(was.service_ptr)
    if now.hours[:n] != was.hours:
        differs |= np.array([a != b for a, b in zip(now.hours[:n], was.hours, strict=True)], bool)
    return np.concatenate([np.flatnonzero(differs), np.arange(n, len(now))]).astype(np.int32)


def _part(inputs: CircleInputs, circles: BoolArray, communities: BoolArray) -> CircleInputs:
    """The inputs of some circles and communities alone, in the order they had."""
    places = _inside(inputs.places, circles, communities)
    outlets = _inside(inputs.outlets, circles, communities)
    ptr, col = _some_services(inputs.service_ptr, inputs.service_col, outlets)
    c, m = np.flatnonzero(circles), np.flatnonzero(communities)
    return replace(
        inputs,
        access=_rows_of(inputs.access, places),
        places=_renumbered(_take(inputs.places, places, ("bands", "people_method")), circles, communities),
        outlets=_renumbered(_some_outlets(inputs.outlets, outlets), circles, communities),
        communities=replace(
            _take(inputs.communities, m, ("delineation",)),
            circle_idx=_numbers(circles)[inputs.communities.circle_idx[m]],
        ),
        circles=_take(inputs.circles, c, ()),
        service_ptr=ptr,
        service_col=col,
        external={code: value[c] for code, value in inputs.external.items()},
    )


def _inside(table: Any, circles: BoolArray, communities: BoolArray) -> IntArray:
    inside = np.append(circles, False)[table.circle_idx] | np.append(communities, False)[table.community_idx]
    return np.flatnonzero(inside).astype(np.int32)


def _numbers(chosen: BoolArray) -> IntArray:
    """New number of each area, -1 of those left out; the last entry answers index -1."""
    number = np.full(len(chosen) + 1, -1, np.int32)
    number[:-1][chosen] = np.arange(int(chosen.sum()), dtype=np.int32)
    return number


def _renumbered(table: T, circles: BoolArray, communities: BoolArray) -> T:
    given: Any = table
    changed: T = replace(
        given,
        circle_idx=_numbers(circles)[given.circle_idx],
        community_idx=_numbers(communities)[given.community_idx],
    )
    return changed


def _take(table: T, rows: IntArray | LongArray, whole: Iterable[str]) -> T:
    """Some rows of a table; the fields named are not by row."""
    given: Any = table
    cut: dict[str, Any] = {}
    for f in fields(given):
        value = getattr(given, f.name)
        if f.name in whole:
            continue
        cut[f.name] = tuple(value[i] for i in rows.tolist()) if isinstance(value, tuple) else value[rows]
    taken: T = replace(given, **cut)
    return taken


def _some_outlets(outlets: Outlets, rows: IntArray) -> Outlets:
    ptr, served = _some_services(outlets.service_ptr, outlets.service_type_idx, rows)
    csr = ("service_ptr", "service_type_idx")
    names = [f.name for f in fields(outlets) if f.name not in csr]
    cut: dict[str, Any] = {}
    for name in names:
        value = getattr(outlets, name)
        cut[name] = tuple(value[i] for i in rows.tolist()) if isinstance(value, tuple) else value[rows]
    # stops of one outlet stay together; which row stands for them does not matter
    cut["unit_idx"] = np.unique(cut["unit_idx"], return_inverse=True)[1].astype(np.int32)
    return Outlets(**cut, service_ptr=ptr, service_type_idx=served)


def _some_services(ptr: LongArray, values: IntArray, rows: IntArray) -> tuple[LongArray, IntArray]:
    low = ptr[rows]
    n = ptr[rows.astype(np.int64) + 1] - low
    new = np.concatenate([[0], np.cumsum(n)]).astype(np.int64)
    return new, values[np.repeat(low - new[:-1], n) + np.arange(new[-1])]


def _rows_of(access: AccessTable, rows: IntArray) -> AccessTable:
    return replace(
        access,
        nearest_s=access.nearest_s[rows],
        nearest_outlet_idx=access.nearest_outlet_idx[rows],
        count=access.count[rows],
        is_attached=access.is_attached[rows],
    )


def _spliced(before: T, part: T, rows: LongArray | IntArray, names: Iterable[str]) -> T:
    """The table before with the rows of some areas replaced."""
    whole, new = before, part
    changed: dict[str, Any] = {}
    for name in names:
        value, mine = getattr(whole, name), getattr(new, name)
        if isinstance(value, tuple):
            cells = list(value)
            for row, cell in zip(rows.tolist(), mine, strict=True):
                cells[row] = cell
            changed[name] = tuple(cells)
        else:
            changed[name] = value.copy()
            changed[name][rows] = mine
    given: Any = whole
    spliced: T = replace(given, **changed)
    return spliced


def _saturation(
    before: ScenarioSide, coverage: Any, data_state: ByteArray, policy: CirclePolicy
) -> list[list[dict[str, Any]]]:
    """Supply against the other circles; only the types whose numbers changed are compared anew."""
    was = before.circle_coverage
    same_people = np.array_equal(coverage.people, was.people, equal_nan=True)
    same_people &= np.array_equal(coverage.n_people_unknown, was.n_people_unknown)
    if not same_people:
        return assess_saturation(coverage, data_state, policy.judgement)
    cols = np.flatnonzero((coverage.n_outlets != was.n_outlets).any(axis=0))
    if not len(cols):
        return before.saturation
    some = replace(coverage, n_outlets=coverage.n_outlets[:, cols])
    anew = assess_saturation(some, data_state[cols], policy.judgement)
    rows = [list(row) for row in before.saturation]
    for row, cells in zip(rows, anew, strict=True):
        for col, cell in zip(cols.tolist(), cells, strict=True):
            row[col] = {**cell, "col": col}
    return rows
