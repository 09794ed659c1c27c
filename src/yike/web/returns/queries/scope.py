"""Waves, returns and files a person sees; the returns a branch adds up."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.shortcuts import get_object_or_404

from yike.web.accounts.models import Account
from yike.web.accounts.queries import branches_of, within_branches
from yike.web.accounts.queries import one_of as one_of
from yike.web.regions.models import CircleMember
from yike.web.returns import rules
from yike.web.returns.models import Return, ReturnFile, Revision, Wave


def waves_visible_to(account: Account, today: dt.date) -> QuerySet[Wave]:
    """Waves of a person's branches and of the branches above them."""
    branches = branches_of(account, today)
    above = {b[:n] for b in branches for n in range(1, len(b))}
    return Wave.objects.filter(within_branches(branches) | Q(area_code__in=above))


def returns_visible_to(account: Account, today: dt.date) -> QuerySet[Return]:
    """
    Returns of a person's branches; a community sees those of its circles too.

    By the leading community as well as by the branch that holds the whole circle.
    """
    branches = branches_of(account, today)
    member = CircleMember.objects.filter(
        within_branches(branches, "community__branch"), circle=OuterRef("circle")
    )
    seen = within_branches(branches) | within_branches(branches, "home_code") | Exists(member)
    return Return.objects.filter(seen).select_related("wave", "circle")


def returns_in(account: Account, wave: Wave, today: dt.date, state: str = "") -> QuerySet[Return]:
    """Returns of a wave that a person sees; with ``state`` those in it."""
    found = returns_visible_to(account, today).filter(wave=wave)
    return found.filter(state=state) if state else found


def files_visible_to(account: Account, today: dt.date) -> QuerySet[ReturnFile]:
    """Files that came back for returns a person sees."""
    own = returns_visible_to(account, today).values("pk")
    return ReturnFile.objects.filter(of__in=own).select_related("of__wave", "of__circle", "by")


def revision_or_404(of: Return, number: int) -> Revision:
    """A revision of a return; 404 for a number it has not."""
    return get_object_or_404(Revision, of=of, number=number)


def returns_of_branch(wave: Wave, branch: str) -> QuerySet[Return]:
    """Returns that a branch adds up: those whose leading community lies in it."""
    found = Return.objects.filter(within_branches([branch], "home_code"), wave=wave)
    return found.select_related("wave", "circle").order_by("home_code", "circle__code")


def unfinished(returns: Iterable[Return], state: str, wave: Wave) -> list[Return]:
    """Returns that have not yet reached a state."""
    needed = rules.reached(wave, state)
    return [r for r in returns if rules.reached(wave, r.state) < needed]
