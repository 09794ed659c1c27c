"""``yike init``."""

from __future__ import annotations

from pathlib import Path

import click

from yike.web.config.commands.opening import data_option, migrate, open_data


@click.command()
@data_option
def init(data: Path) -> None:
    """
    初始化：建数据文件夹、密钥和数据库；已有的只升级，不清除。

    \b
    示例：
      yike init --data 数据
    """
    open_data(data)
    migrate()
    click.echo(f"● 已就绪：{data.absolute()}", err=True)
    click.echo(f"下一步：yike createuser 用户名 --name 姓名 --role security --data {data}", err=True)
