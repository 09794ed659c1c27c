"""Several types at once (一点多能): which candidates take which types."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from yike.core.network.compound import STREET_FRONT_M
from yike.core.siting.candidates import Candidates
from yike.core.siting.mix import FacilityMix, TypeDemand
from yike.core.siting.options import SolveOptions
from yike.core.siting.reach import Reach
from yike.core.siting.solve import solve
from yike.core.tables import BoolArray, LongArray, SitingPlan
from yike.errors import message_of
from yike.standards.project_policy import load_costs
from yike.standards.site_rules import load_site_rules
from yike.studies.base import Base
from yike.studies.candidates import CandidateList, circle_rows_of, find_candidates
from yike.studies.siting_demand import Demand, demand_of
from yike.studies.siting_outcome import SitingOutcome, empty_plan, gaining, reach_to
from yike.studies.siting_problem import SitingSpec, cutoff_of
from yike.studies.siting_record import head_of, result_of, why_nobody
from yike.studies.siting_sites import sites_of
from yike.studies.siting_told import Told, finite
from yike.studies.study import Progress


@dataclass(frozen=True, eq=False)
class _Asked:
    """One of the types: who lacks it, and which candidates may take it."""

    type_code: str
    cutoff_s: float
    demand: Demand
    is_allowed: BoolArray


def site_many(base: Base, spec: SitingSpec, progress: Progress) -> SitingOutcome:
    """
    Answer a question about several types, see ``studies.siting.site``.

    ``k`` counts sites; a site takes up to ``max_types_per_site`` types, as far as its area holds their
    smallest areas (unknown area: no limit). Every type has its own cutoff where none is asked for.
    """
    codes = spec.type_codes or (spec.type_code,)
    progress("查找候选点", 0, 1)
    lists = [
        find_candidates(
            base, code, spec.kinds, spacing_m=spec.spacing_m, near=spec.near, circle_ids=spec.circle_ids,
            strict=spec.strict,
            spaces=spec.spaces,
        )
        for code in codes
    ]  # fmt: skip
    found, allowed = _union(base, lists)
    circles = circle_rows_of(base, spec.circle_ids)
    asked = []
    for code, may in zip(codes, allowed, strict=True):
        cutoff_s = cutoff_of(base, code, spec.cutoff_s)
        demand = demand_of(base, code, cutoff_s, spec.weights, circles=circles, needs=spec.needs)
        asked.append(_Asked(code, cutoff_s, demand, may))
    progress("计算候选点的步行范围", 0, 1)
    counts = np.any([a.demand.weight > 0 for a in asked], axis=0)
    reach = reach_to(base, found.attachments, counts, max(a.cutoff_s for a in asked))
    progress("选址求解", 0, 1)
    plan, notes = empty_plan(spec), list[str]()
    if len(found) and (np.diff(reach.ptr) > 0).any():
        problem, notes = _mix(base, spec, found, reach, asked)
        plan = solve(problem, SolveOptions(time_limit_s=spec.time_limit_s, seed=spec.seed))
        plan = gaining(plan)
    record = _record(base, spec, found, reach, asked, plan, notes)
    weight = np.sum([a.demand.weight for a in asked], axis=0)
    return SitingOutcome(spec, found, reach, weight, plan, (), record, asked[0].demand)


def _union(base: Base, lists: list[CandidateList]) -> tuple[CandidateList, list[BoolArray]]:
    """All candidates of all types once, and who of them may take which type."""
    at: dict[tuple[str, str], tuple[int, int]] = {}
    for n, one in enumerate(lists):
        for j, key in enumerate(zip(one.candidates.kind, one.candidates.candidate_id, strict=True)):
            at.setdefault(key, (n, j))
    rows = list(at.values())

    def column(name: str) -> Any:
        values = [getattr(lists[n].candidates, name)[j] for n, j in rows]
        like = getattr(lists[0].candidates, name)
        return np.array(values, like.dtype) if isinstance(like, np.ndarray) else tuple(values)

    table = Candidates(**{name: column(name) for name in vars(lists[0].candidates)})
    order = {key: i for i, key in enumerate(at)}
    allowed = []
    for one in lists:
        may = np.zeros(len(table), bool)
        may[[order[k] for k in zip(one.candidates.kind, one.candidates.candidate_id, strict=True)]] = True
        allowed.append(may)
    scores = [one.score for one in lists if one.score is not None]
    score = np.array([scores[n][j] for n, j in rows], np.float64) if len(scores) == len(lists) else None
    rejected = {(r.kind, r.candidate_id, r.reason): r for one in lists for r in one.rejected}
    notes = tuple(dict.fromkeys(note for one in lists for note in one.notes))
    joined = base.joined.streets.attach(table.x_m, table.y_m, STREET_FRONT_M)
    return CandidateList(table, joined, tuple(rejected.values()), score, notes), allowed


def _mix(
    base: Base, spec: SitingSpec, found: CandidateList, reach: Reach, asked: list[_Asked]
) -> tuple[FacilityMix, list[str]]:
    """The model: areas and costs of the rules, hosts stand already."""
    rules, costs, c, notes = load_site_rules(), load_costs(), found.candidates, list[str]()
    is_host = np.array([k == "outlet" for k in c.kind], bool)
    with_money = spec.budget_fen is not None
    demands = []
    for a in asked:
        type_idx = base.types.idx(a.type_code)
        least = rules.rule(base.types, type_idx).area_min_m2
        demands.append(
            TypeDemand(
                type_idx, a.demand.weight, a.cutoff_s, a.is_allowed,
                area_m2=least.value if least else 0.0,
                cost_fen=costs.of_type(a.type_code).middle_fen if with_money else 0,
            )
        )  # fmt: skip
    area = np.where(is_host, np.nan, c.area_m2)
    # areas limit what shares a room; one type alone may have any room that the other models leave it
    largest = max((d.area_m2 for d in demands), default=0.0)
    area = np.where(area < largest, largest, area)
    cost = np.zeros(len(c), np.int64)
    if with_money:
        middle = np.array([costs.of_site(kind).middle_fen for kind in c.kind], np.int64)
        cost = np.where(c.cost_fen >= 0, c.cost_fen, middle)
        if unknown := int(((c.cost_fen < 0) & ~is_host).sum()):
            notes.append(message_of("site_words.site_cost_unknown", {"count": unknown}))
    problem = FacilityMix(
        reach, tuple(demands), area, cost, min(spec.k, len(c)), spec.budget_fen,
        spec.max_types_per_site, spec.shared_area_share, is_host,
    )  # fmt: skip
    return problem, notes


def _record(
    base: Base, spec: SitingSpec, found: CandidateList, reach: Reach, asked: list[_Asked], plan: SitingPlan,
    notes: list[str],
) -> dict[str, Any]:  # fmt: skip
    """One record: every row of ``sites`` is a site and one of its types; ``types`` sums up each type."""
    sites: list[dict[str, Any]] = []
    types: list[dict[str, Any]] = []
    for a in asked:
        rows = np.flatnonzero(plan.type_idx == base.types.idx(a.type_code))
        sites += _rows_of_type(base, spec, found, reach, a, plan, rows)
        types.append(_sum_of_type(base, a, sites))
    order = {int(j): n for n, j in reversed(list(enumerate(plan.site_idx.tolist())))}
    sites.sort(key=lambda s: (order[s.pop("_row")], s["type_code"]))
    rank: dict[tuple[str, str], int] = {}
    for s in sites:
        s["rank"] = rank.setdefault((s["kind"], s["id"]), len(rank) + 1)
    labels = "、".join(t["label"] for t in types)
    everybody = asked[0].demand
    is_needed = any((a.demand.weight > 0).any() for a in asked)
    in_reach = bool(len(reach.demand_idx))
    told = (
        ("", "")
        if sites
        else why_nobody(found, spec, labels, asked[0].demand, is_needed=is_needed, in_reach=in_reach)
    )
    reason, cure = told
    return {
        "type_code": "、".join(a.type_code for a in asked),
        "form_row": "、".join(t["form_row"] for t in types),
        "label": labels,
        **head_of(base, spec, spec.cutoff_s or max(a.cutoff_s for a in asked), found),
        "people_total": finite(everybody.people_total),
        "people_attached": None,
        "people_not_reached": finite(math.fsum(a.demand.people_not_reached for a in asked)),
        "places_not_reached": int(sum((a.demand.weight > 0).sum() for a in asked)),
        "unit": everybody.unit,
        **result_of(plan),
        "answer": "no" if reason else "yes",
        "reason": reason,
        "cure": cure,
        "people_gained": finite(math.fsum(s["people_gained"] or 0.0 for s in sites)),
        "types": types,
        "sites": sites,
        "coverage_before": None,
        "coverage_after": None,
        "curve": [],
        "is_estimate": everybody.is_estimate,
        "is_invented": base.pack.provenance.is_invented,
        "estimates": list(base.pack.provenance.estimates),
        "notes": list(dict.fromkeys([*found.notes, *(n for a in asked for n in a.demand.notes), *notes])),
    }


def _rows_of_type(
    base: Base, spec: SitingSpec, found: CandidateList, reach: Reach, a: _Asked, plan: SitingPlan,
    rows: LongArray,
) -> list[dict[str, Any]]:  # fmt: skip
    """Sites of one type, told as for a single type."""
    own = replace(
        plan, site_idx=plan.site_idx[rows], type_idx=plan.type_idx[rows],
        people_gained=plan.people_gained[rows], cost_fen=plan.cost_fen[rows],
    )  # fmt: skip
    asks = replace(spec, type_code=a.type_code)
    told = Told(base, asks, found, reach.within(a.cutoff_s), a.demand, own, a.cutoff_s, (), ())
    kind = base.types.types[base.types.idx(a.type_code)]
    out = []
    for row, j in zip(sites_of(told), own.site_idx.tolist(), strict=True):
        out.append({
            **row, "type_code": kind.code, "form_row": kind.form_row, "label": kind.label,
            "cutoff_s": a.cutoff_s, "_row": int(j),
        })  # fmt: skip
    return out


def _sum_of_type(base: Base, a: _Asked, sites: list[dict[str, Any]]) -> dict[str, Any]:
    kind = base.types.types[base.types.idx(a.type_code)]
    total = math.fsum(a.demand.everybody)
    gained = math.fsum(s["people_gained"] or 0.0 for s in sites if s["type_code"] == a.type_code)
    before = 1 - math.fsum(a.demand.weight) / total if total and a.demand.unit != "voices" else None
    return {
        "type_code": kind.code,
        "form_row": kind.form_row,
        "label": kind.label,
        "cutoff_s": a.cutoff_s,
        "people_not_reached": finite(a.demand.people_not_reached),
        "people_gained": finite(gained),
        "coverage_before": None if a.demand.is_open else before,
        "coverage_after": None if before is None else before + gained / total,
    }
