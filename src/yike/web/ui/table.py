"""
Lists as data: columns, one page of rows, sums over all of them, links to sort, page and drop a filter.

The address holds the whole view: ``?sort=-people&page=2&kind=basic``. Nothing here needs script.

Example: ``Table.of(request, outlets, COLUMNS, label="网点", filters=form)`` and ``{% table table %}``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet, Sum
from django.forms import Form
from django.http import HttpRequest, QueryDict

from yike.web.ui import words

ROWS_PER_PAGE = 50


@dataclass(frozen=True)
class Cell:
    """What stands in one cell: text, perhaps a link, perhaps a status mark."""

    text: str
    href: str = ""
    sign: str = ""
    title: str = ""
    is_number: bool = False
    is_invented: bool = False
    is_day: bool = False  # a day or moment, which is not broken over lines


@dataclass(frozen=True)
class Column:
    """One column; ``value`` gives a Cell, text, a figure, a day or None (暂缺) for a row."""

    code: str
    label: str
    value: Callable[[Any], object]
    unit: str = ""
    is_number: bool = False
    sort_by: str = ""  # name for order_by; "" cannot be sorted
    sum_of: str = ""  # name of the column summed over all rows, not only this page's


@dataclass(frozen=True)
class Head:
    """A column's head with the link that sorts by it."""

    label: str
    unit: str
    is_number: bool
    href: str
    direction: str  # "ascending", "descending" or ""


@dataclass(frozen=True)
class Chip:
    """A filter in use, with the link that drops it."""

    text: str
    href: str


@dataclass(frozen=True)
class Pager:
    """Where we are among the pages."""

    page: int
    pages: int
    before: str
    after: str


@dataclass(frozen=True)
class Page:
    """One page of rows that the app has found by itself, as long lists do."""

    rows: Sequence[Any]
    count: int
    number: int = 1
    pages: int = 1
    sort: str = ""


@dataclass(frozen=True)
class Choice:
    """A column that may be shown or not."""

    code: str
    label: str
    is_shown: bool


@dataclass(frozen=True)
class Tab:
    """One of several pages on the same thing."""

    text: str
    href: str
    is_here: bool = False


