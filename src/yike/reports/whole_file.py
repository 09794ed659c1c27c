"""Files that are whole or not there: a cancelled run leaves the old file or none, never half of one."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any


def write_whole(path: Path, write: Callable[[Path], Any]) -> None:
    """Let ``write`` fill a file beside ``path``, then give it its name; nothing is left of half a file."""
    # the suffix stays: libraries look at it
    half = path.with_name(f".half-{os.getpid()}-{path.name}")
    try:
        write(half)
        half.replace(path)
    finally:
        half.unlink(missing_ok=True)
