"""``yike siting``: where to add a type, what each number of sites brings, whether one site will do."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from yike.cli.options import BUDGET, PACK, SEED, TIME_LIMIT, FiniteRange, split_words, study_options
from yike.cli.run import spec_of
from yike.cli.talk import ProgressLine, show_json

MODULES = {"target": "yike.cli.siting_target"}
"""Commands that live in modules of their own, loaded when called."""


class SitingGroup(click.Group):
    """The group, with the commands of other modules that are there."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Own commands first."""
        return [*super().list_commands(ctx), *(n for n, module in MODULES.items() if find_spec(module))]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """A command by name, imported when asked for."""
        if cmd_name in MODULES and find_spec(MODULES[cmd_name]):
            command: click.Command = getattr(import_module(MODULES[cmd_name]), cmd_name)
            return command
        return super().get_command(ctx, cmd_name)


@click.group(cls=SitingGroup)
def siting() -> None:
    """
    选址：在哪里补、服务多少人、离最优多远。

    \b
    示例：
      yike siting solve 我的城市包 --type B10 --k 3 --cutoff-s 600
    """


def siting_options(command: Any) -> Any:
    """Add the options that make a ``SitingSpec``."""
    for option in reversed((
        click.option(
            "--type", "type_texts", multiple=True, required=True, metavar="业态",
            help="表行、代码或名称，如 B10、药店；写几个就几类一起选",
        ),
        click.option(
            "--cutoff-s", type=FiniteRange(1, 7200), help="步行时限（秒）；不写则用规则包对该业态的要求"
        ),
        click.option(
            "--kinds", default="premises", metavar="种类",
            help="候选点种类，逗号隔开：premises 闲置空间（默认）、outlet 现有网点兼办、"
            "street_point 沿街生成的点、stop 流动停靠点",
        ),
        click.option(
            "--spacing-m", type=FiniteRange(10, 2000), default=100.0, help="街边点间距，默认 100 米"
        ),
        click.option(
            "--space", "spaces", multiple=True, metavar="种类",
            help="闲置空间只要这几种，如 闲置厂房、核酸亭、车棚、地下空间、边角地",
        ),
        click.option("--near", is_flag=True, help="优先靠近社区服务、卫生、文化设施和公交站的点"),
        click.option("--strict", is_flag=True, help="面积、错位距离、空间种类等推定规则也用来排除，不只提醒"),
        click.option(
            "--weights", default="people", metavar="权重",
            help="people 居民（默认）、voices 需求票数，或年龄段如 60+",
        ),
        click.option(
            "--needs", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="文件",
            help="需求清单：生活圈或社区、业态、票数（--weights voices 时用）",
        ),
        click.option(
            "--circle", "circle_ids", multiple=True, metavar="生活圈", help="只给这些生活圈选，编号或名称"
        ),
        click.option(
            "--time-limit-s", type=TIME_LIMIT, default=60.0, help="求解最长时间，默认 60 秒"
        ),
        click.option("--seed", type=SEED, default=0, help="随机种子，默认 0"),
        click.option("--json", "as_json", is_flag=True, help="结果以 JSON 输出"),
    )):  # fmt: skip
        command = option(command)
    return command


@siting.command()
@PACK
@siting_options
@click.option("--k", type=click.IntRange(1), default=3, help="选几处，默认 3")
@click.option(
    "--model", default="mclp", metavar="模型",
    help="mclp 最大覆盖（默认）、lscp 最少几处全覆盖、p_median 总步行最短、p_center 最远的最近、"
    "capacitated 有容量、budget 有预算、equity 公平优先、multi 多业态",
)  # fmt: skip
@click.option("--budget", type=BUDGET, metavar="万元", help="预算，万元")
@click.option("--capacity", type=FiniteRange(0, min_open=True), help="每处能服务多少人（capacitated）")
@click.option("--types-per-site", type=click.IntRange(1), default=3, help="一处最多几类业态（multi），默认 3")
@click.option(
    "--geojson",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="文件",
    help="另写选点与所服务的居住点",
)
@click.option("--list-rejected", is_flag=True, help="列出每个不合要求的候选点和原因")
@study_options
def solve(
    pack: Path,
    budget: float | None,
    geojson: Path | None,
    list_rejected: bool,
    as_json: bool,
    rule_pack: str | None,
    **options: Any,
) -> None:
    """
    在候选点里选址：新增覆盖多少人、依据哪一条、离最优多远。

    时限内已有营业网点的居民不再计入。退出码：0 有方案，1 没有可选的或没有可增的，2 输入有误。

    \b
    示例：
      yike siting solve 我的城市包 --type B10 --k 3 --cutoff-s 600 --json
      yike siting solve 我的城市包 --type 维修点 --kinds premises,outlet --geojson 选址.geojson
      yike siting solve 我的城市包 --type 早餐店 --model budget --budget 30
    """
    from yike.cli.siting_words import show_plan
    from yike.studies.siting_run import solve_and_write

    line = ProgressLine(options.pop("quiet"))
    ask = _ask(options)
    ask["budget_fen"] = None if budget is None else round(budget * 1_000_000)
    record = solve_and_write(spec_of(pack, rule_pack, options), ask, geojson, line)
    line.close()
    if as_json:
        show_json(record)
    else:
        show_plan(record, list_rejected)
    if record["answer"] == "no":
        raise click.exceptions.Exit(1)


