"""Write ``docs/reference/cli.md`` from the commands' help: ``python -m yike.cli.document docs/reference``."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from yike.cli.main import cli

HEAD = """# 命令参考

本页由 `make docs` 从各命令的 `--help` 生成，请勿手改。
结果写到标准输出或 `-o` 指定的位置，进度和提醒写到标准错误。
退出码：0 完成，1 答案是“否”（例如检查、核对没有通过），2 输入有误，130 已取消。
"""


def commands(group: click.Group, path: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], click.Command]]:
    """Every command below a group with its full name, in the order the group lists them."""
    found: list[tuple[tuple[str, ...], click.Command]] = []
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if command is None:
            continue
        found.append(((*path, name), command))
        if isinstance(command, click.Group):
            found += commands(command, (*path, name))
    return found


def help_of(path: tuple[str, ...], command: click.Command) -> str:
    """Help text as a terminal of 100 columns shows it."""
    context = click.Context(command, info_name=" ".join(("yike", *path)), max_content_width=100)
    context.terminal_width = 100
    return command.get_help(context)


def page() -> str:
    """The whole reference page."""
    parts = [HEAD, "```text\n" + help_of((), cli) + "\n```\n"]
    for path, command in commands(cli):
        parts.append(f"## yike {' '.join(path)}\n\n```text\n{help_of(path, command)}\n```\n")
    return "\n".join(parts)


def main() -> None:
    """Write the page into the folder named on the command line."""
    (Path(sys.argv[1]) / "cli.md").write_text(page(), "utf-8")


if __name__ == "__main__":
    main()
