"""Cells between the form and the database: JSON by kind, words, what is typed, where a value came from."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from yike.errors import RefusedError
from yike.standards.survey_form import (
    LAYOUTS,
    OPERATORS,
    SUMMED,
    TOTAL,
    TYPE_ROWS,
    Value,
    cell_keys,
    kind_of,
)
from yike.standards.survey_words import cell_name
from yike.standards.survey_words import row_name as row_name

CHOICES = {"operators": OPERATORS, "layouts": LAYOUTS}
MARKS = ("register", "analysis", "answers", "needs", "hand", "circle")
MARK_WORDS = {
    "register": "登记册", "analysis": "分析", "answers": "问卷", "needs": "需求", "hand": "填写",
    "circle": "生活圈",
}  # fmt: skip
MOST_TEXT = 2000
MOST_WHOLE = 10**12


@dataclass(frozen=True)
class Source:
    """Where a value came from: a mark, the sentence people read, and the value the source stands for."""

    mark: str  # of MARKS
    said: str  # one Chinese sentence with the date and the count
    stands: Value = None
    unknown: int = 0  # how many things the source could not tell


def to_json(key: str, value: Value) -> Any:
    """A value as the database keeps it; None is unknown."""
    if value is None:
        return None
    if isinstance(value, tuple):
        return list(value)
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    return value.isoformat() if isinstance(value, dt.date) else value


def from_json(key: str, raw: Any) -> Value:
    """The value of a cell from the database."""
    kind = kind_of(key)
    if raw is None:
        return None
    if kind == "percent":
        return Decimal(raw)
    if kind == "date":
        return dt.date.fromisoformat(raw)
    if kind == "choices":
        return tuple(raw)
    value: Value = raw
    return value


def values_to_json(values: Mapping[str, Value]) -> dict[str, Any]:
    """All cells that are known, in the form's order."""
    return {key: to_json(key, values[key]) for key in cell_keys() if values.get(key) is not None}


def values_from_json(raw: Mapping[str, Any]) -> dict[str, Value]:
    """Every cell of the form; what is not kept is None."""
    return {key: from_json(key, raw.get(key)) for key in cell_keys()}


def source_to_json(key: str, source: Source) -> dict[str, Any]:
    """A source as the database keeps it."""
    kept = {"mark": source.mark, "said": source.said, "stands": to_json(key, source.stands)}
    return kept | ({"unknown": source.unknown} if source.unknown else {})


def source_from_json(key: str, raw: Mapping[str, Any]) -> Source:
    """A source from the database."""
    return Source(raw["mark"], raw["said"], from_json(key, raw.get("stands")), raw.get("unknown", 0))


def clean(key: str, value: Value) -> Value:
    """
    A value as it is kept: blank text and no choice are None, choices stand in the form's order.

    Raises
    ------
    RefusedError
        ``returns.cell``: the value is not of the cell's kind.
    """
    if key not in _keys():
        raise RefusedError("returns.no_cell", status=400, found=key)
    if value is None:
        return None
    good = _CLEAN[kind_of(key)](key, value)
    if good is _BAD:
        raise wrong_cell(key, str(value))
    kept: Value = good
    return kept


def wrong_cell(key: str, found: str) -> RefusedError:
    """The refusal of a value that a cell cannot hold."""
    wanted = {"count": "0 以上的整数", "persons": "0 以上的整数（人）", "percent": "数字（百分数）",
              "date": "日期，如 2026-11-30", "flag": "“有”或“无”", "choices": "表上的选项",
              "text": f"{MOST_TEXT} 字以内的文字"}[kind_of(key)]  # fmt: skip
    return RefusedError(
        "returns.cell", status=400, key=key, cell=label_of(key), found=found[:40], wanted=wanted
    )


def label_of(key: str) -> str:
    """What people call a cell: ``B01.outlets`` → 便利店 · 网点数量; "" is the whole form."""
    return cell_name(key) if key else "整张表"


def names_of(keys: Collection[str], most: int = 6) -> str:
    """Cells by name, in the form's order, the first few of many."""
    ordered = [k for k in cell_keys() if k in keys]
    shown = "、".join(label_of(k) for k in ordered[:most])
    return f"{shown} 等 {len(ordered)} 格" if len(ordered) > most else shown


def total_of(values: Mapping[str, Value], column: str) -> int | None:
    """The sum of the 23 rows of a column; None when no row is known."""
    known = [v for row in TYPE_ROWS if isinstance(v := values.get(f"{row}.{column}"), int)]
    return sum(known) if known else None


def with_totals(values: Mapping[str, Value]) -> dict[str, Value]:
    """The form as printed: a 合计 that nobody typed is the sum of its rows; one typed stays as typed."""
    shown = dict(values)
    for column in SUMMED:
        key = f"{TOTAL}.{column}"
        if shown.get(key) is None:
            shown[key] = total_of(values, column)
    return shown


_BAD: Any = object()


@cache
def _keys() -> frozenset[str]:
    return frozenset(cell_keys())


def _clean_text(key: str, value: Any) -> Any:
    if not isinstance(value, str) or len(value) > MOST_TEXT:
        return _BAD
    # NUL cannot be stored in PostgreSQL; other control characters cannot be written to a workbook.
    return "".join(c for c in value if c in "\n" or unicodedata.category(c) != "Cc").strip() or None


def _clean_whole(key: str, value: Any) -> Any:
    is_whole = isinstance(value, int) and not isinstance(value, bool)
    return value if is_whole and -MOST_WHOLE < value < MOST_WHOLE else _BAD


def _clean_percent(key: str, value: Any) -> Any:
    if isinstance(value, int) and not isinstance(value, bool):
        value = Decimal(value)
    return value if isinstance(value, Decimal) and value.is_finite() and abs(value) < MOST_WHOLE else _BAD


def _clean_choices(key: str, value: Any) -> Any:
    if not isinstance(value, (tuple, list)) or not set(value) <= set(CHOICES[key]):
        return _BAD
    return tuple(c for c in CHOICES[key] if c in value) or None


def _clean_flag(key: str, value: Any) -> Any:
    return value if isinstance(value, bool) else _BAD


def _clean_date(key: str, value: Any) -> Any:
    return value if isinstance(value, dt.date) and not isinstance(value, dt.datetime) else _BAD


_CLEAN = {
    "text": _clean_text, "count": _clean_whole, "persons": _clean_whole, "percent": _clean_percent,
    "choices": _clean_choices, "flag": _clean_flag, "date": _clean_date,
}  # fmt: skip
