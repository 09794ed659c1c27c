"""``yike demo``: the engine's two areas and 天水 in one workbench, served on this machine."""

from __future__ import annotations

import socket
import threading
import time
import webbrowser
from pathlib import Path
from typing import TYPE_CHECKING

import click

from yike.web.config.commands.folder import serve_folder
from yike.web.config.commands.opening import migrate, open_data
from yike.web.config.commands.serve import serve_data
from yike.web.config.commands.told import Told

if TYPE_CHECKING:
    from yike.web.accounts.demo import Demo

OPENS_WITHIN_S = 60
HOST = "127.0.0.1"


@click.command()
@click.option(
    "--data", "-o", "data", type=click.Path(file_okay=False, path_type=Path), default="out/demo",
    show_default=True, help="演示的数据文件夹；再次运行时接着用。",
)  # fmt: skip
@click.option("--pack", type=click.Path(exists=True, path_type=Path),
              help="只计算这个城市包，在本机打开成果网页，不用工作台。")  # fmt: skip
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8315, show_default=True, help="本机端口，0 为任选。"
)
@click.option("--serve/--no-serve", default=True, show_default=True, help="算完后启动工作台。")
@click.option("--browser/--no-browser", default=True, help="自动打开浏览器。")
@click.option("--quiet", is_flag=True, help="不显示进度。")
def demo(data: Path, pack: Path | None, port: int, serve: bool, browser: bool, quiet: bool) -> None:
    """
    演示：算好自带的真实片区和虚构的义马，连同天水一起装进工作台，在本机打开。

    \b
    示例：
      yike demo --data out/demo --no-serve
    """
    told = Told(quiet)
    if pack is not None:
        _only_pack(data, pack, told)
        if serve:
            serve_folder(data, HOST, port, browser)
        return
    open_data(data)
    from django.utils import timezone

    from yike.web.config.demo.load import load_demo

    told("准备数据库", 0, 1)
    migrate()
    made = load_demo(data.absolute(), now=timezone.now(), progress=told)
    told.close()
    _print_findings()
    _print_accounts(made)
    if not serve:
        click.echo(f"下一步：yike serve --data {data}", err=True)
        return
    port = port or _free_port()
    if browser:
        threading.Thread(target=_open_when_up, args=(port,), daemon=True).start()
    serve_data(data, host=HOST, port=port, processes=2, workers=1)


def _only_pack(data: Path, pack: Path, told: Told) -> None:
    from yike.studies.demo import FIRST_PAGE, make_demo

    sentences = make_demo(data, pack, told)
    told.close()
    for sentence in sentences:
        click.echo(sentence)
    click.echo(f"成果：{data / FIRST_PAGE}", err=True)


def _print_findings() -> None:
    from yike.web.analyses.models import Analysis

    for analysis in Analysis.objects.filter(done_at__isnull=False).order_by("id"):
        click.echo(analysis.summary["sentence"])


def _print_accounts(demo: Demo) -> None:
    click.echo("\n演示账号（全部虚构，只在演示文件夹里有）")
    for area in demo.areas:
        click.echo(f"\n{area.title}")
        for one in area.accounts:
            click.echo(f"  {one.username:<12} {demo.password}  {one.role_label}  {one.unit}")
    click.echo("")


def _open_when_up(port: int) -> None:
    """Open the browser as soon as somebody answers."""
    until = time.monotonic() + OPENS_WITHIN_S
    while time.monotonic() < until:
        try:
            socket.create_connection((HOST, port), timeout=1).close()
        except OSError:
            time.sleep(0.3)
            continue
        webbrowser.open(f"http://{HOST}:{port}/desk/")
        return


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])
