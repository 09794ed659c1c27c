"""``yike access``: walking times of every place to every business type."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from yike.cli.options import PACK, study_options
from yike.cli.run import spec_of
from yike.cli.talk import ProgressLine, show_json


@click.group()
def access() -> None:
    """
    可达性：每个居住点到每类业态的步行时间。

    \b
    示例：
      yike access compute 我的城市包 -o access.parquet
    """


@access.command()
@PACK
@click.option(
    "-o", "--out", type=click.Path(path_type=Path), required=True, help="目录，或以 .parquet 结尾的文件"
)
@click.option("--json", "as_json", is_flag=True, help="结果摘要以 JSON 输出")
@study_options
def compute(pack: Path, out: Path, as_json: bool, rule_pack: str | None, **options: Any) -> None:
    """
    只算可达性，写出 access.parquet：每个居住点、每类业态一行。

    列：place_id、form_row、nearest_s（秒，找不到为 inf，未接入为空）、nearest_outlet_id、
    n_300s、n_600s、n_900s。

    \b
    示例：
      yike access compute 我的城市包 -o 成果
    """
    from yike.studies.outputs import compute_and_write

    line = ProgressLine(options.pop("quiet"))
    summary = compute_and_write(spec_of(pack, rule_pack, options), out, line)
    line.close()
    if as_json:
        show_json(summary)
    else:
        click.echo(summary["sentence"])
