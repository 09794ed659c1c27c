"""``yike circle instant``: whom instant retail reaches."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from yike.cli.aligned import aligned
from yike.cli.options import PACK
from yike.cli.talk import ProgressLine, show_json


@click.command()
@PACK
@click.option("--minutes", type=click.FloatRange(1, 240), help="几分钟内送到才算；不写按文件的 30 分钟")
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出")
@click.option("-q", "--quiet", is_flag=True, help="不显示进度")
def instant(pack: Path, minutes: float | None, as_json: bool, quiet: bool) -> None:
    """
    即时零售送到多少居民：按网点名录的配送半径和承诺分钟；没有填的是未知。

    \b
    示例：
      yike circle instant 我的城市包 --minutes 30
    """
    from yike.studies.instant_retail import instant_from_pack
    from yike.studies.study import StudySpec

    line = ProgressLine(quiet)
    record = instant_from_pack(StudySpec(pack), None if minutes is None else minutes * 60.0, line)
    line.close()
    if as_json:
        show_json(record)
        return
    for text in lines_of(record):
        click.echo(text)


def lines_of(record: dict[str, Any]) -> list[str]:
    """The shares as people read them."""
    invented = "（虚构数据）" if record["invented"] else ""
    out = [f"{invented}{record['sentence']}依据：{record['clause']}。"]
    least = "至少" if record["is_at_least"] else ""
    heads = (f"{least}可送到", f"{least}占")
    if record["people_reached"] is not None and record["circles"]:
        out += aligned(("生活圈", "居民", *heads), [_cells(row) for row in record["circles"]])
    return [*out, *(f"说明：{note}" for note in record["notes"])]


def _cells(row: dict[str, Any]) -> tuple[str, ...]:
    people, reached = ("未知" if row[k] is None else f"{row[k]:,.0f}" for k in ("people", "people_reached"))
    return (row["name"], people, reached, "未知" if row["share"] is None else f"{row['share']:.1%}")
