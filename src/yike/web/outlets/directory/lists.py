"""Lists of facilities and premises: what is let through, and how many of each kind."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils import timezone

from yike.web.accounts.models import Account
from yike.web.accounts.queries import branches_of, within_branch, within_branches
from yike.web.audit.models import Entry as TraceEntry
from yike.web.outlets.directory.choices import use_of
from yike.web.outlets.directory.kinds import FACILITY, Kind
from yike.web.outlets.filters import Feature
from yike.web.outlets.models import ImportBatch
from yike.web.regions.models import Area
from yike.web.regions.queries import named

NO_PLACE = Feature("没有位置", Q(lon__isnull=True))
IS_INVENTED = Feature("虚构", Q(is_invented=True))
FEATURES: dict[str, dict[str, Feature]] = {
    "facility": {
        "movable": Feature("流动", Q(is_movable=True)),
        "standing": Feature("固定", Q(is_movable=False)),
        "prices": Feature("有价目", ~Q(prices=[])),
        "accessible": Feature("无障碍", Q(is_accessible=True)),
        "not_accessible": Feature("没有无障碍", Q(is_accessible=False)),
        "no_capacity": Feature("服务能力不清楚", Q(capacity__isnull=True)),
        "no_type": Feature("类型不清楚", Q(type_code="")),
        "no_place": NO_PLACE,
        "is_invented": IS_INVENTED,
    },
    "premises": {
        "any_type": Feature("业态不限", Q(allowed_types=[])),
        "no_area": Feature("面积不清楚", Q(area_m2__isnull=True)),
        "no_rent": Feature("租金不清楚", Q(rent_fen__isnull=True)),
        "no_kind": Feature("类型不清楚", Q(kind_code="")),
        "no_place": NO_PLACE,
        "is_invented": IS_INVENTED,
    },
}


@dataclass(frozen=True)
class EntryFilter:
    """What a list shows; "" and None leave a question open."""

    branch: str = ""
    type_code: str = ""
    text: str = ""
    features: tuple[str, ...] = ()
    use: str = ""  # premises: "idle", "busy", "unknown"; facilities: "now", "ended", "planned"
    move_in: str = ""  # type that may move into premises
    least_m2: float | None = None
    is_gone: bool = False


def entries_visible_to(
    kind: Kind, account: Account, today: dt.date, *, with_gone: bool = False
) -> QuerySet[Any]:
    """Entries in the branches of an account's duties; those taken out only where asked for."""
    seen = kind.model.objects.filter(within_branches(branches_of(account, today)))
    found: QuerySet[Any] = seen if with_gone else seen.filter(gone_at__isnull=True)
    return found.select_related("community")


def entries_found(kind: Kind, seen: QuerySet[Any], wanted: EntryFilter, today: dt.date) -> QuerySet[Any]:
    """The entries that a filter lets through."""
    found = seen.filter(within_branch(wanted.branch), gone_at__isnull=not wanted.is_gone)
    if wanted.type_code:
        found = found.filter(**{kind.type_column: wanted.type_code})
    words = ("name", "code", "address", "provider" if kind is FACILITY else "owner")
    for word in wanted.text.split():
        found = found.filter(_any(Q(**{f"{column}__icontains": word}) for column in words))
    features = FEATURES[kind.code]
    found = found.filter(*(features[code].means for code in wanted.features if code in features))
    if kind is FACILITY:
        return found.filter(_times(wanted.use, today))
    return _premises(found, wanted)


def _any(parts: Iterable[Q]) -> Q:
    either = Q()
    for part in parts:
        either |= part
    return either


def _times(use: str, today: dt.date) -> Q:
    ended, planned = Q(ends_on__lt=today), Q(begins_on__gt=today)
    return {"now": ~ended & ~planned, "ended": ended, "planned": planned & ~ended}.get(use, Q())


def _premises(found: QuerySet[Any], wanted: EntryFilter) -> QuerySet[Any]:
    if wanted.use:
        states = found.order_by().values_list("state", flat=True).distinct()
        asked = "" if wanted.use == "unknown" else wanted.use
        found = found.filter(state__in=[s for s in states if use_of(s) == asked])
    if wanted.move_in:
        # As text: SQLite cannot look into a list of JSON.
        found = found.alias(told=Cast("allowed_types", TextField())).filter(
            Q(allowed_types=[]) | Q(told__contains=f'"{wanted.move_in}"')
        )
    if wanted.least_m2 is not None:
        found = found.filter(area_m2__gte=wanted.least_m2)
    return found


def counts_by_type(kind: Kind, found: QuerySet[Any]) -> list[tuple[str, int]]:
    """How many there are of each type, the most first; those of unknown type last."""
    told = found.order_by().values_list(kind.type_column).annotate(n=Count("pk"))
    return sorted(told, key=lambda pair: (not pair[0], -pair[1], pair[0]))


def place_names(entries: Iterable[Any], today: dt.date) -> dict[str, str]:
    """Names of the branches that entries lie in, by area code."""
    codes = {e.area_code for e in entries}
    areas = named(Area.objects.filter(branch__in=codes, ends_on__isnull=True), today)
    return {a.branch: getattr(a, "name", None) or a.code for a in areas}


def none_of(kind: Kind) -> QuerySet[Any]:
    """An empty list, for the empty workbook."""
    nothing: QuerySet[Any] = kind.model.objects.none()
    return nothing


def one_alone(seen: QuerySet[Any], key: int) -> QuerySet[Any]:
    """The entry with a key as a list of one, none for any other."""
    return seen.filter(pk=key)


def batches_visible_to(kind: Kind, account: Account, today: dt.date) -> QuerySet[ImportBatch]:
    """Imports of a kind into the branches of an account's duties."""
    mine = within_branches(branches_of(account, today))
    return ImportBatch.objects.filter(mine, what=kind.code).select_related("asked_by")


def trace_of(kind: Kind, key: int, most: int) -> list[TraceEntry]:
    """What the record tells of an entry, the newest first."""
    told = TraceEntry.objects.filter(target_kind=kind.code, target_key=str(key))
    return list(told.order_by("-number")[:most])


def state_of(entry: Any, today: dt.date | None = None) -> tuple[str, str]:
    """Sign and word of a facility's or premises' state."""
    if hasattr(entry, "state"):
        words = {"idle": "met", "busy": "stopped", "": "unknown"}
        return words[use_of(entry.state)], entry.state or "状态不清楚"
    today = today or timezone.localdate()
    if entry.ends_on and entry.ends_on < today:
        return "stopped", "已停用"
    if entry.begins_on and entry.begins_on > today:
        return "waiting", "未启用"
    return "met", "在用"
