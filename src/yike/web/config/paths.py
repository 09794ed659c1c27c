"""The data folder: everything that one installation owns lies in it."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def data_folder() -> Path:
    """``YIKE_DATA``, or ``data`` where the program was started; made when missing, for its owner only."""
    folder = Path(os.environ.get("YIKE_DATA", "data")).absolute()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def secret_of(folder: Path, name: str) -> str:
    """
    A secret kept in the data folder, made at the first start.

    Two processes that start together agree: the file is linked into place only if none is there.
    """
    path = folder / name
    if not path.exists():
        half = folder / f".{name}-{os.getpid()}"
        half.touch(mode=0o600)
        half.write_text(secrets.token_urlsafe(48), "ascii")
        try:
            os.link(half, path)
        except FileExistsError:
            pass
        finally:
            half.unlink()
    return path.read_text("ascii").strip()
