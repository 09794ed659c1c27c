"""What a siting answer says: the record that ``--json`` prints, in Chinese where a person reads it."""

from __future__ import annotations

import math
from dataclasses import asdict
from typing import Any

from yike.core.circle.plain import number
from yike.core.tables import PlanStatus, SitingPlan
from yike.errors import cure_of, message_of
from yike.reports import words
from yike.standards.project_policy import FEN_PER_WAN
from yike.studies.base import Base
from yike.studies.candidate_rows import KIND_LABELS
from yike.studies.candidates import CandidateList
from yike.studies.siting_demand import Demand
from yike.studies.siting_problem import MODELS, SitingSpec
from yike.studies.siting_sites import sites_of
from yike.studies.siting_told import Told, finite


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
