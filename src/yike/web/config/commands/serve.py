"""``yike serve``."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from types import FrameType

import click

from yike.web.config.commands.opening import data_option, is_migrated, migrate, open_data

STOP_WITHIN_S = 20


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
    open_data(data)
    if not is_migrated():
        migrate()
    serve_data(data, host=host, port=port, processes=processes, workers=workers)


def serve_data(data: Path, *, host: str, port: int, processes: int, workers: int) -> None:
    """Start web and worker processes and watch them; ends the program when they end."""
    commands = [_web(host, port, processes)] + [_worker(data)] * workers
    children = [subprocess.Popen(c, env=os.environ.copy()) for c in commands]  # noqa: S603 - our own programs
    click.echo(f"● 工作台：http://{'127.0.0.1' if host == '0.0.0.0' else host}:{port}/desk/", err=True)  # noqa: S104
    code = _watch(children)
    click.echo("已停下。", err=True)
    sys.exit(code)


def _web(host: str, port: int, processes: int) -> list[str]:
    return [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port),
        "--workers", str(processes), "--blocking-threads", "4", "--no-ws", "--log-level", "warning",
        "--respawn-failed-workers", "yike.web.config.wsgi:application",
    ]  # fmt: skip


def _worker(data: Path) -> list[str]:
    return [sys.executable, "-m", "yike.cli.main", "worker", "--data", str(data.absolute())]


def _watch(children: list[subprocess.Popen[bytes]]) -> int:
    """Wait until a stop is asked for or a child ends by itself; then end all of them, in peace first."""
    asked = threading.Event()

    def stop(number: int, frame: FrameType | None) -> None:
        asked.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    while not asked.wait(0.5) and all(c.poll() is None for c in children):
        pass
    ended = next((c.returncode for c in children if c.poll() is not None), 0)
    for child in children:
        child.terminate()
    for child in children:
        try:
            child.wait(STOP_WITHIN_S)
        except subprocess.TimeoutExpired:
            child.kill()
    return 0 if asked.is_set() else (ended or 1)
