"""``yike move``: the same folder with another database, in one command."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import click

from yike.web.config.commands.opening import data_option, is_migrated, migrate, open_data
from yike.web.config.commands.told import Told


@click.command()
@click.option("--to", "address", required=True, help="空的新数据库：postgres://用户:密码@主机/库名。")
@click.option("--json", "as_json", is_flag=True, help="结果用 JSON 输出。")
@click.option("--quiet", is_flag=True, help="不显示进度。")
@data_option
def move(address: str, as_json: bool, quiet: bool, data: Path) -> None:
    """
    换数据库：把全部数据写进空的新数据库，逐表核对行数和摘要；先停下 yike serve。

    \b
    示例：
      yike move --data 数据 --to postgres://yike:密码@127.0.0.1/yike
    """
    open_data(data)
    if not is_migrated():
        migrate()
    with tempfile.TemporaryDirectory(prefix=".move-", dir=data.absolute().parent) as between:
        tables = _hand_over(data.absolute(), Path(between) / "all.zip", address, Told(quiet or as_json))
    rows = sum(tables.values())
    if as_json:
        click.echo(json.dumps({"rows": rows, "tables": tables}, ensure_ascii=False))
        return
    click.echo(f"● 已搬到新数据库：{len(tables)} 张表 {rows:,} 行，逐表与原来一致；原来的数据库没有动。")
    click.echo("下一步：以后每次启动前设 DATABASE_URL 为新数据库的地址，再运行 yike serve。", err=True)


def _hand_over(data: Path, between: Path, address: str, told: Told) -> dict[str, int]:
    """Out by a backup, in by a restore of its own program; rows by table."""
    from django.utils import timezone

    from yike.web.config.backup.writing import write_backup

    made = write_backup(data, between, now=timezone.now(), progress=told)
    told.close()
    told("写进新数据库并核对", 0, 1)
    command = [sys.executable, "-m", "yike.cli.main", "restore", str(between), "--data", str(data), "--quiet"]
    around = os.environ | {"DATABASE_URL": address}
    run = subprocess.run([*command, "--json"], env=around, capture_output=True, text=True)  # noqa: S603 - our own
    told.close()
    if run.returncode:
        click.echo(run.stderr.strip(), err=True)
        sys.exit(run.returncode)
    return {name: kept.size for name, kept in made.tables.items()}
