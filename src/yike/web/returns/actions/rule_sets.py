"""A branch sets limits for the rounds to come; those that are open or over keep theirs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.db import IntegrityError, transaction
from django.utils.timezone import localdate

from yike.errors import RefusedError
from yike.web.audit.chain import Who, record
from yike.web.returns import checks, rules
from yike.web.returns.models import RuleSet


def add_rule_set(
    *,
    who: Who,
    area_code: str,
    title: str,
    begins_on: dt.date,
    limits: Mapping[str, int],
    basis: str,
    now: dt.datetime,
    is_invented: bool = False,
) -> RuleSet:
    """Add limits that hold for rounds as of a day or later."""
    title = title.strip()
    rules.require_role(who, rules.roles_for("open_wave"), area_code, localdate(now), title)
    kept = checks.usual_limits() | dict(limits)
    for limit in checks.branch_limits():
        if not limit.least <= kept[limit.name] <= limit.most:
            raise RefusedError(
                "returns.limit", status=400, label=limit.label, found=kept[limit.name], least=limit.least,
                most=limit.most,
            )  # fmt: skip
    made = RuleSet(
        area_code=area_code, title=title, begins_on=begins_on, limits=kept, basis=basis.strip(),
        by=who.account, at=now, is_invented=is_invented,
    )  # fmt: skip
    try:
        with transaction.atomic():
            made.save(force_insert=True)
            record(
                who, "rule_set.add", "rule_set", str(made.pk), now=now, area_code=area_code,
                after={"title": title, "begins_on": begins_on, "limits": kept, "basis": made.basis},
            )  # fmt: skip
    except IntegrityError as twice:
        raise RefusedError("returns.rule_set_exists", status=400, found=begins_on.isoformat()) from twice
    return made
