"""From access to assessment: one call that holds every step of the circle part of a run."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from yike.core.circle.bundles import assess_bundles
from yike.core.circle.context import MeasureContext
from yike.core.circle.coverage import area_coverage
from yike.core.circle.explain import explain_indicator, explain_presence
from yike.core.circle.gaps import find_gaps
from yike.core.circle.grade import Graded, grade_circles
from yike.core.circle.layout import hint_layout
from yike.core.circle.match import match_index
from yike.core.circle.options import OptionInputs, propose_options
from yike.core.circle.plain import number, state_word
from yike.core.circle.presence import Presence, judge_presence, told_coverage
from yike.core.circle.rules import CirclePolicy
from yike.core.circle.saturation import assess_saturation
from yike.core.circle.themes import assess_themes
from yike.core.network.profile import WalkProfile
from yike.core.tables import (
    EARTH_RADIUS_M,
    AccessTable,
    Assessment,
    BoolArray,
    ByteArray,
    Circles,
    Communities,
    Coverage,
    FloatArray,
    Gaps,
    IntArray,
    LongArray,
    Outlets,
    Places,
    Premises,
    Provenance,
    Tri,
    TriArray,
    WalkTimes,
)
from yike.standards.types import BusinessTypes, RulePack, SupplyNorm
from yike.studies.data_state import data_state_of
from yike.studies.option_walks import premises_may
from yike.studies.policy import (
    counted_outlets,
    functions_of,
    rules_to_core,
    unstaffed_outlets,
    verified_outlets,
)


@dataclass(frozen=True, eq=False)
class CircleInputs:
    """What the circle part of a run is made from."""

    access: AccessTable
    places: Places
    outlets: Outlets
    communities: Communities
    circles: Circles
    types: BusinessTypes
    rules: RulePack
    supply: tuple[SupplyNorm, ...]
    provenance: Provenance
    profile: WalkProfile
    service_ptr: LongArray
    service_col: IntArray
    premises: Premises | None = None
    outlets_from_osm: bool = False  # then types without a tag cannot be found, and are not called missing
    place_streets: tuple[str, ...] = ()  # ``policy.streets_of``, to name spots by
    external: Mapping[str, FloatArray] = dataclasses.field(default_factory=dict)  # by indicator, per circle
    premises_walks: WalkTimes | None = None  # ``option_walks``; None: options by straight lines
    spot_walks: Callable[[LongArray], WalkTimes | None] | None = None


@dataclass(frozen=True, eq=False)
class CircleResults:
    """The tables and the extras of ``ReportFacts`` that the circle part fills."""

    circle_coverage: Coverage
    community_coverage: Coverage
    assessment: Assessment
    gaps: Gaps
    extras: dict[str, Any]


@dataclass(frozen=True, eq=False)
class Judged:
    """The verdicts alone, without what explains them: what a scenario compares before and after."""

    circle_coverage: Coverage
    community_coverage: Coverage
    circle_presence: Presence
    community_presence: Presence
    assessment: Assessment
    saturation: list[list[dict[str, Any]]]  # per circle and access column
    share_required: FloatArray  # per access column, NaN where nothing is asked


@dataclass(frozen=True, eq=False)
class _Areas:
    """One way to cut the pack into areas, with its coverage and presence."""

    of_place: IntArray
    of_outlet: IntArray
    of_community: IntArray
    coverage: Coverage
    presence: Presence

    @property
    def n(self) -> int:
        return len(self.coverage.area_ids)


def assess_areas(inputs: CircleInputs) -> CircleResults:
    """
    Coverage, presence, gaps, measures, grades and everything said about circles and communities.

    Returns
    -------
    CircleResults
        ``extras`` as documented in ``docs/reference/outputs.md``, plain values except the tables
        ``community_gaps``, ``circle_presence`` and ``community_presence``.
    """
    policy = rules_to_core(inputs.rules, inputs.types, inputs.access.type_rows, inputs.supply)
    data_state = _data_state(inputs, policy)
    circles = _circle_areas(inputs, policy, data_state)
    communities = _community_areas(inputs, policy, data_state)
    gaps = _gaps(inputs, policy, circles)
    graded = grade_circles(
        _context(inputs, policy, circles, inputs.external),
        [i for i in policy.indicators if i.scope == "circle"],
        policy.grades,
        inputs.rules.code,
    )
    return CircleResults(
        circle_coverage=circles.coverage,
        community_coverage=communities.coverage,
        assessment=graded.assessment,
        gaps=gaps,
        extras=_extras(inputs, policy, circles, communities, gaps, graded),
    )


def judge_areas(
    inputs: CircleInputs, data_state: ByteArray | None = None, *, with_saturation: bool = True
) -> Judged:
    """
    The verdicts of ``assess_areas``, equal to the last bit, without explanations, options and layouts.

    On a made-up city of five million it takes a quarter of the time.

    Parameters
    ----------
    data_state
        What the source can tell, where the inputs are only part of a city; by default from the inputs.
    with_saturation
        False leaves it empty: it compares all circles of a city.
    """
    policy = rules_to_core(inputs.rules, inputs.types, inputs.access.type_rows, inputs.supply)
    data_state = _data_state(inputs, policy) if data_state is None else data_state
    circles = _circle_areas(inputs, policy, data_state)
    communities = _community_areas(inputs, policy, data_state)
    graded = grade_circles(
        _context(inputs, policy, circles, inputs.external),
        [i for i in policy.indicators if i.scope == "circle"],
        policy.grades,
        inputs.rules.code,
    )
    saturation = assess_saturation(circles.coverage, data_state, policy.judgement) if with_saturation else []
    return Judged(
        circle_coverage=circles.coverage,
        community_coverage=communities.coverage,
        circle_presence=circles.presence,
        community_presence=communities.presence,
        assessment=graded.assessment,
        saturation=saturation,
        share_required=policy.share,
    )


def source_state(inputs: CircleInputs) -> tuple[ByteArray, CirclePolicy]:
    """What the outlet source can tell of each access column, and the policy it is judged by."""
    policy = rules_to_core(inputs.rules, inputs.types, inputs.access.type_rows, inputs.supply)
    return _data_state(inputs, policy), policy


def _data_state(inputs: CircleInputs, policy: CirclePolicy) -> ByteArray:
    return data_state_of(
        inputs.outlets,
        inputs.places,
        inputs.provenance,
        inputs.types,
        inputs.access.type_rows,
        (inputs.service_ptr, inputs.service_col),
        policy,
        from_osm=inputs.outlets_from_osm,
    )


def _circle_areas(inputs: CircleInputs, policy: CirclePolicy, data_state: ByteArray) -> _Areas:
    return _areas(
        inputs,
        policy,
        data_state,
        inputs.places.circle_idx,
        inputs.outlets.circle_idx,
        inputs.communities.circle_idx,
        inputs.circles.circle_id,
    )


def _community_areas(inputs: CircleInputs, policy: CirclePolicy, data_state: ByteArray) -> _Areas:
    return _areas(
        inputs,
        policy,
        data_state,
        inputs.places.community_idx,
        inputs.outlets.community_idx,
        np.arange(len(inputs.communities), dtype=np.int32),
        inputs.communities.community_id,
    )


def _city_areas(inputs: CircleInputs, policy: CirclePolicy, data_state: ByteArray) -> _Areas:
    def everybody(n: int) -> IntArray:
        return np.zeros(n, np.int32)

    whole = (inputs.provenance.code,)
    n_communities = len(inputs.communities)
    return _areas(
        inputs,
        policy,
        data_state,
        everybody(len(inputs.places)),
        everybody(len(inputs.outlets)),
        everybody(n_communities),
        whole,
    )


def _areas(
    inputs: CircleInputs,
    policy: CirclePolicy,
    data_state: ByteArray,
    of_place: IntArray,
    of_outlet: IntArray,
    of_community: IntArray,
    ids: tuple[str, ...],
) -> _Areas:
    coverage = area_coverage(
        inputs.access,
        inputs.places,
        inputs.outlets,
        of_place,
        of_outlet,
        ids,
        policy.norm_s,
        service_ptr=inputs.service_ptr,
        service_col=inputs.service_col,
    )
    presence = judge_presence(coverage, policy.share, policy.is_required, data_state)
    told = told_coverage(coverage, presence)
    return _Areas(of_place, of_outlet, of_community, told, presence)


def _gaps(inputs: CircleInputs, policy: CirclePolicy, areas: _Areas) -> Gaps:
    return find_gaps(
        inputs.access, inputs.places, areas.coverage, areas.presence, policy.share, areas.of_place
    )


def _context(
    inputs: CircleInputs,
    policy: CirclePolicy,
    areas: _Areas,
    external: Mapping[str, FloatArray] | None = None,
) -> MeasureContext:
    return MeasureContext(
        policy=policy,
        coverage=areas.coverage,
        presence=areas.presence,
        outlets=inputs.outlets,
        area_of_outlet=areas.of_outlet,
        is_counted=counted_outlets(inputs.outlets, inputs.types),
        is_unstaffed=unstaffed_outlets(inputs.outlets, inputs.types),
        n_functions=functions_of(inputs.outlets, inputs.types),
        communities=inputs.communities,
        area_of_community=areas.of_community,
        is_verified=verified_outlets(inputs.outlets, inputs.rules, inputs.provenance.as_of),
        is_built=_built(inputs),
        external=external or {},
    )


def _built(inputs: CircleInputs) -> TriArray:
    """Whether each community lies in a circle whose building year has come by the date of the data."""
    year = inputs.circles.build_year
    now = int(inputs.provenance.as_of[:4]) if inputs.provenance.as_of[:4].isdigit() else -1
    known = (year >= 0) & (now >= 0)
    of_circle = np.where(known, (year <= now).astype(np.int8), Tri.UNKNOWN).astype(np.int8)
    circle = inputs.communities.circle_idx
    return np.append(of_circle, np.int8(Tri.NO))[circle]


def _extras(
    inputs: CircleInputs,
    policy: CirclePolicy,
    circles: _Areas,
    communities: _Areas,
    gaps: Gaps,
    graded: Graded,
) -> dict[str, Any]:
    data_state = circles.presence.data_state
    saturation = assess_saturation(circles.coverage, data_state, policy.judgement)
    access, places = inputs.access, inputs.places
    asked = ~np.isnan(policy.share) & policy.is_required
    explain = _context(inputs, policy, circles, inputs.external)
    indicators = [i for i in policy.indicators if i.scope == "circle"]
    return {
        "bundles": {
            "circles": assess_bundles(access, places, circles.of_place, policy, data_state, circles.n),
            "communities": assess_bundles(
                access, places, communities.of_place, policy, data_state, communities.n
            ),
        },
        "themes": {"circles": assess_themes(access, places, circles.of_place, policy, data_state, circles.n)},
        "saturation": {"circles": saturation},
        "layout": {"circles": _layouts(inputs, policy, circles)},
        "match": {"circles": match_index(circles.coverage, circles.presence, asked)},
        "options": {"circles": propose_options(gaps, _option_inputs(inputs, policy, saturation))},
        "explanations": {
            "circles": {
                "indicators": [
                    [
                        explain_indicator(i, v, explain, area)
                        for i, v in zip(indicators, graded.values, strict=True)
                    ]
                    for area in range(circles.n)
                ],
                "presence": [
                    [
                        explain_presence(circles.coverage, policy.share, area, col)
                        for col in range(policy.n_cols)
                    ]
                    for area in range(circles.n)
                ],
            }
        },
        "gates": {"circles": [[_plain(g) for g in of_area] for of_area in graded.gates]},
        "weights": {
            "circles": list(circles.coverage.weights),
            "communities": list(communities.coverage.weights),
        },
        "city": _city(inputs, policy, data_state),
        "data_state": [state_word(s) for s in data_state],
        "community_gaps": _gaps(inputs, policy, communities),
        "circle_presence": circles.presence,
        "community_presence": communities.presence,
    }


def _plain(row: Any) -> dict[str, Any]:
    return {k: number(v) if isinstance(v, float) else v for k, v in dataclasses.asdict(row).items()}


def _city(inputs: CircleInputs, policy: CirclePolicy, data_state: ByteArray) -> list[dict[str, Any]]:
    """Indicators of the whole pack as one area."""
    indicators = [i for i in policy.indicators if i.scope == "city"]
    if not indicators:
        return []
    areas = _city_areas(inputs, policy, data_state)
    context = _context(inputs, policy, areas)
    graded = grade_circles(context, indicators, (), inputs.rules.code)
    a = graded.assessment
    return [
        {
            "code": code,
            "value": number(a.value[0, k]),
            "target": number(a.target[k]),
            "is_met": Tri(a.is_met[0, k]).name.lower(),
            **explain_indicator(indicators[k], graded.values[k], context, 0),
        }
        for k, code in enumerate(a.indicator)
    ]


def _layouts(inputs: CircleInputs, policy: CirclePolicy, circles: _Areas) -> list[dict[str, Any] | None]:
    """Layout hint of each circle; None where there is no list of outlets to see a form in."""
    if not len(inputs.outlets):
        return [None] * circles.n
    counted = counted_outlets(inputs.outlets, inputs.types) & ~inputs.outlets.is_movable
    out: list[dict[str, Any] | None] = []
    for area in range(circles.n):
        here = counted & (inputs.outlets.circle_idx == area)
        area_m2 = polygon_area_m2(inputs.circles.polygons[area])
        out.append(hint_layout(inputs.outlets.x_m[here], inputs.outlets.y_m[here], policy.judgement, area_m2))
    return out


def polygon_area_m2(polygon: Any) -> float:
    """Area of a small polygon given in degrees, NaN without one."""
    if polygon is None or polygon.is_empty:
        return math.nan
    degree_m = EARTH_RADIUS_M * math.pi / 180.0
    return float(polygon.area) * degree_m**2 * math.cos(math.radians(polygon.centroid.y))


def _option_inputs(
    inputs: CircleInputs, policy: CirclePolicy, saturation: list[list[dict[str, Any]]]
) -> OptionInputs:
    kinds = [inputs.types.types[int(i)] for i in inputs.access.type_rows]
    over = [[cell["flag"] == "over" for cell in row] for row in saturation]
    return OptionInputs(
        access=inputs.access,
        places=inputs.places,
        outlets=inputs.outlets,
        policy=policy,
        labels=tuple(t.label for t in kinds),
        type_codes=tuple(t.code for t in kinds),
        speed_m_s=inputs.profile.speed_m_s,
        premises=inputs.premises,
        oversupplied=np.array(over, bool).reshape(-1, policy.n_cols),
        place_streets=inputs.place_streets,
        premises_may=_premises_may(inputs),
        premises_walks=inputs.premises_walks,
        spot_walks=inputs.spot_walks,
    )


def _premises_may(inputs: CircleInputs) -> BoolArray | None:
    if inputs.premises is None:
        return None
    return premises_may(inputs.premises, inputs.types, inputs.access.type_rows)
