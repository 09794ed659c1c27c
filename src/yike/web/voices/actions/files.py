"""Writes on workbooks of paper answers: keep what was read, enter it whole or drop it."""

from __future__ import annotations

import datetime as dt
import hashlib
import tempfile
from pathlib import Path
from typing import Any, BinaryIO

from django.db import transaction
from django.utils.timezone import localdate

from yike.errors import RefusedError
from yike.sources.tabular import SHEET_SUFFIXES, TEXT_SUFFIXES
from yike.web.audit.chain import Who, record
from yike.web.voices import rules
from yike.web.voices.actions.surveys import enter_answers
from yike.web.voices.answer_sheet import read_answers
from yike.web.voices.models import AnswerFile, Survey

MOST_BYTES = 5 * 2**20
SUFFIXES = (*SHEET_SUFFIXES, *TEXT_SUFFIXES)


def take_file(*, who: Who, survey: Survey, stream: BinaryIO, name: str, now: dt.datetime) -> AnswerFile:
    """Read a workbook and keep what it would add; no answer is entered yet."""
    rules.require(who, "survey", survey.circle, survey.area_code, localdate(now))
    rules.require_not_closed(survey)
    suffix = Path(name).suffix.lower()
    if suffix not in SUFFIXES:
        raise RefusedError("voices.file.kind", status=409, found=Path(name).name)
    whole = stream.read(MOST_BYTES + 1)
    if len(whole) > MOST_BYTES:
        raise RefusedError("voices.file.size", status=409, limit="5 MB")
    taken = dict.fromkeys(survey.answers.values_list("number", flat=True), "已录入的问卷")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"answers{suffix}"
        path.write_bytes(whole)
        read = read_answers(path, taken=taken)
    with transaction.atomic():
        kept = AnswerFile.objects.create(
            survey=survey, file_name=Path(name).name[-200:], digest=hashlib.sha256(whole).hexdigest(),
            rows=read.rows, n_rows=read.n_rows, by=who.account, at=now,
            faults=[
                {"row": f.row, "column": f.column, "found": f.found, "message": f.message, "cure": f.cure}
                for f in read.faults
            ],
        )  # fmt: skip
        after = {"file": kept.file_name, "digest": kept.digest, "rows": read.n_rows}
        _trace(who, "survey.file", survey, now=now, after=after)
    return kept


def apply_file(*, who: Who, file: AnswerFile, now: dt.datetime) -> int:
    """Enter the readable rows of a workbook, all of them or none; how many."""
    with transaction.atomic():
        _enter(file, AnswerFile.State.APPLIED)
        rows = [
            (row["number"], {k: v for k, v in row.items() if k not in ("row", "number")}) for row in file.rows
        ]
        return enter_answers(who=who, survey=file.survey, rows=rows, now=now)


def drop_file(*, who: Who, file: AnswerFile, now: dt.datetime) -> None:
    """Give a workbook up."""
    with transaction.atomic():
        rules.require(who, "survey", file.survey.circle, file.survey.area_code, localdate(now))
        _enter(file, AnswerFile.State.DROPPED)
        _trace(who, "survey.file_drop", file.survey, now=now, after={"file": file.file_name})


def _enter(file: AnswerFile, state: str) -> None:
    if not AnswerFile.objects.filter(pk=file.pk, state=AnswerFile.State.READ).update(state=state):
        file.refresh_from_db()
        raise RefusedError(
            "voices.file.state", status=409, name=file.file_name, found=file.get_state_display()
        )


def _trace(who: Who, action: str, survey: Survey, *, now: dt.datetime, **told: Any) -> None:
    record(who, action, "survey", str(survey.pk), now=now, area_code=survey.area_code, **told)
