"""Where an account is signed in, and ending it there."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import transaction
from django.http import HttpRequest

from yike.web.accounts import trace
from yike.web.accounts.models import Account
from yike.web.accounts.queries import area_of
from yike.web.accounts.trace import Who

MARK_HEX = 16
BEGAN, ADDRESS, SEEN = "began", "address", "seen"


@dataclass(frozen=True)
class OwnSession:
    """One place where somebody is signed in; ``mark`` names it without giving its key away."""

    mark: str
    began: dt.datetime | None
    seen: dt.datetime | None
    address: str
    is_this: bool


def note_beginning(request: HttpRequest, *, address: str, now: dt.datetime) -> None:
    """Keep with a session when and from where it began."""
    request.session[BEGAN], request.session[ADDRESS] = int(now.timestamp()), address


def sessions_of(account: Account, this_key: str | None, now: dt.datetime) -> list[OwnSession]:
    """Where an account is signed in, the session in use first."""
    found = [
        OwnSession(_mark(s), _moment(told.get(BEGAN)), _moment(told.get(SEEN)), str(told.get(ADDRESS, "")),
                   s.session_key == this_key)
        for s, told in _living(account, now)
    ]  # fmt: skip
    return sorted(found, key=lambda s: (not s.is_this, -(s.seen or s.began or now).timestamp()))


def end_sessions(account: Account, this_key: str | None, mark: str, *, who: Who, now: dt.datetime) -> int:
    """End the session with a mark, or with "" all but the one in use; how many ended."""
    with transaction.atomic():
        keys = [
            s.session_key
            for s, _ in _living(account, now)
            if s.session_key != this_key and mark in ("", _mark(s))
        ]
        ended = Session.objects.filter(session_key__in=keys).delete()[0]
        if ended:
            trace.record(
                who, "account.end_sessions", account, now=now, area_code=area_of(account),
                after={"count": ended},
            )  # fmt: skip
    return ended


def _living(account: Account, now: dt.datetime) -> Iterator[tuple[Session, dict[str, object]]]:
    # Sessions know nobody by a column: all in force are opened, a few hundred in a working day.
    for session in Session.objects.filter(expire_date__gt=now).iterator(1000):
        told = session.get_decoded()
        if told.get(SESSION_KEY) == str(account.pk):
            yield session, told


def _mark(session: Session) -> str:
    return hashlib.sha256(session.session_key.encode()).hexdigest()[:MARK_HEX]


def _moment(seconds: object) -> dt.datetime | None:
    return dt.datetime.fromtimestamp(seconds, dt.UTC) if isinstance(seconds, int) else None
