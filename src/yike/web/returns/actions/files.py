"""Workbooks and documents that came back: kept, compared, taken over or dropped."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.db import transaction
from django.utils.timezone import localdate

from yike.errors import RefusedError
from yike.standards.survey_form import Value
from yike.web.audit.chain import Who
from yike.web.returns import rules
from yike.web.returns.actions.cells import fill_cells
from yike.web.returns.actions.held import hold, newest, trace
from yike.web.returns.cells import from_json, names_of
from yike.web.returns.comparing import compared, read_file
from yike.web.returns.models import CellChange, Return, ReturnFile

MOST_BYTES = 20 * 2**20
SUFFIXES = (".xlsx", ".xls", ".et", ".ods", ".docx", ".xlsm")


def take_file(*, who: Who, of: Return, stream: BinaryIO, name: str, now: dt.datetime) -> ReturnFile:
    """
    Keep a file that came back and say what it would change; nothing of the form changes yet.

    A sheet whose structure was changed is kept with its faults and would change nothing.
    """
    rules.require_fill(who, of, localdate(now))
    path, digest = _keep(stream, name)
    read = read_file(Path(settings.DATA) / path, of)
    with transaction.atomic():
        held = hold(of)
        rules.require_fill(who, held, localdate(now))
        found = compared(held, read)
        kept = ReturnFile.objects.create(
            of=held,
            revision=held.revision,
            seen_version=held.version,
            file_name=Path(name).name[:200],
            path=path,
            digest=digest,
            changes=found.changes,
            faults=found.faults,
            questions=found.questions,
            by=who.account,
            at=now,
        )
        trace(
            who, "return.file", held, now=now, note=kept.file_name,
            after={"digest": digest, "changes": len(found.changes), "faults": len(found.faults)},
        )  # fmt: skip
    return kept


def apply_file(
    *,
    who: Who,
    file: ReturnFile,
    answers: Mapping[str, str],
    comments: Mapping[str, str],
    now: dt.datetime,
    only: Collection[str] | None = None,
) -> ReturnFile:
    """
    Take over what a file changes: all of it, or the cells of ``only``.

    Parameters
    ----------
    answers
        To each question, by cell: "keep" takes what the file says, "suggested" what was probably meant.
    comments
        Why cells differ from their source; the key "" speaks for all.
    """
    with transaction.atomic():
        held = hold(file.of)
        file = ReturnFile.objects.select_for_update(of=("self",), no_key=True).get(pk=file.pk)
        if file.state != ReturnFile.State.READ:
            raise RefusedError(
                "returns.file_state", status=409, name=file.file_name, state=file.get_state_display()
            )
        rules.require_fill(who, held, localdate(now))
        values = _chosen(file, answers, only)
        fill_cells(
            who=who, of=held, values=values, comments=comments, seen=file.seen_version, now=now,
            origin=CellChange.Origin.FILE, file=file,
        )  # fmt: skip
        file.state = ReturnFile.State.APPLIED
        file.save(update_fields=["state"])
        trace(
            who, "return.file_apply", hold(held), now=now, note=file.file_name, after={"cells": len(values)}
        )
    return file


def drop_file(*, who: Who, file: ReturnFile, now: dt.datetime) -> ReturnFile:
    """Leave a file alone; it stays kept."""
    with transaction.atomic():
        held = hold(file.of)
        rules.require_fill(who, held, localdate(now))
        hit = ReturnFile.objects.filter(pk=file.pk, state=ReturnFile.State.READ).update(
            state=ReturnFile.State.DROPPED
        )
        file.refresh_from_db()
        if not hit:
            raise RefusedError(
                "returns.file_state", status=409, name=file.file_name, state=file.get_state_display()
            )
        trace(who, "return.file_drop", held, now=now, note=file.file_name)
    return file


def undo_file(*, who: Who, file: ReturnFile, now: dt.datetime) -> tuple[str, ...]:
    """
    Put back what a file changed; cells that somebody has changed since stay as they are.

    Returns
    -------
    Those cells.
    """
    with transaction.atomic():
        held = hold(file.of)
        file = ReturnFile.objects.select_for_update(of=("self",), no_key=True).get(pk=file.pk)
        rules.require_fill(who, held, localdate(now))
        if file.state != ReturnFile.State.APPLIED or file.revision != held.revision:
            raise RefusedError(
                "returns.file_state", status=409, name=file.file_name, state=file.get_state_display()
            )
        values = newest(held).values
        changes = list(CellChange.objects.filter(file=file, of=held))
        stays = tuple(c.key for c in changes if values.get(c.key) != c.new)
        back = {c.key: from_json(c.key, c.old) for c in changes if c.key not in stays}
        why = f"撤销表格“{file.file_name}”"[:400]
        fill_cells(who=who, of=held, values=back, comments={"": why}, seen=None, now=now)
        file.state = ReturnFile.State.UNDONE
        file.save(update_fields=["state"])
        trace(who, "return.file_undo", hold(held), now=now, note=file.file_name, after={"stays": stays})
    return stays


def _chosen(file: ReturnFile, answers: Mapping[str, str], only: Collection[str] | None) -> dict[str, Value]:
    values = {c["key"]: from_json(c["key"], c["new"]) for c in file.changes}
    if only is not None:
        values = {k: v for k, v in values.items() if k in only}
    open_questions = [q for q in file.questions if only is None or q["key"] in only]
    unanswered = [q["key"] for q in open_questions if answers.get(q["key"]) not in ("keep", "suggested")]
    if unanswered:
        raise RefusedError("returns.unanswered", status=400, cells=names_of(unanswered), keys=unanswered)
    for question in open_questions:
        key = question["key"]
        chosen = "suggested" if answers[key] == "suggested" else "kept"
        values[key] = from_json(key, question[chosen])
    return values


def _keep(stream: BinaryIO, name: str) -> tuple[str, str]:
    suffix = Path(name).suffix.lower()
    if suffix not in SUFFIXES:
        raise RefusedError("returns.file_kind", status=400, name=Path(name).name, found=suffix or "没有后缀")
    folder = Path(settings.DATA) / "returns"
    folder.mkdir(mode=0o700, exist_ok=True)
    half = folder / f".half-{os.getpid()}-{os.urandom(6).hex()}"
    digest, size = hashlib.sha256(), 0
    try:
        with half.open("xb") as kept:
            while block := stream.read(2**20):
                size += len(block)
                if size > MOST_BYTES:
                    raise RefusedError("returns.file_size", status=400, limit=f"{MOST_BYTES >> 20} MB")
                digest.update(block)
                kept.write(block)
        half.replace(folder / f"{digest.hexdigest()}{suffix}")
    finally:
        half.unlink(missing_ok=True)
    return f"returns/{digest.hexdigest()}{suffix}", digest.hexdigest()


def file_of(file: ReturnFile) -> Path:
    """The kept file."""
    return Path(settings.DATA) / file.path
