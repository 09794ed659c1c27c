"""Options that several commands share."""

from __future__ import annotations

import datetime as dt
import math
import re
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])

YEARS = range(1949, 2100)
_DAY = re.compile(r"(\d{4})(?:[-/.年])(\d{1,2})(?:[-/.月])(\d{1,2})日?|(\d{4})(\d\d)(\d\d)")


class FiniteRange(click.FloatRange):
    """A number within bounds; nan and inf, which slip through comparisons, are refused."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        number = float(super().convert(value, param, ctx))
        if not math.isfinite(number):
            self.fail(f"“{value}”不是有限的数", param, ctx)
        return number


class Day(click.ParamType[dt.date]):
    """A date as people write it: 2026-03-01, 2026/3/1, 2026年3月1日."""

    name = "日期"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> dt.date:
        day = value if isinstance(value, dt.date) else parse_day(str(value))
        if day is None:
            self.fail(f"日期“{value}”看不懂或没有这一天，请写成 2026-03-01 这样", param, ctx)
        return day


SEED = click.IntRange(0, 2**31 - 1)
"""Seeds that every solver takes."""

BUDGET = FiniteRange(0, 1e8, min_open=True)
"""Money in 万元, up to what a count of fen holds."""

TIME_LIMIT = FiniteRange(0.1, 86_400)
"""Seconds that a solver may take, a day at most."""

PACK = click.argument("pack", type=click.Path(exists=True, path_type=Path), metavar="城市包")


def study_options(command: F) -> F:
    """Add the options that make a ``StudySpec``."""
    for option in reversed((
        click.option("--rules", "rule_pack", metavar="代码", help="规则包代码；不写则用城市包里写的"),
        click.option("--profile", metavar="代码", help="步行者：adult 成人、elder 老年、wheelchair 轮椅"),
        click.option("--at", metavar="HH:MM", help="按一天中的这个时刻计算大门与通道的开闭"),
        click.option("--limit-min", type=FiniteRange(1, 240), help="最长找几分钟；不写则用城市包里写的"),
        click.option("--memory-mb", type=click.IntRange(64), default=1024, help="计算内存上限，默认 1024"),
        click.option("--threads", type=click.IntRange(1), help="线程数，默认用全部核心"),
        click.option("-q", "--quiet", is_flag=True, help="不显示进度"),
    )):  # fmt: skip
        command = option(command)
    return command


def minute_of_day(text: str | None) -> int | None:
    """``"22:30"`` as minutes after midnight; raises a usage error with the cure."""
    if text is None:
        return None
    hours, _, minutes = text.partition(":")
    if not (hours.isdigit() and minutes.isdigit() and int(hours) < 24 and int(minutes) < 60):
        raise click.BadParameter(f"时刻“{text}”看不懂，请写成 22:30 这样", param_hint="--at")
    return int(hours) * 60 + int(minutes)


def parse_day(text: str) -> dt.date | None:
    """A date from words, None where they name none; full-width digits are read too."""
    found = _DAY.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if found is None:
        return None
    year, month, day = (int(part) for part in found.groups() if part is not None)
    try:
        return dt.date(year, month, day) if year in YEARS else None
    except ValueError:
        return None


def split_words(text: str) -> tuple[str, ...]:
    """``"premises，outlet、stop"`` as its words, each once, by any mark that people put between them."""
    return tuple(dict.fromkeys(word for word in re.split(r"[,，、;；\s]+", text) if word))
