"""A file that came back beside the form as it stands: what differs, what is wrong, what to ask."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from yike.errors import Fault, InputError, RefusedError
from yike.standards.survey_form import (
    SUMMED,
    TOTAL,
    CellChange,
    FormDoc,
    Value,
    changes,
    is_untouched,
    printed,
)
from yike.standards.survey_words import words
from yike.web.returns.cells import clean, to_json, total_of
from yike.web.returns.models import Return
from yike.web.returns.queries import doc_of, values_of
from yike.web.returns.since_sent import sent_of, with_conflicts

if TYPE_CHECKING:
    from yike.sources.survey_form import CellFault, Question, ReadForm

TOTALS = tuple(f"{TOTAL}.{column}" for column in SUMMED)


@dataclass(frozen=True)
class Read:
    """What was read of a file for one return: its form, or none and why."""

    form: ReadForm | None
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True)
class Compared:
    """As a ``ReturnFile`` keeps it."""

    changes: list[dict[str, Any]] = field(default_factory=list)  # key, cell, old, new, text
    faults: list[dict[str, Any]] = field(default_factory=list)  # key, cell, found, reason, cure
    questions: list[dict[str, Any]] = field(default_factory=list)  # key, cell, found, suggested, kept, reason
    same: int = 0


def read_file(path: Path, of: Return) -> Read:
    """
    Read the form of a return out of a file.

    A file of several forms must carry this return's page code or its circle's code or name.

    Raises
    ------
    RefusedError
        ``returns.file_other``: it is the form of another circle or return.
    """
    from yike.sources.survey_form import read_forms

    try:
        read = read_forms(path)
    except InputError as wrong:
        return Read(None, wrong.faults or (Fault(wrong.code, facts=dict(wrong.facts)),))
    form = _own(read.forms, of)
    if form is None and read.forms:
        other = "、".join(_called(f) for f in read.forms[:5])
        raise RefusedError("returns.file_other", status=400, name=of.circle.name, found=other)
    if form is not None and (others := _twins(read.forms, form)):
        cells = "、".join(other.cells["circle"].partition("!")[0] for other in (form, *others))
        return Read(None, (*read.faults, Fault("form.twice", file=path.name, found=cells)))
    return Read(form, read.faults)


def _twins(forms: tuple[ReadForm, ...], own: ReadForm) -> list[ReadForm]:
    """Other sheets of the same return that say something else: nobody knows which one is meant."""
    same = [f for f in forms if f is not own and f.code and f.code == own.code]
    return [f for f in same if (f.values, f.texts) != (own.values, own.texts)]


def _called(form: ReadForm) -> str:
    name = form.circle_name or "没有名称"
    return f"{name}（表号 {form.code}）" if form.code else name


def _own(forms: tuple[ReadForm, ...], of: Return) -> ReadForm | None:
    """The form that is this return's; a hand-made one without any code is taken by its circle's name."""
    for form in forms:
        if form.code and form.code == of.code:
            return form
    if any(form.code for form in forms):
        return None
    for form in forms:
        if of.circle.code in (form.circle_code, "") or form.circle_name == of.circle.name:
            return form
    return forms[0] if len(forms) == 1 and not forms[0].circle_code else None


def compared(of: Return, read: Read) -> Compared:
    """
    What a file would change in a return as it stands.

    A cell is the person's change where the file differs from the form as it was written; what was changed
    here since then and stands untouched in the file is no change. A cell that both changed is asked about.
    """
    faults = [whole_fault(f) for f in read.faults]
    form = read.form
    if form is None:
        return Compared(faults=faults)
    now = doc_of(of)
    sent = sent_of(of, form, now)
    values = {key: value for key, value in form.values.items() if not isinstance(value, float)}
    found = {c.key: c for c in changes(sent, values, form.texts)}
    bad = [
        _late_fault(form, key, found.pop(key).new) for key in list(found) if not _is_good(key, values[key])
    ]
    # what nobody touched keeps its exact persons: 7 are 0.00 万人 on paper, and twenty such rows add up
    exact = {key: value if key in found else sent.values.get(key) for key, value in values.items()}
    _follow_totals(of, exact, found)
    totals = _total_questions(form, exact, set(found))
    here = {key for key, c in found.items() if _stands(of, key, c.new, now)}
    found = {key: c for key, c in found.items() if key not in here}
    slips = [
        _question(q, values)
        for q in form.questions
        if q.key in values and q.key not in here and not is_untouched(sent, q.key, form.texts.get(q.key, ""))
    ]
    told = [_file_fault(f) for f in form.faults]
    return Compared(
        changes=[_change(form, key, change, now) for key, change in found.items()],
        faults=[*faults, *told, *bad],
        questions=with_conflicts(slips + totals, of, form, now, found),
        same=len(values) - len(found),
    )


def _change(form: ReadForm, key: str, change: CellChange, now: FormDoc) -> dict[str, Any]:
    return {
        "key": key,
        "cell": form.cells.get(key, ""),
        "old": to_json(key, now.values.get(key)),
        "new": to_json(key, change.new),
        "text": form.texts.get(key, ""),
    }


def _file_fault(fault: CellFault) -> dict[str, Any]:
    return {
        "key": fault.key,
        "cell": fault.cell,
        "found": fault.found,
        "reason": fault.reason,
        "cure": fault.cure,
    }


def _question(asked: Question, values: dict[str, Value]) -> dict[str, Any]:
    return {
        "key": asked.key,
        "cell": asked.cell,
        "found": asked.found,
        "suggested": to_json(asked.key, asked.suggested),
        "kept": to_json(asked.key, values[asked.key]),
        "reason": asked.reason,
    }


def _stands(of: Return, key: str, new: Value, now: FormDoc) -> bool:
    """Whether a cell holds already what a file says, a 合计 as somebody typed it."""
    if key in TOTALS and values_of(of)[key] is None:
        return False
    return now.values.get(key) == new


def whole_fault(fault: Fault) -> dict[str, Any]:
    """A fault of the file or of a sheet's structure, as a ``ReturnFile`` keeps it."""
    cell = fault.where or str(fault.facts.get("file", ""))
    told = {"key": "", "cell": cell, "found": fault.found, "reason": fault.message, "cure": fault.cure}
    return told | ({"level": fault.level} if fault.level != "error" else {})


