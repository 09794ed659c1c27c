"""``yike audit verify``."""

from __future__ import annotations

import json
from pathlib import Path

import click

from yike.web.config.commands.opening import data_option, open_data

WHY = {"edited": "内容被改动", "missing": "缺少这一条", "head": "末尾被截去"}


@click.group()
def audit() -> None:
    """
    操作记录：核对是否完整。

    \b
    示例：
      yike audit verify --data 数据
    """


@audit.command()
@click.option("--json", "as_json", is_flag=True, help="结果用 JSON 输出。")
@click.pass_context
@data_option
def verify(ctx: click.Context, as_json: bool, data: Path) -> None:
    """
    逐条核对操作记录的摘要链：被改、被删、被截都能发现；不完整时退出码为 1。

    \b
    示例：
      yike audit verify --data 数据 --json
    """
    open_data(data)
    from yike.web.audit.chain import verify_chain
    from yike.web.audit.models import Entry

    breaks = list(verify_chain())
    count = Entry.objects.count()
    if as_json:
        found = [{"number": b.number, "why": b.why} for b in breaks]
        click.echo(
            json.dumps({"entries": count, "is_whole": not breaks, "breaks": found}, ensure_ascii=False)
        )
    else:
        for one in breaks:
            click.echo(f"! 第 {one.number} 条：{WHY[one.why]}")
        click.echo(f"{'○ 不完整' if breaks else '● 完整'}：共 {count} 条操作记录。")
    ctx.exit(1 if breaks else 0)
