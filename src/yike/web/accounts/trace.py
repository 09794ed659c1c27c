"""
Where actions of this app leave their trace: the audit app, which lies above, puts its recorder in here.

Without a recorder an action fails instead of leaving no trace.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from yike.web.accounts.models import Account


@dataclass(frozen=True)
class Who:
    """Who acts, from where; the program itself when there is no account."""

    account: Account | None
    address: str = ""


class Recorder(Protocol):
    """What ``audit.chain.record`` looks like."""

    def __call__(
        self,
        who: Who,
        action: str,
        target_kind: str,
        target_key: str,
        *,
        now: dt.datetime,
        area_code: str = "",
        before: Mapping[str, Any] | None = None,
        after: Mapping[str, Any] | None = None,
        note: str = "",
    ) -> object:
        """Add an entry."""


_recorders: list[Recorder] = []


def record_with(recorder: Recorder) -> None:
    """Use this recorder from now on."""
    _recorders[:] = [recorder]


def record(who: Who, action: str, account: Account, *, now: dt.datetime, **told: Any) -> None:
    """Add an entry about an account; last in the action's transaction."""
    if not _recorders:
        raise RuntimeError("no recorder: the audit app is not installed")
    _recorders[0](who, action, "account", account.username, now=now, **told)
