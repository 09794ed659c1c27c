"""Columns of residents by age: which header is which band, and whether the numbers can be true."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace

import numpy as np

from yike.core.tables import FloatArray
from yike.errors import Fault
from yike.sources.headers import plain
from yike.sources.tabular import Table
from yike.standards.loader import AGE_BANDS

_RANGE = re.compile(r"^(\d{1,3})(?:周?岁)?(?:[~至到—–〜]|)(\d{1,3})(?:周?岁)")
_OVER = re.compile(r"^(\d{1,3})(?:周?岁)?(?:\+|及?以上|以上|over)")
_UNDER = re.compile(r"^(\d{1,3})(?:周?岁)(?:以下|以内|及以下)|^under(\d{1,3})$")
_LEAD = re.compile(r"^(?:其中|常住|户籍|老年|儿童|婴幼儿|婴儿|学龄|劳动年龄|人口|居民|老人|幼儿|:|：|-|—)+")
_MARK = re.compile(r"岁|\+|under|over")


def band_of_header(header: str) -> str:
    """
    Code in ``AGE_BANDS`` of a header such as "0-3岁", "60岁及以上" or "65+", "" when it names no such band.

    "0-3岁" and "3岁以下" are both the band of 托育, under three years.
    """
    text = unicodedata.normalize("NFKC", header).casefold().replace(" ", "")
    if text in AGE_BANDS:
        return text
    spans = [
        _span(_LEAD.sub("", part.replace("-", "~"))) for part in re.split(r"[()]", text) if _MARK.search(part)
    ]
    return next((code for code, span in AGE_BANDS.items() if span in spans), "")


def _span(text: str) -> tuple[int, int | None] | None:
    if found := _OVER.match(text):
        return int(found[1]), None
    if found := _UNDER.match(text):
        return 0, int(found[1] or found[2])
    if found := _RANGE.match(text):
        low, high = int(found[1]), int(found[2])
        # People write the last year included ("60-79岁"), but "0-3岁" for under three.
        return (low, high) if (low, high) == (0, 3) else (low, high + 1)
    return None


def looks_like_age(header: str) -> bool:
    """Whether a header seems to speak of ages, known band or not."""
    return bool(re.search(r"\d", header) and _MARK.search(plain(header)))


def read_bands(table: Table, people: FloatArray, faults: list[Fault]) -> tuple[tuple[str, ...], FloatArray]:
    """
    Residents by age band of every row.

    Parameters
    ----------
    table
        Any of its columns may be a band.
    people : shape (n,)
        Residents, NaN unknown.
    faults
        Gets ``places.band.*``: unreadable numbers and bands that exceed the residents.

    Returns
    -------
    bands, people_by_band
        Codes in the order of ``AGE_BANDS``, and shape (n, n_bands) with NaN for unknown.
    """
    column = dict[str, int]()
    for at, header in enumerate(table.headers):
        code = band_of_header(header)
        if code and code not in column and at not in table.fields.values():
            column[code] = at
        elif not code and looks_like_age(header):
            faults.append(
                Fault("places.band.unknown", file=table.file, sheet=table.sheet, column=header, level="note")
            )
    bands = tuple(code for code in AGE_BANDS if code in column)
    numbers = [_numbers(table, column[code], faults) for code in bands]
    by_band = np.column_stack(numbers) if numbers else np.empty((len(table), 0))
    _compare(table, people, bands, by_band, faults)
    return bands, by_band


def _numbers(table: Table, at: int, faults: list[Fault]) -> FloatArray:
    named = replace(table, fields={**table.fields, "band": at})
    return named.numbers("band", faults, at_least=0, code="places.band")


def _compare(
    table: Table, people: FloatArray, bands: tuple[str, ...], by_band: FloatArray, faults: list[Fault]
) -> None:
    """Disjoint bands together, and each band alone, may not exceed the residents."""
    disjoint = _disjoint(bands)
    total = np.nansum(by_band[:, disjoint], axis=1) if disjoint else np.zeros(len(table))
    most = np.maximum(total, np.nanmax(np.nan_to_num(by_band), axis=1, initial=0.0))
    for i in np.flatnonzero(most > people + 0.5):
        faults.append(
            table.fault(
                "places.band.exceeds",
                int(i),
                "people",
                found=f"{most[i]:g}",
                expected=f"{people[i]:g}",
                level="warning",
            )
        )


def _disjoint(bands: tuple[str, ...]) -> list[int]:
    """Columns of bands that do not overlap, youngest first."""
    chosen, reached = [], 0
    for i in sorted(range(len(bands)), key=lambda i: (AGE_BANDS[bands[i]][0], AGE_BANDS[bands[i]][1] or 999)):
        low, high = AGE_BANDS[bands[i]]
        if low >= reached:
            chosen.append(i)
            reached = high or 999
    return chosen
