"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])

PACK = click.argument("pack", type=click.Path(exists=True, path_type=Path), metavar="城市包")


def study_options(command: F) -> F:
    """Add the options that make a ``StudySpec``."""
    for option in reversed((
        click.option("--rules", "rule_pack", metavar="代码", help="规则包代码；不写则用城市包里写的"),
        click.option("--profile", metavar="代码", help="步行者：adult 成人、elder 老年、wheelchair 轮椅"),
        click.option("--at", metavar="HH:MM", help="按一天中的这个时刻计算大门与通道的开闭"),
        click.option("--limit-min", type=click.FloatRange(1, 240), help="最长找几分钟；不写则用城市包里写的"),
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
