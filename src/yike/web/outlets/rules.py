"""Who may change the register, and what an outlet's record must satisfy."""

from __future__ import annotations

import datetime as dt
from functools import cache

from yike.errors import RefusedError
from yike.sources.credit_code import clean_code, code_fault
from yike.standards.loader import load_rule_pack
from yike.web.accounts.models import Role
from yike.web.audit.chain import Who
from yike.web.outlets.models import Outlet, OutletEvent, Status
from yike.web.regions.rules import require

KEEPERS = (Role.COMMUNITY, Role.SUBDISTRICT, Role.DISTRICT, Role.CITY)
STATUS_OF = {
    OutletEvent.Kind.PLANNED: Status.PLANNED,
    OutletEvent.Kind.OPENED: Status.OPEN,
    OutletEvent.Kind.SUSPENDED: Status.SUSPENDED,
    OutletEvent.Kind.CLOSED: Status.CLOSED,
}
"""Trading status after an event; other events leave it."""

KIND_OF = {status: kind for kind, status in STATUS_OF.items()}
RULE_PACK = "mofcom-2021-247"
"""The national base, until a city chooses its own."""

CREDIT_CODE_WORDS = {
    "length": "统一社会信用代码应为 18 位。",
    "shape": "统一社会信用代码含有不会出现的字符，或登记机关区划不是数字。",
    "check": "统一社会信用代码的校验码不符，可能抄错一位（也有真实代码不符，核对后可保留）。",
}


def require_keeper(who: Who, branch: str, today: dt.date) -> None:
    """Raise RefusedError unless somebody may keep the register of a branch."""
    require(who, KEEPERS, branch, today)


def require_live(outlet: Outlet) -> None:
    """Raise RefusedError for an outlet that was taken out or merged."""
    if outlet.gone_at is not None:
        raise RefusedError("register.outlet.gone", status=409, name=outlet.name)


def credit_code_warning(code: str) -> str:
    """What is odd about a code, in Chinese; "" when all is well. It warns and never refuses."""
    return CREDIT_CODE_WORDS.get(code_fault(clean_code(code)), "") if code else ""


@cache
def fresh_days() -> float:
    """For how many days a visit counts: ``verified_within_days`` of the rule pack."""
    return float(load_rule_pack(RULE_PACK).settings["verified_within_days"])


def is_fresh(outlet: Outlet, today: dt.date) -> bool:
    """Whether somebody has looked at the outlet not long ago."""
    return outlet.verified_on is not None and (today - outlet.verified_on).days <= fresh_days()
