"""``yike circle estate``: what a new estate has to bring with the homes."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import click

from yike.cli.aligned import aligned
from yike.cli.options import PACK, study_options
from yike.cli.run import spec_of
from yike.cli.talk import ProgressLine, show_json

STATES = {"reached": "● 已有", "missing": "○ 同步配建", "far": "○ 走不到", "unknown": "▨ 须补查"}


@click.command()
@PACK
@click.option("--people", type=click.FloatRange(0, 1_000_000, min_open=True), help="规划居民人数")
@click.option(
    "--point",
    nargs=2,
    type=float,
    metavar="经度 纬度",
    help="小区点位（主要出入口），WGS-84，如 111.88 34.74",
)
@click.option("--name", default="", help="小区名称")
@click.option("--floor-m2", type=click.FloatRange(0, min_open=True), help="社区总建筑面积（平方米），可不写")
@click.option(
    "--scenario", type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="取情景文件里的新建小区，连同其中新增的网点和道路",
)  # fmt: skip
@click.option("-o", "--out", type=click.Path(dir_okay=False, path_type=Path), metavar="文件.xlsx",
              help="写成可填日期的清单表")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出")
@study_options
def estate(
    pack: Path,
    people: float | None,
    point: tuple[float, float] | None,
    name: str,
    floor_m2: float | None,
    scenario: Path | None,
    out: Path | None,
    as_json: bool,
    rule_pack: str | None,
    **options: Any,
) -> None:
    """
    新建小区配建清单：走得到哪些网点，哪些业态须与住宅同步配建，面积规定，四个同步的日期。

    \b
    示例：
      yike circle estate 我的城市包 --people 6000 --point 111.88 34.74 --name 滨河新苑
      yike circle estate 我的城市包 --scenario 新区.toml -o 配建清单.xlsx
    """
    from yike.studies.estate import EstateSpec, estate_from_pack, estates_of_scenario

    if (scenario is None) == (people is None or point is None):
        raise click.UsageError("请写 --people 和 --point，或只写 --scenario")
    if point is not None and not (-180 <= point[0] <= 180 and -90 <= point[1] <= 90):
        raise click.BadParameter("经度在前、纬度在后，如 111.88 34.74", param_hint="--point")
    line = ProgressLine(options.pop("quiet"))
    study = spec_of(pack, rule_pack, options)
    if scenario is not None:
        record = estates_of_scenario(study, scenario, line)
    else:
        assert people is not None
        assert point is not None
        floor = math.nan if floor_m2 is None else floor_m2
        record = estate_from_pack(study, EstateSpec(people, *point, name, floor), line)
    line.close()
    if out is not None:
        from yike.reports.estate_list.build import write_estate_list

        write_estate_list(record, out)
    if as_json:
        show_json(record)
        return
    for text in lines_of(record):
        click.echo(text)
    if out is not None:
        click.echo(f"已写出：{out}")


def lines_of(record: dict[str, Any]) -> list[str]:
    """The checklists as people read them."""
    invented = "（虚构数据）" if record["invented"] else ""
    out = []
    for item in record["estates"]:
        out.append(f"{invented}{item['sentence']}")
        header = ("业态", "时限", "最近步行", "结论", "建议数量", "最小面积", "最近网点")
        out += aligned(header, [_type_cells(t) for t in item["types"] if t["is_required"]])
        others = [t["label"] for t in item["types"] if not t["is_required"] and t["state"] == "far"]
        out += [f"时限内还没有的其他业态（不要求）：{'、'.join(others)}。"] if others else []
        out += [f"面积　{_area_line(a)}" for a in item["areas"]]
        steps = "、".join(s["label"] for s in item["steps"])
        out.append(f"四个同步　{steps}：日期待填。依据：{record['steps_source']}。")
    return [*out, *(f"说明：{note}" for note in record["notes"])]


def _type_cells(row: dict[str, Any]) -> tuple[str, ...]:
    seconds = row["nearest_s"]
    is_missing = row["state"] == "missing"
    count = f"{row['suggested_count']}处" if is_missing and row["suggested_count"] else "—"
    area = f"{row['area_min_m2']:g}㎡" if is_missing and row["area_min_m2"] else "—"
    walk = "—" if seconds is None else f"{seconds / 60:.1f}分钟"
    return (row["label"], f"{row['within_s'] / 60:g}分钟", walk, STATES[row["state"]], count, area,
            row["nearest_name"] or "—")  # fmt: skip


def _area_line(area: dict[str, Any]) -> str:
    limit = f"{area['at_least']:.0%}" if area["unit"] == "share" else f"{area['at_least']:g} 平方米"
    need = f"，即 {area['need_m2']:,.0f} 平方米" if area["unit"] == "share" and area["need_m2"] else ""
    return f"{area['label']} ≥ {limit}{need}。依据：{area['clause']}。"
