"""Let click speak Chinese: its help and its complaints about options go through one table of words."""

from __future__ import annotations

import tomllib
from importlib import import_module
from importlib.resources import files

MODULES = ("core", "decorators", "exceptions", "formatting", "parser", "types")


def speak_chinese() -> None:
    """
    Replace click's look-up of translated texts, which is gettext's and would need a locale of the machine.

    What ``click_words.toml`` does not name stays as click says it.
    """
    words = tomllib.loads((files("yike.cli") / "click_words.toml").read_text("utf-8"))

    def one(text: str) -> str:
        return str(words.get(text, text))

    def several(text: str, texts: str, n: int) -> str:
        return one(text if n == 1 else texts)

    for name in MODULES:
        module = import_module(f"click.{name}")
        if hasattr(module, "_"):
            setattr(module, "_", one)  # noqa: B010
        if hasattr(module, "ngettext"):
            setattr(module, "ngettext", several)  # noqa: B010
