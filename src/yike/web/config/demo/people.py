"""Who acts in the demonstration: the area's own demo account where its seat covers it, else the program."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from yike.web.accounts.demo import DemoArea
from yike.web.accounts.models import Account
from yike.web.accounts.trace import Who

PROGRAM = Who(None, "演示")


@dataclass(frozen=True)
class Cast:
    """The accounts of one area."""

    accounts: Mapping[str, tuple[str, Account]]  # role → seat, account

    def by(self, role: str, branch: str) -> Who:
        """Who does something in a branch in a role."""
        seat, account = self.accounts.get(role, ("-", None))
        return Who(account, "127.0.0.1") if account and branch.startswith(seat) else PROGRAM


def cast_of(area: DemoArea) -> Cast:
    """The accounts of an area as they are in the register."""
    found = {a.username: a for a in Account.objects.filter(username__in=[a.username for a in area.accounts])}
    return Cast({a.role: (a.area_code, found[a.username]) for a in area.accounts})
