"""What becomes of every gap and every need: which project answers it, or why none does."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from yike.core.tables import Gaps, GapState
from yike.reports.project_facts import GapLine, Need
from yike.sources.needs import NeedRow
from yike.studies.base import Base
from yike.studies.project_choice import LEAST_GAIN_SHARE, Choice, share_with
from yike.studies.project_gains import Gained
from yike.studies.project_ground import Ground, Wish
from yike.studies.project_words import REASONS

HAIR = 1e-9
"""Shares that differ by less are the same: sums of people in another order."""


def gap_lines(
    base: Base,
    gaps: Gaps,
    ground: Ground,
    choice: Choice,
    gained: Gained,
    projects_of: dict[int, list[str]],
    voices: dict[tuple[int, int], float],
    has_budget: bool,
) -> tuple[GapLine, ...]:
    """One line per gap, residents lacking times voices first (问需于民)."""
    lines = []
    for wish, best in zip(ground.wishes, choice.share_best.tolist(), strict=True):
        row, kind = wish.gap_row, base.types.types[int(ground.type_idx[wish.type_row])]
        after = share_with(ground, wish, gained.covered[wish.type_row])
        projects = tuple(projects_of.get(row, ()))
        outcome, reason = _outcome(ground, wish, after, best, bool(projects), has_budget)
        lines.append(
            GapLine(
                row=row,
                rank=int(gaps.rank[row]),
                circle_id=base.joined.circles.circle_id[wish.circle],
                circle=base.joined.circles.name[wish.circle],
                type_code=kind.code,
                type_label=kind.label,
                norm_s=float(gaps.norm_s[row]),
                people_unserved=float(gaps.people_unserved[row]),
                voices=voices.get((wish.circle, int(ground.type_idx[wish.type_row])), math.nan),
                share_before=wish.reached / wish.total if wish.total > 0 else math.nan,
                share_required=wish.share,
                share_after=after,
                share_best=best,
                outcome=outcome,
                reason=reason,
                reason_text=REASONS.get(reason, ""),
                projects=projects,
            )
        )
    return tuple(sorted(lines, key=lambda g: (-priority(g), g.rank)))


def priority(gap: GapLine) -> float:
    """Residents lacking × voices; a gap that nobody spoke of counts one voice."""
    people = 0.0 if math.isnan(gap.people_unserved) else gap.people_unserved
    return people * max(1.0, 0.0 if math.isnan(gap.voices) else gap.voices)


def _outcome(
    ground: Ground, wish: Wish, after: float, best: float, has_project: bool, has_budget: bool
) -> tuple[str, str]:
    if after >= wish.share - HAIR:
        return "closed", ""
    can = best >= wish.share - HAIR
    if has_budget and can:
        return ("partly" if has_project else "left"), "budget"
    if can:
        return ("partly" if has_project else "left"), "room"
    if has_project:
        return "partly", "partly"
    if not ground.is_allowed[wish.type_row].any():
        return "left", "no_candidate"
    gain = best * wish.total - wish.reached
    if gain <= HAIR:
        return "left", "out_of_reach"
    return "left", ("too_little" if gain < LEAST_GAIN_SHARE * wish.total else "room_taken")


def voices_of(needs: Sequence[NeedRow], n_circles: int) -> dict[tuple[int, int], float]:
    """Voices by circle and type; a need of the whole pack counts in every circle, an unknown number as 1."""
    found: dict[tuple[int, int], float] = {}
    for need in needs:
        circles = range(n_circles) if need.circle_idx < 0 else (need.circle_idx,)
        for circle in circles:
            key = circle, need.type_idx
            found[key] = found.get(key, 0.0) + (1.0 if math.isnan(need.voices) else need.voices)
    return found


def answer_needs(
    base: Base, gaps: Gaps, needs: Sequence[NeedRow], lines: Sequence[GapLine]
) -> tuple[Need, ...]:
    """Every need with its decision: a project, an outlet that is there already, or not now and why."""
    by_key = {(g.circle_id, g.type_code): g for g in lines}
    return tuple(_answer(base, gaps, need, by_key) for need in needs)


def _answer(base: Base, gaps: Gaps, need: NeedRow, by_key: dict[tuple[str, str], GapLine]) -> Need:
    circles, types = base.joined.circles, base.types
    kind = types.types[need.type_idx] if need.type_idx >= 0 else None
    wanted = range(len(circles)) if need.circle_idx < 0 else (need.circle_idx,)
    hit = [g for c in wanted if kind and (g := by_key.get((circles.circle_id[c], kind.code)))]
    projects = tuple(dict.fromkeys(p for g in hit for p in g.projects))
    decision, answer = _decide(gaps, need, hit, projects)
    return Need(
        row=need.row,
        circle=circles.name[need.circle_idx] if need.circle_idx >= 0 else "全片区",
        type_code=kind.code if kind else "",
        type_label=kind.label if kind else "",
        text=need.text,
        voices=need.voices,
        source=need.source,
        is_urgent=need.is_urgent,
        decision=decision,
        answer=answer,
        projects=projects,
    )


def _decide(gaps: Gaps, need: NeedRow, hit: Sequence[GapLine], projects: tuple[str, ...]) -> tuple[str, str]:
    if projects:
        return "project", f"列入项目{'、'.join(projects)}"
    if hit:
        return "not_now", f"暂不立项：{hit[0].reason_text}"
    if need.type_idx < 0:
        return "not_now", "看不出对应哪类业态，请社区核实后再办"
    rows = gaps.type_idx == need.type_idx
    if need.circle_idx >= 0:
        rows = rows & (gaps.circle_idx == need.circle_idx)
    states = set(gaps.state[rows].tolist())
    if GapState.MET in states:
        share = float(np.nanmin(gaps.share_in_norm[rows & (gaps.state == GapState.MET)]))
        return "existing", f"现有网点已能满足：{share:.0%}的居民在规定时间内可达"
    if GapState.GAP in states:
        return "not_now", "有缺口，不在本次起草的业态之内"
    return "not_now", "规则包不要求这类业态，或数据不足以判断，建议实地核实"
