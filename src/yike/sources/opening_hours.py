"""
Opening hours as people and OSM write them, read into minutes of the week.

Chinese texts ("早6晚9", "周一至周五 8:00-18:00", "24小时") and OSM's ``opening_hours`` share one reading: a
text is a list of rules; a rule is perhaps some days, and some spans of the day. A rule that names days
replaces what was said before about these days; one that names none adds to the days before it. Texts by
season or month keep only the minutes open in every season named, so that no flag promises more than the
leanest one. What cannot be read is kept as text, never guessed.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from yike.core.tables import BoolArray, Tri

DAY_MIN = 24 * 60
WEEK_MIN = 7 * DAY_MIN

_ALL_DAYS = frozenset(range(7))
_WORK_DAYS = frozenset(range(5))
_OSM_DAYS = {name: i for i, name in enumerate(("mo", "tu", "we", "th", "fr", "sa", "su"))}
_ZH_DAYS = {"一": 0, "二": 1, "三": 2, "四": 3, "五": 4, "六": 5, "日": 6, "天": 6, "末": 5}
_ZH_DAYS |= {str(i + 1): i for i in range(7)}

_ALWAYS = re.compile(
    r"^(?:24/7|24h|24hours|(?:全天|昼夜)?24个?小时(?:营业|服务|开放)*|全天候?(?:营业|开放|服务)*|通宵(?:营业)*)$"
)
_ZH_HOUR = re.compile(r"(二十[一二三四]?|十[一二三四五六七八九]?|[一二两三四五六七八九])(?=[点时])")
_ZH_DIGIT = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"两": 2}
_MONTH = "(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
_SEASON = re.compile(
    r"^(?:春夏|秋冬|夏秋|冬春|[春夏秋冬])(?:季|时|天|令)?(?:节|间)?:?"
    r"|^\d{1,2}月?(?:至|到|-)\d{1,2}月(?:份|底)?:?"
    rf"|^{_MONTH}(?:-{_MONTH})?:?"
)
_SEASON_CUT = re.compile(rf"[;,](?=春|夏|秋|冬|\d{{1,2}}月)|;(?={_MONTH})")
_DAY_OSM = r"(?:mo|tu|we|th|fr|sa|su)"
_OSM_DAY_LIST = re.compile(rf"^(?:[ps]h,)?{_DAY_OSM}(?:[-,](?:{_DAY_OSM}|ph|sh))*:?(?=\d|off|closed|sun)")
_WEEK_WORD = "(?:周|星期|礼拜)"
_ZH_DAY_LIST = re.compile(
    rf"^{_WEEK_WORD}[一二三四五六日天末1-7]"
    rf"(?:[至到\-、及和,]?{_WEEK_WORD}?(?:[一二三四五六日天末]|[1-7](?![\d:点时])))*:?"
)
_EVERY_DAY = re.compile(r"^(每天|每日|天天|周内天天|全周|全年(无休)?)[:：]?")
_WORKING = re.compile(r"^(工作日|平日|平时)[:：]?")
_WEEKEND = re.compile(r"^(双休日|休息日|周末|星期末)[:：]?")
_HOLIDAY = re.compile(r"^(法定)?(节假日|假日|节日|公众假期|寒暑假|ph|sh)")
_CLOSED = re.compile(r"^(off|closed|休息|不营业|闭馆|关门|歇业|公休|休)")
_NOON = r"(?:凌晨|清晨|早上|早晨|上午|中午|下午|傍晚|晚上|夜间|夜里|早|晚|午)?"
_CLOCK = rf"({_NOON})(\d{{1,2}})(?:[:：.点时](\d{{1,2}}|半|整|一刻|三刻)?分?)?(am|pm)?"
_SPAN = re.compile(rf"^{_CLOCK}(?:-|至|到)?(次日|第二天|翌日)?{_CLOCK}")
_TAIL = re.compile(r"^(营业|开放|服务|开门|开馆|有人值守|正常营业)")
_DASHES = str.maketrans(dict.fromkeys("—–―~〜～－﹣−", "-"))
_QUARTERS = {"半": 30, "一刻": 15, "三刻": 45, "整": 0, None: 0, "": 0}
_AFTERNOON = ("下午", "傍晚", "晚上", "夜间", "夜里", "晚")


@dataclass(frozen=True)
class OpeningHours:
    """
    Hours of one week; ``spans`` are [start, end) in minutes from Monday 00:00, merged and ascending.

    ``is_known`` is False when the text is empty or cannot be read; then every flag is ``Tri.UNKNOWN``.
    """

    text: str
    spans: tuple[tuple[int, int], ...] = ()
    is_known: bool = False
    is_seasonal: bool = False

    @property
    def is_24h(self) -> Tri:
        """Open at every minute of the week."""
        return self._flag(self.spans == ((0, WEEK_MIN),))

    @property
    def opens_before_8(self) -> Tri:
        """Open at some minute between 05:00 and 08:00 on at least five days: good for a breakfast."""
        return self._flag(self._days_open(5 * 60, 8 * 60) >= 5)

    @property
    def open_after_21(self) -> Tri:
        """Open at some minute between 21:00 and 24:00 on at least five days: good for the night."""
        return self._flag(self._days_open(21 * 60, 24 * 60) >= 5)

    def is_open(self, minute: int) -> Tri:
        """Whether the doors are open at a minute of the week (Monday 00:00 is 0)."""
        return self._flag(any(start <= minute % WEEK_MIN < end for start, end in self.spans))

    def _flag(self, yes: bool) -> Tri:
        return (Tri.YES if yes else Tri.NO) if self.is_known else Tri.UNKNOWN

    def _days_open(self, from_min: int, to_min: int) -> int:
        return sum(
            any(
                start < day * DAY_MIN + to_min and end > day * DAY_MIN + from_min for start, end in self.spans
            )
            for day in range(7)
        )


@lru_cache(maxsize=4096)
def parse_hours(text: str) -> OpeningHours:
    """
    Read a text of opening hours; never raises.

    Parameters
    ----------
    text
        As given, e.g. ``"07:00-21:00"``, ``"6点至22点"``, ``"早6晚9"``,
        ``"Mo-Fr 08:00-12:00,14:00-18:00; Su off"``.

    Returns
    -------
    OpeningHours
        ``is_known`` False when any part of the text could not be read: half-read hours would be wrong hours.
    """
    clean = _tidy(text)
    if not clean:
        return OpeningHours(text)
    seasons: list[BoolArray] = []
    try:
        for part in _by_season(clean):
            seasons.append(_read_week(part))
    except _Unreadable:
        return OpeningHours(text)
    is_open = np.logical_and.reduce(seasons)
    return OpeningHours(text, _spans_of(is_open), True, len(seasons) > 1 or bool(_SEASON.match(clean)))


class _Unreadable(Exception):
    """Some part of the text has no reading."""


def _tidy(text: str) -> str:
    clean = unicodedata.normalize("NFKC", text).casefold().translate(_DASHES)
    clean = re.sub(r'"[^"]*"|(?:营业|开放|服务)时间:?', "", clean)
    # A bracket with hours or days in it is a rule of its own; any other is a remark.
    clean = re.sub(r"\(([^()]*(?:\d|周|星期)[^()]*)\)", r";\1;", clean)
    clean = re.sub(r"\([^()]*\)", "", clean)
    clean = re.sub(r"[;。\n|]+", ";", clean.replace(" to ", "-"))
    clean = re.sub(r"(?<=\d)\s+(?=\d)", ",", clean)
    clean = _ZH_HOUR.sub(lambda m: str(_zh_number(m.group())), re.sub(r"\s+", "", clean))
    return re.sub(r"-+", "-", clean).strip(";,")


def _zh_number(word: str) -> int:
    tens, ten, ones = word.rpartition("十")
    return (10 * _ZH_DIGIT.get(tens, 1) if ten else 0) + _ZH_DIGIT.get(ones, 0)


def _by_season(clean: str) -> list[str]:
    """Cut at season words, which are dropped."""
    return [_SEASON.sub("", rule, count=1) for rule in _SEASON_CUT.split(clean)]


def _read_week(text: str) -> BoolArray:
    is_open = np.zeros(WEEK_MIN, dtype=np.bool_)
    days, closed = _ALL_DAYS, frozenset[int]()
    rest = text.lstrip(";,、:")
    while rest:
        named, rest = _take_days(rest)
        if named is not None:
            days = named
            _clear(is_open, days)
        spans, rest = _take_spans(rest.lstrip(",、:"))
        for start, end in spans:
            _open(is_open, days, start, end)
        if not spans:
            # "周一闭馆，9:00-17:00": what follows speaks of the other days.
            closed |= days
            days = _ALL_DAYS - closed
        rest = rest.lstrip(";,、:")
    if not is_open.any() and closed != _ALL_DAYS:
        raise _Unreadable
    return is_open


def _take_days(rest: str) -> tuple[frozenset[int] | None, str]:
    """Days named at the start; holidays are dropped together with what is said of them."""
    if (found := _HOLIDAY.match(rest)) and not _OSM_DAY_LIST.match(rest):
        return frozenset(), rest[found.end() :].lstrip(":不无")
    for pattern, days in (
        (_EVERY_DAY, _ALL_DAYS),
        (_WORKING, _WORK_DAYS),
        (_WEEKEND, _ALL_DAYS - _WORK_DAYS),
    ):
        if found := pattern.match(rest):
            return days, rest[found.end() :]
    if found := _OSM_DAY_LIST.match(rest):
        return _day_set(found.group().rstrip(":"), _DAY_OSM, _OSM_DAYS, "-"), rest[found.end() :]
    if found := _ZH_DAY_LIST.match(rest):
        words = re.sub("周|星期|礼拜", "", found.group().rstrip(":"))
        days = _day_set(words, r"[一二三四五六日天末1-7]", _ZH_DAYS, "至到-")
        return days | ({6} if "末" in words else frozenset()), rest[found.end() :]
    return None, rest


def _day_set(words: str, day: str, number: dict[str, int], to: str) -> frozenset[int]:
    days: set[int] = set()
    last, is_range = -1, False
    for token in re.findall(rf"{day}|[{to}]", words):
        if token in to:
            is_range = last >= 0
            continue
        here = number[token]
        days |= {(last + k) % 7 for k in range((here - last) % 7 + 1)} if is_range else {here}
        last, is_range = here, False
    return frozenset(days)


def _take_spans(rest: str) -> tuple[list[tuple[int, int]], str]:
    spans: list[tuple[int, int]] = []
    if found := _CLOSED.match(rest):
        return spans, _after(rest, found.end())
    head = re.split(r"[;,、]", rest, maxsplit=1)[0]
    if _ALWAYS.match(head):
        return [(0, DAY_MIN)], rest[len(head) :]
    while found := _SPAN.match(rest):
        spans.append(_minutes_of(found))
        rest = _after(rest, found.end())
        further = rest.lstrip(",、和及;")
        if not _SPAN.match(further):
            break
        rest = further
    if not spans:
        raise _Unreadable
    return spans, rest


def _after(rest: str, at: int) -> str:
    return _TAIL.sub("", rest[at:], count=1)


def _minutes_of(found: re.Match[str]) -> tuple[int, int]:
    noon1, hour1, minute1, half1, next_day, noon2, hour2, minute2, half2 = found.groups()
    if not _looks_like_time(found):
        raise _Unreadable
    start = _minute(noon1, hour1, minute1, half1)
    end = _minute(noon2 or (noon1 if noon1 not in ("", "早", "早上") else ""), hour2, minute2, half2)
    if end <= start or next_day:
        end += DAY_MIN
    if end - start > DAY_MIN:
        raise _Unreadable
    return start, end


def _looks_like_time(found: re.Match[str]) -> bool:
    """A bare "6-9" may be anything; a colon, 点, or 早…晚… makes it a time."""
    return bool(re.search(r"[:：.点时]|早|晚|午|晨|am|pm", found.group()))


def _minute(noon: str, hour: str, minute: str | None, half: str | None) -> int:
    h = int(hour)
    m = _QUARTERS[minute] if minute in _QUARTERS else int(minute or 0)
    if h < 12 and (half == "pm" or noon in _AFTERNOON or (noon == "中午" and h < 6)):
        h += 12
    if half == "am" and h == 12:
        h = 0
    if h > 24 or m > 59:
        # OSM writes 26:00 for two in the morning.
        if h > 30 or m > 59:
            raise _Unreadable
        h -= 24
    return h * 60 + m


def _clear(is_open: BoolArray, days: frozenset[int]) -> None:
    for day in days:
        is_open[day * DAY_MIN : (day + 1) * DAY_MIN] = False


def _open(is_open: BoolArray, days: frozenset[int], start: int, end: int) -> None:
    for day in days:
        minutes = np.arange(day * DAY_MIN + start, day * DAY_MIN + end) % WEEK_MIN
        is_open[minutes] = True


def _spans_of(is_open: BoolArray) -> tuple[tuple[int, int], ...]:
    change = np.flatnonzero(np.diff(np.concatenate(([0], is_open.astype(np.int8), [0]))))
    return tuple((int(a), int(b)) for a, b in change.reshape(-1, 2))
