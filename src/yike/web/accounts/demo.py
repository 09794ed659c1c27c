"""Accounts of a demonstration: shown beside the sign-in, because a demo's folder holds nothing to protect."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils.timezone import localdate

from yike.web.accounts import trace
from yike.web.accounts.models import Account, Duty, Role
from yike.web.accounts.trace import Who

FILE = "demo.json"
"""Lies in the data folder of a demonstration and in no other; ``yike demo`` alone writes it."""

SINCE = dt.timedelta(days=365)
"""Duties began a year ago: the demonstration has a past."""


@dataclass(frozen=True)
class DemoAccount:
    """One account to try a role with."""

    username: str
    name: str
    role: str
    unit: str
    area_code: str

    @property
    def role_label(self) -> str:
        """What the role is called."""
        return str(Role(self.role).label)


@dataclass(frozen=True)
class DemoArea:
    """One area of the demonstration with its accounts."""

    title: str
    accounts: tuple[DemoAccount, ...]


@dataclass(frozen=True)
class Demo:
    """What ``demo.json`` says."""

    password: str
    areas: tuple[DemoArea, ...]
    is_whole: bool  # everything was loaded


def demo_in(folder: Path) -> Demo | None:
    """The demonstration a data folder is for; None for a real one."""
    path = folder / FILE
    if not path.is_file():
        return None
    told = json.loads(path.read_text("utf-8"))
    areas = tuple(
        DemoArea(a["title"], tuple(DemoAccount(**one) for one in a["accounts"])) for a in told["areas"]
    )
    return Demo(told["password"], areas, told["is_whole"])


def write_demo(demo: Demo, folder: Path) -> None:
    """Mark a folder as one of a demonstration."""
    half = folder / f".{FILE}"
    half.write_text(json.dumps(asdict(demo), ensure_ascii=False, indent=1), "utf-8")
    half.replace(folder / FILE)


def demo_shown() -> Mapping[str, Any]:
    """For the sign-in page: ``demo``, None in a real installation."""
    return {"demo": demo_in(Path(settings.DATA))}


def open_demo_accounts(accounts: Iterable[DemoAccount], password: str, *, now: dt.datetime) -> None:
    """Make the accounts that are not there; all have the one password, to be kept as it is."""
    kept = make_password(password)  # once: it is slow on purpose
    for new in accounts:
        if Account.objects.filter(username=new.username).exists():
            continue
        with transaction.atomic():
            account = Account.objects.create(
                username=new.username, display_name=new.name, unit_name=new.unit, password=kept,
                must_change_password=False, password_changed_at=now,
            )  # fmt: skip
            Duty.objects.create(
                account=account, role=new.role, area_code=new.area_code, begins_on=localdate(now) - SINCE
            )
            told = {"role": new.role, "unit_name": new.unit}
            trace.record(
                Who(None, "演示"), "account.create", account, now=now, area_code=new.area_code, after=told
            )
