"""The command ``yike``: nouns that load only when they are called, so that help is quick."""

from __future__ import annotations

import sys
from importlib import import_module
from io import TextIOWrapper

import click

from yike import __version__
from yike.cli.chinese import speak_chinese

speak_chinese()

NOUNS = {
    "run": ("yike.cli.run:run", "一次做完：读城市包，算可达，评价，出全部成果"),
    "demo": ("yike.web.config.commands.demo:demo", "演示：真实片区、虚构的义马和天水，装进工作台在本机打开"),
    "pack": ("yike.cli.pack:pack", "城市包：检查、新建、从 OSM 裁取、生成虚构城市"),
    "network": ("yike.cli.network:network", "步行网络：统计、核对、等时圈"),
    "access": ("yike.cli.access:access", "可达性：每个居住点到每类业态的步行时间"),
    "circle": ("yike.cli.circle:circle", "生活圈：评价与分级"),
    "gaps": ("yike.cli.gaps:gaps", "缺口：哪个圈缺什么、影响多少人"),
    "siting": ("yike.cli.siting:siting", "选址：在哪里补、服务多少人、离最优多远"),
    "scenario": ("yike.cli.scenario:scenario", "情景：开一家、关一家、开一扇门，前后对比"),
    "timetable": ("yike.cli.timetable:timetable", "流动服务排班：谁在哪半天到哪个点"),
    "projects": ("yike.cli.projects:projects", "项目清单：由缺口和选址起草"),
    "standards": ("yike.cli.standards:standards", "标准：业态目录与规则包"),
    "report": ("yike.cli.report:report", "报告：单独生成某一份成果"),
    "init": ("yike.web.config.commands.init:init", "工作台：初始化或升级数据文件夹"),
    "createuser": ("yike.web.config.commands.createuser:createuser", "工作台：新建账号"),
    "serve": ("yike.web.config.commands.serve:serve", "工作台：启动网页和后台任务"),
    "worker": ("yike.web.config.commands.worker:worker", "工作台：单独启动后台任务"),
    "import": ("yike.web.config.commands.take_in:take_in", "工作台：导入城市包到登记册"),
    "backup": ("yike.web.config.commands.backup:backup", "工作台：备份"),
    "restore": ("yike.web.config.commands.backup:restore", "工作台：恢复备份，或换数据库"),
    "move": ("yike.web.config.commands.moving:move", "工作台：换到另一个数据库"),
    "returns": ("yike.web.config.commands.returns:returns", "工作台：调查表导出与导入"),
    "doctor": ("yike.web.config.commands.doctor:doctor", "工作台：体检"),
    "audit": ("yike.web.config.commands.audit:audit", "工作台：核对操作记录是否完整"),
    "warm": ("yike.cli.warm:warm", "预热：提前编译计算内核"),
}


class LazyGroup(click.Group):
    """A group that knows its commands by name and imports one only when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(NOUNS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in NOUNS:
            return None
        module, _, name = NOUNS[cmd_name][0].partition(":")
        command: click.Command = getattr(import_module(module), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("命令"):
            formatter.write_dl([(name, text) for name, (_, text) in NOUNS.items()])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, "-V", "--version", message="一刻 yike %(version)s", help="显示版本")
def cli() -> None:
    """
    一刻（yike）：城市一刻钟便民生活圈的分析与治理。

    \b
    示例：
      yike run 我的城市包 -o 成果
    """


def main(argv: list[str] | None = None) -> None:
    """
    Run the command line; YikeErrors become a Chinese message on stderr and exit code 2.

    With ``--json`` the same error also goes to stdout as JSON, with every fault.
    """
    from yike.cli.talk import file_error, show_error, show_json
    from yike.errors import YikeError

    as_json = "--json" in (sys.argv[1:] if argv is None else argv)
    _write_anywhere()
    try:
        code = cli.main(args=argv, prog_name="yike", standalone_mode=False)
        # Outside its standalone mode click returns the code of an Exit instead of raising it.
        sys.exit(code if isinstance(code, int) else 0)
    except click.ClickException as wrong:
        wrong.show()
        if as_json:
            show_json({"error": {"code": "cli.usage", "message": wrong.format_message()}, "faults": []})
        sys.exit(2)
    except (click.Abort, KeyboardInterrupt):
        click.echo("已取消。已写出的文件都是完整的，但可能不齐，请重新运行。", err=True)
        sys.exit(130)
    except YikeError as wrong:
        show_error(wrong, as_json)
        sys.exit(2)
    except OSError as wrong:
        # A full disk, a folder nobody may write to, a file that vanished while it was read.
        show_error(file_error(wrong), as_json)
        sys.exit(2)
    except Exception as wrong:
        if type(wrong).__module__ != "django.db.utils":
            raise
        show_error(import_module("yike.web.config.commands.starting").database_error(wrong), as_json)
        sys.exit(2)


def _write_anywhere() -> None:
    """Let a terminal that lacks a character get its number instead of an error; JSON stays JSON by that."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


if __name__ == "__main__":
    main()
