"""Forms that no longer change: their digest, and the page a paper's code opens."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass

from django.shortcuts import get_object_or_404

from yike.standards.survey_form import FormDoc
from yike.web.returns.cells import values_from_json, values_to_json, with_totals
from yike.web.returns.models import Return, Revision
from yike.web.returns.queries.single import doc_of_revision


def digest_of(of: Return, revision: Revision) -> str:
    """SHA-256 of what a revision says: code, number and every known cell, totals as printed."""
    values = values_to_json(with_totals(values_from_json(revision.values)))
    told = {"code": of.code, "revision": revision.number, "values": values}
    text = json.dumps(told, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class Frozen:
    """A form as it was submitted or locked."""

    of: Return
    revision: Revision
    doc: FormDoc
    is_locked: bool
    is_newest: bool  # no correction has followed
    is_whole: bool  # the digest still fits


def frozen_by_token(token: str) -> Frozen:
    """The form that a code on paper opens; 404 for none, and for one that was sent back since."""
    of_newest = Revision.objects.select_related("of__wave", "of__circle")
    revision = get_object_or_404(of_newest.exclude(token=""), token=token)
    return Frozen(
        of=revision.of,
        revision=revision,
        doc=doc_of_revision(revision.of, revision),
        is_locked=revision.locked_at is not None,
        is_newest=revision.number == revision.of.revision,
        is_whole=digest_of(revision.of, revision) == revision.digest,
    )
