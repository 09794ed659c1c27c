"""
Names of branches: codes are what the program keeps, names are what people read.

The app that keeps the areas tells how to find names (``name_with`` in its ``ready``); pages use
``place_of(code)`` or ``{{ code|place }}``. Names found are kept until the next request starts.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from django.core.signals import request_started

EVERYWHERE = "全部辖区"

_SOURCE: list[Callable[[str], str]] = []
_FOUND = threading.local()


def name_with(find: Callable[[str], str]) -> None:
    """Use a function that gives the name of a branch today, "" when it has none."""
    _SOURCE[:] = [find]


def place_of(branch: str) -> str:
    """``411281`` → ``义马市``; the code where no name is known; blank is every branch."""
    if not branch:
        return EVERYWHERE
    found: dict[str, str] = _FOUND.__dict__.setdefault("names", {})
    if branch not in found:
        found[branch] = (_SOURCE[0](branch) if _SOURCE else "") or branch
    return found[branch]


def forget_names(**told: Any) -> None:
    """Ask again for every name; called when a request starts."""
    _FOUND.__dict__.pop("names", None)


request_started.connect(forget_names, dispatch_uid="ui.places")
