"""Adding to the chain and checking it."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models import F

from yike.web.accounts.trace import Who as Who
from yike.web.audit.models import Entry, Head
from yike.web.audit.words import MASKS

COLUMNS = (
    "number", "at", "actor_id_text", "actor_name", "address", "action", "target_kind", "target_key",
    "area_code", "before", "after", "note", "previous_digest",
)  # fmt: skip


@dataclass(frozen=True)
class Break:
    """A place where the chain does not hold."""

    number: int
    why: str  # "edited" | "missing" | "head"


def record(
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
) -> Entry:
    """
    Add one entry; call it last in the transaction of the action it tells of.

    Raises
    ------
    TransactionManagementError
        Outside a transaction: an action and its trace stand or fall together.
    """
    connection = transaction.get_connection()
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("audit entries belong into the action's transaction")
    Head.objects.get_or_create(pk=1)
    # The update locks the row on PostgreSQL; on SQLite the transaction holds the whole file already.
    Head.objects.filter(pk=1).update(number=F("number") + 1)
    head = Head.objects.get(pk=1)
    entry = Entry(
        number=head.number,
        at=now,
        actor_id_text=who.account.username if who.account else "",
        actor_name=who.account.display_name if who.account else "",
        address=who.address,
        action=action,
        target_kind=target_kind,
        target_key=target_key,
        area_code=area_code,
        before=_plain(before or {}),
        after=_plain(after or {}),
        note=note,
        previous_digest=head.digest,
    )
    entry.digest = digest_of(entry)
    entry.save(force_insert=True)
    Head.objects.filter(pk=1).update(digest=entry.digest)
    return entry


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """As the database gives it back: dates as text, keys as text."""
    plain: dict[str, Any] = json.loads(json.dumps(values, cls=DjangoJSONEncoder, ensure_ascii=False))
    return {name: _masked(name, value) for name, value in plain.items()}


def _masked(name: str, value: Any) -> Any:
    """What is personal is kept masked: the record is never erased."""
    if isinstance(value, dict):
        return {k: _masked(k, v) for k, v in value.items()}
    if isinstance(value, list):
        return [_masked(name, v) for v in value]
    return MASKS[name](value) if name in MASKS and isinstance(value, str) else value


def digest_of(entry: Entry) -> str:
    """SHA-256 over the columns of an entry, those of the digest before it included."""
    values = {name: getattr(entry, name) for name in COLUMNS}
    values["at"] = entry.at.astimezone(dt.UTC).isoformat()
    text = json.dumps(values, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def verify_chain() -> Iterator[Break]:
    """Every place where an entry was edited, taken out or cut off at the end."""
    number, digest = 0, "0" * 64
    for entry in Entry.objects.order_by("number").iterator(2000):
        if entry.number != number + 1:
            yield Break(number + 1, "missing")
        elif entry.previous_digest != digest or digest_of(entry) != entry.digest:
            yield Break(entry.number, "edited")
        number, digest = entry.number, entry.digest
    head = Head.objects.filter(pk=1).first()
    if head is not None and (head.number, head.digest) != (number, digest):
        yield Break(head.number, "head")
