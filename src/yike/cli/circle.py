"""``yike circle``: assessment and grade of living circles."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

import click

from yike.cli.circle_estate import estate
from yike.cli.circle_forecast import forecast
from yike.cli.circle_instant import instant
from yike.cli.circle_shortlist import shortlist
from yike.cli.options import PACK, study_options
from yike.cli.run import spec_of
from yike.cli.talk import ProgressLine, show_json


class CircleGroup(click.Group):
    """The commands of this file, and ``list``, which belongs to the workbench and loads by name."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted([*super().list_commands(ctx), "list"])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name != "list":
            return super().get_command(ctx, cmd_name)
        command: click.Command = import_module("yike.web.config.commands.circles").list_
        return command


@click.group(cls=CircleGroup)
def circle() -> None:
    """
    生活圈：评价与分级，建设年限，试点筛选，新建小区配建，工作台的名录。

    \b
    示例：
      yike circle assess 我的城市包
    """


@circle.command()
@PACK
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出（与 assessment.json 相同）")
@study_options
def assess(pack: Path, as_json: bool, rule_pack: str | None, **options: Any) -> None:
    """
    按规则包评价每个生活圈：达标业态、得分、等级和原因。

    \b
    示例：
      yike circle assess 我的城市包 --rules yima-2023-9
    """
    from yike.studies.outputs import assessment_of

    line = ProgressLine(options.pop("quiet"))
    data, rows = assessment_of(spec_of(pack, rule_pack, options), line)
    line.close()
    if as_json:
        show_json(data)
        return
    for row in rows:
        click.echo("　".join(row))


circle.add_command(forecast)
circle.add_command(shortlist)
circle.add_command(estate)
circle.add_command(instant)
