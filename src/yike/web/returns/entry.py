"""What a person typed or pasted into a cell, read as the cell's value."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Protocol

from yike.errors import InputError
from yike.sources.survey_form.dates import day_in
from yike.standards.survey_form import PERSONS_PER_WAN, Value, kind_of
from yike.web.returns.cells import CHOICES, MOST_TEXT

FLAGS: Mapping[str, bool | None] = {"yes": True, "no": False, "": None}
SPACES = str.maketrans("", "", " \t\u3000\xa0\u202f,_")
COUNT = re.compile(r"(\d{1,9})(?:\.0+)?[个座家处]?")
PERSONS = re.compile(r"(\d{1,9})[人名位]?")
WAN = re.compile(r"(\d{1,5}(?:\.\d{1,6})?)万人?")
PERCENT = re.compile(r"(-?\d{1,6}(?:\.\d{1,10})?)%?")


class Posted(Protocol):
    """A posted form: the last value under a name, or all of them."""

    def get(self, key: str, default: str = "", /) -> str:
        """The last value."""

    def getlist(self, key: str, /) -> Sequence[str]:
        """All values."""


def read_posted(key: str, posted: Posted) -> Value:
    """The value of one cell in a posted form; ``InputError`` when it cannot be read."""
    if key in CHOICES:
        return _choices(key, posted.getlist(key))
    return read_entry(key, posted.get(key, ""))


def read_entry(key: str, text: str) -> Value:
    """A typed text as the cell's value; blank is unknown (None), never 0."""
    kind = kind_of(key)
    if kind == "text":
        return _text(text)
    plain = unicodedata.normalize("NFKC", text).translate(SPACES)
    if kind == "flag":
        if plain not in FLAGS:
            raise InputError("entry.choice", found=text)
        return FLAGS[plain]
    return READERS[kind](plain, text) if plain else None


def _choices(key: str, given: Sequence[str]) -> Value:
    if odd := [c for c in given if c not in CHOICES[key] and c]:
        raise InputError("entry.choice", found=odd[0])
    return tuple(c for c in CHOICES[key] if c in given) or None


def _text(text: str) -> str | None:
    lines = [" ".join(line.split()) for line in text.splitlines()]
    whole = "\n".join(lines).strip()
    if len(whole) > MOST_TEXT:
        raise InputError("entry.long", found=len(whole), most=MOST_TEXT)
    return whole or None


def _count(plain: str, text: str) -> int:
    if not (found := COUNT.fullmatch(plain)):
        raise InputError("entry.whole", found=text)
    return int(found[1])


def _persons(plain: str, text: str) -> int:
    """Persons; 万 only where it is written out, so that 0.06 is never taken for a person."""
    if found := PERSONS.fullmatch(plain):
        return int(found[1])
    if found := WAN.fullmatch(plain):
        persons = Decimal(found[1]) * PERSONS_PER_WAN
        if persons == persons.to_integral_value():
            return int(persons)
    raise InputError("entry.persons", found=text)


def _percent(plain: str, text: str) -> Decimal:
    found = PERCENT.fullmatch(plain)
    try:
        return Decimal(found[1] if found else "?")
    except InvalidOperation:
        raise InputError("entry.number", found=text) from None


def _day(plain: str, text: str) -> dt.date:
    """A whole day as files may write it too; a month alone is not guessed at."""
    try:
        day, _ = day_in(text)
    except ValueError:
        day = None
    if day is None:
        raise InputError("entry.day", found=text)
    return day


READERS: Mapping[str, Callable[[str, str], Value]] = {
    "count": _count,
    "persons": _persons,
    "percent": _percent,
    "date": _day,
}
