"""``yike run``: the whole main street, all outputs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from yike.cli.options import PACK, minute_of_day, study_options
from yike.cli.talk import ProgressLine, show_json


def spec_of(pack: Path, rule_pack: str | None, options: dict[str, Any]) -> Any:
    """Make a ``StudySpec`` from the command's options."""
    from yike.studies.study import StudySpec

    return StudySpec(
        pack=pack,
        rule_pack=rule_pack,
        profile=options["profile"],
        at_minute=minute_of_day(options["at"]),
        limit_s=None if options["limit_min"] is None else options["limit_min"] * 60.0,
        max_memory_mb=options["memory_mb"],
        n_threads=options["threads"],
    )


@click.command()
@PACK
@click.option("-o", "--out", type=click.Path(file_okay=False, path_type=Path), required=True, help="成果目录")
@click.option("--compare", multiple=True, metavar="代码", help="另按这些规则包各算一遍，并列比较，不覆盖")
@click.option("--json", "as_json", is_flag=True, help="结果摘要以 JSON 输出")
@study_options
def run(
    pack: Path, out: Path, compare: tuple[str, ...], as_json: bool, rule_pack: str | None, **options: Any
) -> None:
    """
    一次做完：读城市包，算步行可达，评价生活圈，排出缺口，写出全部成果。

    成果：access.parquet、assessment.json、gaps.csv、circles.geojson、isochrones.geojson、
    annex5.xlsx、report.html、report.docx、run.json。

    \b
    示例：
      yike run 我的城市包 -o 成果
    """
    from yike.studies.outputs import run_and_write

    line = ProgressLine(options.pop("quiet"))
    summary = run_and_write(spec_of(pack, rule_pack, options), out, compare, line)
    line.close()
    if as_json:
        show_json(summary)
        return
    click.echo(summary["sentence"])
    for name, what in summary["files"].items():
        click.echo(f"  {out / name}　{what}")
