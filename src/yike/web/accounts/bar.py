"""
What the bar above every page tells: how much waits for the person, and which round is running.

Apps add to it in their ``cards.py`` (``@counts_todo``, ``@tells_round``), which their ``ready`` imports.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from yike.web.accounts.models import Account

Count = Callable[[Account, dt.date], int]
Round = Callable[[Account, dt.date], "tuple[str, str] | None"]
_COUNTS: dict[str, Count] = {}
_ROUNDS: dict[str, Round] = {}


def counts_todo(count: Count) -> Count:
    """Decorator: this function counts what waits for a person; it runs on every page, so keep it quick."""
    _COUNTS[f"{count.__module__}.{count.__qualname__}"] = count
    return count


def tells_round(find: Round) -> Round:
    """Decorator: this function gives the title and address of the round that is running, None without."""
    _ROUNDS[f"{find.__module__}.{find.__qualname__}"] = find
    return find


def todo_of(account: Account, today: dt.date) -> int:
    """How many things wait for a person."""
    return sum(count(account, today) for count in _COUNTS.values())


def round_of(account: Account, today: dt.date) -> tuple[str, str] | None:
    """Title and address of the round that is running."""
    found = (find(account, today) for find in _ROUNDS.values())
    return next((told for told in found if told), None)
