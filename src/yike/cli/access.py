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
      yike access nearest 我的城市包 --type B10 -o 最近网点.csv
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
    _show(summary, as_json)


TYPE = click.option(
    "--type", "type_text", required=True, metavar="业态", help="表行、代码或名称，如 B10、便利店"
)
OUT = click.option(
    "-o", "--out", type=click.Path(dir_okay=False, path_type=Path), required=True,
    help="以 .csv 或 .parquet 结尾的文件",
)  # fmt: skip
JSON = click.option("--json", "as_json", is_flag=True, help="结果摘要以 JSON 输出")


@access.command()
@PACK
@TYPE
@click.option("--k", type=click.IntRange(1, 100), default=5, help="每处居住点列出最近的几个，默认 5")
@OUT
@JSON
@study_options
def nearest(
    pack: Path, type_text: str, k: int, out: Path, as_json: bool, rule_pack: str | None, **options: Any
) -> None:
    """
    最近的几个网点：每个居住点到一类业态最近的 k 个网点，各走多少秒。

    每处居住点 k 行，由近到远；一样远的，列在前面的网点优先。
    列：place_id、form_row、rank、outlet_id、outlet_name、
    walk_s（搜索范围内没有为 inf，未接入、数据缺失为空）、state、state_label、as_of、invented。

    \b
    示例：
      yike access nearest 我的城市包 --type B10 --k 5 -o 最近网点.csv
    """
    from yike.studies.measures import nearest_and_write

    line = ProgressLine(options.pop("quiet"))
    summary = nearest_and_write(spec_of(pack, rule_pack, options), type_text, k, out, line)
    line.close()
    _show(summary, as_json)


@access.command()
@PACK
@click.option(
    "--measure", type=click.Choice(["2sfca", "e2sfca", "gravity"]), required=True,
    help="2sfca 两步移动搜索法、e2sfca 增强两步移动搜索法、gravity 引力模型",
)  # fmt: skip
@TYPE
@click.option(
    "--decay", type=click.Choice(["step", "linear", "exponential", "gaussian", "power", "zones"]),
    help="距离衰减：一刀切、直线、指数、高斯、幂、分三段；不写则 2sfca 一刀切、e2sfca 分三段、gravity 高斯",
)  # fmt: skip
@click.option("--cutoff-min", type=click.FloatRange(1, 120), default=15.0, help="最远走几分钟，默认 15")
@click.option(
    "--half-min", type=click.FloatRange(0.1, 120), help="指数、幂衰减到一半的分钟数；不写为最远的三分之一"
)
@click.option(
    "--capacity", type=click.Choice(["capacity", "area", "staff", "equal"]), default="capacity",
    help="网点的供给：容量、面积、从业人数，或每个网点都算 1（equal）；默认容量",
)  # fmt: skip
@click.option(
    "--unknown-capacity", type=click.FloatRange(0), metavar="数值",
    help="供给未知的网点按这个数计（推定）；不写则保持未知",
)  # fmt: skip
@OUT
@JSON
@study_options
def measure(
    pack: Path, type_text: str, out: Path, as_json: bool, rule_pack: str | None, **options: Any
) -> None:
    """
    可达性指标：每个居住点对一类业态的供给可达程度。

    2sfca、e2sfca 的值是人均供给（如人均座位），gravity 的值是按远近折减后的供给之和。
    列：place_id、people、form_row、value（范围内没有为 0，说不了为空）、state、state_label、
    is_inferred（1 为含推定的供给）、as_of、invented。
    公式和未知的处理见 docs/concepts/access-measures.md。

    \b
    示例：
      yike access measure 我的城市包 --measure 2sfca --type Q04 --capacity equal -o 两步搜索.csv
      yike access measure 我的城市包 --measure gravity --type Q04 --decay gaussian -o 引力.csv
    """
    from yike.studies.measures import MeasureSpec, measure_and_write

    half_min = options.pop("half_min")
    ask = MeasureSpec(
        measure=options.pop("measure"),
        cutoff_s=options.pop("cutoff_min") * 60.0,
        decay=options.pop("decay"),
        half_s=None if half_min is None else half_min * 60.0,
        capacity=options.pop("capacity"),
        unknown_capacity=options.pop("unknown_capacity"),
    )
    line = ProgressLine(options.pop("quiet"))
    summary = measure_and_write(spec_of(pack, rule_pack, options), type_text, ask, out, line)
    line.close()
    _show(summary, as_json)


def _show(summary: dict[str, Any], as_json: bool) -> None:
    if as_json:
        show_json(summary)
    else:
        click.echo(summary["sentence"])
