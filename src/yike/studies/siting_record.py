"""What a siting answer says: the record that ``--json`` prints, in Chinese where a person reads it."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from yike.core.access.pairs import take_rows
from yike.core.circle.plain import number
from yike.core.siting.reach import Reach
from yike.core.tables import FloatArray, IntArray, LongArray, PlanStatus, SitingPlan
from yike.errors import cure_of, message_of
from yike.reports import words
from yike.standards.documents import source_words
from yike.standards.loader import AGE_LABELS
from yike.standards.project_policy import FEN_PER_WAN
from yike.studies.base import Base
from yike.studies.candidate_rows import KIND_LABELS
from yike.studies.candidates import CandidateList
from yike.studies.site_rating import oversupplied, warnings_of
from yike.studies.siting_demand import Demand, band_code
from yike.studies.siting_problem import MODELS, SitingSpec

MOST_NAMED = 3
"""Communities that the sentence of a site names; all are in ``by_community``."""


@dataclass(frozen=True)
class CurvePoint:
    """What ``k`` sites bring: the best plan known, and a bound on any plan."""

    k: int
    people: float
    bound: float
    share: float  # of those not reached


@dataclass(frozen=True, eq=False)
class Told:
    """Everything a record is made from; ``reach`` holds only walks within the cutoff."""

    base: Base
    spec: SitingSpec
    found: CandidateList
    reach: Reach
    demand: Demand
    plan: SitingPlan
    cutoff_s: float
    curve: tuple[CurvePoint, ...]
    notes: tuple[str, ...]
    search_s: float = 0.0  # how far the model looked


def record_of(told: Told) -> dict[str, Any]:
    """The record of one type: plain values, no NaN and no infinity."""
    base, spec, plan, demand = told.base, told.spec, told.plan, told.demand
    kind = base.types.types[base.types.idx(spec.type_code)]
    sites = sites_of(told)
    total = math.fsum(demand.everybody)
    gained = math.fsum(s["people_gained"] or 0.0 for s in sites)
    before = None if demand.unit == "voices" or not total else 1 - math.fsum(demand.weight) / total
    reason, cure = _why_no(told, sites)
    return {
        "type_code": kind.code,
        "form_row": kind.form_row,
        "label": kind.label,
        **head_of(base, spec, told.cutoff_s, told.found),
        "people_total": number(demand.people_total),
        "people_attached": number(total) if demand.unit != "voices" else None,
        "people_not_reached": number(demand.people_not_reached),
        "places_not_reached": int((demand.weight > 0).sum()),
        "unit": demand.unit,
        **result_of(plan),
        "objective_words": objective_words(told, total),
        "answer": "no" if reason else "yes",
        "reason": reason,
        "cure": cure,
        "people_gained": number(gained),
        "sites": sites,
        "coverage_before": number(before) if before is not None and not demand.is_open else None,
        "coverage_after": number(before + gained / total) if before is not None else None,
        "curve": [
            {k: number(v) if isinstance(v, float) else v for k, v in asdict(p).items()} for p in told.curve
        ],
        "is_estimate": demand.is_estimate,
        "is_invented": base.pack.provenance.is_invented,
        "estimates": list(base.pack.provenance.estimates),
        "notes": _notes(told, sites),
    }


def head_of(base: Base, spec: SitingSpec, cutoff_s: float, found: CandidateList) -> dict[str, Any]:
    """What was asked, and of how many candidates."""
    return {
        "model": spec.model,
        "model_label": MODELS[spec.model].split("：")[0],
        "k": spec.k,
        "cutoff_s": number(cutoff_s),
        "profile": base.profile.code,
        "weights": spec.weights,
        "kinds": list(spec.kinds),
        "circles": list(spec.circle_ids),
        "rule_pack": base.rules.code,
        "pack": base.pack.provenance.code,
        "pack_name": base.pack.provenance.name,
        "candidates": len(found),
        "candidates_by_kind": {k: found.candidates.kind.count(k) for k in spec.kinds},
        "rejected": [asdict(r) for r in found.rejected],
    }


def result_of(plan: SitingPlan) -> dict[str, Any]:
    """How good the plan is, and how it was found; unknown and endless numbers are null."""
    return {
        "objective": finite(plan.objective),
        "bound": finite(plan.bound),
        "gap": finite(plan.gap),
        "sense": plan.sense,
        "status": str(plan.status.value),
        "status_words": status_words(plan),
        "stopped_by": plan.stopped_by,
        "method": plan.method,
        "seconds": finite(round(plan.seconds, 3)),
        "seed": plan.seed,
    }


def objective_words(told: Told, total: float) -> str:
    """The objective as people read it, by model."""
    plan, model = told.plan, told.spec.model
    if not len(plan) or not math.isfinite(plan.objective):
        return ""
    facts = {"value": words.count(plan.objective), "limit": words.minutes(told.search_s)}
    if model == "p_median":
        facts["value"] = words.minutes(plan.objective / total if total else math.nan, 1)
    elif model == "p_center":
        facts["value"] = words.minutes(plan.objective, 1)
    elif model == "equity":
        facts["value"] = words.share(plan.objective, 1)
    own = model if model in ("lscp", "p_median", "p_center", "equity") else told.demand.unit
    return message_of(f"site_words.objective_{own}", facts)


def status_words(plan: SitingPlan) -> str:
    """已证明最优, only when it is; else how far from the best at most."""
    if plan.status is PlanStatus.OPTIMAL:
        return message_of("site_words.optimal", {})
    gap = plan.gap
    share = words.share(math.ceil(gap * 1000) / 1000, 1) if math.isfinite(gap) else words.UNKNOWN
    return message_of("site_words.bounded", {"share": share})


def finite(value: float) -> float | None:
    """The number, None where it is unknown or endless."""
    return float(value) if math.isfinite(value) else None


def sites_of(told: Told) -> list[dict[str, Any]]:
    """One row a site, in building order, with whom it newly serves."""
    base, found = told.base, told.found
    rows = told.plan.site_idx.astype(np.int64)
    if not len(rows):
        return []
    type_idx = base.types.idx(told.spec.type_code)
    at = take_rows(found.attachments, rows)
    warned = warnings_of(base, type_idx, found.candidates, at, rows, oversupplied(base, type_idx))
    clause = clause_of(base, type_idx, told.cutoff_s, told.spec.cutoff_s is not None)
    left, not_reached = told.demand.weight.copy(), math.fsum(told.demand.weight)
    out = []
    is_shared = told.spec.model == "capacitated"  # a full site leaves its homes to the next
    for rank, (j, own) in enumerate(
        zip(rows.tolist(), told.plan.people_gained.tolist(), strict=True), start=1
    ):
        pairs = np.arange(told.reach.ptr[j], told.reach.ptr[j + 1])
        pairs = pairs[left[told.reach.demand_idx[pairs]] > 0]
        served = Served(told.reach.demand_idx[pairs], told.reach.walk_s[pairs].astype(float), left)
        out.append({
            "rank": rank,
            **place_of(base, found, j),
            **served_by(base, told.demand, served, not_reached),
            **(_as_planned(own, served, not_reached) if is_shared else {}),
            "clause": clause,
            "warnings": warned[rank - 1],
        })  # fmt: skip
        out[-1]["explanation"] = explain(base, told, out[-1], served)
        if not is_shared:
            left[served.places] = 0.0
    for row, cost in zip(out, told.plan.cost_fen.tolist(), strict=True):
        row["cost_in_plan_fen"] = int(cost) if cost else None
    return out


def _as_planned(gained: float, served: Served, not_reached: float) -> dict[str, float | None]:
    """Whom a site of limited capacity serves by the plan, of all those within its reach."""
    return {
        "people_in_reach": number(math.fsum(served.weight)),
        "people_gained": number(gained),
        "share_of_unserved": number(gained / not_reached) if not_reached else None,
    }


@dataclass(frozen=True, eq=False)
class Served:
    """Places that a site newly serves, their walks, and the weight of every place before."""

    places: IntArray | LongArray
    walk_s: FloatArray
    left: FloatArray

    @property
    def weight(self) -> FloatArray:
        """Weight of the served places."""
        return np.asarray(self.left[self.places], np.float64)


def place_of(base: Base, found: CandidateList, j: int) -> dict[str, Any]:
    """What and where a candidate is."""
    c, origin = found.candidates, int(found.candidates.origin_idx[j])
    premises = base.pack.premises if c.kind[j] == "premises" else None
    cost, rent = int(c.cost_fen[j]), -1 if premises is None else int(premises.rent_fen[origin])
    return {
        "id": c.candidate_id[j],
        "name": c.name[j],
        "kind": c.kind[j],
        "kind_label": KIND_LABELS[c.kind[j]],
        "premises_kind": premises.kind[origin] if premises else "",
        "premises_kind_code": premises.kind_code[origin] if premises else "",
        "owner": premises.owner[origin] if premises else "",
        "lon": number(float(c.lon[j])),
        "lat": number(float(c.lat[j])),
        "area_m2": number(float(c.area_m2[j])),
        "cost_fen": cost if cost >= 0 else None,
        "rent_fen_per_year": rent if rent >= 0 else None,
        "source_row": int(c.source_row[j]) if c.source_row[j] >= 0 else None,
        "near_score": None if found.score is None else number(float(found.score[j])),
    }


def served_by(base: Base, demand: Demand, served: Served, not_reached: float) -> dict[str, Any]:
    """Whom a site newly serves: how many, who, where, after how long a walk."""
    weight = served.weight
    gained = math.fsum(weight)
    mean = math.fsum(weight * served.walk_s) / gained if gained else math.nan
    return {
        "people_gained": number(gained),
        "places_gained": len(served.places),
        "share_of_unserved": number(gained / not_reached) if not_reached else None,
        "by_community": by_community(base, served),
        "mean_walk_s": number(mean),
        "max_walk_s": number(float(served.walk_s.max())) if len(served.walk_s) else None,
        "by_band": _by_band(base, demand, served),
    }


def by_community(base: Base, served: Served) -> list[dict[str, Any]]:
    """Who is newly served, by community (by circle where there are none), most first."""
    joined, n = base.joined, len(base.joined.communities)
    area = joined.places.community_idx if n else joined.places.circle_idx
    ids = joined.communities.community_id if n else joined.circles.circle_id
    names = joined.communities.name if n else joined.circles.name
    here = area[served.places]
    inside = here >= 0
    total = np.bincount(here[inside], served.weight[inside], minlength=len(ids))
    order = sorted(np.flatnonzero(total > 0).tolist(), key=lambda i: (-total[i], i))
    return [{"id": ids[i], "name": names[i], "people": number(float(total[i]))} for i in order]


def _by_band(base: Base, demand: Demand, served: Served) -> dict[str, float | None]:
    """Residents newly served by age band, null where the pack does not know."""
    places = base.joined.places
    if demand.unit == "places":
        return {}
    known = places.people_by_band[served.places]
    sums = np.where(np.isnan(known).all(axis=0), np.nan, np.nansum(known, axis=0)) if len(known) else None
    return {band: None if sums is None else number(float(sums[i])) for i, band in enumerate(places.bands)}


def clause_of(base: Base, type_idx: int, cutoff_s: float, is_own: bool) -> str:
    """Which clause asks for the walk, and whether the walk is that of the clause."""
    rules = [base.rules.rule(base.types.types[i].code) for i in base.types.with_parents(type_idx)]
    rule = next((r for r in rules if r is not None and math.isfinite(r.within_s)), None)
    facts: dict[str, Any] = {"minutes": f"{cutoff_s / 60:g}", "type": base.types.types[type_idx].label}
    if rule is None:
        return message_of(f"site_words.clause_{'none' if is_own else 'default'}", facts)
    facts["clause"] = source_words(rule.within_source, base.rules.documents)
    if rule.within_s == cutoff_s:
        return message_of("site_words.clause_rule", facts)
    return message_of("site_words.clause_own", {**facts, "norm": f"{rule.within_s / 60:g}"})


def explain(base: Base, told: Told, row: dict[str, Any], served: Served) -> str:
    """One sentence: who, how many minutes, by which clause."""
    unit = told.demand.unit
    areas = "、".join(
        message_of("site_words.served_area", {"name": a["name"], "who": _amount(unit, a["people"])})
        for a in row["by_community"][:MOST_NAMED]
    )
    share = row["share_of_unserved"]
    facts = {
        "name": row["name"],
        "type": base.types.types[base.types.idx(told.spec.type_code)].label,
        "minutes": f"{told.cutoff_s / 60:g}",
        "who": _who(told, row),
        "share": message_of("site_words.served_share", {"share": words.share(share, 1)}) if share else "",
        "where": message_of("site_words.served_where", {"areas": areas}) if areas else "",
        "mean": words.minutes(row["mean_walk_s"], 1),
        "max": words.minutes(row["max_walk_s"], 1),
        "clause": row["clause"],
    }
    said = message_of(f"site_words.{_form_of(row)}", {**facts, "near": _near(told, row)})
    if row["kind"] == "street_point":
        said += message_of("site_words.generated", {})
    if row["kind"] == "outlet":
        said += message_of("site_words.host", {})
    return said


def _form_of(row: dict[str, Any]) -> str:
    """Which sentence tells of a site: what it newly serves, what of its reach it can serve, or nobody new."""
    if "people_in_reach" in row:
        return "served_capacity"
    return "served" if row["people_gained"] else "served_nobody"


def _near(told: Told, row: dict[str, Any]) -> str:
    return _amount(told.demand.unit, row.get("people_in_reach"))


def _amount(unit: str, value: float | None) -> str:
    return message_of(f"site_words.area_{unit}", {"count": words.count(value)})


def _who(told: Told, row: dict[str, Any]) -> str:
    unit, count = told.demand.unit, words.count(row["people_gained"])
    if unit == "people" and (code := band_code(told.spec.weights)):
        return message_of("site_words.who_band", {"count": count, "band": AGE_LABELS[code]})
    return message_of(f"site_words.who_{unit}", {"count": count})


def _why_no(told: Told, sites: list[dict[str, Any]]) -> tuple[str, str]:
    """Why the answer is no, and what to do about it; both empty where there is a plan."""
    if sites:
        return "", ""
    label = told.base.types.types[told.base.types.idx(told.spec.type_code)].label
    is_needed = math.fsum(told.demand.weight) > 0
    in_reach = bool((told.demand.weight[told.reach.demand_idx] > 0).any())
    return why_nobody(told.found, told.spec, label, told.demand, is_needed=is_needed, in_reach=in_reach)


def why_nobody(
    found: CandidateList, spec: SitingSpec, label: str, demand: Demand, *, is_needed: bool, in_reach: bool
) -> tuple[str, str]:
    """Reason and cure of an empty plan: nobody needs it, no candidate, no money, nobody in reach."""
    if not is_needed:
        code, facts = _why_not_needed(demand), {"type": label, "count": str(demand.places_untold)}
    elif not len(found):
        names = "、".join(KIND_LABELS[k] for k in spec.kinds)
        code = "site.no_candidates" if found.rejected else "site.none_listed"
        facts = {"kinds": names, "count": str(len(found.rejected))}
    elif in_reach and spec.budget_fen is not None:
        wan = f"{spec.budget_fen / FEN_PER_WAN:,.6f}".rstrip("0").rstrip(".")
        code, facts = "site.over_budget", {"budget": wan}
    else:
        code, facts = "site.no_gain", {}
    return message_of(code, facts), cure_of(code, facts)


def _why_not_needed(demand: Demand) -> str:
    """Whether everybody is known to be reached, or nobody can tell; unknown is never "reached"."""
    if demand.unit == "voices":
        return "site.no_voices"
    if not (demand.everybody > 0).any():
        return "site.nobody_counts"
    return "site.known_reached" if demand.places_untold else "site.all_reached"


def _notes(told: Told, sites: list[dict[str, Any]]) -> list[str]:
    notes = [*told.found.notes, *told.demand.notes, *told.notes]
    base, spec = told.base, told.spec
    if spec.circle_ids:
        notes.append(message_of("site_words.circles_only", {"circles": "、".join(spec.circle_ids)}))
    if spec.model in ("mclp", "capacitated", "equity") and 0 < len(sites) < min(spec.k, len(told.found)):
        notes.append(message_of("site_words.fewer", {"n": len(sites)}))
    if spec.near:
        from yike.standards.site_rules import load_site_rules

        share = words.share(load_site_rules().near_give_up_share.value)
        notes.append(message_of("site_words.near_used", {"share": share}))
    return list(dict.fromkeys([*notes, *base.pack.provenance.estimates[:0]]))
