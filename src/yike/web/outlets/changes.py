"""What happened to outlets (网点动态): openings, pauses, closures, moves; by day, as a list, on the map."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, CharField, Count, Exists, F, OuterRef, Q, QuerySet, Value, When

from yike.web.accounts.models import Account
from yike.web.accounts.queries import branches_of, within_branches
from yike.web.outlets.limits import limits
from yike.web.outlets.models import OutletEvent
from yike.web.outlets.values import type_label
from yike.web.ui.geojson import collection, feature, point

LISTED = "listed"
"""An outlet that came in with a list: it was found open or shut then, which is no change."""

CHANGED = "changed"
"""Everything but those."""

WORDS = {str(kind.value): str(kind.label) for kind in OutletEvent.Kind} | {LISTED: "随清单登记"}


Events = QuerySet[Any]
"""Events with ``what`` happened beside their columns."""


@dataclass(frozen=True)
class Wanted:
    """Which days, what, where."""

    since: dt.date
    until: dt.date
    kind: str = ""
    branch: str = ""


@dataclass(frozen=True)
class Day:
    """What happened on a day: (word, how often), the commonest first."""

    on: dt.date
    counts: tuple[tuple[str, int], ...]
    total: int
    share: int  # of the busiest day shown, in per cent


def changes_visible_to(account: Account, today: dt.date) -> Events:
    """Events of outlets in a person's branches, each with what it was in ``what``."""
    inside = within_branches(branches_of(account, today), "outlet__area_code")
    earlier = OutletEvent.objects.filter(outlet=OuterRef("outlet"), pk__lt=OuterRef("pk"))
    what = Case(
        When(Q(batch__isnull=False) & ~Exists(earlier), then=Value(LISTED)),
        default=F("kind"), output_field=CharField(),
    )  # fmt: skip
    return OutletEvent.objects.filter(inside, outlet__version__gt=0).annotate(what=what)


def narrowed(events: Events, wanted: Wanted) -> Events:
    """Those of the days, the kind and the branch that are wanted."""
    found = events.filter(on__gte=wanted.since, on__lte=wanted.until)
    if wanted.branch:
        found = found.filter(within_branches([wanted.branch], "outlet__area_code"))
    if wanted.kind == CHANGED:
        return found.exclude(what=LISTED)
    return found.filter(what=wanted.kind) if wanted.kind else found


def days_of(events: Events) -> list[Day]:
    """Days on which something happened, the latest first."""
    rows = events.order_by().values_list("on", "what").annotate(n=Count("pk"))
    by_day: dict[dt.date, dict[str, int]] = {}
    for on, what, n in rows:
        by_day.setdefault(on, {})[what] = n
    most = max((sum(counts.values()) for counts in by_day.values()), default=1)
    return [_day(on, by_day[on], most) for on in sorted(by_day, reverse=True)]


def _day(on: dt.date, counts: dict[str, int], most: int) -> Day:
    total = sum(counts.values())
    told = tuple((WORDS[what], n) for what, n in sorted(counts.items(), key=lambda c: (-c[1], c[0])))
    return Day(on, told, total, max(1, round(100 * total / most)))


def layer_of(events: Events, as_of: dt.date) -> dict[str, Any]:
    """The latest events that have a place, coloured by what happened."""
    most = limits()["list"]["most_on_map"]
    placed = events.filter(outlet__lon__isnull=False, outlet__lat__isnull=False)
    found = list(placed.select_related("outlet").order_by("-on", "-id")[: most + 1])
    shown = found[:most]
    note = f"只画最近 {most} 条" if len(found) > most else ""
    seen = {e.what for e in shown}
    words = {what: word for what, word in WORDS.items() if what in seen}
    return collection(_features(shown), as_of=as_of, type_words=words, note=note)


def _features(events: Iterable[Any]) -> list[dict[str, Any]]:
    return [
        feature(
            "outlet", point(e.outlet.lon, e.outlet.lat), label=e.outlet.name, type=e.what,
            href=f"/desk/outlets/{e.outlet_id}/", detail=_detail(e),
        )
        for e in events
    ]  # fmt: skip


def _detail(event: Any) -> str:
    told = f"{event.on:%Y-%m-%d} {WORDS[event.what]}"
    return " · ".join(filter(None, (told, type_label(event.outlet.type_code))))
