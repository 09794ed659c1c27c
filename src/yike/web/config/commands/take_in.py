"""``yike import``."""

from __future__ import annotations

import json
from pathlib import Path

import click

from yike.web.config.commands.opening import data_option, is_migrated, migrate, open_data
from yike.web.config.commands.told import Told


@click.command("import")
@click.argument("pack", type=click.Path(exists=True, path_type=Path))
@click.option("--branch", required=True, help="辖区代码（2 到 9 位），如 411281；官方区划自动载入。")
@click.option("--json", "as_json", is_flag=True, help="结果用 JSON 输出。")
@click.option("--quiet", is_flag=True, help="不显示进度。")
@data_option
def take_in(pack: Path, branch: str, as_json: bool, quiet: bool, data: Path) -> None:
    """
    导入城市包：社区、生活圈、网点、闲置用房进登记册，城市包留作分析；重复导入不会重复登记。

    \b
    示例：
      yike import 城市包 --data 数据 --branch 411281
    """
    open_data(data)
    from django.utils import timezone

    from yike.errors import InputError
    from yike.sources.pack import read_pack
    from yike.web.accounts.branches import branch_from
    from yike.web.accounts.trace import Who
    from yike.web.analyses.actions import keep_pack
    from yike.web.analyses.intake import load_register
    from yike.web.regions.divisions import official_divisions
    from yike.web.regions.models import Area

    if not is_migrated():
        migrate()
    try:
        code = branch_from(branch)
    except ValueError:
        raise InputError("analyses.import.branch", found=branch) from None
    if code.ljust(12, "0") not in official_divisions() and not Area.objects.filter(branch=code).exists():
        raise InputError("analyses.import.branch", found=branch)
    told, now, who = Told(quiet or as_json), timezone.now(), Who(None, "命令行")
    told("读取城市包", 0, 1)
    read = read_pack(pack)
    loaded = load_register(who=who, pack=read, folder=pack, branch=code, now=now, progress=told)
    kept = keep_pack(who=who, pack=read, folder=pack, area_code=code, now=now)
    told.close()
    counts = {"areas": loaded.areas, "circles": loaded.circles, "premises": loaded.premises}
    if as_json:
        found = counts | {"pack": kept.pk, "outlets": loaded.outlets, "unmatched": loaded.nameless}
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    outlets = loaded.outlets
    click.echo(
        f"● {kept.name}：新增区划 {loaded.areas} 个、生活圈 {loaded.circles} 个、"
        f"闲置用房 {loaded.premises} 处；"
        f"网点新增 {outlets.get('new', 0)} 个、更新 {outlets.get('changed', 0)} 个、"
        f"有误 {outlets.get('error', 0)} 行。"
    )
    if loaded.nameless:
        click.echo(f"! 这些社区在辖区里没有找到：{'、'.join(loaded.nameless)}", err=True)
