"""``yike circle shortlist``: which communities or circles are ready to be pilots."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from yike.cli.aligned import aligned
from yike.cli.options import PACK, study_options
from yike.cli.run import spec_of
from yike.cli.talk import ProgressLine, show_json

FEW_MORE = 3


@click.command()
@PACK
@click.option("--n", type=click.IntRange(1), default=3, help="选几个，默认 3")
@click.option("--of", type=click.Choice(["communities", "circles"]), default="communities",
              help="比社区（默认）还是比生活圈")  # fmt: skip
@click.option("--criteria", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="文件",
              help="自定口径和权重（toml），格式同自带的 pilot_criteria.toml")  # fmt: skip
@click.option("--all", "with_all", is_flag=True, help="列出全部，不只入选的和后面几名")
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出")
@study_options
def shortlist(
    pack: Path,
    n: int,
    of: str,
    criteria: Path | None,
    with_all: bool,
    as_json: bool,
    rule_pack: str | None,
    **options: Any,
) -> None:
    """
    试点比选：按基础条件排名，每项的数、得分、权重都写明。

    \b
    示例：
      yike circle shortlist 我的城市包 --n 3
      yike circle shortlist 我的城市包 --of circles --criteria 我的口径.toml
    """
    from yike.studies.shortlist import ShortlistSpec, shortlist_from_pack

    line = ProgressLine(options.pop("quiet"))
    record = shortlist_from_pack(spec_of(pack, rule_pack, options), ShortlistSpec(n, of, criteria), line)
    line.close()
    if as_json:
        show_json(record)
        return
    for text in lines_of(record, len(record["rows"]) if with_all else n + FEW_MORE):
        click.echo(text)


def lines_of(record: dict[str, Any], most: int) -> list[str]:
    """The ranking as people read it: sums first, then why, then by what."""
    invented = "（虚构数据）" if record["invented"] else ""
    rows = record["rows"][:most]
    header = ("名称", "得分", "最多", *(f"{c['label']}({c['worth']:g})" for c in record["criteria"]))
    out = [f"{invented}{record['together']['text']}"]
    out += aligned(header, [_cells(row) for row in rows])
    out += [f"{row['rank']}. {row['name']}　{row['sentence']}" for row in rows if row["is_picked"]]
    out += [
        f"口径　{c['label']}：{c['words']}，占{c['worth']:g}分。{c['source']}" for c in record["criteria"]
    ]
    return [*out, *(f"说明：{note}" for note in record["notes"])]


def _cells(row: dict[str, Any]) -> tuple[str, ...]:
    mark = "★" if row["is_picked"] else "　"
    points = [
        f"{c['points']:.1f}" if c["points"] == c["points_at_most"] else "未知" if not c["points"] else
        f"{c['points']:.1f}+"
        for c in row["criteria"]
    ]  # fmt: skip
    return (f"{mark}{row['name']}", f"{row['score']:.1f}", f"{row['score_at_most']:.1f}", *points)
