"""``yike siting target``: the cheapest projects that reach a target."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from yike.cli.options import BUDGET, PACK, SEED, TIME_LIMIT, FiniteRange, study_options
from yike.cli.projects import FEN_PER_WAN, day_of, kinds_of
from yike.cli.run import spec_of
from yike.cli.talk import ProgressLine, show_json


@click.command()
@PACK
@click.option(
    "--target", "targets", multiple=True, metavar="代码", help="规则包里的目标代码，可写多个，按时限分期"
)
@click.option("--level", metavar="等级", help="等级代码或名称，如 basic、基础型；与 --share 同用")
@click.option("--share", type=FiniteRange(0, 1, min_open=True), metavar="比例", help="多大比例达到，如 0.7")
@click.option("--by", metavar="日期", help="到哪一天，如 2024-12-31")
@click.option(
    "--counts", type=click.Choice(("communities", "residents", "circles")), default="communities",
    help="比例按什么算：communities 社区（默认）、residents 居民、circles 生活圈个数",
)  # fmt: skip
@click.option("--basic-share", type=FiniteRange(0, 1), help="自定：基本保障类业态要有的比例，代替等级门槛")
@click.option("--quality-share", type=FiniteRange(0, 1), help="自定：品质提升类业态要有的比例，代替等级门槛")
@click.option("--fewest", is_flag=True, help="求项目个数最少，而不是投资最少")
@click.option("--budget", type=BUDGET, metavar="万元", help="资金上限")
@click.option(
    "--kinds", default="premises,outlet,stop", metavar="种类",
    help="候选点种类，逗号隔开：premises 闲置用房、outlet 在营网点兼办、stop 流动点、street_point 街边点",
)  # fmt: skip
@click.option("--no-street-points", is_flag=True, help="别处补不上时，也不用生成的街边点")
@click.option("--any-area", is_flag=True, help="闲置用房面积小于推定下限的也可选")
@click.option(
    "--units", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="自定单位、时限、投资"
)
@click.option("--time-limit-s", type=TIME_LIMIT, default=60.0, help="求解最长时间，默认 60 秒")
@click.option("--seed", type=SEED, default=0, help="随机种子，默认 0")
@click.option("-o", "--out", type=click.Path(file_okay=False, path_type=Path), help="另写项目清单到这个目录")
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出")
@study_options
def target(
    pack: Path,
    targets: tuple[str, ...],
    level: str | None,
    share: float | None,
    by: str | None,
    counts: str,
    basic_share: float | None,
    quality_share: float | None,
    fewest: bool,
    budget: float | None,
    kinds: str,
    no_street_points: bool,
    any_area: bool,
    units: Path | None,
    time_limit_s: float,
    seed: int,
    out: Path | None,
    as_json: bool,
    rule_pack: str | None,
    **options: Any,
) -> None:
    """
    达到目标最省的项目组合，和先建哪个；做不到时说明卡在哪里，退出码为 1。

    \b
    示例：
      yike siting target 我的城市包 --level basic --share 0.7 --by 2024-12-31
    """
    from yike.errors import InfeasibleError
    from yike.reports.project_list.build import write_projects
    from yike.studies.target_plan import TargetSpec, target_from_pack
    from yike.studies.target_record import summary_of

    if not targets and (not level or share is None):
        raise click.UsageError("请写 --target 目标代码，或写 --level 等级 --share 比例")
    if targets and (level or share is not None):
        raise click.UsageError("--target 与 --level、--share 只能用一种")
    own = {"basic": basic_share, "quality": quality_share}
    spec = TargetSpec(
        targets=targets,
        level=level or "",
        share=share,
        by=day_of(by, "--by"),
        counts=counts,
        shares={k: v for k, v in own.items() if v is not None},
        objective="projects" if fewest else "cost",
        kinds=kinds_of(kinds),
        last_resort=not no_street_points,
        any_area=any_area,
        budget_fen=None if budget is None else round(budget * FEN_PER_WAN),
        units=units,
        time_limit_s=time_limit_s,
        seed=seed,
    )
    line = ProgressLine(options.pop("quiet"))
    try:
        outcome = target_from_pack(spec_of(pack, rule_pack, options), spec, line)
    except InfeasibleError as wrong:
        line.close()
        _tell_infeasible(wrong, as_json)
        raise click.exceptions.Exit(1) from wrong
    files = write_projects(outcome.papers, out) if out else {}
    line.close()
    if as_json:
        show_json(outcome.record)
        return
    for text in summary_of(outcome.record):
        click.echo(text)
    for project in outcome.record["projects"]:
        gained = project["people_gained"]
        people = "人数未知" if gained is None else f"新增可达 {gained:,.0f} 人次"
        per_wan = (
            "" if project["people_per_wan"] is None else f"，每万元 {project['people_per_wan']:,.0f} 人次"
        )
        click.echo(f"  {project['order']}. {project['name']}　{project['site_name']}　{people}{per_wan}")
    for name, what in files.items():
        click.echo(f"  {out / name if out else name}　{what}")


def _tell_infeasible(wrong: Any, as_json: bool) -> None:
    """The answer is no: why, and what would make it yes."""
    if as_json:
        facts = {k: list(v) if isinstance(v, tuple) else v for k, v in wrong.facts.items()}
        show_json({
            "status": "infeasible", "code": wrong.code, "message": str(wrong), "cure": wrong.hint,
            "facts": facts,
        })  # fmt: skip
        return
    click.echo(f"做不到：{wrong}", err=True)
    if wrong.hint:
        click.echo(f"办法：{wrong.hint}", err=True)
