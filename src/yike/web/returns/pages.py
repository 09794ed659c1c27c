"""What the pages of a return show: the sheet with all that stands beside it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.utils import timezone

from yike.standards.survey_form import TYPE_ROWS, FormDoc, FormSettings, Value, rounding_note
from yike.web.audit.chain import Who
from yike.web.returns import queries, words
from yike.web.returns.cells import Source, source_from_json, values_from_json
from yike.web.returns.checks import SEVERITIES, Finding
from yike.web.returns.checks import findings as checks_of
from yike.web.returns.editing import Edit
from yike.web.returns.models import CellNote, Return, Revision
from yike.web.returns.queries.fresh import fresh_of, newer_in
from yike.web.returns.sheet import Beside, SheetView, label_of, sheet_of, shown


def page_of(ret: Return, revision: Revision) -> dict[str, Any]:
    """A revision to look at: no entry, no checks."""
    values = values_from_json(revision.values)
    beside = Beside(sources=_sources(revision), comments=revision.comments)
    return {
        "sheet": _sheet(ret, revision, values, beside, is_editable=False),
        "is_invented": ret.is_invented,
        "comments": [(label_of(k), why) for k, why in revision.comments.items()],
    }


def public_page_of(ret: Return, revision: Revision) -> dict[str, Any]:
    """The same for everybody: what is printed, without sources and comments."""
    values = values_from_json(revision.values)
    return {
        "sheet": _sheet(ret, revision, values, Beside(), is_editable=False),
        "is_invented": ret.is_invented,
    }


def desk_of(ret: Return, who: Who, today: dt.date, edit: Edit | None = None) -> dict[str, Any]:
    """The page of a return for somebody: what she may do, what is wrong, what others remarked."""
    revision = queries.revision_of(ret)
    may = queries.open_to(who, ret, today)
    notes = list(queries.open_notes(ret))
    values = values_from_json(revision.values)
    findings = _findings(ret, revision, edit)
    shown = {**values, **edit.values} if edit else values
    beside = Beside(
        sources=_sources(revision),
        comments=revision.comments | ({k: v for k, v in edit.comments.items() if v} if edit else {}),
        findings=findings,
        notes=_by_key(notes),
        typed=edit.typed if edit else {},
        faults=edit.faults if edit else {},
        kept=values,
    )
    return {
        "ret": ret,
        "revision": revision,
        "may": may,
        "sheet": _sheet(ret, revision, shown, beside, is_editable="fill" in may),
        "findings": [_line(f) for f in findings],
        "counts": [(word, sum(f.severity == s for f in findings), s) for s, word in words.SEVERITIES.items()],
        "notes": [(label_of(n.key), anchor_of(n.key), n) for n in notes],
        "newer": _newer(ret, revision) if "refresh" in may and edit is None else [],
        "steps": list(queries.steps_of(ret)),
        "revisions": list(ret.revisions.order_by("-number")),
        "sign": words.SIGNS[ret.state],
        "days_left": (ret.wave.due_on - today).days,
        "is_invented": ret.is_invented,
    }


def _newer(ret: Return, revision: Revision) -> list[dict[str, str]]:
    """Cells of which the register says something else now: what stands here, what it says."""
    newer = newer_in(revision, fresh_of(ret, timezone.now()))
    here = values_from_json(revision.values)
    return [
        {
            "label": label_of(key),
            "href": anchor_of(key),
            "old": shown(key, here[key]),
            "new": shown(key, value),
        }
        for key, value in newer.items()
    ]


def anchor_of(key: str) -> str:
    """Where on the page a cell is."""
    return "#cell-" + key.replace(".", "-") if key else "#sheet"


def _findings(ret: Return, revision: Revision, edit: Edit | None) -> list[Finding]:
    """What the checks say of the form as it is on the page, the worst first."""
    form = queries.filled_of(ret, revision)
    if edit:
        comments = {k: v for k, v in edit.comments.items() if v}
        form = replace(form, values={**form.values, **edit.values}, comments={**form.comments, **comments})
    return sorted(checks_of(form), key=lambda f: SEVERITIES.index(f.severity))


def _line(found: Finding) -> dict[str, str]:
    return {
        "href": anchor_of(found.key),
        "severity": found.severity,
        "word": words.SEVERITIES[found.severity],
        "text": found.text + found.cure,
        "code": found.code,
        "cell": label_of(found.key),
    }


def _sheet(
    ret: Return, revision: Revision, values: Mapping[str, Value], beside: Beside, *, is_editable: bool
) -> SheetView:
    settings = queries.settings_of(ret.wave)
    doc = FormDoc(values, settings, code=ret.code, revision=revision.number, is_invented=ret.is_invented)
    return sheet_of(doc, beside, is_editable=is_editable, rounding_note=rounding_of(values, settings))


def rounding_of(values: Mapping[str, Value], settings: FormSettings) -> str:
    """The rounding guard in a sentence, "" where the rows as printed add up."""
    staff = [v for row in TYPE_ROWS if isinstance(v := values.get(f"{row}.staff"), int)]
    told = rounding_note(staff, settings)
    return f"从业人数按万人{told}：先按人求和，再换算万人。" if told else ""


def _sources(revision: Revision) -> dict[str, Source]:
    return {k: source_from_json(k, v) for k, v in revision.sources.items()}


def _by_key(notes: Sequence[CellNote]) -> dict[str, list[CellNote]]:
    found: dict[str, list[CellNote]] = {}
    for note in notes:
        found.setdefault(note.key, []).append(note)
    return found
