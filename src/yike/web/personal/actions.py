"""Writes: looking for a person, handing the data out, erasing it, erasing what is overdue; each traced."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from django.db import transaction
from django.utils.timezone import localdate

from yike.errors import RefusedError
from yike.web.accounts.models import Account
from yike.web.accounts.queries import branches_of
from yike.web.accounts.rules import MANAGERS, check_role
from yike.web.accounts.trace import Who
from yike.web.audit.chain import record
from yike.web.personal.holdings import Found, holding_of, holdings, policies
from yike.web.personal.masks import masked
from yike.web.personal.models import Request
from yike.web.personal.queries import records_about


def look_for(looker: Account, words: str, *, who: Who, now: dt.datetime) -> dict[str, list[Found]]:
    """Records about a person; that somebody looked is traced, with the words masked."""
    check_role(looker, localdate(now), *MANAGERS)
    with transaction.atomic():
        found = records_about(looker, words, localdate(now))
        record(
            who, "personal.find", "person", masked(words), now=now, area_code=_branch(looker, now),
            after=_counts(found),
        )  # fmt: skip
    return found


def hand_out(
    looker: Account, words: str, *, reason: str, who: Who, now: dt.datetime
) -> dict[str, list[Found]]:
    """The same for a copy to the person; kept as a request."""
    check_role(looker, localdate(now), *MANAGERS)
    with transaction.atomic():
        found = records_about(looker, words, localdate(now))
        _keep(Request.Kind.EXPORT, looker, words, reason, _counts(found), who, now)
    return found


def erase(
    looker: Account, words: str, chosen: Sequence[tuple[str, str]], *, reason: str, who: Who, now: dt.datetime
) -> tuple[int, int]:
    """
    Erase chosen records (holding, key) about a person.

    Returns
    -------
    How many are erased, and how many stay (still in use, or the law keeps them).
    """
    check_role(looker, localdate(now), *MANAGERS)
    with transaction.atomic():
        theirs = {(c, f.key) for c, fs in records_about(looker, words, localdate(now)).items() for f in fs}
        if not set(chosen) <= theirs:
            raise RefusedError("personal.changed", status=409)
        done: dict[str, int] = {}
        for code, key in chosen:
            eraser = (holding := holding_of(code)) and holding.erase
            if eraser and eraser(who, key, now):
                done[code] = done.get(code, 0) + 1
        _keep(Request.Kind.ERASE, looker, words, reason, done, who, now)
    return sum(done.values()), len(chosen) - sum(done.values())


def keep_periods(*, who: Who, now: dt.datetime) -> dict[str, int]:
    """Erase what is past its period, holding by holding; repeating it erases nothing more."""
    done = {}
    for holding in holdings():
        days = policies()[holding.code].kept_days
        if holding.purge and days is not None:
            with transaction.atomic():
                done[holding.code] = holding.purge(who, now - dt.timedelta(days=days), now)
                if done[holding.code]:
                    record(
                        who, "personal.retention", "person", holding.code, now=now,
                        after={"erased": done[holding.code]},
                    )  # fmt: skip
    return done


def _keep(
    kind: str, looker: Account, words: str, reason: str, counts: Mapping[str, int], who: Who, now: dt.datetime
) -> None:
    branch = _branch(looker, now)
    Request.objects.create(
        kind=kind, area_code=branch, subject=masked(words), reason=reason, done_at=now, done_by=looker,
        counts=dict(counts),
    )  # fmt: skip
    record(
        who, f"personal.{kind}", "person", masked(words), now=now, area_code=branch, after=dict(counts),
        note=reason,
    )  # fmt: skip


def _branch(looker: Account, now: dt.datetime) -> str:
    return next(iter(branches_of(looker, localdate(now), MANAGERS)), "")


def _counts(found: Mapping[str, Sequence[Found]]) -> dict[str, int]:
    return {code: len(records) for code, records in found.items()}
