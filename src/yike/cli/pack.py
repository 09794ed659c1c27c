"""``yike pack``: check a city pack, start an empty one, clip one from OSM, make an invented city."""

from __future__ import annotations

import datetime as dt
import sys
from collections import Counter
from pathlib import Path

import click

from yike.cli.talk import COLOURS, LEVELS, ProgressLine, show_json

MOST_OF_A_KIND = 8


@click.group()
def pack() -> None:
    """
    城市包：检查、新建、从 OSM 裁取、生成虚构城市。

    \b
    示例：
      yike pack new 我的城市包
    """


@pack.command()
@click.argument("path", metavar="城市包", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="结果以 JSON 写到标准输出。")
@click.option("--workbook", type=click.Path(path_type=Path), help="另存标红的表格（xlsx），每行附原因。")
@click.option("-q", "--quiet", is_flag=True, help="不显示进度")
def check(path: Path, as_json: bool, workbook: Path | None, quiet: bool) -> None:
    """
    读完整个城市包，一次报出全部问题：文件、行、列、现在写的、应当是什么、怎么改。

    没有错误（允许有提醒）时退出码为 0，有错误为 1，路径不对为 2。

    \b
    示例：
      yike pack check 我的城市包 --workbook 问题.xlsx
    """
    from yike.sources.pack_check import check_pack, check_record
    from yike.studies.notes import check_faults
    from yike.studies.pipeline import rules_of
    from yike.studies.study import StudySpec

    line = ProgressLine(quiet)
    found = check_pack(path, with_grids=workbook is not None, progress=line)
    if found.pack is not None:
        line("接入居住点和网点", 0, 1)
        found.report.faults.extend(check_faults(found.pack, rules_of(StudySpec(path), found.pack)))
    line.close()
    if workbook is not None:
        _write_workbook(found, workbook)
    if as_json:
        show_json(check_record(found))
    else:
        _show_check(found)
    sys.exit(0 if found.is_clean else 1)


def _show_check(found: object) -> None:
    from yike.reports.intake_workbook.text import describe_found
    from yike.sources.pack_check import LEVEL_ORDER, PackCheck, group_faults

    if not isinstance(found, PackCheck):
        raise TypeError("expected a PackCheck")
    for text in describe_found(found.report.found):
        click.echo(text)
    groups = group_faults(found.report.faults)
    shown = Counter[str]()
    for group in groups:
        shown[group.fault.code] += 1
        if shown[group.fault.code] > MOST_OF_A_KIND:
            continue
        head = click.style(LEVELS[group.fault.level], fg=COLOURS[group.fault.level])
        where = f"{group.where}：" if group.where else ""
        click.echo(f"{head} {where}{group.fault.message}")
        if group.fault.cure:
            click.echo(f"     办法：{group.fault.cure}")
    hidden = sum(max(0, n - MOST_OF_A_KIND) for n in shown.values())
    if hidden:
        click.echo(f"…… 另有 {hidden} 处与上面同类，用 --json 或 --workbook 看全部。")
    counts = [sum(f.level == level for f in found.report.faults) for level in LEVEL_ORDER]
    click.echo("结果：{} 处错误，{} 处提醒，{} 条说明。".format(*counts))
    click.echo("可以使用。" if found.is_clean else "请先改正错误。")


def _write_workbook(found: object, path: Path) -> None:
    from yike.reports.intake_workbook.build import SourceSheet, write_intake_workbook
    from yike.sources.pack_check import PackCheck

    if not isinstance(found, PackCheck):
        raise TypeError("expected a PackCheck")
    sheets = [SourceSheet(g.file, g.sheet, g.rows, g.row_number) for g in found.grids]
    write_intake_workbook(sheets, found.report.faults, path)
    click.echo(f"已写出标红的表格：{path}", err=True)


@pack.command()
@click.argument("folder", metavar="文件夹", type=click.Path(path_type=Path, file_okay=False))
@click.option("--name", default="示例片区", show_default=True, help="片区名称。")
@click.option("--json", "as_json", is_flag=True, help="写出的文件以 JSON 列到标准输出。")
def new(folder: Path, name: str, as_json: bool) -> None:
    """
    新建空白城市包：带注释的 pack.toml 和可用 WPS 填写的表格模板。

    \b
    示例：
      yike pack new 我的城市包 --name 光明片区
    """
    from yike.reports.intake_workbook.templates import write_templates
    from yike.sources.pack_new import new_pack
    from yike.standards.loader import load_types

    written = [new_pack(folder, name=name, as_of=dt.date.today()), *write_templates(folder, load_types())]
    if as_json:
        show_json({"files": [str(p) for p in written]})
        return
    click.echo(f"已新建城市包：{folder}")
    for path in written:
        click.echo(f"  {path.name}")
    click.echo(f"下一步：放入路网文件，填好表格，再运行 yike pack check {folder}")


@pack.command("from-osm")
@click.argument("source", metavar="OSM文件", type=click.Path(path_type=Path))
@click.option("--area", required=True, help="范围：西,南,东,北；或 GeoJSON 面文件；或 OSM 中的区域名称。")
@click.option("-o", "--out", required=True, type=click.Path(path_type=Path), help="写到这个文件夹。")
@click.option("--margin-m", default=1500.0, show_default=True, help="向外多取的米数，免得边缘截断步行路线。")
@click.option("--json", "as_json", is_flag=True, help="结果以 JSON 写到标准输出。")
def from_osm(source: Path, area: str, out: Path, margin_m: float, as_json: bool) -> None:
    """
    从省或全国的 OSM 文件裁出一个片区，做成城市包。

    \b
    示例：
      yike pack from-osm 北京.osm.pbf --area 116.31,39.98,116.34,40.00 -o 五道口
    """
    from yike.sources.clip import clip_extract

    line = ProgressLine(as_json)
    clip_extract(source, area, out, margin_m=margin_m, progress=line)
    line.close()
    if as_json:
        show_json({"files": sorted(p.name for p in out.iterdir())})
        return
    click.echo(f"已写出城市包：{out}")


@pack.command()
@click.option(
    "--city", type=click.Choice(["yima", "medium", "large"]), default="yima", show_default=True, help="大小。"
)
@click.option("--seed", default=7, show_default=True, help="随机种子；同一种子每次相同。")
@click.option("-o", "--out", required=True, type=click.Path(path_type=Path), help="写到这个文件夹。")
@click.option("--json", "as_json", is_flag=True, help="结果以 JSON 写到标准输出。")
def synth(city: str, seed: int, out: Path, as_json: bool) -> None:
    """
    生成虚构城市（处处标“虚构”），附已知答案，用于演示和检验。

    \b
    示例：
      yike pack synth --city yima --seed 7 -o 义马
    """
    from yike.sources.synth.city import make_city

    line = ProgressLine(as_json)
    make_city(city, seed, out, progress=line)
    line.close()
    if as_json:
        show_json({"files": sorted(p.name for p in out.iterdir())})
        return
    click.echo(f"已生成虚构城市：{out}")
