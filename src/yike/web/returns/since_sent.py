"""A file beside the form as it was when the file was written: what was changed here since, and by both."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from yike.standards.survey_form import FormDoc, printed
from yike.web.returns.cells import to_json, with_totals
from yike.web.returns.models import Return
from yike.web.returns.queries import changed_since, settings_of, values_at

if TYPE_CHECKING:
    from yike.sources.survey_form import ReadForm

BOTH = "both"
"""Kind of a question about a cell that was changed here and in the file."""


def sent_of(of: Return, form: ReadForm, now: FormDoc) -> FormDoc:
    """The form as it was when a file was written; as it stands for one that does not tell."""
    if not _is_told(of, form):
        return now
    return replace(now, values=with_totals(values_at(of, form.version or 0, form.revision)))


def _is_told(of: Return, form: ReadForm) -> bool:
    is_ours = form.code == of.code and 0 < form.revision <= of.revision
    return is_ours and form.version is not None and form.version <= of.version


def keys_since(of: Return, form: ReadForm) -> dict[str, str]:
    """Cells that were changed here after a file was written, each with who did it last and when."""
    return changed_since(of, form.version or 0, form.revision) if _is_told(of, form) else {}


def with_conflicts(
    asked: list[dict[str, Any]], of: Return, form: ReadForm, now: FormDoc, found: Collection[str]
) -> list[dict[str, Any]]:
    """Questions, and one for every cell that both changed; a slip in such a cell is told with it."""
    since = keys_since(of, form)
    both = [key for key in found if key in since]
    slips = {q["key"]: q for q in asked}
    rest = [q for q in asked if q["key"] not in both]
    return rest + [_conflict(key, of, form, now, since[key], slips.get(key)) for key in both]


def _conflict(
    key: str, of: Return, form: ReadForm, now: FormDoc, who: str, slip: dict[str, Any] | None
) -> dict[str, Any]:
    settings = settings_of(of.wave)
    sent = sent_of(of, form, now)
    before, here = (printed(key, doc.values.get(key), settings) or "空" for doc in (sent, now))
    text = form.texts.get(key, "") or "空"
    reason = f"两边都改过：下载时是 {before}，{who}已改为 {here}，文件里是 {text}"
    return {
        "key": key,
        "kind": BOTH,
        "cell": form.cells.get(key, ""),
        "found": form.texts.get(key, ""),
        "suggested": to_json(key, now.values.get(key)),
        "kept": to_json(key, form.values.get(key)),
        "reason": f"{reason}；{slip['reason']}" if slip else reason,
    }
