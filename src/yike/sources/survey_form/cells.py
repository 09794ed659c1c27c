"""What one cell says: its value, or why it cannot be, or what to ask."""

from __future__ import annotations

import datetime as dt
import math
import re
from dataclasses import dataclass
from decimal import Decimal

from yike.errors import cure_of, message_of
from yike.sources.numbers import clean_text, parse_number
from yike.sources.survey_form.dates import day_in
from yike.sources.survey_form.grid import Raw, text_of
from yike.sources.survey_form.marks import layouts_in, operators_in, platform_in, split_platform
from yike.sources.survey_form.policy import reading
from yike.standards.survey_form import PERSONS_PER_WAN, Value, kind_of, printable_text
from yike.standards.survey_words import cell_name

LARGEST = 10**10
"""No count of a form, nor its persons, is larger."""

HUNDRED = Decimal(100)
_PERSONS = re.compile(r"(?:人|名|位)(?:左右|余|多)?$")


@dataclass(frozen=True)
class Said:
    """A cell as understood; ``fault`` and ``ask`` are codes, ``suggested`` is what was meant."""

    value: Value = None
    fault: str = ""
    ask: str = ""
    suggested: Value = None


def said_in(key: str, raw: Raw) -> Said:
    """Read a cell by its kind."""
    kind = kind_of(key)
    if kind == "text":
        return Said(printable_text(text_of(raw)) or None)
    if kind == "date":
        return _day(raw)
    if kind == "choices":
        return _choices(key, text_of(raw))
    if kind == "flag":
        return _flag(text_of(raw))
    return _number(key, kind, raw)


def reason_of(code: str, key: str, found: str) -> tuple[str, str]:
    """Reason and cure in Chinese."""
    named = {"found": found, "name": cell_name(key)}
    return message_of(code, named), cure_of(code, named)


def _day(raw: Raw) -> Said:
    if isinstance(raw, dt.datetime):
        return Said(raw.date())
    if isinstance(raw, dt.date):
        return Said(raw)
    text = text_of(raw)
    if clean_text(text).casefold() in reading()["blank_words"]:
        return Said()
    try:
        day, meant = day_in(text)
    except ValueError:
        return Said(fault="form.date.bad")
    return Said(day, ask="form.date.month" if meant else "", suggested=meant)


def _choices(key: str, text: str) -> Said:
    if key == "operators":
        text, _ = split_platform(text)
    found, chosen = operators_in(text) if key == "operators" else layouts_in(text)
    if not found.named and (found.has_marks or re.search(r"\w", text)):
        return Said(fault="form.choices.bad")
    return Said(chosen or None)


def _flag(text: str) -> Said:
    _, after = split_platform(text)
    if after is None:
        return Said()
    try:
        return Said(platform_in(after))
    except ValueError:
        return Said(fault="form.flag.bad")


def _number(key: str, kind: str, raw: Raw) -> Said:
    if isinstance(raw, (bool, dt.date, dt.time, dt.timedelta)):
        return Said(fault="form.number.kind")
    cleaned = clean_text(text_of(raw))
    if not cleaned or cleaned.casefold() in reading()["blank_words"]:
        return Said()
    if cleaned in reading()["none_words"]:
        return Said(ask="form.number.none", suggested=Decimal(0) if kind == "percent" else 0)
    is_percent = cleaned.endswith("%")
    read = parse_number(cleaned.removesuffix("%").rstrip())
    if read.how in ("bad", "blank") or (is_percent and kind != "percent"):
        return Said(fault="form.number.bad")
    number = Decimal(repr(round(read.value, 10)))
    if number < 0:
        return Said(fault="form.number.negative")
    if number > LARGEST:
        return Said(fault="form.number.large")
    if kind == "count":
        return _count(number)
    return _percent(number, is_percent) if kind == "percent" else _persons(key, number, cleaned)


def _count(number: Decimal) -> Said:
    if number != number.to_integral_value():
        return Said(fault="form.count.part")
    return Said(int(number))


def _percent(number: Decimal, is_marked: bool) -> Said:
    if number > HUNDRED:
        return Said(fault="form.percent.large")
    if not is_marked and 0 < number <= Decimal(str(reading()["share_asks"])):
        return Said(number, ask="form.percent.share", suggested=number * HUNDRED)
    return Said(number)


def _persons(key: str, number: Decimal, cleaned: str) -> Said:
    """A plain number is in 万人; 人 behind it says persons, and 万 was reckoned in already."""
    if "万" in cleaned or _PERSONS.search(cleaned):
        return Said(_whole(number))
    limit = reading()["residents_wan_asks" if key == "residents" else "staff_wan_asks"]
    persons = _whole(number * PERSONS_PER_WAN)
    if persons > LARGEST:
        return Said(fault="form.number.large")
    if number >= limit and number == number.to_integral_value():
        return Said(persons, ask="form.persons.unit", suggested=int(number))
    return Said(persons)


def _whole(persons: Decimal) -> int:
    return math.floor(persons + Decimal("0.5"))
