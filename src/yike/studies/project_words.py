"""Sentences of a project list: names, contents, who gains and why, how it was chosen."""

from __future__ import annotations

import math
from collections.abc import Sequence

from yike.core.tables import PlanStatus, SitingPlan
from yike.reports import words
from yike.reports.project_facts import TypeGain
from yike.standards.project_policy import FEN_PER_WAN, CostBand, ProjectMode

MOST_COMMUNITIES = 3

SAYS_NOTHING = 0.95
"""A proven distance from the best that is so large tells nobody anything."""

SITE_WORDS = {
    "premises": "闲置用房",
    "outlet": "在营网点",
    "stop": "流动服务点",
    "street_point": "生成的街边点（不是已知空房）",
}
"""What people call each kind of candidate."""


def wan(fen: float) -> str:
    """Fen as 万元 with at most one decimal."""
    return f"{round(fen / FEN_PER_WAN, 1):g}"


def band_words(low_fen: int, high_fen: int) -> str:
    """A band in 万元; 待测算 when unknown."""
    if low_fen < 0 or high_fen < 0:
        return "待测算"
    return wan(low_fen) if low_fen == high_fen else f"{wan(low_fen)}～{wan(high_fen)}"


def project_name(circle: str, labels: Sequence[str], mode: ProjectMode) -> str:
    """Name of a project: where, what, how."""
    short = circle.removesuffix("一刻钟便民生活圈").removesuffix("便民生活圈").removesuffix("生活圈")
    where = f"{short}生活圈" if short and short != circle else circle
    verb = {"outlet": "增设", "stop": "流动服务", "premises": "补建", "street_point": "补建"}[mode.sites[0]]
    return f"{where}{'、'.join(labels)}{verb}项目"


def content_words(kind: str, site: str, area_m2: float, labels: Sequence[str], mode: ProjectMode) -> str:
    """What is to be done, in one sentence."""
    area = "" if math.isnan(area_m2) or kind != "premises" else f"（{area_m2:g}平方米）"
    types = "、".join(labels)
    told = {
        "premises": f"利用闲置用房“{site}”{area}设{types}",
        "outlet": f"在“{site}”增设{types}",
        "stop": f"在流动服务点“{site}”按固定日子提供{types}服务",
        "street_point": f"在“{site}”附近落实用房设{types}",
    }[kind]
    several = "，几类业态合用一处" if len(labels) > 1 else ""
    return f"{told}{several}；{mode.text}。"


def explanation_words(gains: Sequence[TypeGain], limit_s: float) -> str:
    """Which residents, which minutes, which clause; types under one clause name it once."""
    parts = []
    for k, gain in enumerate(gains):
        parts.append(gain_words(gain, limit_s))
        is_last = k + 1 == len(gains) or gains[k + 1].clause != gain.clause
        if gain.clause and is_last:
            parts.append(f"依据：{gain.clause}。")
    return "".join(parts)


def gain_words(gain: TypeGain, limit_s: float) -> str:
    """Which residents and which minutes of one type."""
    who = f"{words.count(gain.people)}人" if not math.isnan(gain.people) else f"{gain.places}处居住点"
    named = [c for c in gain.communities if c.community]
    places = "、".join(f"{c.community}{_of(c.people, c.places)}" for c in named[:MOST_COMMUNITIES])
    more = f"等{len(named)}个社区" if len(named) > MOST_COMMUNITIES else ""
    bands = "、".join(f"{label}{words.count(n)}人" for label, n in gain.bands.items())
    aged = f"其中{bands}" if bands else ""
    whom = "，".join(part for part in (places + more, aged) if part)
    inside = f"（{whom}）" if whom else ""
    minutes = f"{gain.norm_s / 60:g}分钟内可达"
    return f"{gain.type_label}：新增{who}在{minutes}{inside}。{_minutes_words(gain, limit_s)}"


def _of(people: float, places: int) -> str:
    return f"{places}处" if math.isnan(people) else f"{words.count(people)}人"


def _minutes_words(gain: TypeGain, limit_s: float) -> str:
    after = f"建成后平均{words.minutes(gain.after_s, 1)}分钟。"
    unit = "处居住点" if math.isnan(gain.people) else "人"
    limit = f"{limit_s / 60:g}分钟内走不到"
    if math.isnan(gain.before_s):
        return f"原来{limit}，{after}"
    before = f"原来平均步行{words.minutes(gain.before_s, 1)}分钟"
    if gain.out_of_reach > 0:
        before += f"（另有{words.count(gain.out_of_reach)}{unit}{limit}）"
    return f"{before}，{after}"


def cost_words(known_site_fen: int, site: CostBand, types: Sequence[tuple[str, CostBand]]) -> str:
    """How the investment was reckoned, every part by itself."""
    if known_site_fen >= 0:
        parts = [f"点位整修{wan(known_site_fen)}万元（点位清单）"]
    else:
        parts = [f"点位整修{band_words(site.low_fen, site.high_fen)}万元（推定）"]
    parts += [f"{label}{band_words(b.low_fen, b.high_fen)}万元（推定）" for label, b in types]
    return "＋".join(parts)


def status_words(plan: SitingPlan | None) -> str:
    """How good the choice is, as far as it is proven."""
    if plan is None:
        return "没有可选的点位。"
    if plan.status is PlanStatus.OPTIMAL:
        return "所选点位组合已证明最优。"
    return f"所选点位组合{bounded_words(plan)}。"


def bounded_words(plan: SitingPlan) -> str:
    """How far a plan that is not proven can be from the best; a bound that says nothing is not told."""
    if plan.gap >= SAYS_NOTHING:
        return "在规定时间内找到，与最优差多少尚未证明，可放长 --time-limit-s"
    return f"与最优相差不超过 {plan.gap * 100:.1f}%"


REASONS = {
    "no_candidate": "没有允许这类业态、面积又够的点位",
    "out_of_reach": "可用的点位都不在规定步行时间内",
    "too_little": "可用的点位带来的改善太小，不单独立项",
    "partly": "把所有可用点位都建上，也达不到规定比例；先建效果最好的",
    "room": "单独补得上，但可用点位的面积容不下全部业态，须另找用房",
    "room_taken": "只能补上一部分，可用点位的面积已用于更见效的业态",
    "budget": "本批资金不够，列入以后批次",
}
"""Why a gap is not closed."""
