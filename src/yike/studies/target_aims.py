"""Targets as weighted sums of circles at a level: shares of communities or residents, counts of circles."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from yike.core.tables import FloatArray
from yike.errors import InputError
from yike.reports import words
from yike.reports.facts import ReportFacts
from yike.standards.documents import source_words
from yike.standards.types import RulePack, Target

INDICATORS = {
    "community_coverage_share": ("basic", "communities"),
    "resident_coverage_share": ("basic", "residents"),
    "community_share_basic": ("basic", "communities"),
    "community_share_improved": ("improved", "communities"),
    "circles_basic": ("basic", "circles"),
    "circles_improved": ("improved", "circles"),
    "circles_quality": ("quality", "circles"),
    "circles_built": ("basic", "circles"),
}
"""Indicators of targets that siting can work on: the level of a circle, and what is counted."""

COUNTED = {"communities": "社区", "residents": "居民", "circles": "生活圈"}


@dataclass(frozen=True, eq=False)
class LevelAim:
    """So much must be at a level, by a day."""

    code: str
    label: str
    level: str  # code of the grade
    counts: str  # "communities" | "residents" | "circles"
    weight: FloatArray  # per circle
    at_least: float
    due: dt.date | None
    due_text: str
    clause: str

    @property
    def wanted(self) -> str:
        """What is wanted, in words."""
        return f"{self.at_least:g}个" if self.counts == "circles" else f"{self.at_least:.0%}"

    def told(self, value: float) -> str:
        """A value of this aim, in words."""
        return f"{value:g}个" if self.counts == "circles" else words.share(value, 1)


def own_aim(
    facts: ReportFacts, level: str, label: str, share: float, by: str, counts: str = "communities"
) -> LevelAim:
    """An aim that a person typed: so large a share of communities at a level by a day."""
    due = dt.date.fromisoformat(by) if by else None
    return LevelAim(
        code="own",
        label=f"{COUNTED[counts]}达到{label}的比例",
        level=level,
        counts=counts,
        weight=weights_of(facts, counts),
        at_least=share,
        due=due,
        due_text=words.chinese_date(by) if by else "",
        clause="自定",
    )


def aims_of(facts: ReportFacts, codes: Sequence[str]) -> tuple[LevelAim, ...]:
    """
    Aims of the rule pack's targets, by due date.

    A circle counts at its own level and below, so several counts of circles (at least one basic, one
    improved, one quality) are read as different circles: a lower count includes those above it.

    Raises
    ------
    InputError
        A code that the rule pack does not have, or a target that sites do not change.
    """
    chosen = [_target(facts.rules, code) for code in codes]
    aims = [_aim(facts, target) for target in chosen]
    ranks = {g.code: k for k, g in enumerate(facts.rules.grades)}
    counts = [a for a in aims if a.counts == "circles"]
    out = []
    for aim in aims:
        above = sum(
            other.at_least
            for other in counts
            if aim.counts == "circles" and ranks.get(other.level, -1) > ranks.get(aim.level, -1)
        )
        out.append(LevelAim(**{**vars(aim), "at_least": aim.at_least + above}))
    return tuple(sorted(out, key=lambda a: (a.due or dt.date.max, a.code)))


def _target(rules: RulePack, code: str) -> Target:
    for target in rules.targets:
        if target.code == code:
            break
    else:
        usable = [t.code for t in rules.targets if t.indicator in INDICATORS]
        raise InputError("projects.target.unknown", found=code, expected="、".join(usable) or "没有")
    if target.indicator not in INDICATORS or target.operator not in (">=", "="):
        usable = [t.code for t in rules.targets if t.indicator in INDICATORS]
        raise InputError("projects.target.not_sites", found=code, label=target.label,
                         expected="、".join(usable) or "没有")  # fmt: skip
    return target


def _aim(facts: ReportFacts, target: Target) -> LevelAim:
    level, counts = INDICATORS[target.indicator]
    codes = [g.code for g in facts.rules.grades]
    if level not in codes:
        raise InputError("projects.level", found=level, expected="、".join(codes) or "没有等级")
    return LevelAim(
        code=target.code,
        label=target.label,
        level=level,
        counts=counts,
        weight=weights_of(facts, counts),
        at_least=target.value,
        due=target.due,
        due_text=target.due_text,
        clause=source_words(target.source, facts.rules.documents),
    )


def weights_of(facts: ReportFacts, counts: str) -> FloatArray:
    """
    What one circle at a level adds to an aim.

    Communities outside every circle stay in the whole but can never be covered.
    """
    n = len(facts.circles)
    if counts == "circles":
        return np.ones(n)
    if counts == "communities" and len(facts.communities):
        inside = facts.communities.circle_idx
        return np.bincount(inside[inside >= 0], minlength=n) / len(facts.communities)
    people = np.nan_to_num(facts.places.people)
    if counts == "communities" or not people.sum() > 0:
        return np.full(n, 1.0 / n) if n else np.ones(0)
    mine = facts.places.circle_idx >= 0
    of_circle = np.bincount(facts.places.circle_idx[mine], people[mine], n)
    return np.asarray(of_circle / people.sum(), np.float64)
