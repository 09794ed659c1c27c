"""``yike doctor``."""

from __future__ import annotations

import json
import os
import shutil
import stat
from collections.abc import Callable
from pathlib import Path

import click

from yike.errors import YikeError
from yike.web.config.commands.opening import data_option, is_migrated, open_data

Finding = tuple[str, bool, str]  # what was looked at, whether it is well, what to know or do
LEAST_FREE_BYTES = 2_000_000_000


@click.command()
@click.option("--json", "as_json", is_flag=True, help="结果用 JSON 输出。")
@click.pass_context
@data_option
def doctor(ctx: click.Context, as_json: bool, data: Path) -> None:
    """
    体检：数据文件夹、密钥、数据库、加密的内容、磁盘、时钟、字体、操作记录；有问题时退出码为 1。

    \b
    示例：
      yike doctor --data 数据
    """
    open_data(data)
    findings = [look(data) for look in LOOKS]
    if as_json:
        keys = ("what", "is_well", "note")
        click.echo(json.dumps([dict(zip(keys, f, strict=True)) for f in findings], ensure_ascii=False))
    else:
        for what, is_well, note in findings:
            click.echo(f"{'●' if is_well else '!'} {what}：{note}")
    ctx.exit(0 if all(f[1] for f in findings) else 1)


def _folder(data: Path) -> Finding:
    is_well = os.access(data, os.W_OK)
    return "数据文件夹", is_well, f"{data.absolute()} " + ("可写" if is_well else "不可写，请给予权限")


def _keys(data: Path) -> Finding:
    loose = [n for n in ("secret.key", "seal.key") if stat.S_IMODE((data / n).stat().st_mode) & 0o077]
    cure = f"{'、'.join(loose)} 别人可读，请改为 600" if loose else "只有本人可读；请另存一份备份"
    return "密钥", not loose, cure


def _database(data: Path) -> Finding:
    from django.db import DatabaseError, connection

    try:
        is_well = is_migrated()
    except DatabaseError as wrong:
        return "数据库", False, f"连不上：{wrong}"
    return (
        "数据库",
        is_well,
        f"{connection.vendor}，" + ("结构与程序相符" if is_well else "须升级：请运行 yike init"),
    )


def _sealed(data: Path) -> Finding:
    from django.db import DatabaseError

    from yike.web.accounts.sealed import closed_columns

    try:
        closed = closed_columns()
    except DatabaseError:
        return "加密的内容", False, "读不出：请先运行 yike init"
    cure = f"{'、'.join(closed)} 打不开：密钥与写入时不同，请把当时的 seal.key 放回数据文件夹"
    return "加密的内容", not closed, cure if closed else "现有密钥都能打开"


def _disk(data: Path) -> Finding:
    free = shutil.disk_usage(data).free
    is_well = free > LEAST_FREE_BYTES
    return "磁盘", is_well, f"剩余 {free / 1e9:.1f} GB" + ("" if is_well else "，不足 2 GB，请腾出空间")


def _clock(data: Path) -> Finding:
    from django.db import DatabaseError
    from django.utils import timezone

    from yike.web.audit.models import Entry

    now = timezone.now()
    try:
        last = Entry.objects.order_by("-number").values_list("at", flat=True).first()
    except DatabaseError:
        last = None
    is_well = last is None or last <= now
    note = f"{timezone.localtime(now):%Y-%m-%d %H:%M}（北京时间）"
    return "时钟", is_well, note if is_well else note + "，早于最后一条操作记录，请校时"


def _fonts(data: Path) -> Finding:
    from importlib.util import find_spec

    is_well = find_spec("pylopdf_fonts_zh_cn") is not None
    return "中文字体", is_well, "随程序自带" if is_well else "缺少 pylopdf-fonts-zh-cn，请重新安装"


def _record(data: Path) -> Finding:
    from django.db import DatabaseError

    from yike.web.audit.chain import verify_chain

    try:
        broken = next(iter(verify_chain()), None)
    except (DatabaseError, YikeError):
        return "操作记录", False, "读不出：请先运行 yike init"
    return "操作记录", broken is None, "完整" if broken is None else f"第 {broken.number} 条起不完整"


def _packs(data: Path) -> Finding:
    from django.db import DatabaseError

    from yike.web.analyses.models import KeptPack

    try:
        kept = list(KeptPack.objects.values_list("name", "path"))
    except DatabaseError:
        return "城市包", False, "读不出：请先运行 yike init"
    lost = [name for name, path in kept if not (data / path / "pack.toml").is_file()]
    cure = (
        f"{'、'.join(lost)} 的文件不在了，请用 yike import 重新导入" if lost else f"{len(kept)} 个，文件都在"
    )
    return "城市包", not lost, cure


LOOKS: tuple[Callable[[Path], Finding], ...] = (
    _folder,
    _keys,
    _database,
    _sealed,
    _disk,
    _clock,
    _fonts,
    _record,
    _packs,
)
