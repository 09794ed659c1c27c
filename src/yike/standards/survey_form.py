"""
The official survey form (附件5 试点便民生活圈建设情况调查表) as a document: its cells, what each may hold.

A cell has a key that never changes: a head field (``"residents"``) or ``"row.column"`` (``"B01.outlets"``;
the total row is ``"ALL"``). Writers of papers, readers of files and the workbench all speak in these keys.
Source: 天政办发〔2023〕54号 附件5.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

TOTAL = "ALL"
BASIC_ROWS = (
    "B01",
    "B02",
    "B03",
    "B04",
    "B05",
    "B06",
    "B07",
    "B08",
    "B09",
    "B10",
    "B11",
    "B12",
    "B13",
    "B99",
)
QUALITY_ROWS = ("Q01", "Q02", "Q03", "Q04", "Q05", "Q06", "Q07", "Q08", "Q99")
TYPE_ROWS = BASIC_ROWS + QUALITY_ROWS
ROWS = (TOTAL, *TYPE_ROWS)
COLUMNS = ("outlets", "staff", "chain", "satisfaction", "needs")
SUMMED = ("outlets", "staff", "chain")
OPERATORS = ("community", "state", "private", "specialist", "outlets")
LAYOUTS = ("cluster", "street", "scattered")

KINDS = {
    "circle": "text",
    "city": "text",
    "as_of": "date",
    "operators": "choices",  # of OPERATORS
    "has_platform": "flag",
    "layouts": "choices",  # of LAYOUTS
    "centres": "count",
    "residents": "persons",
    "area_share": "percent",
}
HEAD = tuple(KINDS)
COLUMN_KINDS = {
    "outlets": "count",
    "staff": "persons",
    "chain": "count",
    "satisfaction": "percent",
    "needs": "text",
}

Value = int | Decimal | bool | str | dt.date | tuple[str, ...] | None


def cell_keys() -> tuple[str, ...]:
    """Every cell of the form, head first, then row by row."""
    return HEAD + tuple(f"{row}.{column}" for row in ROWS for column in COLUMNS)


def kind_of(key: str) -> str:
    """What a cell holds: text, date, choices, flag, count, persons (printed in 万人) or percent."""
    return KINDS[key] if key in KINDS else COLUMN_KINDS[key.partition(".")[2]]


@dataclass(frozen=True)
class FormSettings:
    """How figures are printed."""

    count_decimals: int = 2  # 2 as the form's note says literally, 0 as is usual
    rounding: str = "half_up"  # or half_even (GB/T 8170)


@dataclass(frozen=True)
class FormDoc:
    """
    One filled form.

    ``values`` by cell key, exact: persons and counts are int, percents Decimal per cent, choices a tuple of
    codes, None unknown (printed blank, never 0). ``notes`` by cell key are printed as comments at the cell
    (the persons behind 万人, estimates, the rounding guard), never in it.
    """

    values: Mapping[str, Value]
    settings: FormSettings = FormSettings()
    notes: Mapping[str, str] = field(default_factory=dict)
    circle_code: str = ""
    code: str = ""  # page code of the return; "" for a form that is not one
    revision: int = 0
    is_invented: bool = False
    sources: tuple[tuple[str, str], ...] = ()  # lines of the second sheet: what, from where
