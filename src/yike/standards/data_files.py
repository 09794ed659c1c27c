"""Where the standards files lie that come with the program."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

DATA = Path(str(files("yike"))) / "standards" / "data"
"""The folder of standards that comes with the program."""
