"""Remarks at cells."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.timezone import localdate

from yike.errors import RefusedError
from yike.standards.survey_form import cell_keys
from yike.web.audit.chain import Who
from yike.web.returns import rules
from yike.web.returns.actions.held import hold, trace
from yike.web.returns.cells import label_of
from yike.web.returns.models import CellNote, Return
from yike.web.returns.queries import open_to


def add_note(*, who: Who, of: Return, key: str, text: str, now: dt.datetime) -> CellNote:
    """Remark on a cell, or with the key "" on the whole form."""
    if not text.strip():
        raise RefusedError("returns.note_empty", status=400)
    with transaction.atomic():
        held = hold(of)
        _require_note(who, held, now)
        note = write_note(held, key, text, who=who, now=now)
        trace(who, "return.note", held, now=now, after={"key": key, "text": note.text})
    return note


def settle_note(*, who: Who, note: CellNote, now: dt.datetime) -> CellNote:
    """Mark a remark as dealt with."""
    with transaction.atomic():
        held = hold(note.of)
        _require_note(who, held, now)
        note = CellNote.objects.select_for_update(of=("self",), no_key=True).get(pk=note.pk)
        if note.settled_at is not None:
            return note
        note.settled_at, note.settled_by = now, who.account
        note.save(update_fields=["settled_at", "settled_by"])
        trace(
            who, "return.settle", held, now=now, after={"key": note.key, "text": note.text, "note": note.pk}
        )
    return note


def write_note(held: Return, key: str, text: str, *, who: Who, now: dt.datetime) -> CellNote:
    """Keep a remark on a held return."""
    if key and key not in cell_keys():
        raise RefusedError("returns.no_cell", status=400, found=key)
    return CellNote.objects.create(
        of=held, revision=held.revision, key=key, text=text.strip()[:400], by=who.account, at=now
    )


def _require_note(who: Who, held: Return, now: dt.datetime) -> None:
    rules.require_open(held)
    if "note" not in open_to(who, held, localdate(now)):
        raise RefusedError("returns.not_yours", status=403, name=held.circle.name, cell=label_of(""))
