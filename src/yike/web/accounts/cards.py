"""
The first screen: every app adds a card with what a person must do today.

Example, in an app's ``cards.py``, imported by its ``ready``::

    @shows_card(order=20)
    def returns_to_approve(account, now): return Card("待审", (Line("光明社区圈", "/desk/…"),))
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from yike.web.accounts.models import Account


@dataclass(frozen=True)
class Line:
    """One thing to do: what, where, how many, how it stands."""

    text: str
    href: str
    count: int | None = None
    sign: str = ""
    word: str = ""
    unit: str = ""  # of the count


@dataclass(frozen=True)
class Card:
    """A group of things to do; ``actions`` are big buttons (text, address)."""

    title: str
    lines: Sequence[Line] = ()
    empty: str = "没有待办。"
    actions: Sequence[tuple[str, str]] = field(default_factory=tuple)
    is_invented: bool = False
    picks: Sequence[tuple[str, str]] = ()  # things to choose one of (text, address)
    picks_label: str = ""


Show = Callable[[Account, dt.datetime], "Card | None"]
_CARDS: dict[str, tuple[int, Show]] = {}


def shows_card(order: int) -> Callable[[Show], Show]:
    """Decorator: this function gives a card for the first screen, None when the person needs none."""

    def register(show: Show) -> Show:
        _CARDS[f"{show.__module__}.{show.__qualname__}"] = (order, show)
        return show

    return register


def cards_for(account: Account, now: dt.datetime) -> list[Card]:
    """All cards of a person, in their order."""
    ordered = sorted(_CARDS.items(), key=lambda item: (item[1][0], item[0]))
    return [card for _, (_, show) in ordered if (card := show(account, now)) is not None]
