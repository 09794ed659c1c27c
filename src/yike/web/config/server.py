"""The web server that ``yike serve`` starts: ``python -m yike.web.config.server HOST PORT PROCESSES``."""

from __future__ import annotations

import sys
from typing import Any

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from yike.web.config.parents import end_with_parent

THREADS = 4  # of each process: pages wait for the database, not for each other


def run(host: str, port: int, processes: int) -> None:
    """Serve until told to stop; a process that dies is started again."""
    end_with_parent()
    Granian(
        "yike.web.config.server:make_application",
        factory=True,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=processes,
        blocking_threads=THREADS,
        websockets=False,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
    ).serve()


def make_application() -> Any:
    """The application, in a process that serves it and ends when this server is gone."""
    from yike.web.config.wsgi import application

    end_with_parent()
    _warm()
    return application


def _warm() -> None:
    """Load what pages need before the first one is asked for, not while somebody waits."""
    from django.template.loader import get_template
    from django.urls import get_resolver

    _ = get_resolver().url_patterns
    for name in ("ui/page.html", "ui/pocket.html", "ui/plain.html", "ui/parts.html"):
        get_template(name)


if __name__ == "__main__":
    run(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
