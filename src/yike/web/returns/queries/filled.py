"""A return as the checks see it."""

from __future__ import annotations

from yike.web.returns.cells import source_from_json, values_from_json
from yike.web.returns.checks import Filled, Finding, answer_days, findings, limits_of
from yike.web.returns.models import Return, Revision
from yike.web.returns.queries.single import open_notes, revision_of
from yike.web.voices.queries import pooled


def samples_of(of: Return) -> int:
    """Valid answers that count for a return."""
    return pooled([of.circle], *answer_days(of.wave)).n_valid


def filled_of(of: Return, revision: Revision | None = None, reason: str | None = None) -> Filled:
    """Everything the checks look at; ``reason`` instead of the one kept for few samples."""
    revision = revision or revision_of(of)
    return Filled(
        values=values_from_json(revision.values),
        sources={k: source_from_json(k, v) for k, v in revision.sources.items()},
        comments=revision.comments,
        notes=tuple(open_notes(of).values_list("key", "text")),
        as_of=of.wave.as_of,
        n_samples=samples_of(of),
        samples_reason=of.samples_reason if reason is None else reason,
        limits=limits_of(of.wave),
    )


def findings_of(of: Return) -> list[Finding]:
    """Everything to look at in a return, in the form's order."""
    return findings(filled_of(of))
