"""``yike createuser``."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from yike.web.config.commands.opening import data_option, open_data


@click.command()
@click.argument("username")
@click.option("--name", required=True, help="姓名。")
@click.option("--unit", default="", help="单位。")
@click.option(
    "--role", default="security", show_default=True, help="角色代码，如 security、city、community。"
)
@click.option("--branch", default="", help="辖区代码（2 到 12 位）；不填为全部辖区。")
@click.option("--json", "as_json", is_flag=True, help="结果用 JSON 输出。")
@data_option
def createuser(
    username: str, name: str, unit: str, role: str, branch: str, as_json: bool, data: Path
) -> None:
    """
    新建账号：印出一次性的初始密码，首次登录须改。

    \b
    示例：
      yike createuser anquan --name 张三 --role security --data 数据
    """
    open_data(data)
    from django.core.exceptions import ValidationError
    from django.utils import timezone

    from yike.web.accounts.actions import NewAccount, create_account
    from yike.web.accounts.branches import branch_from
    from yike.web.accounts.models import Account, Role
    from yike.web.accounts.trace import Who

    if role not in Role.values:
        raise click.UsageError(f"没有角色“{role}”。可填：{'、'.join(Role.values)}")
    try:
        area_code = branch_from(branch)
    except ValueError:
        raise click.UsageError(f"辖区代码“{branch}”不对，应为 2、4、6、9 或 12 位数字") from None
    try:
        Account(username=username, display_name=name).clean_fields(exclude=["password"])
    except ValidationError as wrong:
        raise click.UsageError("；".join(wrong.messages)) from wrong
    issued = create_account(
        NewAccount(username, name, unit, role, area_code), who=Who(None, "命令行"), now=timezone.now()
    )
    if as_json:
        json.dump(
            {"username": username, "password": issued.password, "role": role}, sys.stdout, ensure_ascii=False
        )
        click.echo()
    else:
        click.echo(f"用户名 {username}\n初始密码 {issued.password}")
