"""``yike scenario``: what changes for whom, before and after."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from yike.cli.options import study_options
from yike.cli.run import spec_of
from yike.cli.talk import ProgressLine, show_faults, show_json

BASE = click.argument("base", type=click.Path(exists=True, path_type=Path), metavar="城市包或底稿")
FILE = click.argument("file", type=click.Path(path_type=Path), metavar="情景文件")


@click.group()
def scenario() -> None:
    """
    情景：开一家、关一家、开一扇门、换一个时限，前后对比谁得谁失。

    \b
    示例：
      yike scenario new 补早餐.toml
    """


@scenario.command()
@BASE
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="情景文件…",
)  # fmt: skip
@click.option("-o", "--out", type=click.Path(file_okay=False, path_type=Path), help="成果目录")
@click.option("--json", "as_json", is_flag=True, help="对比结果以 JSON 输出")
@study_options
def compare(
    base: Path,
    files: tuple[Path, ...],
    out: Path | None,
    as_json: bool,
    rule_pack: str | None,
    **options: Any,
) -> None:
    """
    一份现状、若干情景，并列前后对比；只重算变动的部分，结果与改后从头计算相同。

    成果（写了 -o 时）：compare.html、compare.xlsx、compare.json。

    \b
    示例：
      yike scenario compare 我的城市包 补早餐.toml 开东门.toml -o 对比
    """
    from yike.studies.scenario_outputs import compare_and_write

    line = ProgressLine(options.pop("quiet"))
    given = _given(rule_pack, options)
    summary = compare_and_write(spec_of(base, rule_pack, options), list(files), out, given, line)
    line.close()
    if as_json:
        show_json(summary)
        return
    for sentence in summary["sentences"]:
        click.echo(sentence)
    for name, what in summary["files"].items():
        click.echo(f"  {Path(summary['folder']) / name}　{what}")


@scenario.command()
@FILE
@click.option("--name", default="", metavar="名称", help="情景的名称；不写则用文件名")
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出")
def new(file: Path, name: str, as_json: bool) -> None:
    """
    写一份带说明的情景样本，每一种改动都有例子；已有的文件不会覆盖。

    \b
    示例：
      yike scenario new 补早餐.toml --name 民安补一家早餐店
    """
    from yike.sources.scenario_file import new_scenario

    path = new_scenario(file, name)
    sentence = f"已写出情景样本：{path}"
    if as_json:
        show_json({"sentence": sentence, "file": str(path)})
    else:
        click.echo(sentence)


@scenario.command("base")
@click.argument("pack", type=click.Path(exists=True, path_type=Path), metavar="城市包")
@click.option("-o", "--out", type=click.Path(file_okay=False, path_type=Path), required=True, help="底稿目录")
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出")
@study_options
def keep(pack: Path, out: Path, as_json: bool, rule_pack: str | None, **options: Any) -> None:
    """
    把读好、算好、评好的现状存成底稿，以后对比情景时直接打开；城市包的文件变了，底稿不再可用。

    \b
    示例：
      yike scenario base 我的城市包 -o 底稿
    """
    from yike.studies.scenario_outputs import keep_and_tell

    line = ProgressLine(options.pop("quiet"))
    summary = keep_and_tell(spec_of(pack, rule_pack, options), out, line)
    line.close()
    if as_json:
        show_json(summary)
    else:
        click.echo(summary["sentence"])


@scenario.command()
@FILE
@click.argument(
    "base", required=False, type=click.Path(exists=True, path_type=Path), metavar="[城市包或底稿]"
)
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出")
@click.option("-q", "--quiet", is_flag=True, help="不显示进度")
def check(file: Path, base: Path | None, as_json: bool, quiet: bool) -> None:
    """
    检查情景的写法；给了城市包，再查编号、位置、社区、时限是否对得上。

    没有错误时退出码为 0，有错误为 1，路径不对为 2。

    \b
    示例：
      yike scenario check 补早餐.toml 我的城市包
    """
    from yike.studies.scenario_outputs import check_scenario

    line = ProgressLine(quiet)
    found, faults = check_scenario(file, base, line)
    line.close()
    if as_json:
        show_json({**found, "faults": [f.record for f in faults]})
    else:
        show_faults(faults)
        click.echo(found["sentence"])
        for edit in found["edits"]:
            click.echo(f"  {edit['number']}. {edit['kind_label']}　{edit['words']}")
    raise SystemExit(1 if faults else 0)


def _given(rule_pack: str | None, options: dict[str, Any]) -> list[str]:
    """Options that a kept base has settled already."""
    named = {
        "--rules": rule_pack, "--profile": options["profile"], "--at": options["at"],
        "--limit-min": options["limit_min"],
    }  # fmt: skip
    return [name for name, value in named.items() if value is not None]
