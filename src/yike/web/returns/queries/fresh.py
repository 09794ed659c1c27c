"""What the register, answers and needs say of a return today, beside what it holds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from yike.standards.survey_form import Value
from yike.web.returns import checks
from yike.web.returns.cells import from_json
from yike.web.returns.models import Return, Revision
from yike.web.returns.prefill import Prefill, prefilled


def fresh_of(of: Return, now: dt.datetime) -> Prefill:
    """The form as it would be filled today."""
    since, until = checks.answer_days(of.wave)
    satisfied_from = checks.limits_of(of.wave)["satisfied_from"]
    forms = prefilled(
        [of.circle], as_of=of.wave.as_of, since=since, until=until, now=now, satisfied_from=satisfied_from
    )
    return forms[of.circle_id]


def untouched(revision: Revision, fresh: Iterable[str]) -> list[str]:
    """Cells that hold what their source says; those without a source are empty or filled by hand."""
    found = []
    for key in dict.fromkeys([*revision.sources, *fresh]):
        source = revision.sources.get(key)
        if source is not None and source["mark"] == "hand":
            continue
        if revision.values.get(key) == (source or {}).get("stands"):
            found.append(key)
    return found


def newer_in(revision: Revision, form: Prefill) -> dict[str, Value]:
    """Cells that nobody touched and of which the register says something else now."""
    return {
        key: form.values.get(key)
        for key in untouched(revision, form.sources)
        if from_json(key, revision.values.get(key)) != form.values.get(key)
    }
