"""``yike serve``."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import FrameType

import click

from yike.web.config.commands.opening import data_option, open_data
from yike.web.config.commands.starting import hold_folder, ready_database, require_folder, require_port

STOP_WITHIN_S = 20
MOST_DEATHS, DEATHS_WITHIN_S = 5, 60


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="监听地址；0.0.0.0 供局域网访问。")
@click.option("--port", type=click.IntRange(1, 65535), default=8315, show_default=True, help="端口。")
@click.option("--processes", type=click.IntRange(1, 32), default=2, show_default=True, help="网页进程数。")
@click.option("--workers", type=click.IntRange(0, 16), default=1, show_default=True, help="后台任务进程数。")
@data_option
def serve(host: str, port: int, processes: int, workers: int, data: Path) -> None:
    """
    启动工作台：网页和后台任务一起启动，按 Ctrl-C 一起停下。

    \b
    示例：
      yike serve --data 数据 --port 8315
    """
    serve_data(data, host=host, port=port, processes=processes, workers=workers)


def serve_data(data: Path, *, host: str, port: int, processes: int, workers: int) -> None:
    """Start web and worker processes and watch them; ends the program when they end."""
    require_folder(data)
    held = hold_folder(data, _address(host, port))
    require_port(host, port)
    open_data(data)
    ready_database()
    web = subprocess.Popen(_web(host, port, processes), env=os.environ.copy())  # noqa: S603 - our own program
    crew = Crew(_worker(data), workers)
    click.echo(f"● 工作台：{_address(host, port)}", err=True)
    code = _watch(web, crew)
    click.echo("已停下。", err=True)
    del held
    sys.exit(code)


def _address(host: str, port: int) -> str:
    shown = "127.0.0.1" if host in ("0.0.0.0", "::") else host  # noqa: S104
    return f"http://{f'[{shown}]' if ':' in shown else shown}:{port}/desk/"


def _web(host: str, port: int, processes: int) -> list[str]:
    return [sys.executable, "-m", "yike.web.config.server", host, str(port), str(processes)]


def _worker(data: Path) -> list[str]:
    return [sys.executable, "-m", "yike.cli.main", "worker", "--data", str(data.absolute())]


class Crew:
    """Worker processes; one that dies is started again, unless they die one after the other."""

    def __init__(self, command: list[str], size: int) -> None:
        self.command = command
        self.deaths: list[float] = []
        self.all = [self._start() for _ in range(size)]

    def _start(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(self.command, env=os.environ.copy())  # noqa: S603 - our own program

    def look(self) -> bool:
        """Start again who has died; False when that has happened too often to go on."""
        for place, child in enumerate(self.all):
            if child.poll() is None:
                continue
            now = time.monotonic()
            self.deaths = [t for t in self.deaths if now - t < DEATHS_WITHIN_S] + [now]
            if len(self.deaths) > MOST_DEATHS:
                click.echo("! 后台任务的执行程序接连中断，不再重试。请运行 yike doctor 体检。", err=True)
                return False
            click.echo(f"! 后台任务的执行程序意外中断（代码 {child.returncode}），已重新启动。", err=True)
            self.all[place] = self._start()
        return True


def _watch(web: subprocess.Popen[bytes], crew: Crew) -> int:
    """Wait until a stop is asked for or the web server ends by itself; then end all, in peace first."""
    asked = threading.Event()

    def stop(number: int, frame: FrameType | None) -> None:
        asked.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    while not asked.wait(0.5) and web.poll() is None and crew.look():
        pass
    ended = web.poll()
    children = [web, *crew.all]
    for child in children:
        child.terminate()
    for child in children:
        try:
            child.wait(STOP_WITHIN_S)
        except subprocess.TimeoutExpired:
            child.kill()
    return 0 if asked.is_set() else (ended or 1)
