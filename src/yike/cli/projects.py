"""``yike projects``: from gaps to a project list."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from yike.cli.options import BUDGET, PACK, SEED, TIME_LIMIT, parse_day, split_words, study_options
from yike.cli.run import spec_of
from yike.cli.talk import ProgressLine, show_json

FEN_PER_WAN = 1_000_000
KINDS = ("premises", "outlet", "stop", "street_point")


@click.group()
def projects() -> None:
    """
    项目清单：由缺口和选址起草，写明为谁补、在哪补、谁牵头、几时完成、大约多少钱。

    \b
    示例：
      yike projects draft 我的城市包 -o 成果
    """


@projects.command()
@PACK
@click.option("-o", "--out", type=click.Path(file_okay=False, path_type=Path), help="成果目录")
@click.option(
    "--type", "types", multiple=True, metavar="业态", help="只起草这些业态，可写多次；不写为全部缺口"
)
@click.option(
    "--kinds", default="premises,outlet,stop", metavar="种类",
    help="候选点种类，逗号隔开：premises 闲置用房、outlet 在营网点兼办、stop 流动点、street_point 街边点",
)  # fmt: skip
@click.option("--no-street-points", is_flag=True, help="别处补不上时，也不用生成的街边点")
@click.option("--any-area", is_flag=True, help="闲置用房面积小于推定下限的也可选")
@click.option("--budget", type=BUDGET, metavar="万元", help="本批资金；不写则补齐全部缺口")
@click.option("--needs", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="需求清单文件")
@click.option(
    "--units", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="自定单位、时限、投资"
)
@click.option("--start", metavar="日期", help="计划开工日期，如 2026-03-01")
@click.option("--title", metavar="标题", help="清单标题")
@click.option("--time-limit-s", type=TIME_LIMIT, default=60.0, help="求解最长时间，默认 60 秒")
@click.option("--seed", type=SEED, default=0, help="随机种子，默认 0")
@click.option("--json", "as_json", is_flag=True, help="清单以 JSON 输出")
@study_options
def draft(
    pack: Path,
    out: Path | None,
    types: tuple[str, ...],
    kinds: str,
    no_street_points: bool,
    any_area: bool,
    budget: float | None,
    needs: Path | None,
    units: Path | None,
    start: str | None,
    title: str | None,
    time_limit_s: float,
    seed: int,
    as_json: bool,
    rule_pack: str | None,
    **options: Any,
) -> None:
    """
    起草项目清单。

    成果：projects.xlsx、projects.docx、projects.geojson、projects.json、projects_scenario.toml。
    退出码：0 有清单或没有缺口，1 有缺口而一个项目也列不出，2 输入有误。

    \b
    示例：
      yike projects draft 我的城市包 -o 成果 --type 维修点 --budget 50
    """
    from yike.reports.project_list.build import write_projects
    from yike.reports.project_list.plain import project_data
    from yike.studies.projects import ProjectSpec, draft_from_pack

    if out is None and not as_json:
        raise click.UsageError("请用 -o 写明成果目录，或用 --json 直接输出")
    spec = ProjectSpec(
        types=types,
        kinds=kinds_of(kinds),
        last_resort=not no_street_points,
        any_area=any_area,
        budget_fen=None if budget is None else round(budget * FEN_PER_WAN),
        needs=needs,
        units=units,
        start_on=day_of(start, "--start"),
        title=title or "",
        time_limit_s=time_limit_s,
        seed=seed,
    )
    line = ProgressLine(options.pop("quiet"))
    facts = draft_from_pack(spec_of(pack, rule_pack, options), spec, line)
    files = write_projects(facts, out) if out else {}
    line.close()
    data = project_data(facts)
    if as_json:
        show_json(data)
    else:
        click.echo(data["summary"])
        for name, what in files.items():
            click.echo(f"  {out / name if out else name}　{what}")
    if data["gaps"] and not data["projects"]:
        raise click.exceptions.Exit(1)


def kinds_of(text: str) -> tuple[str, ...]:
    """``"premises,outlet"`` as kinds; raises a usage error naming those that there are."""
    kinds = split_words(text)
    unknown = [k for k in kinds if k not in KINDS]
    if unknown or not kinds:
        raise click.BadParameter(f"只能是：{'、'.join(KINDS)}", param_hint="--kinds")
    return kinds


def day_of(text: str | None, option: str) -> str:
    """A date as ISO text, "" when not given; raises a usage error with the cure."""
    if not text:
        return ""
    day = parse_day(text)
    if day is None:
        raise click.BadParameter(f"日期“{text}”看不懂或没有这一天，请写成 2026-03-01 这样", param_hint=option)
    return day.isoformat()
