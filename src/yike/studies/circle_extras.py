"""What is said of circles beyond verdicts: bundles, layouts, options, explanations, the city's indicators."""

from __future__ import annotations

import dataclasses
import math
from typing import Any

import numpy as np

from yike.core.circle.bundles import assess_bundles
from yike.core.circle.explain import explain_indicator, explain_presence
from yike.core.circle.grade import Graded, grade_circles
from yike.core.circle.layout import hint_layout
from yike.core.circle.match import match_index
from yike.core.circle.options import OptionInputs, propose_options
from yike.core.circle.plain import number, state_word
from yike.core.circle.rules import CirclePolicy
from yike.core.circle.saturation import assess_saturation
from yike.core.circle.themes import assess_themes
from yike.core.tables import EARTH_RADIUS_M, BoolArray, ByteArray, Gaps, Tri
from yike.studies.circle_areas import Areas, CircleInputs, city_areas, context_of, gaps_of
from yike.studies.option_walks import premises_may
from yike.studies.policy import counted_outlets


def explanations_of(
    inputs: CircleInputs,
    policy: CirclePolicy,
    circles: Areas,
    communities: Areas,
    gaps: Gaps,
    graded: Graded,
) -> dict[str, Any]:
    """The extras of ``ReportFacts`` that the circle part fills; see ``docs/reference/outputs.md``."""
    data_state = circles.presence.data_state
    saturation = assess_saturation(circles.coverage, data_state, policy.judgement)
    access, places = inputs.access, inputs.places
    asked = ~np.isnan(policy.share) & policy.is_required
    explain = context_of(inputs, policy, circles, inputs.external)
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
        "community_gaps": gaps_of(inputs, policy, communities),
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
    areas = city_areas(inputs, policy, data_state)
    context = context_of(inputs, policy, areas)
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


def _layouts(inputs: CircleInputs, policy: CirclePolicy, circles: Areas) -> list[dict[str, Any] | None]:
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
