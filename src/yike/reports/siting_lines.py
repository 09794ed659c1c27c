"""What every document says of a recommended site: who is newly served, in which time, from where."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from yike.core.tables import FloatArray, IntArray, LongArray
from yike.reports import words
from yike.reports.facts import ReportFacts
from yike.standards.types import Source

KIND_WORDS = {
    "premises": "闲置用房",
    "outlet": "现有网点增设",
    "street_point": "生成的街边点，不是已知空房",
    "stop": "流动服务停靠点",
}
REASON_WORDS = {
    "not_surveyed": "网点未调查或数据缺失，不知道缺不缺，不推荐选址。",
    "unknown": "没有可用的人数或步行时间，不推荐选址。",
    "no_gaps": "没有发现缺口，不需要补点。",
    "types_max": "缺口较轻，没有计算",
    "nobody": "没有知道人数、又走得到路网的居民够不着",
    "no_candidates": "候选点在时限内都走不到够不着的居民",
}
PROVEN = "已证明最优"


@dataclass(frozen=True, eq=False)
class SiteLine:
    """One site of a plan, with the homes that it adds to what the sites before it serve."""

    order: int  # 1.. in building order
    row: int  # row of the type's sites
    site: Mapping[str, Any]
    people_gained: float  # of homes where nobody's number is known
    mean_walk_s: float  # of those newly served, by people
    homes: LongArray  # places newly served, most people first
    people: FloatArray  # of ``homes``
    before_s: FloatArray  # walk today, +inf beyond the search
    after_s: IntArray
    areas: tuple[tuple[str, float], ...]  # community (or circle) and its newly served people, most first


def siting_of(facts: ReportFacts) -> Mapping[str, Any]:
    """What the run says on siting; empty where it was not asked."""
    return facts.extras.get("siting") or {}


def lines_of(facts: ReportFacts, one: Mapping[str, Any], plan: Mapping[str, Any]) -> list[SiteLine]:
    """The sites of one plan in building order; a home counts for the first site that reaches it."""
    served = np.zeros(len(facts.places), bool)
    lines = []
    for order, row in enumerate(plan["sites"], start=1):
        site = one["sites"][row]
        new = ~served[site["place_idx"]]
        served[site["place_idx"]] = True
        lines.append(_line(facts, one, order, row, site["place_idx"][new], site["walk_s"][new]))
    return lines


def _line(
    facts: ReportFacts, one: Mapping[str, Any], order: int, row: int, homes: LongArray, after_s: IntArray
) -> SiteLine:
    people = weights_of(facts)[homes]
    first = np.lexsort((homes, -people))
    homes, people, after_s = homes[first], people[first], after_s[first]
    total = float(people.sum())
    return SiteLine(
        order=order,
        row=row,
        site=one["sites"][row],
        people_gained=total,
        mean_walk_s=float(people @ after_s) / total if total else math.nan,
        homes=homes,
        people=people,
        before_s=facts.access.nearest_s[homes, one["column"]].astype(np.float64),
        after_s=after_s,
        areas=_areas(facts, homes, people),
    )


def weights_of(facts: ReportFacts) -> FloatArray:
    """People of each place as siting counts them: 1 each where nobody's number is known."""
    if siting_of(facts).get("weights") == "equal":
        return np.ones(len(facts.places))
    return np.nan_to_num(facts.places.people, nan=0.0)


def area_names(facts: ReportFacts) -> tuple[list[str], IntArray]:
    """Names of communities, else of circles, and the row of each place in them; the last name is 圈外."""
    places = facts.places
    if len(facts.communities):
        names, idx = list(facts.communities.name), places.community_idx
    else:
        names, idx = list(facts.circles.name), places.circle_idx
    return [*names, "圈外"], np.where(idx >= 0, idx, len(names)).astype(np.int32)


def _areas(facts: ReportFacts, homes: LongArray, people: FloatArray) -> tuple[tuple[str, float], ...]:
    names, idx = area_names(facts)
    sums = np.bincount(idx[homes], people, len(names))
    order = np.lexsort((np.arange(len(names)), -sums))
    return tuple((names[i], float(sums[i])) for i in order.tolist() if sums[i] > 0)


def gap_of(plan: Mapping[str, Any]) -> float:
    """How far the best could be above the plan, as a share of the bound; 0 when proven."""
    if plan["status"] == "optimal" or not plan["bound"]:
        return 0.0
    return float((plan["bound"] - plan["people"]) / plan["bound"])


def proof_words(plan: Mapping[str, Any]) -> str:
    """已证明最优, or by how much at most the best is better; rounded up, so that it stays true."""
    if plan["status"] == "optimal":
        return PROVEN
    return f"与最优相差不超过 {_gap_percent(plan)}"


def _gap_percent(plan: Mapping[str, Any]) -> str:
    return f"{math.ceil(gap_of(plan) * 1000 - 1e-9) / 10:g}%"


def proof_short(plan: Mapping[str, Any]) -> str:
    """The same for a narrow column: 已证明最优, or ≤ 12.3%."""
    return PROVEN if plan["status"] == "optimal" else f"≤ {_gap_percent(plan)}"


def site_name(site: Mapping[str, Any]) -> str:
    """What a site is called; a street point by its street."""
    return str(site["name"] or site["id"])


def kind_words(site: Mapping[str, Any]) -> str:
    """Kind of a site: the pack's own word for premises."""
    return str(site.get("premises_kind") or KIND_WORDS.get(site["kind"], site["kind"]))


def wan_yuan(cost_fen: int | None) -> str:
    """Money in 万元; 未知 where no cost is known."""
    return words.UNKNOWN if cost_fen is None else f"{round(cost_fen / 1_000_000, 2):g}"


def added(plans: Sequence[Mapping[str, Any]], at: int) -> int | None:
    """The one site that a plan adds to the plan before it; None when it changes more."""
    before = plans[at - 1]["sites"] if at else []
    new = set(plans[at]["sites"]) - set(before)
    return new.pop() if len(new) == 1 and set(before) <= set(plans[at]["sites"]) else None


def source_of(facts: ReportFacts, one: Mapping[str, Any]) -> Source | None:
    """Source of the norm that sites must meet; None where the rule pack names none."""
    rule = facts.rules.rule(one["type_code"])
    return rule.within_source if rule is not None else None
