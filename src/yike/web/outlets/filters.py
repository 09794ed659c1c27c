"""Long lists of outlets: what is let through, in which order, one page of it, and how many of each kind."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import CharField, Count, Exists, OuterRef, Q, QuerySet, Transform
from django.db.models.expressions import Combinable

from yike.web.accounts.queries import within_branch, within_branches
from yike.web.accounts.sealed import mark_of_digits
from yike.web.outlets.models import PHONE, AddedService, LastSeen, Outlet, OutletPhoto, OutletStop
from yike.web.outlets.word_index import with_word

SORTS: dict[str, tuple[Any, ...]] = {
    "": ("area_code", "form_row", "status", "id"),
    "name": ("name", "id"),
    "-name": ("-name", "-id"),
    "verified": (LastSeen("verified_on"), "id"),
    "-verified": (LastSeen("verified_on").desc(), "-id"),
}
FLAGS = ("is_chain", "is_24h", "opens_early", "open_late", "is_movable", "is_unstaffed", "delivers_at_night",
         "is_accessible", "takes_cash", "is_seasonal", "is_invented")  # fmt: skip
WALKED = "area_code__walked"
WALKED_FROM = 5_000
"""Lists longer than this are walked in their order; shorter ones are found first and then sorted."""

_NUMBER = re.compile(r"[\d()（）+-]{7,20}\Z")
_SERVICES = AddedService.objects.filter(outlet=OuterRef("pk"))
_PHOTOS = OutletPhoto.objects.filter(outlet=OuterRef("pk"), gone_at__isnull=True)


@dataclass(frozen=True)
class Feature:
    """Something a list can ask for: its word and what it means."""

    word: str
    means: Q | Combinable


FEATURES: dict[str, Feature] = {
    "is_chain": Feature("连锁", Q(is_chain=True)),
    "not_chain": Feature("不是连锁", Q(is_chain=False)),
    "direct": Feature("直营", Q(chain_mode="direct")),
    "franchise": Feature("加盟", Q(chain_mode="franchise")),
    "voluntary": Feature("自愿连锁", Q(chain_mode="voluntary")),
    "is_24h": Feature("24小时", Q(is_24h=True)),
    "opens_early": Feature("8点前营业", Q(opens_early=True)),
    "open_late": Feature("21点后营业", Q(open_late=True)),
    "is_seasonal": Feature("分季节", Q(is_seasonal=True)),
    "delivers_at_night": Feature("夜间配送", Q(delivers_at_night=True)),
    "services": Feature("一店多能", Exists(_SERVICES)),
    "public_services": Feature("有政务或公共服务", Exists(_SERVICES.filter(is_public=True))),
    "is_movable": Feature("流动", Q(is_movable=True)),
    "stops": Feature("有停靠点", Exists(OutletStop.objects.filter(outlet=OuterRef("pk")))),
    "is_unstaffed": Feature("无人值守", Q(is_unstaffed=True)),
    "is_accessible": Feature("无障碍", Q(is_accessible=True)),
    "not_accessible": Feature("没有无障碍", Q(is_accessible=False)),
    "takes_cash": Feature("收现金", Q(takes_cash=True)),
    "no_cash": Feature("不收现金", Q(takes_cash=False)),
    "has_photo": Feature("有照片", Exists(_PHOTOS)),
    "no_photo": Feature("没有照片", ~Exists(_PHOTOS)),
    "no_place": Feature("没有位置", Q(lon__isnull=True)),
    "not_closed": Feature("没有关闭", ~Q(status="closed")),
    "no_type": Feature("业态不清楚", Q(type_code="")),
    "is_invented": Feature("虚构", Q(is_invented=True)),
}


@dataclass(frozen=True)
class OutletFilter:
    """What a list shows; "" and None leave a question open."""

    branch: str = ""
    form_row: str = ""
    type_code: str = ""
    status: str = ""
    text: str = ""  # words in name, brand, address, codes, services, or a whole phone number
    flags: tuple[tuple[str, bool], ...] = ()
    features: tuple[str, ...] = ()  # codes of FEATURES, all of which hold
    stale_since: dt.date | None = None  # not looked at since this day
    has_place: bool | None = None
    circle_branches: tuple[str, ...] = ()  # communities of a circle
    box: tuple[float, float, float, float] | None = None  # west, south, east, north in WGS-84
    sort: str = ""


@CharField.register_lookup
class Walked(Transform):
    """
    A branch that is looked at on the way through another index.

    SQLite thinks every range of codes narrow and sorts 220,000 rows; the plus keeps it from that. PostgreSQL
    counts before it chooses.
    """

    lookup_name = "walked"
    template = "%(expressions)s"
    function = None

    def as_sqlite(self, compiler: Any, connection: Any, **more: Any) -> Any:
        """With the plus."""
        return self.as_sql(compiler, connection, template="+%(expressions)s", **more)


def filtered(outlets: QuerySet[Outlet], wanted: OutletFilter, area: str = "area_code") -> QuerySet[Outlet]:
    """The outlets a filter lets through, sorted; ``area`` is ``WALKED`` where the order leads."""
    found = outlets.filter(within_branch(wanted.branch, area))
    exact = {"form_row": wanted.form_row, "type_code": wanted.type_code, "status": wanted.status}
    found = found.filter(**{k: v for k, v in exact.items() if v})
    found = found.filter(**{k: v for k, v in wanted.flags if k in FLAGS})
    found = found.filter(*(FEATURES[code].means for code in wanted.features if code in FEATURES))
    if wanted.circle_branches:
        found = found.filter(within_branches(wanted.circle_branches, area))
    if wanted.stale_since:
        found = found.filter(Q(verified_on__isnull=True) | Q(verified_on__lt=wanted.stale_since))
    if wanted.has_place is not None:
        found = found.filter(lon__isnull=not wanted.has_place)
    if wanted.box:
        west, south, east, north = wanted.box
        found = found.filter(lon__gte=west, lon__lte=east, lat__gte=south, lat__lte=north)
    for word in wanted.text.upper().split():
        found = _with_number(found, word) or with_word(found, word)
    return found.order_by(*SORTS.get(wanted.sort, SORTS[""]))


def _with_number(found: QuerySet[Outlet], word: str) -> QuerySet[Outlet] | None:
    """Outlets with a whole telephone number; None when the word is none of theirs. Parts find nothing."""
    if not _NUMBER.match(word) or not (mark := mark_of_digits(word, PHONE)):
        return None
    same = found.filter(phone_mark=mark)
    return same if same.order_by().exists() else None


@dataclass(frozen=True)
class Counts:
    """How many outlets a filter lets through, in all and by kind."""

    total: int = 0
    by_row: dict[str, int] = field(default_factory=dict)
    by_status: dict[str, int] = field(default_factory=dict)


def counted(outlets: QuerySet[Outlet]) -> Counts:
    """One pass over an index gives the total and the counts by row of the form and by status."""
    by_row: dict[str, int] = {}
    by_status: dict[str, int] = {}
    for row in outlets.order_by().values("form_row", "status").annotate(n=Count("id")):
        by_row[row["form_row"]] = by_row.get(row["form_row"], 0) + row["n"]
        by_status[row["status"]] = by_status.get(row["status"], 0) + row["n"]
    return Counts(sum(by_row.values()), by_row, by_status)


def counts(outlets: QuerySet[Outlet]) -> dict[str, dict[str, int]]:
    """How many outlets there are by row of the form and by status."""
    told = counted(outlets)
    return {"by_row": told.by_row, "by_status": told.by_status}


def list_page(
    outlets: Callable[[str], QuerySet[Outlet]], wanted: OutletFilter, number: int, length: int
) -> tuple[Counts, list[Outlet], int]:
    """
    Counts, the outlets of a page, and which page it is, the last one when there are fewer.

    ``outlets`` gives those a person sees, by the name of the column to look at (``area_code``, ``WALKED``).
    """
    found = filtered(outlets("area_code"), wanted)
    told = counted(found)
    number = min(max(number, 1), pages_of(told.total, length))
    if wanted.sort and told.total > WALKED_FROM:
        found = filtered(outlets(WALKED), wanted, WALKED)
    return told, page_of(found, (number - 1) * length, length, told.total), number


def pages_of(total: int, length: int) -> int:
    """How many pages a list has."""
    return max(1, -(-total // length))


def page_of(found: QuerySet[Outlet], begin: int, length: int, total: int) -> list[Outlet]:
    """
    Outlets ``begin`` to ``begin + length`` of a sorted list of ``total``.

    Keys alone are skipped, inside the index, and from the nearer end: skipping rows took 1.5 s to the last
    page of 220,000 on SQLite, skipping keys from the end takes what the first page takes.
    """
    end = min(begin + length, total)
    if begin >= end:
        return []
    if begin <= total - end:
        keys = list(found.values_list("pk", flat=True)[begin:end])
    else:
        keys = list(found.reverse().values_list("pk", flat=True)[total - end : total - begin])[::-1]
    return in_order(keys)


def in_order(keys: Iterable[int]) -> list[Outlet]:
    """Outlets with these keys, in their order."""
    keys = list(keys)
    rows = Outlet.objects.prefetch_related("services").in_bulk(keys)
    return [rows[key] for key in keys if key in rows]
