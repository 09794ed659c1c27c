"""What was found in a pack, in lines a clerk reads."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from yike.reports.words import count, share

MOST_TYPES = 12


@cache
def labels() -> dict[str, Any]:
    """Words of the check, from ``labels.toml``."""
    return tomllib.loads((files(__package__) / "labels.toml").read_text("utf-8"))


def describe_found(found: Mapping[str, Any]) -> list[str]:
    """
    One line for each section of a pack that held something.

    Parameters
    ----------
    found
        ``IntakeReport.found``: section -> plain values. Values without a word in ``labels.toml`` are left to
        ``--json``.
    """
    lines = []
    for section, name in labels()["section"].items():
        values = found.get(section)
        if section == "files" and values:
            lines.append(f"{name}：{len(values)} 个（{'、'.join(values)}）")
        elif isinstance(values, Mapping):
            parts = [p for key in values if (p := _phrase(key, values[key]))]
            if parts:
                lines.append(f"{name}：{'，'.join(parts)}")
        if section == "outlets" and values and values.get("by_type"):
            lines.append(f"　　按业态：{_by_type(values['by_type'])}")
    return lines


def _by_type(by_type: Mapping[str, int]) -> str:
    shown = [f"{label} {n}" for label, n in list(by_type.items())[:MOST_TYPES]]
    rest = len(by_type) - len(shown)
    return "、".join(shown) + (f"，另有 {rest} 种业态" if rest > 0 else "")


def _phrase(key: str, value: Any) -> str:
    words = labels()
    if key in ("people_method", "delineation"):
        return str(words[key].get(value, ""))
    if value is None or key not in words["word"] or (value == 0 and key != "rows"):
        return ""
    if key == "largest_share":
        shown = share(value, 1)
    elif key == "checked":
        shown = "至".join(dict.fromkeys(value))
    elif key == "length_km":
        shown = f"{value:,.1f}"
    else:
        shown = count(value)
    return str(words["word"][key]).format(shown)
