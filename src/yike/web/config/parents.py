"""Processes that end with the one that started them, so that a killed server leaves nobody at its door."""

from __future__ import annotations

import os
import signal
import threading
import time

LOOK_EVERY_S = 0.5
PEACE_S = 5.0


def end_with_parent() -> None:
    """Watch, beside the work, whether the parent lives; when it does not, stop: in peace, then at once."""
    parent = os.getppid()
    threading.Thread(target=_watch, args=(parent,), name="parent", daemon=True).start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(LOOK_EVERY_S)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(PEACE_S)
    os._exit(1)
