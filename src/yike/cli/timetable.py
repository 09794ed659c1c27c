"""``yike timetable``: weekly rounds of moving vendors."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from yike.cli.options import PACK, SEED, TIME_LIMIT, Day, FiniteRange, study_options
from yike.cli.run import spec_of
from yike.cli.talk import ProgressLine, show_json

if TYPE_CHECKING:
    from yike.reports.timetable_facts import TimetableFacts
    from yike.studies.timetable import TimetableSpec

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
MOST_LINES = 40
SPEC_NAMES = {
    "trades": "trades", "vendors": "vendors", "stops": "stops", "datum": "datum", "travel": "travel",
    "twice": "twice", "fair": "fair", "fairness": "fairness", "least": "least_share",
    "count_served": "count_served", "first_day": "first_day", "last_day": "last_day", "url": "public_url",
    "time_limit": "time_limit_s", "seed": "seed",
}  # fmt: skip
"""Options that go into a ``TimetableSpec`` as they are, with their names there."""


@click.group()
def timetable() -> None:
    """
    流动服务排班：修鞋、磨刀、早餐车、蔬菜直通车……一周里谁在哪半天到哪个点。

    \b
    示例：
      yike timetable solve 我的城市包 -o 班表
    """


def ground_options(command: Any) -> Any:
    """Options on who comes where and who walks there: all that a check needs."""
    for option in reversed((
        click.option("--vendors", type=FILE, help="流动服务者名单；不写则用城市包里的 [vendors]"),
        click.option("--stops", type=FILE, help="停靠点清单；不写则用城市包里的 [stops]"),
        click.option(
            "--stops-from", type=click.Choice(["premises", "communities", "movable"]), default=None,
            help="没有停靠点清单时由此生成：闲置用房、社区人口中心、已登记的流动网点",
        ),
        click.option("--datum", default="", help="--stops 文件的坐标系；不写则与城市包的网点相同"),
        click.option("--type", "trades", multiple=True, metavar="业态", help="只排这些业态，可写多次"),
        click.option(
            "--walk-min", type=FiniteRange(1, 60), default=10.0,
            help="居民步行几分钟，默认 10",
        ),
        click.option(
            "--travel", type=click.Choice(["walk", "straight"]), default="walk",
            help="停靠点之间按步行或直线",
        ),
        click.option(
            "--travel-min", type=FiniteRange(0, 240), default=30.0,
            help="同一天两处之间最多几分钟，默认 30",
        ),
    )):  # fmt: skip
        command = option(command)
    return command


def ask_options(command: Any) -> Any:
    """Options on what is asked of a new timetable."""
    for option in reversed((
        click.option("--twice", is_flag=True, help="同一业态一周里遇到第二次（不同日）也计入目标"),
        click.option(
            "--fair", type=click.Choice(["lexicographic", "weighted", "none"]), default="lexicographic",
            help="公平：先抬最差的社区（默认）、按权重、不求公平",
        ),
        click.option(
            "--fairness", type=FiniteRange(0, 1), default=0.5,
            help="weighted 时最差社区的权重，默认 0.5",
        ),
        click.option(
            "--least", type=FiniteRange(0, 1),
            help="要求每个社区至少达到的比例，如 0.6；做不到时说明",
        ),
        click.option("--count-served", is_flag=True, help="步行范围内已有固定网点的居民也计入"),
        click.option("--first-day", type=Day(), help="从哪个星期一开始；不写为数据日期之后的星期一"),
        click.option("--last-day", type=Day(), help="到哪一天为止；不写为长期"),
        click.option("--url", default="", help="班表网页的地址，印成二维码"),
        click.option("--time-limit", type=TIME_LIMIT, default=60.0, help="最多算几秒，默认 60"),
        click.option("--seed", type=SEED, default=0, help="随机种子，默认 0"),
    )):  # fmt: skip
        command = option(command)
    return command


@timetable.command()
@PACK
@click.option("-o", "--out", type=click.Path(file_okay=False, path_type=Path), help="成果目录；不写则只显示")
@click.option("--no-posters", is_flag=True, help="不写海报")
@click.option("--json", "as_json", is_flag=True, help="结果以 JSON 输出")
@ground_options
@ask_options
@study_options
def solve(
    pack: Path, out: Path | None, no_posters: bool, as_json: bool, rule_pack: str | None, **options: Any
) -> None:
    """
    排出一周的班表，使一周内遇到每种服务的居民最多，并在社区之间求公平。

    成果：timetable.xlsx（按服务者、按停靠点、覆盖前后）、timetable.json、posters/（每个停靠点一张
    A4 海报）、calendar/（日历文件）。

    \b
    示例：
      yike timetable solve 我的城市包 -o 班表
      yike timetable solve 我的城市包 --vendors 师傅.csv --stops-from communities --twice
    """
    from yike.studies.pipeline import base_of
    from yike.studies.timetable import timetable_of
    from yike.studies.timetable_papers import record_of, write_papers
    from yike.studies.watch import Watch

    _refuse_unused(out, no_posters, options)
    line = ProgressLine(options.pop("quiet") or as_json)
    base = base_of(spec_of(pack, rule_pack, options), Watch(line))
    facts = timetable_of(base, timetable_spec(options), line)
    files = [] if out is None else write_papers(facts, out, line, with_posters=not no_posters)
    line.close()
    if as_json:
        show_json(record_of(facts) | {"files": [str(f) for f in files]})
    else:
        _show(facts)
        if out is not None:
            click.echo(f"已写出 {len(files)} 个文件：{out}")
    if not facts.visits:
        raise click.exceptions.Exit(1)


@timetable.command()
@PACK
@click.argument("file", type=FILE, metavar="班表")
@click.option("--json", "as_json", is_flag=True, help="结果以 JSON 输出")
@ground_options
@study_options
def check(pack: Path, file: Path, as_json: bool, rule_pack: str | None, **options: Any) -> None:
    """
    复核改过的班表：违反了哪些约束，覆盖多少居民。

    读 timetable.json 里的 visits；没有问题退出码为 0，有问题为 1。

    \b
    示例：
      yike timetable check 我的城市包 班表/timetable.json
    """
    from yike.studies.pipeline import base_of
    from yike.studies.timetable_check import check_timetable
    from yike.studies.timetable_papers import coverage_lines, record_of
    from yike.studies.watch import Watch

    _refuse_lists(options)
    line = ProgressLine(options.pop("quiet") or as_json)
    base = base_of(spec_of(pack, rule_pack, options), Watch(line))
    facts, faults = check_timetable(base, timetable_spec(options), file)
    line.close()
    if as_json:
        show_json({"faults": [f.record for f in faults], "reach": record_of(facts)["reach"]})
    else:
        for fault in faults:
            click.echo(f"{fault.where}：{fault.message}办法：{fault.cure}")
        for text in coverage_lines(facts):
            click.echo(text)
        if not facts.visits:
            click.echo("班表里没有可以计入的班次。")
        click.echo("没有问题。" if not faults else f"共 {len(faults)} 处问题。")
    sys.exit(1 if faults else 0)


def _refuse_unused(out: Path | None, no_posters: bool, options: dict[str, Any]) -> None:
    """Raise a usage error for options that would be silently passed over."""
    _refuse_lists(options)
    given = click.get_current_context().get_parameter_source("fairness") is ParameterSource.COMMANDLINE
    if given and options["fair"] != "weighted":
        raise click.UsageError("--fairness 只在 --fair weighted 时起作用：请去掉它，或加上 --fair weighted")
    if out is None and (no_posters or options["url"]):
        name = "--no-posters" if no_posters else "--url"
        raise click.UsageError(f"{name} 只在写出成果时起作用：请用 -o 写明成果目录")


def _refuse_lists(options: dict[str, Any]) -> None:
    if options["stops"] and options["stops_from"]:
        raise click.UsageError("--stops 与 --stops-from 只能用一种")
    if options["datum"] and not options["stops"]:
        raise click.UsageError("--datum 说的是 --stops 文件的坐标系：请同时写 --stops")


def timetable_spec(options: dict[str, Any]) -> TimetableSpec:
    """What the options ask for; what a command has no option for stays as usual."""
    from yike.studies.timetable import TimetableSpec

    asked = {name: options[option] for option, name in SPEC_NAMES.items() if option in options}
    return TimetableSpec(
        walk_s=options["walk_min"] * 60.0,
        travel_s=options["travel_min"] * 60.0,
        stops_from=options["stops_from"] or "",
        **asked,
    )


def _show(facts: TimetableFacts) -> None:
    from yike.reports.words import share
    from yike.studies.timetable_papers import coverage_lines, week_lines

    head = f"{facts.title}{'（虚构）' if facts.provenance.is_invented else ''}"
    click.echo(f"{head}　{facts.first_day.isoformat()} 起")
    lines = week_lines(facts)
    for text in lines[:MOST_LINES]:
        click.echo(f"  {text}")
    if len(lines) > MOST_LINES:
        click.echo(f"  …… 另有 {len(lines) - MOST_LINES} 个班次，用 -o 看全部")
    for text in coverage_lines(facts):
        click.echo(text)
    proof = "已证明最优" if facts.status == "optimal" else f"与最优相差不超过 {share(facts.gap, 2)}"
    click.echo(f"{proof}；{facts.seconds:.1f} 秒；{facts.method}")
    for note in facts.notes:
        click.echo(f"· {note}")
