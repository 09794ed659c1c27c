"""``yike circle list``: circles of the workbench."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from yike.web.config.commands.opening import data_option, open_data


@click.command("list")
@data_option
@click.option("--branch", default="", help="辖区代码；不写是全部。")
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出。")
def list_(data: Path, branch: str, as_json: bool) -> None:
    """
    列出工作台登记的生活圈：编号、名称、社区、建设年限、居民数、状态。

    \b
    示例：
      yike circle list --data 数据 --json
    """
    open_data(data)
    from yike.web.accounts.branches import branch_from
    from yike.web.accounts.queries import within_branch
    from yike.web.regions.models import Circle
    from yike.web.regions.queries import with_state

    found = with_state(Circle.objects.filter(within_branch(branch_from(branch)))).order_by(
        "area_code", "code"
    )
    rows: list[dict[str, Any]] = [
        {
            "code": c.code,
            "name": c.name,
            "area_code": c.area_code,
            "communities": sorted(
                c.members.filter(ends_on__isnull=True).values_list("community__code", flat=True)
            ),
            "build_year": c.build_year,
            "people": c.people,
            "households": c.households,
            "state": getattr(c, "state", None),
            "is_invented": c.is_invented,
        }
        for c in found
    ]
    if as_json:
        click.echo(json.dumps({"circles": rows}, ensure_ascii=False, indent=2))
        return
    for row in rows:
        mark = "（虚构数据）" if row["is_invented"] else ""
        people = "居民数未知" if row["people"] is None else f"{row['people']:,} 人"
        click.echo(f"{row['code']}　{row['name']}　{len(row['communities'])} 个社区　{people}{mark}")