def _is_good(key: str, value: Value) -> bool:
    try:
        clean(key, value)
    except RefusedError:
        return False
    return True


def _late_fault(form: ReadForm, key: str, value: Value) -> dict[str, Any]:
    try:
        clean(key, value)
    except RefusedError as wrong:
        reason, cure = str(wrong), wrong.hint
    return {
        "key": key, "cell": form.cells.get(key, ""), "found": form.texts.get(key, str(value)),
        "reason": reason, "cure": cure,
    }  # fmt: skip


def _follow_totals(of: Return, values: dict[str, Value], found: dict[str, CellChange]) -> None:
    """A 合计 that is the sum of the file's rows is no change of its own while it follows them here too."""
    kept = values_of(of)
    for column in SUMMED:
        key = f"{TOTAL}.{column}"
        summed = total_of(values, column)
        if key in found and kept[key] is None and printed(key, found[key].new) == printed(key, summed):
            del found[key]


def _total_questions(form: ReadForm, values: dict[str, Value], found: set[str]) -> list[dict[str, Any]]:
    """
    A 合计 that somebody typed and that is not the sum of the file's rows is asked about, never repaired.

    One of our own files whose 合计 still stands as sent was not typed: it goes on following its rows.
    """
    asked = []
    for column in SUMMED:
        key = f"{TOTAL}.{column}"
        typed, summed = values.get(key), total_of(values, column)
        if typed is None or summed is None or printed(key, typed) == printed(key, summed):
            continue
        if form.code and key not in found:
            continue
        asked.append(_total_question(form, key, typed, summed))
    return asked


def _total_question(form: ReadForm, key: str, typed: Value, summed: int) -> dict[str, Any]:
    name = words()["columns"][key.partition(".")[2]]
    return {
        "key": key,
        "cell": form.cells.get(key, ""),
        "found": form.texts.get(key, ""),
        "suggested": None,
        "kept": to_json(key, typed),
        "reason": f"合计·{name}为 {printed(key, typed)}，本文件逐行相加是 {printed(key, summed)}；"
        "选“按建议”则合计随各行计算",
    }
