"""``yike backup`` and ``yike restore``."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import click

from yike.web.config.backup.manifest import KEYS
from yike.web.config.commands.opening import data_option, is_migrated, migrate, open_data
from yike.web.config.commands.told import Told


@click.command()
@click.option(
    "-o", "--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="备份文件（.zip）。"
)
@click.option("--with-keys", is_flag=True, help="连密钥一起备份；这样的备份要锁好。")
@click.option("--json", "as_json", is_flag=True, help="结果用 JSON 输出。")
@click.option("--quiet", is_flag=True, help="不显示进度。")
@data_option
def backup(out: Path, with_keys: bool, as_json: bool, quiet: bool, data: Path) -> None:
    """
    备份：数据库和上传的文件存成一个文件，附清单和 SHA-256；不用停机。

    \b
    示例：
      yike backup --data 数据 -o 备份.zip
    """
    open_data(data)
    from django.utils import timezone

    from yike.web.config.backup.writing import write_backup

    if not is_migrated():
        migrate()
    told = Told(quiet or as_json)
    made = write_backup(
        data.absolute(), out.absolute(), now=timezone.now(), with_keys=with_keys, progress=told
    )
    told.close()
    if as_json:
        _say(
            file=str(out), rows=made.rows, tables=len(made.tables), files=len(made.files), with_keys=with_keys
        )
        return
    click.echo(f"● 已备份到 {out}：{len(made.tables)} 张表 {made.rows:,} 行，文件 {len(made.files)} 个。")
    if not with_keys:
        click.echo("密钥不在备份里：请把数据文件夹中的 seal.key 另外存好，加密的内容要用它打开。", err=True)


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="结果用 JSON 输出。")
@click.option("--quiet", is_flag=True, help="不显示进度。")
@data_option
def restore(file: Path, as_json: bool, quiet: bool, data: Path) -> None:
    """
    恢复：写进空的数据文件夹和空的数据库，逐表核对；也用来从 SQLite 换到 PostgreSQL。

    \b
    示例：
      yike restore 备份.zip --data 新数据
    """
    bring_keys(file, data)
    open_data(data)
    from yike.web.config.backup.restoring import restore_backup

    told = Told(quiet or as_json)
    made, opens = restore_backup(file, data.absolute(), progress=told)
    told.close()
    if as_json:
        _say(rows=made.rows, tables=len(made.tables), files=len(made.files), key_fits=opens)
        return
    click.echo(
        f"● 已恢复 {made.made_at[:10]} 的备份：{len(made.tables)} 张表 {made.rows:,} 行，与备份时一致。"
    )
    if not opens:
        click.echo("! 密钥与备份时不同：加密的内容打不开。请把备份时的 seal.key 放回数据文件夹。", err=True)


def bring_keys(file: Path, data: Path) -> None:
    """Put the keys of a backup made with them into a folder that has none, before it gets some of its own."""
    if not zipfile.is_zipfile(file):
        return  # refused further on, in words
    with zipfile.ZipFile(file) as archive:
        names = set(archive.namelist())
        for key in KEYS:
            if f"files/{key}" in names and not (data / key).exists():
                data.mkdir(mode=0o700, parents=True, exist_ok=True)
                (data / key).touch(mode=0o600)
                (data / key).write_bytes(archive.read(f"files/{key}"))


def _say(**found: object) -> None:
    click.echo(json.dumps(found, ensure_ascii=False))