@dataclass(frozen=True)
class Table:
    """A list, ready to be shown."""

    label: str
    heads: Sequence[Head]
    rows: Sequence[Sequence[Cell]]
    count: int
    counted: str = "条"
    empty: str = "这里还没有内容。"
    sums: Sequence[Cell] = ()
    chips: Sequence[Chip] = ()
    pager: Pager | None = None
    filters: Form | None = None
    kept: Sequence[tuple[str, str]] = ()
    exports: Sequence[tuple[str, str]] = ()
    keys: Sequence[object] = ()  # of the rows, where they can be picked
    picked_by: str = ""  # id of the form that gets the picked keys as "picked"
    choices: Sequence[Choice] = ()  # columns to choose from, sent as "col"
    restated: Sequence[tuple[str, str]] = ()  # the rest of the address, kept when columns are chosen
    tools: Sequence[tuple[str, str]] = ()  # links beside the exports (text, address)

    @property
    def is_invented(self) -> bool:
        """Whether a row shown is invented, so that its page says so."""
        return any(cell.is_invented or "（虚构" in cell.text for row in self.rows for cell in row)

    @classmethod
    def of(
        cls,
        request: HttpRequest,
        found: QuerySet[Any],
        columns: Sequence[Column],
        *,
        filters: Form | None = None,
        per_page: int = ROWS_PER_PAGE,
        **words_of: Any,
    ) -> Table:
        """One page of a query, in the order the address asks for; ``words_of``: label, counted, exports."""
        query = request.GET
        sort, ordered = _ordered(query, found, columns)
        count = found.order_by().count()
        pages = max(1, -(-count // per_page))
        page = min(max(whole(query.get("page", ""), 1), 1), pages)
        shown = ordered[(page - 1) * per_page : page * per_page]
        return cls(
            heads=[_head(query, c, sort) for c in columns],
            rows=[[cell_of(c, row) for c in columns] for row in shown],
            count=count,
            sums=_sums(found, columns),
            chips=chips_of(query, filters),
            pager=_pager(query, page, pages),
            filters=filters,
            kept=[("sort", sort)] if sort else [],
            **words_of,
        )

    @classmethod
    def shown(
        cls,
        request: HttpRequest,
        page: Page,
        columns: Sequence[Column],
        *,
        filters: Form | None = None,
        **words_of: Any,
    ) -> Table:
        """A page that the app has found by itself, with links to sort and to its neighbours."""
        query = request.GET
        return cls(
            heads=[_head(query, c, page.sort) for c in columns],
            rows=[[cell_of(c, row) for c in columns] for row in page.rows],
            count=page.count,
            chips=chips_of(query, filters),
            pager=_pager(query, page.number, page.pages),
            filters=filters,
            kept=[("sort", page.sort)] if page.sort else [],
            **words_of,
        )

    @classmethod
    def plain(cls, rows: Iterable[Any], columns: Sequence[Column], **words_of: Any) -> Table:
        """A short list that is all there is: no sorting, no pages."""
        cells = [[cell_of(c, row) for c in columns] for row in rows]
        heads = [Head(c.label, c.unit, c.is_number, "", "") for c in columns]
        return cls(heads=heads, rows=cells, count=len(cells), **words_of)


def cell_of(column: Column, row: Any) -> Cell:
    """The cell of a row in a column."""
    value = column.value(row)
    if isinstance(value, Cell):
        return value
    if isinstance(value, dt.datetime):
        return Cell(words.moment(value), is_day=True)
    if isinstance(value, dt.date):
        return Cell(words.day(value), is_day=True)
    if isinstance(value, bool):
        return Cell("是" if value else "否")
    return Cell(
        words.thousands(value) if column.is_number or value is None else str(value),
        is_number=column.is_number,
    )


def changed(query: QueryDict, **values: str | None) -> str:
    """The address's query with some values set, or taken out where None; the page starts anew."""
    copy = query.copy()
    for name in ("page", *values):
        copy.pop(name, None)
    for name, value in values.items():
        if value is not None:
            copy[name] = value
    return "?" + copy.urlencode()


def without(query: QueryDict, name: str, value: str) -> str:
    """The address's query with one of several values of a name taken out."""
    copy = query.copy()
    copy.pop("page", None)
    copy.setlist(name, [v for v in copy.getlist(name) if v != value])
    return "?" + copy.urlencode()


def chips_of(query: QueryDict, filters: Form | None) -> list[Chip]:
    """Filters in use, in the form's order, with the words a person chose."""
    if filters is None or not filters.is_valid():
        return []
    found = []
    for name, field in filters.fields.items():
        value = filters.cleaned_data.get(name)
        if value in (None, "", [], ()) or value is False:
            continue
        if value is True:
            found.append(Chip(str(field.label), changed(query, **{name: None})))
            continue
        choices = {str(k): str(v) for k, v in getattr(field, "choices", [])}
        if isinstance(value, list):
            found += [Chip(f"{field.label}：{choices.get(v, v)}", without(query, name, v)) for v in value]
            continue
        text = words.day(value) if isinstance(value, dt.date) else choices.get(str(value), str(value))
        found.append(Chip(f"{field.label}：{text}", changed(query, **{name: None})))
    return found


def whole(text: str, otherwise: int) -> int:
    """A whole number out of an address."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else otherwise


def _ordered(query: QueryDict, found: QuerySet[Any], columns: Sequence[Column]) -> tuple[str, QuerySet[Any]]:
    asked = query.get("sort", "")
    for column in columns:
        if column.sort_by and asked.lstrip("-") == column.code:
            sign = "-" if asked.startswith("-") else ""
            return sign + column.code, found.order_by(sign + column.sort_by, "pk")
    return "", found


def _head(query: QueryDict, column: Column, sort: str) -> Head:
    direction = {column.code: "ascending", f"-{column.code}": "descending"}.get(sort, "")
    following = f"-{column.code}" if direction == "ascending" else column.code
    href = changed(query, sort=following) if column.sort_by else ""
    return Head(column.label, column.unit, column.is_number, href, direction)


def _sums(found: QuerySet[Any], columns: Sequence[Column]) -> list[Cell]:
    summed = {f"sum_{c.code}": Sum(c.sum_of) for c in columns if c.sum_of}
    if not summed:
        return []
    totals = found.order_by().aggregate(**summed)
    return [Cell(words.thousands(totals[f"sum_{c.code}"] or 0) if c.sum_of else "") for c in columns]


def _pager(query: QueryDict, page: int, pages: int) -> Pager:
    def to(number: int) -> str:
        return changed(query, page=str(number)) if 1 <= number <= pages else ""

    return Pager(page, pages, to(page - 1), to(page + 1))
