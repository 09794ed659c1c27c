"""An empty pack: ``pack.toml`` with every key explained, ready for a clerk's files."""

from __future__ import annotations

import datetime as dt
import re
from importlib.resources import files
from pathlib import Path

from yike.errors import UnreadableFileError
from yike.sources.pack_parse import PACK_FILE


def new_pack(folder: Path, *, name: str = "示例片区", as_of: dt.date | None = None) -> Path:
    """
    Write a commented ``pack.toml`` into a folder, which is made where it is missing.

    Parameters
    ----------
    folder
        Its name becomes the pack's code where it can.
    name
        Name of the district.
    as_of
        Date of the data; without it a date to be corrected is written.

    Returns
    -------
    The file written.

    Raises
    ------
    UnreadableFileError
        The folder holds a ``pack.toml`` already; nothing is overwritten.
    """
    path = folder / PACK_FILE
    if path.exists():
        raise UnreadableFileError("pack.path.exists", file=str(folder))
    folder.mkdir(parents=True, exist_ok=True)
    code = re.sub(r"[^A-Za-z0-9_-]+", "-", folder.resolve().name).strip("-_") or "demo"
    day = (as_of or dt.date(2026, 1, 1)).isoformat()
    text = (files("yike.sources") / "pack_template.toml").read_text("utf-8")
    safe_name = name.replace("\\", "").replace('"', "")
    for word, value in (("code", code[:64]), ("name", safe_name), ("as_of", day)):
        text = text.replace("{" + word + "}", value)
    path.write_text(text, "utf-8")
    return path
