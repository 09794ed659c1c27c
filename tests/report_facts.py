"""
``make_facts()``: a plausible ``ReportFacts`` of a small invented town, for tests of the writers.

Everything is worked out here by short, slow, obvious means (SciPy's Dijkstra on the full street grid), so
that the writers can be tested before, and apart from, the engine.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import dijkstra
from shapely import transform
from shapely.ops import unary_union

from invented_standards import invented_rules, invented_types
from invented_town import (
    SPEED_M_S,
    circle_of,
    corner_attachments,
    street_lines,
    to_lonlat,
    town_circles,
    town_communities,
    town_ground,
    town_network,
    town_outlets,
    town_places,
    whole_graph,
)
from yike.core.circle.columns import fold_services
from yike.core.network.profile import WalkProfile
from yike.core.tables import (
    AccessTable,
    Assessment,
    Coverage,
    Gaps,
    GapState,
    Places,
    Provenance,
    SourceNote,
    WalkNetwork,
)
from yike.errors import Fault
from yike.reports.facts import IsochroneArea, ReportFacts
from yike.standards.types import BusinessTypes, RulePack
from yike.studies.circle_areas import CircleInputs
from yike.studies.circles import assess_areas

LIMIT_S = 3600.0
CUTOFFS_S = (300.0, 600.0, 900.0)
MISSING = "bookshop"  # the type that the source hardly maps


@cache
def make_facts(seed: int = 20261122) -> ReportFacts:
    """
    Facts of the town: four circles, gaps in the north-east, one type hardly mapped, three homes 未接入.

    The arrays are read-only and the result is shared between tests; use ``dataclasses.replace`` to vary it.
    """
    rng = np.random.default_rng(seed)
    types, rules = invented_types(), invented_rules()
    network = town_network(rng)
    places, outlets = town_places(rng), town_outlets(rng, types)
    place_ends, place_corner = corner_attachments(network, places.x_m, places.y_m)
    outlet_ends, outlet_corner = corner_attachments(network, outlets.x_m, outlets.y_m)
    walk_s = _corner_walks(network)
    access = _access(walk_s, places, outlets, place_ends, place_corner, outlet_ends, outlet_corner, types)
    coverage = _coverage(access, places, outlets, rules, types)
    gaps = _gaps(access, coverage, places, rules, types)
    return ReportFacts(
        provenance=_provenance(),
        profile=WalkProfile("adult", "成人", SPEED_M_S, source="一刻默认：4.0 km/h"),
        types=types,
        rules=rules,
        network=network,
        graph=whole_graph(network),
        outlets=outlets,
        places=places,
        communities=town_communities(places),
        circles=town_circles(),
        place_attachments=place_ends,
        outlet_attachments=outlet_ends,
        access=access,
        circle_coverage=coverage,
        community_coverage=coverage,
        assessment=_assessment(coverage, outlets, rules),
        gaps=gaps,
        isochrones=_isochrones(network, walk_s, places),
        faults=_faults(),
        extras={"basemap": town_ground(places)},
        version="0.1.0",
    )


@cache
def make_judged_facts() -> ReportFacts:
    """The same town judged by the engine: its coverage, gaps, grades and all extras."""
    facts = make_facts()
    parents = np.array(facts.types.parent_idx, np.int32)
    outlets = facts.outlets
    rows = facts.access.type_rows
    service = fold_services(outlets.service_ptr, outlets.service_type_idx, parents, rows)
    judged = assess_areas(
        CircleInputs(
            access=facts.access,
            places=facts.places,
            outlets=outlets,
            communities=facts.communities,
            circles=facts.circles,
            types=facts.types,
            rules=facts.rules,
            supply=(),
            provenance=facts.provenance,
            profile=facts.profile,
            service_ptr=service[0],
            service_col=service[1],
        )
    )
    return replace(
        facts,
        circle_coverage=judged.circle_coverage,
        community_coverage=judged.community_coverage,
        assessment=judged.assessment,
        gaps=judged.gaps,
        extras={**judged.extras, **facts.extras},
    )


def _provenance() -> Provenance:
    return Provenance(
        code="qinghe-demo",
        name="青禾县城",
        division="999981",
        as_of="2026-11-22",
        is_invented=True,
        sources=(
            SourceNote(
                "一刻虚构城镇",
                "CC0-1.0",
                as_of="2026-11-22",
                attribution="一刻项目",
                covers=("network", "outlets"),
            ),
            SourceNote(
                "OpenStreetMap",
                "ODbL-1.0",
                url="https://www.openstreetmap.org/copyright",
                as_of="2026-11-20",
                attribution="© OpenStreetMap 贡献者",
                covers=("basemap",),
            ),
        ),
        estimates=("各楼人口按建筑面积估算：每 100 平方米 2.6 人。",),
        is_surveyed=False,
    )


def _faults() -> tuple[Fault, ...]:
    return (
        Fault("places.far_from_street", "places.csv", row=2, column="经度", level="warning"),
        Fault("places.far_from_street", "places.csv", row=3, column="经度", level="warning"),
        Fault("places.far_from_street", "places.csv", row=4, column="经度", level="warning"),
        Fault("outlets.duplicate.near", "outlets.csv", row=18, found="惠邻便利店", level="warning"),
        Fault("places.people.unknown", "places.csv", row=9, column="人数", level="note"),
    )


def _corner_walks(network: WalkNetwork) -> np.ndarray:
    n = network.n_vertices
    ends = (network.piece_from_idx, network.piece_to_idx)
    weight = coo_matrix((network.piece_length_m / SPEED_M_S, ends), shape=(n, n))
    return dijkstra(weight.tocsr(), directed=False)


def _access(walk_s, places, outlets, place_ends, place_corner, outlet_ends, outlet_corner, types):
    far = place_ends.distance_m[:, None] / SPEED_M_S + outlet_ends.distance_m / SPEED_M_S
    pair_s = walk_s[place_corner][:, outlet_corner] + far
    pair_s[pair_s > LIMIT_S] = np.inf
    pair_s[:, outlets.status != 0] = np.inf
    n, m = len(places), len(types)
    nearest_s = np.full((n, m), np.inf, np.float32)
    nearest_idx = np.full((n, m), -1, np.int32)
    count = np.zeros((n, m, len(CUTOFFS_S)), np.int32)
    for t in range(m):
        serves = [
            o
            for o in range(len(outlets))
            if t in outlets.service_type_idx[outlets.service_ptr[o] : outlets.service_ptr[o + 1]]
        ]
        if not serves:
            continue
        times = np.where(np.isnan(pair_s[:, serves]), np.inf, pair_s[:, serves])
        nearest_s[:, t] = times.min(1)
        nearest_idx[:, t] = np.where(np.isfinite(times.min(1)), np.array(serves)[times.argmin(1)], -1)
        for k, cutoff in enumerate(CUTOFFS_S):
            count[:, t, k] = (times <= cutoff).sum(1)
    nearest_s[~place_ends.is_attached] = np.nan
    nearest_idx[~place_ends.is_attached] = -1
    count[~place_ends.is_attached] = 0
    return AccessTable(
        nearest_s,
        nearest_idx,
        count,
        place_ends.is_attached,
        CUTOFFS_S,
        LIMIT_S,
        np.arange(m, dtype=np.int32),
    )


def _coverage(
    access: AccessTable, places: Places, outlets: Any, rules: RulePack, types: BusinessTypes
) -> Coverage:
    norm_s = np.array([rules.rule(t.code).within_s for t in types])
    people = np.nan_to_num(places.people)
    rows = [np.flatnonzero(places.circle_idx == c) for c in range(4)]
    attached = [r[access.is_attached[r]] for r in rows]
    within = np.array(
        [[people[r] @ (access.nearest_s[r] <= cutoff) for cutoff in CUTOFFS_S] for r in attached]
    ).transpose(0, 2, 1)
    in_norm = np.array([people[r] @ (access.nearest_s[r] <= norm_s) for r in attached])
    total = np.array([people[r].sum() for r in attached])
    reach = [np.isfinite(access.nearest_s[r]) for r in attached]
    seconds = [np.where(ok, access.nearest_s[r], 0) for r, ok in zip(attached, reach, strict=True)]
    weight = np.array([people[r] @ ok for r, ok in zip(attached, reach, strict=True)])
    spent = np.array([people[r] @ s for r, s in zip(attached, seconds, strict=True)])
    n_outlets = np.zeros((4, len(types)))
    for o in np.flatnonzero((outlets.status == 0) & (outlets.circle_idx >= 0)):
        served = outlets.service_type_idx[outlets.service_ptr[o] : outlets.service_ptr[o + 1]]
        n_outlets[outlets.circle_idx[o], served] += 1
    return Coverage(
        area_ids=("C1", "C2", "C3", "C4"),
        type_rows=np.arange(len(types), dtype=np.int32),
        cutoffs_s=CUTOFFS_S,
        people=np.array([people[r].sum() for r in rows]),
        people_attached=total,
        people_within=within,
        people_in_norm=in_norm,
        share_in_norm=in_norm / total[:, None],
        mean_nearest_s=np.divide(spent, weight, out=np.full_like(spent, np.nan), where=weight > 0),
        n_outlets=n_outlets,
        norm_s=norm_s,
    )


def _state(rules: RulePack, code: str, share: float) -> GapState:
    rule = rules.rule(code)
    if code == MISSING:
        return GapState.DATA_MISSING
    if not rule.is_required:
        return GapState.NOT_REQUIRED
    return GapState.MET if share >= rule.share else GapState.GAP


def _gaps(
    access: AccessTable, coverage: Coverage, places: Places, rules: RulePack, types: BusinessTypes
) -> Gaps:
    rows = []
    for c in range(4):
        here = np.flatnonzero((places.circle_idx == c) & access.is_attached)
        for t, kind in enumerate(types):
            over = np.minimum(access.nearest_s[here, t], LIMIT_S) - coverage.norm_s[t]
            late = here[over > 0]
            over = over[over > 0]
            who = np.nan_to_num(places.people[late])
            state = _state(rules, kind.code, coverage.share_in_norm[c, t])
            rows.append(
                {
                    "circle": c,
                    "type": t,
                    "state": state,
                    "required": rules.rule(kind.code).share,
                    "share": coverage.share_in_norm[c, t],
                    "people": who.sum(),
                    "minutes": who @ over / 60,
                    "bands": np.nansum(places.people_by_band[late], 0),
                    "places": late[np.argsort(-over, kind="stable")],
                }
            )
    rows.sort(key=lambda r: (r["state"] != GapState.GAP, -r["minutes"], r["circle"], r["type"]))
    return _as_gaps(rows, coverage)


def _as_gaps(rows: list[dict[str, Any]], coverage: Coverage) -> Gaps:
    is_gap = np.array([r["state"] == GapState.GAP for r in rows])
    kinds = np.array([r["type"] for r in rows], np.int32)
    share = np.array([r["share"] for r in rows])
    required = np.array([r["required"] for r in rows])
    unknown = np.array([r["state"] == GapState.DATA_MISSING for r in rows])
    return Gaps(
        circle_idx=np.array([r["circle"] for r in rows], np.int32),
        type_idx=kinds,
        state=np.array([r["state"] for r in rows], np.uint8),
        norm_s=coverage.norm_s[kinds],
        share_in_norm=np.where(unknown, np.nan, share),
        share_required=required,
        shortfall=np.where(unknown, np.nan, np.maximum(required - share, 0)),
        people_unserved=np.where(unknown, np.nan, [r["people"] for r in rows]),
        person_minutes=np.where(unknown, np.nan, [r["minutes"] for r in rows]),
        bands=("under_3", "60_over"),
        unserved_by_band=np.array([r["bands"] for r in rows]),
        rank=np.where(is_gap, np.cumsum(is_gap), 0).astype(np.int32),
        place_ptr=np.r_[0, np.cumsum([len(r["places"]) for r in rows])].astype(np.int64),
        place_idx=np.concatenate([r["places"] for r in rows]).astype(np.int32),
    )


def _assessment(coverage: Coverage, outlets: Any, rules: RulePack) -> Assessment:
    nan = np.nan
    present = coverage.share_in_norm >= 0.8
    basic, quality = present[:, :13].sum(1), present[:, 14:22].sum(1)
    is_open = outlets.status == 0
    chain, total, staffed_chain, staffed = (
        np.array([(keep & is_open & (outlets.circle_idx == c)).sum() for c in range(4)], float)
        for keep in (
            outlets.is_chain == 1,
            outlets.is_chain >= 0,
            (outlets.is_chain == 1) & ~outlets.is_unstaffed,
            (outlets.is_chain >= 0) & ~outlets.is_unstaffed,
        )
    )
    ones = np.ones(4)
    numerator = np.c_[
        basic, quality, chain, staffed_chain, [24_000, 20_500, 15_100, nan], [900, 640, 1100, nan], nan * ones
    ]
    denominator = np.c_[
        13 * ones,
        8 * ones,
        total,
        staffed,
        [210_000, 240_000, 190_000, nan],
        [2500, 2500, 2500, nan],
        nan * ones,
    ]
    value = numerator / denominator * np.array([1, 1, 1, 1, 1, 100, 1])
    target = np.array([nan if i.at_least is None else i.at_least for i in rules.indicators])
    points_max = np.array([nan if i.points is None else i.points for i in rules.indicators])
    points = np.minimum(value / target, 1) * points_max
    score = np.nansum(points, 1)
    met = np.where(np.isnan(value) | np.isnan(target), -1, value >= target).astype(np.int8)
    return Assessment(
        circle_ids=("C1", "C2", "C3", "C4"),
        indicator=tuple(i.code for i in rules.indicators),
        value=value,
        numerator=numerator,
        denominator=denominator,
        target=target,
        is_met=met,
        points=points,
        points_max=points_max,
        score=score,
        score_known_max=np.where(np.isnan(value), 0, np.nan_to_num(points_max)).sum(1),
        grade=("basic", "basic", "unknown", ""),
        grade_reason=((), ("score",), ("satisfaction_share",), ("basic", "score")),
        rule_pack=rules.code,
    )


def _isochrones(network: WalkNetwork, walk_s: np.ndarray, places: Places) -> tuple[IsochroneArea, ...]:
    found = []
    corners = np.c_[network.vertex_x_m, network.vertex_y_m]
    of_corner = circle_of(*corners.T)
    for c, name in enumerate(town_circles().name):
        here = np.flatnonzero(of_corner == c)
        centre = here[np.hypot(*(corners[here] - corners[here].mean(0)).T).argmin()]
        for cutoff in CUTOFFS_S:
            reached = walk_s[centre] <= cutoff
            pieces = np.flatnonzero(reached[network.piece_from_idx] & reached[network.piece_to_idx])
            shape = unary_union([line.buffer(32) for line in street_lines(network, pieces)])
            corner = np.hypot(*(np.c_[places.x_m, places.y_m][:, None] - corners).transpose(2, 0, 1)).argmin(
                1
            )
            people = np.nansum(places.people[reached[corner]])
            found.append(
                IsochroneArea(
                    f"C{c + 1}",
                    name,
                    cutoff,
                    transform(shape, lambda xy: np.c_[to_lonlat(*xy.T)]),
                    float(shape.area),
                    float(network.piece_length_m[pieces].sum()),
                    float(people),
                )
            )
    return tuple(found)
