"""One return: its values, sources, form, history and remarks."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Max, Q, QuerySet
from django.utils.timezone import localtime

from yike.standards.survey_form import FormDoc, FormSettings, Value, usual_notes
from yike.web.returns.cells import (
    MARK_WORDS,
    Source,
    from_json,
    label_of,
    source_from_json,
    values_from_json,
    with_totals,
)
from yike.web.returns.models import CellChange, CellNote, Return, Revision, Wave


def revision_of(of: Return, number: int | None = None) -> Revision:
    """A revision by its number, the newest without one."""
    return Revision.objects.get(of=of, number=number or of.revision)


def values_of(of: Return, number: int | None = None) -> dict[str, Value]:
    """Every cell as kept: a 合计 that nobody typed is None."""
    return values_from_json(revision_of(of, number).values)


def sources_of(of: Return, number: int | None = None) -> dict[str, Source]:
    """Where cells come from; a cell that nobody filled has none."""
    return {k: source_from_json(k, v) for k, v in revision_of(of, number).sources.items()}


def settings_of(wave: Wave) -> FormSettings:
    """How a wave prints its figures."""
    return FormSettings(count_decimals=wave.count_decimals, rounding=wave.rounding)


def values_at(of: Return, version: int, number: int | None = None) -> dict[str, Value]:
    """Every cell as it was at a version of a revision, the newest without a number."""
    values = values_of(of, number)
    later = CellChange.objects.filter(of=of, version__gt=version, revision=number or of.revision)
    for key, old in later.order_by("-id").values_list("key", "old"):
        values[key] = from_json(key, old)
    return values


def version_of(revision: Revision) -> int:
    """
    The version of the return at which a cell of a revision changed last, 0 as it was opened.

    Steps do not count: a form on paper stays the same to the byte while it climbs.
    """
    changed = CellChange.objects.filter(of=revision.of_id, revision=revision.number)
    return changed.aggregate(last=Max("version"))["last"] or 0


def doc_of(of: Return, number: int | None = None) -> FormDoc:
    """A return as a form: a 合计 that nobody typed is the sum of its rows, one typed stays as typed."""
    return doc_of_revision(of, revision_of(of, number))


def doc_of_revision(of: Return, revision: Revision) -> FormDoc:
    """The same when the revision is at hand."""
    values = with_totals(values_from_json(revision.values))
    settings = settings_of(of.wave)
    notes = usual_notes(values, settings)
    for key, why in revision.comments.items():
        notes[key] = "；".join(filter(None, [notes.get(key), f"说明：{why}"]))
    return FormDoc(
        values=values,
        settings=settings,
        notes=notes,
        circle_code=of.circle.code,
        code=of.code,
        revision=revision.number,
        version=version_of(revision),
        is_invented=of.is_invented,
        sources=_source_lines(revision),
    )


def _source_lines(revision: Revision) -> tuple[tuple[str, str], ...]:
    lines = []
    for key, raw in revision.sources.items():
        mark, said = MARK_WORDS[raw["mark"]], raw["said"]
        said = said if said.startswith(mark) else f"{mark}：{said}"
        if raw["mark"] != "hand" and is_overridden(revision, key):
            said += f"；表中已改，说明：{revision.comments.get(key) or '无'}"
        lines.append((label_of(key), said))
    return tuple(lines)


def is_overridden(revision: Revision, key: str) -> bool:
    """Whether a cell differs from what its source stands for."""
    source = revision.sources.get(key)
    if source is None or source["mark"] == "hand":
        return False
    kept = from_json(key, revision.values.get(key))
    return source.get("stands") is not None and kept != from_json(key, source["stands"])


@dataclass(frozen=True)
class HistoryLine:
    """One change of one cell, as values."""

    at: dt.datetime
    by: str
    old: Value
    new: Value
    why: str
    origin: str
    revision: int
    file_name: str = ""


def history_of(of: Return, key: str) -> list[HistoryLine]:
    """Every change of a cell, newest first, with who, when, why and from where."""
    found = CellChange.objects.filter(of=of, key=key).select_related("by", "file").order_by("-id")
    return [
        HistoryLine(
            at=c.at,
            by=str(c.by or "系统"),
            old=from_json(key, c.old),
            new=from_json(key, c.new),
            why=c.why,
            origin=str(CellChange.Origin(c.origin).label),
            revision=c.revision,
            file_name=c.file.file_name if c.file else "",
        )
        for c in found
    ]


def changed_keys(of: Return) -> dict[str, int]:
    """How often each cell has been changed."""
    counts: dict[str, int] = {}
    for key in CellChange.objects.filter(of=of).values_list("key", flat=True):
        counts[key] = counts.get(key, 0) + 1
    return counts


def notes_at(of: Return, key: str) -> list[CellNote]:
    """Every note at a cell, settled ones too."""
    return list(CellNote.objects.filter(of=of, key=key).select_related("by", "settled_by"))


def changes_at(of: Return, key: str) -> QuerySet[CellChange]:
    """What a cell has been, the newest first."""
    return CellChange.objects.filter(of=of, key=key).select_related("by").order_by("-id")


def open_notes(of: Return) -> QuerySet[CellNote]:
    """Notes that nobody has settled yet, in order."""
    return CellNote.objects.filter(of=of, settled_at__isnull=True).select_related("by").order_by("id")


def changed_since(of: Return, version: int, revision: int) -> dict[str, str]:
    """Cells that changed after a version of a revision, and in later ones: who did it last, and when."""
    later = Q(revision=revision, version__gt=version) | Q(revision__gt=revision)
    found = CellChange.objects.filter(later, of=of).select_related("by").order_by("id")
    return {c.key: f"{c.by or '系统'} {localtime(c.at):%m-%d %H:%M} " for c in found}


def keys_changed_since(of: Return, version: int) -> list[str]:
    """Cells that others changed after a version."""
    found = CellChange.objects.filter(of=of, version__gt=version).order_by("id")
    return list(dict.fromkeys(found.values_list("key", flat=True)))