@siting.command()
@PACK
@siting_options
@click.option("--k-max", type=click.IntRange(1), default=10, help="算到几处，默认 10")
@study_options
def curve(pack: Path, as_json: bool, k_max: int, rule_pack: str | None, **options: Any) -> None:
    """
    覆盖曲线：选 1 处、2 处……各能新增覆盖多少人，上限是多少。

    \b
    示例：
      yike siting curve 我的城市包 --type 药店 --k-max 12
    """
    from yike.cli.siting_words import show_curve
    from yike.studies.siting_run import curve_of

    line = ProgressLine(options.pop("quiet"))
    record = curve_of(spec_of(pack, rule_pack, options), _ask(options), k_max, line)
    line.close()
    if as_json:
        show_json(record)
    else:
        show_curve(record)
    if record["answer"] == "no":
        raise click.exceptions.Exit(1)


@siting.command()
@PACK
@click.option("--lon", type=FiniteRange(-180, 180), required=True, help="经度（WGS-84）")
@click.option("--lat", type=FiniteRange(-90, 90), required=True, help="纬度（WGS-84）")
@click.option("--type", "type_text", required=True, metavar="业态", help="表行、代码或名称，如 B10、药店")
@click.option("--area-m2", type=FiniteRange(0, min_open=True), help="面积，平方米")
@click.option("--cutoff-s", type=FiniteRange(1, 7200), help="步行时限（秒）；不写则用规则包的要求")
@click.option("--json", "as_json", is_flag=True, help="结果以 JSON 输出")
@study_options
def check(
    pack: Path,
    lon: float,
    lat: float,
    type_text: str,
    area_m2: float | None,
    cutoff_s: float | None,
    as_json: bool,
    rule_pack: str | None,
    **options: Any,
) -> None:
    """
    核对一个点：步行路网通不通、能补多少人、合不合选址规则。

    退出码：0 可以，1 不行（走不到、面积不够、补不上），2 输入有误。

    \b
    示例：
      yike siting check 我的城市包 --lon 111.87 --lat 34.75 --type 药店
    """
    from yike.cli.siting_words import show_check
    from yike.studies.site_check import check_site

    line = ProgressLine(options.pop("quiet"))
    record = check_site(spec_of(pack, rule_pack, options), type_text, lon, lat, area_m2, cutoff_s, line)
    line.close()
    if as_json:
        show_json(record)
    else:
        show_check(record)
    if record["answer"] == "no":
        raise click.exceptions.Exit(1)


USED_BY = {
    "k": ("mclp", "p_median", "p_center", "capacitated", "equity", "multi"),
    "budget": ("budget", "multi"),
    "capacity": ("capacitated",),
    "types_per_site": ("multi",),
    "near": ("mclp",),
}
"""Options that only some models use; all others are used by every model."""

ALSO_NEEDED = {
    "needs": ("weights", "voices"),
    "spacing_m": ("kinds", "street_point"),
    "spaces": ("kinds", "premises"),
}
"""Options that mean something only beside a word of another option."""


def _refuse_unused(model: str) -> None:
    """Raise a usage error for options that would be silently passed over."""
    from yike.studies.siting_problem import ALIASES

    ctx = click.get_current_context()
    given = [n for n in ctx.params if ctx.get_parameter_source(n) is ParameterSource.COMMANDLINE]
    model = ALIASES.get(model, model)
    if model == "mclp" and len(set(ctx.params["type_texts"])) > 1:
        model = "multi"  # several types and no word on the model
    for name in given:
        if name in USED_BY and model not in USED_BY[name]:
            wanted = "、".join(USED_BY[name])
            raise click.UsageError(
                f"{_written(name)} 对{_of_model(model)}不起作用，只用于 {wanted}：请去掉它或换模型"
            )
        other, word = ALSO_NEEDED.get(name, ("", ""))
        if other and word not in split_words(str(ctx.params[other])):
            raise click.UsageError(
                f"{_written(name)} 只在 {_written(other)} 含 {word} 时起作用：请加上或去掉它"
            )


def _of_model(model: str) -> str:
    return "覆盖曲线" if model == "curve" else f" --model {model} "


def _written(name: str) -> str:
    """An option as people write it."""
    params = click.get_current_context().command.params
    return next(max(p.opts, key=len) for p in params if p.name == name)


def _ask(options: dict[str, Any]) -> dict[str, Any]:
    """Take the siting part out of a command's options."""
    _refuse_unused(options.get("model", "curve"))
    names = (
        "type_texts", "cutoff_s", "spacing_m", "near", "strict", "weights", "needs", "circle_ids",
        "time_limit_s", "seed", "k", "model", "capacity", "spaces",
    )  # fmt: skip
    ask = {name: options.pop(name) for name in names if name in options}
    ask["kinds"] = split_words(options.pop("kinds"))
    if not ask["kinds"]:
        raise click.BadParameter("没有写候选点种类", param_hint="--kinds")
    if "types_per_site" in options:
        ask["max_types_per_site"] = options.pop("types_per_site")
    return ask
