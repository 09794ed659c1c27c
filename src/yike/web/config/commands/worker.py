"""``yike worker``."""

from __future__ import annotations

import os
import signal
import socket
import threading
from pathlib import Path

import click

from yike.errors import YikeError
from yike.web.config.commands.opening import data_option, is_migrated, open_data


@click.command()
@data_option
def worker(data: Path) -> None:
    """
    后台任务的执行程序；yike serve 会自动启动，也可以另外多开几个。

    \b
    示例：
      yike worker --data 数据
    """
    open_data(data)
    if not is_migrated():
        raise YikeError("serve.older", why="有尚未升级的部分")
    from django.db import close_old_connections
    from django.utils import timezone

    from yike.web.jobs.worker import run_until

    asked = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: asked.set())
    signal.signal(signal.SIGINT, lambda *_: asked.set())
    parent = os.getppid()

    def is_over() -> bool:
        close_old_connections()
        return asked.is_set() or os.getppid() != parent  # the server is gone: so are we

    def pause(seconds: float) -> None:
        asked.wait(seconds)

    name = f"{socket.gethostname()[:40]}-{os.getpid()}"
    run_until(is_over, pause, name, timezone.now)
