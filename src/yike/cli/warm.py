"""``yike warm``: compile the kernels ahead of the first use."""

from __future__ import annotations

import click


@click.command()
@click.option("--quiet", is_flag=True, help="不显示进度")
def warm(quiet: bool) -> None:
    """
    预热：把计算内核编译好存到缓存，之后每次启动都快。只需做一次，约两分钟。

    \b
    示例：
      yike warm
    """
    from yike.cli.talk import ProgressLine
    from yike.studies.warm_up import warm_up

    line = ProgressLine(quiet)
    warm_up(line)
    line.close()
    click.echo("内核已就绪。", err=True)
