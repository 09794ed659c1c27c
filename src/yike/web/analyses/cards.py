"""First screen: what is missing, where most people go without, and the circles to look into."""

from __future__ import annotations

import datetime as dt

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.timezone import localdate

from yike.web.accounts.cards import Card, Line, shows_card
from yike.web.accounts.models import Account, Role
from yike.web.accounts.rules import has_role
from yike.web.analyses import queries
from yike.web.analyses.models import Analysis

LISTED = 8
NONE_YET = "还没有分析。用登记册里的网点算一次，缺口会列在这里。"
MOST_CIRCLES = 24
READERS = (Role.PLANNER, Role.DISTRICT, Role.CITY, Role.DEPARTMENT)


@shows_card(order=25)
def gaps(account: Account, now: dt.datetime) -> Card | None:
    """Gaps of the newest analysis by people without, and a circle to choose."""
    today = localdate(now)
    if not has_role(account, today, *READERS):
        return None
    actions = (("新的分析", reverse("analyses:new")),) if has_role(account, today, Role.PLANNER) else ()
    newest = queries.analyses_visible_to(account, today).filter(done_at__isnull=False)
    analysis = newest.order_by("-done_at").first()
    if analysis is None:
        return Card("缺口", empty=NONE_YET, actions=actions) if actions else None
    return Card(
        "缺口：走不到的居民多的在前",
        [_line(analysis, gap) for gap in _worst(analysis)],
        empty="这次分析没有发现缺口。",
        actions=actions,
        is_invented=analysis.is_invented,
        picks=_picks(account, today),
        picks_label="看一个生活圈",
    )


def _worst(analysis: Analysis) -> list[dict[str, str]]:
    found = queries.gaps_of(analysis)
    return sorted(found, key=lambda g: -float(g["people_unserved"] or 0))[:LISTED]


def _line(analysis: Analysis, gap: dict[str, str]) -> Line:
    query = urlencode({"circle": gap["circle_name"]})
    people = gap["people_unserved"]
    return Line(
        f"{gap['type_label']} · {gap['circle_name']}",
        f"{reverse('analyses:analysis', args=[analysis.pk])}?{query}#gaps",
        count=round(float(people)) if people else None,
        unit="人",
    )


def _picks(account: Account, today: dt.date) -> list[tuple[str, str]]:
    circles = queries.circles_of(account, today).order_by("area_code", "name")[:MOST_CIRCLES]
    return [(c.name, reverse("analyses:circle", args=[c.pk])) for c in circles]
