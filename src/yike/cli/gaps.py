"""``yike gaps``: what is missing in which circle, and for how many people."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from yike.cli.options import PACK, study_options
from yike.cli.run import spec_of
from yike.cli.talk import ProgressLine, show_json


@click.group()
def gaps() -> None:
    """
    缺口：哪个圈缺什么、影响多少人、为什么。

    \b
    示例：
      yike gaps list 我的城市包
    """


@gaps.command("list")
@PACK
@click.option("--all", "with_all", is_flag=True, help="连同达标、数据缺失、未调查的一起列出")
@click.option("--top", type=click.IntRange(1), help="只列前几项")
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出")
@study_options
def list_gaps(
    pack: Path, with_all: bool, top: int | None, as_json: bool, rule_pack: str | None, **options: Any
) -> None:
    """
    列出缺口，影响大的在前。

    \b
    示例：
      yike gaps list 我的城市包 --top 10
    """
    from yike.studies.outputs import gap_rows_of

    line = ProgressLine(options.pop("quiet"))
    rows = gap_rows_of(spec_of(pack, rule_pack, options), line, with_all)
    line.close()
    rows = rows[:top]
    if as_json:
        show_json(rows)
    else:
        for row in rows:
            click.echo(row["sentence"])
        if not rows:
            click.echo("没有发现缺口。")
