"""Lists of facilities and premises as files that the import reads back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import IO, Any

from django.db.models import QuerySet

from yike.web.outlets.directory.kinds import Kind
from yike.web.outlets.directory.lists import place_names
from yike.web.outlets.exports import write_list

PLACE_HEADERS = ("经度", "纬度", "坐标系", "社区", "虚构")


def headers_of(kind: Kind) -> tuple[str, ...]:
    """Headers that the import reads back."""
    return (*(t.header for t in kind.told), *PLACE_HEADERS)


def export(kind: Kind, found: QuerySet[Any], form: str, stream: IO[bytes], today: dt.date) -> int:
    """Write a list as "xlsx", "csv" or "geojson"; the number of rows."""
    return write_list(_rows(kind, found, today), form, stream, headers=headers_of(kind), title=kind.word)


def _rows(kind: Kind, found: QuerySet[Any], today: dt.date) -> Iterator[tuple[Any, list[Any]]]:
    entries = list(found)
    names = place_names((e for e in entries if e.community_id), today)
    for e in entries:
        yield e, [
            *(t.write(getattr(e, t.column)) for t in kind.told),
            e.lon, e.lat, "WGS84" if e.lon is not None else "",
            names.get(e.area_code, "") if e.community_id else "", "虚构" if e.is_invented else "",
        ]  # fmt: skip
