"""
The official survey form (附件5 试点便民生活圈建设情况调查表) as a document: its cells, what each may hold.

A cell has a key that never changes: a head field (``"residents"``) or ``"row.column"`` (``"B01.outlets"``;
the total row is ``"ALL"``). Writers of papers, readers of files and the workbench all speak in these keys.
Source: 天政办发〔2023〕54号 附件5.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal, InvalidOperation

from yike.standards.survey_words import words

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
    version: int | None = None  # of the return's cells when the form was written; None is not told
    is_invented: bool = False
    sources: tuple[tuple[str, str], ...] = ()  # lines of the second sheet: what, from where


NUMBERS = ("count", "persons", "percent")
PERSONS_PER_WAN = 10_000
WAN_DECIMALS = PERCENT_DECIMALS = 2
LONGEST_TEXT = 32_000  # a cell of a workbook ends at 32,767 characters


@dataclass(frozen=True)
class CellChange:
    """A cell that came back different."""

    key: str
    old: Value
    new: Value


def round_places(value: float | Decimal, places: int, rounding: str = "half_up") -> Decimal:
    """Round in decimal arithmetic: ``half_up`` (default) or ``half_even`` (GB/T 8170)."""
    mode = ROUND_HALF_EVEN if rounding == "half_even" else ROUND_HALF_UP
    exact = value if isinstance(value, Decimal) else Decimal(repr(float(value)))
    return exact.quantize(Decimal(1).scaleb(-places), rounding=mode)


def to_wan(persons: float | Decimal, places: int = WAN_DECIMALS, rounding: str = "half_up") -> Decimal:
    """Persons as 万人; sum persons first, then call this."""
    exact = persons if isinstance(persons, Decimal) else Decimal(repr(float(persons)))
    return round_places(exact / PERSONS_PER_WAN, places, rounding)


def decimals_of(key: str, settings: FormSettings) -> int:
    """Decimals that a cell of numbers is printed with."""
    return settings.count_decimals if kind_of(key) == "count" else WAN_DECIMALS


def printed_number(key: str, value: Value, settings: FormSettings = FormSettings()) -> Decimal | None:
    """A number as printed (persons in 万人), None where unknown."""
    if value is None or isinstance(value, (bool, str, tuple, dt.date)):
        return None
    places = decimals_of(key, settings)
    if kind_of(key) == "persons":
        return to_wan(Decimal(value), places, settings.rounding)
    return round_places(Decimal(value), places, settings.rounding)


def printed(key: str, value: Value, settings: FormSettings = FormSettings()) -> str:
    """
    The text of a cell as printed.

    Unknown numbers and texts are "", never 0. Persons stand in 万人; choices stand with a mark each
    ("国企☑　民营企业□"), one a line where the form prints them so; a date without a value keeps its blanks.
    """
    kind = kind_of(key)
    if kind in NUMBERS:
        number = printed_number(key, value, settings)
        return "" if number is None else f"{number:f}"
    if kind == "choices":
        return _printed_choices(key, value if isinstance(value, tuple) else ())
    if kind == "flag":
        return _printed_flag(value)
    if kind == "date":
        return _printed_date(value)
    return printable_text(str(value)) if value is not None else ""


def printable_text(text: str) -> str:
    """A text as papers can carry it: no control characters but line ends, no blanks at its ends."""
    lines = re.sub(r"\r\n?|[\u2028\u2029\x0b\x0c\x85]", "\n", text)
    kept = "".join(c for c in lines if c == "\n" or _is_printable(c))
    return kept.strip()[:LONGEST_TEXT].strip()


def _is_printable(sign: str) -> bool:
    """Neither control, half of a pair, nor what XML forbids; private signs of rare names stay."""
    point = ord(sign)
    is_nothing = (point & 0xFFFE) == 0xFFFE or 0xFDD0 <= point <= 0xFDEF
    return not is_nothing and unicodedata.category(sign) not in ("Cc", "Cs")


def _mark(is_on: bool) -> str:
    return str(words()["checked"] if is_on else words()["unchecked"])


def _printed_choices(key: str, chosen: tuple[str, ...]) -> str:
    text = words()
    if key == "operators":
        return "　".join(f"{name}{_mark(code in chosen)}" for code, name in text["operators"].items())
    suffix = text["layout_suffix"]
    return "\n".join(f"{name}{suffix}{_mark(code in chosen)}" for code, name in text["layouts"].items())


def _printed_flag(value: Value) -> str:
    text = words()
    return f"{text['platform']}{text['yes']}{_mark(value is True)}　{text['no']}{_mark(value is False)}"


def _printed_date(value: Value) -> str:
    if not isinstance(value, dt.date):
        return str(words()["no_date"])
    return f"{value.year}年{value.month}月{value.day}日"


def rounding_note(persons: Iterable[int | None], settings: FormSettings = FormSettings()) -> str | None:
    """
    Tell when rows as printed add up to another figure than the total as printed; None when they agree.

    Parameters
    ----------
    persons
        Persons of each row; unknown ones are left out.

    Returns
    -------
    str or None
        "逐行相加 0.61，实际 0.64": the printed rows added up, and the persons added up before rounding.
    """
    known = [p for p in persons if p is not None]
    by_row = sum((to_wan(p, WAN_DECIMALS, settings.rounding) for p in known), Decimal(0))
    whole = to_wan(sum(known), WAN_DECIMALS, settings.rounding)
    return None if by_row == whole else f"逐行相加 {by_row:.2f}，实际 {whole:.2f}"


def usual_notes(values: Mapping[str, Value], settings: FormSettings = FormSettings()) -> dict[str, str]:
    """Notes that every form carries: the persons behind 万人, and the rounding guard at the total."""
    notes = {
        key: f"实有 {value:,} 人"
        for key, value in values.items()
        if kind_of(key) == "persons" and isinstance(value, int) and value
    }
    rows = [values.get(f"{row}.staff") for row in TYPE_ROWS]
    guard = rounding_note([r for r in rows if isinstance(r, int)], settings)
    total = f"{TOTAL}.staff"
    if guard and values.get(total) is not None:
        notes[total] = "；".join(filter(None, [notes.get(total), f"按万人{guard}"]))
    return notes


def changes(
    sent: FormDoc, read_values: Mapping[str, Value], read_texts: Mapping[str, str]
) -> tuple[CellChange, ...]:
    """
    What came back different from what was sent, in the form's order.

    Cells are compared as printed, so that a file nobody touched has no changes and 561 persons stay 561
    though the paper says 0.06. A cell that was not read (it is in the reader's faults) is no change.

    Parameters
    ----------
    sent
        The form as it was written.
    read_values
        Cell key -> value, as the reader understood it.
    read_texts
        Cell key -> text as it stands in the file: tells 0.0561 typed over 0.06 from 0.06 untouched.

    Notes
    -----
    A question of the reader about a cell that ``is_untouched`` needs no answer.
    """
    found = []
    for key in cell_keys():
        if key not in read_values:
            continue
        old, new = sent.values.get(key), read_values[key]
        if not _is_same(key, old, new, read_texts.get(key, ""), sent.settings):
            found.append(CellChange(key, old, new))
    return tuple(found)


def is_untouched(sent: FormDoc, key: str, text: str) -> bool:
    """Whether the text of a cell is the one that was sent; 12 is 12.00, and blanks are programs' affair."""
    value = sent.values.get(key)
    if kind_of(key) in NUMBERS and text.strip():
        typed = _plain_number(text)
        return typed is not None and typed == printed_number(key, value, sent.settings)
    return _comparable(printed(key, value, sent.settings)) == _comparable(text)


def _is_same(key: str, old: Value, new: Value, text: str, settings: FormSettings) -> bool:
    if old == new:
        return True
    if kind_of(key) not in NUMBERS:
        return _comparable(printed(key, old, settings)) == _comparable(printed(key, new, settings))
    as_printed = printed_number(key, old, settings)
    if as_printed is None or new is None:
        return as_printed is None and new is None
    typed = _plain_number(text)
    if typed is None:
        return printed_number(key, new, settings) == as_printed
    return typed == as_printed


def _comparable(text: str) -> str:
    """Blanks and line ends are what programs change by themselves."""
    return "".join(text.split())


def _plain_number(text: str) -> Decimal | None:
    try:
        number = Decimal(unicodedata.normalize("NFKC", text).strip().replace(",", ""))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None
