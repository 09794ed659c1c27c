"""Limits that a branch has set for itself: which hold on a day, and what a round would be under others."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from django.db.models import Q, QuerySet

from yike.web.accounts.models import Account
from yike.web.accounts.queries import branches_of, within_branches
from yike.web.returns import checks
from yike.web.returns.models import Return, RuleSet, Wave
from yike.web.returns.prefill import share_percent
from yike.web.returns.queries.filled import filled_of
from yike.web.returns.queries.scope import returns_of_branch
from yike.web.voices.queries import Pooled, pooled

USUAL = "系统默认口径"


def rule_sets_visible_to(account: Account, today: dt.date) -> QuerySet[RuleSet]:
    """Of a person's branches and of the branches above them."""
    branches = branches_of(account, today)
    above = {b[:n] for b in branches for n in range(1, len(b))}
    return RuleSet.objects.filter(within_branches(branches) | Q(area_code__in=above)).select_related("by")


def branches_of_sets(found: QuerySet[RuleSet]) -> list[str]:
    """Branches that set the limits of a list."""
    return list(found.values_list("area_code", flat=True))


def rule_sets_over(area_code: str) -> QuerySet[RuleSet]:
    """Those that reach over a branch, the newest first."""
    over = [area_code[:n] for n in range(1, len(area_code) + 1)]
    return RuleSet.objects.filter(area_code__in=over)


def limits_in_force(area_code: str, day: dt.date) -> tuple[dict[str, int], str]:
    """The limits that hold for a round as of a day, and their title: the nearest branch's newest."""
    begun = rule_sets_over(area_code).filter(begins_on__lte=day)
    nearest = max(begun, key=lambda r: (len(r.area_code), r.begins_on), default=None)
    if nearest is None:
        return checks.usual_limits(), USUAL
    return checks.usual_limits() | nearest.limits, nearest.title


@dataclass(frozen=True)
class Outcome:
    """What limits make of one return."""

    n_samples: int
    is_thin: bool
    satisfaction: Decimal | None
    n_errors: int
    n_findings: int


@dataclass(frozen=True)
class Compared:
    """One circle, or all of them (``of`` is None), under both limits."""

    of: Return | None
    kept: Outcome
    other: Outcome

    @property
    def differs(self) -> bool:
        """Whether anything comes out otherwise."""
        return self.kept != self.other


def compared(wave: Wave, branch: str, other: Mapping[str, int]) -> list[Compared]:
    """Every return of a branch under the round's own limits and under others; nothing is written."""
    own = checks.limits_of(wave)
    returns = list(returns_of_branch(wave, branch))
    lines = [Compared(r, _outcome(r, own), _outcome(r, other)) for r in returns]
    if not lines:
        return []
    return [*lines, Compared(None, _sum(wave, lines, returns, own, 0), _sum(wave, lines, returns, other, 1))]


def _outcome(of: Return, limits: Mapping[str, int]) -> Outcome:
    answers = _answers(of.wave, [of], limits)
    form = replace(filled_of(of), limits=limits, n_samples=answers.n_valid)
    found = checks.findings(form)
    return Outcome(
        answers.n_valid,
        answers.n_valid < limits["samples_least"],
        share_percent(*answers.overall),
        sum(f.severity == "error" for f in found),
        len(found),
    )


def _answers(wave: Wave, returns: Sequence[Return], limits: Mapping[str, int]) -> Pooled:
    days = checks.answer_days(wave, limits)
    return pooled([r.circle for r in returns], *days, satisfied_from=limits["satisfied_from"])


def _sum(
    wave: Wave, lines: Sequence[Compared], returns: Sequence[Return], limits: Mapping[str, int], side: int
) -> Outcome:
    """All circles together: satisfaction pooled from the answers, the rest added up."""
    each = [(line.kept, line.other)[side] for line in lines]
    answers = _answers(wave, returns, limits)
    return Outcome(
        answers.n_valid,
        any(o.is_thin for o in each),
        share_percent(*answers.overall),
        sum(o.n_errors for o in each),
        sum(o.n_findings for o in each),
    )
