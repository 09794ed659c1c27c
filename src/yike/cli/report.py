"""``yike report``: one document of a run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from yike.cli.options import PACK, study_options
from yike.cli.run import spec_of
from yike.cli.talk import ProgressLine, show_json

KINDS = ("html", "docx", "annex5", "gaps", "assessment", "circles", "isochrones", "siting", "access")


@click.group()
def report() -> None:
    """
    报告：单独生成某一份成果。

    \b
    示例：
      yike report make 我的城市包 --kind docx -o 成果
    """


@report.command()
@PACK
@click.option("--kind", type=click.Choice(KINDS), multiple=True, required=True, help="哪一份，可写多次")
@click.option("-o", "--out", type=click.Path(file_okay=False, path_type=Path), required=True, help="成果目录")
@click.option("--json", "as_json", is_flag=True, help="结果摘要以 JSON 输出")
@study_options
def make(
    pack: Path, kind: tuple[str, ...], out: Path, as_json: bool, rule_pack: str | None, **options: Any
) -> None:
    """
    生成指定的成果文件。

    \b
    示例：
      yike report make 我的城市包 --kind html --kind annex5 -o 成果
    """
    from yike.studies.outputs import run_and_write

    line = ProgressLine(options.pop("quiet"))
    summary = run_and_write(spec_of(pack, rule_pack, options), out, (), line, kinds=kind)
    line.close()
    if as_json:
        show_json(summary)
        return
    for name, what in summary["files"].items():
        click.echo(f"{out / name}　{what}")
