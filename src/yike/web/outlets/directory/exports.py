"""Lists of facilities and premises as files that the import reads back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import IO, Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.timezone import localdate

from yike.web.accounts.queries import branches_of
from yike.web.audit.chain import Who, record
from yike.web.outlets.directory.kinds import Kind, Told
from yike.web.outlets.directory.lists import place_names
from yike.web.outlets.exports import write_list
from yike.web.outlets.rules import KEEPERS
from yike.web.personal.masks import masked_phone

PLACE_HEADERS = ("经度", "纬度", "坐标系", "社区", "虚构")


def headers_of(kind: Kind) -> tuple[str, ...]:
    """Headers that the import reads back."""
    return (*(t.header for t in kind.told), *PLACE_HEADERS)


def export(
    kind: Kind, found: QuerySet[Any], form: str, stream: IO[bytes], today: dt.date, *, is_whole: bool = False
) -> int:
    """
    Write a list as "xlsx", "csv" or "geojson"; the number of rows.

    Telephone numbers are masked unless it ``is_whole``.
    """
    rows = _rows(kind, found, today, is_whole)
    return write_list(rows, form, stream, headers=headers_of(kind), title=kind.word)


def trace(*, who: Who, kind: Kind, form: str, count: int, now: dt.datetime) -> None:
    """Write down that whole telephone numbers left with a list."""
    mine = branches_of(who.account, localdate(now), KEEPERS) if who.account else ()
    with transaction.atomic():
        record(
            who, f"{kind.code}.export", "list", kind.code, now=now, area_code=next(iter(mine), ""),
            after={"kind": form, "count": count},
        )  # fmt: skip


def _rows(
    kind: Kind, found: QuerySet[Any], today: dt.date, is_whole: bool
) -> Iterator[tuple[Any, list[Any]]]:
    entries = list(found)
    names = place_names((e for e in entries if e.community_id), today)
    for e in entries:
        yield e, [
            *(_cell(e, t, is_whole) for t in kind.told),
            e.lon, e.lat, "WGS84" if e.lon is not None else "",
            names.get(e.area_code, "") if e.community_id else "", "虚构" if e.is_invented else "",
        ]  # fmt: skip


def _cell(entry: Any, told: Told, is_whole: bool) -> object:
    written = told.write(getattr(entry, told.column))
    return masked_phone(str(written)) if told.column == "phone" and not is_whole else written
