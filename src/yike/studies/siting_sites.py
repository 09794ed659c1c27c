"""What is said of each site: where it is, whom it serves, by which clause, in words."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from yike.core.access.pairs import take_rows
from yike.core.circle.plain import number
from yike.core.tables import FloatArray, IntArray, LongArray
from yike.errors import message_of
from yike.reports import words
from yike.standards.documents import source_words
from yike.standards.loader import AGE_LABELS
from yike.studies.base import Base
from yike.studies.candidate_rows import KIND_LABELS
from yike.studies.candidates import CandidateList
from yike.studies.site_rating import oversupplied, warnings_of
from yike.studies.siting_demand import Demand, band_code
from yike.studies.siting_told import Told

MOST_NAMED = 3
"""Communities that the sentence of a site names; all are in ``by_community``."""


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
