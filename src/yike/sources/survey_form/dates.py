"""Days as clerks write them: 2023年12月31日, 2023-12-31, 20231231, 2023年底, 二〇二三年十二月三十一日."""

from __future__ import annotations

import calendar
import datetime as dt
import re
import unicodedata

_DIGITS = str.maketrans("〇零○一二三四五六七八九", "000123456789")
_CHINESE = re.compile(r"[〇零○一二三四五六七八九十]+")
_YEAR, _MONTH, _DAY = r"(?P<y>\d{4})", r"(?P<m>\d{1,2})", r"(?P<d>\d{1,2})"
_WHOLE = (
    re.compile(rf"{_YEAR}年{_MONTH}月{_DAY}[日号]?[止前]?"),
    re.compile(rf"{_YEAR}[-/.、]{_MONTH}[-/.、]{_DAY}(?:[T ]00:00(?::00)?)?"),
    re.compile(r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})"),
)
_END = re.compile(rf"{_YEAR}年(?:{_MONTH}月)?底|{_YEAR.replace('y>', 'y2>')}年末")
_MONTH_ONLY = (re.compile(rf"{_YEAR}年{_MONTH}月(?:份|日)?"), re.compile(rf"{_YEAR}[-/.]{_MONTH}"))
_PRINTED = re.compile(r"(?:\d{0,4})年月日|年|月|日")
SERIAL_DAYS = (25_569, 73_050)  # 1970 to 2099 as a workbook counts days
_SERIAL_ZERO = dt.date(1899, 12, 30)


def day_in(text: str) -> tuple[dt.date | None, dt.date | None]:
    """
    Read a day.

    Returns
    -------
    tuple
        The day (None when blank, such as "2023年 月 日"), and a day to ask about where only a month or a bare
        day number of a workbook is given.

    Raises
    ------
    ValueError
        There is something, and it is no day.
    """
    plain = _plain(text)
    if not plain or _PRINTED.fullmatch(plain) or re.fullmatch(r"[年月日\-/.]+", plain):
        return None, None
    for pattern in _WHOLE:
        if found := pattern.fullmatch(plain):
            return dt.date(int(found["y"]), int(found["m"]), int(found["d"])), None
    if found := _END.fullmatch(plain):
        return _month_end(int(found["y"] or found["y2"]), int(found["m"] or 12)), None
    for pattern in _MONTH_ONLY:
        if found := pattern.fullmatch(plain):
            return None, _month_end(int(found["y"]), int(found["m"]))
    if plain.isdigit() and SERIAL_DAYS[0] <= int(plain) <= SERIAL_DAYS[1]:
        return None, _SERIAL_ZERO + dt.timedelta(int(plain))
    raise ValueError(text)


def _plain(text: str) -> str:
    half = unicodedata.normalize("NFKC", text)
    half = "".join(half.split()) if "年" in half else half.strip()
    return _CHINESE.sub(_arabic, half)


def _arabic(found: re.Match[str]) -> str:
    """二〇二三 is 2023, 十二 is 12, 三十一 is 31."""
    said = found[0]
    if "十" not in said:
        return said.translate(_DIGITS)
    tens, _, ones = said.partition("十")
    return str(int((tens or "一").translate(_DIGITS)) * 10 + int((ones or "零").translate(_DIGITS)))


def _month_end(year: int, month: int) -> dt.date:
    return dt.date(year, month, calendar.monthrange(year, month)[1])
