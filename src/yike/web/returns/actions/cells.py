"""Filling cells, on the screen or from a file, and taking over what the register says now."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate

from yike.errors import RefusedError
from yike.standards.survey_form import SUMMED, TOTAL, Value
from yike.web.audit.chain import Who
from yike.web.returns import checks, rules
from yike.web.returns.actions.held import hold, newest, next_version, trace
from yike.web.returns.cells import (
    Source,
    clean,
    from_json,
    names_of,
    source_from_json,
    source_to_json,
    to_json,
    total_of,
    values_from_json,
)
from yike.web.returns.models import CellChange, Return, ReturnFile, Revision
from yike.web.returns.queries.fresh import fresh_of, newer_in, untouched

FOR_ALL = ""
"""The key of a comment that stands for every cell without one of its own."""


def fill_cells(
    *,
    who: Who,
    of: Return,
    values: Mapping[str, Value],
    comments: Mapping[str, str],
    seen: int | None,
    now: dt.datetime,
    origin: str = "screen",
    file: ReturnFile | None = None,
) -> Return:
    """
    Write cells of a return; those that hold the value already are left alone.

    Parameters
    ----------
    values
        By cell; None empties a cell. Cells not named stay.
    comments
        Why a cell differs from its source, by cell; the key "" speaks for all others.
    seen
        Version that the person had before her; None takes whatever is in force.

    Raises
    ------
    RefusedError
        ``returns.stale`` (409) names the cells that others changed; ``returns.comment`` (400) those that
        differ from their source without a comment (fact ``keys``); ``returns.cell`` a value of another kind.
    """
    cleaned = {key: clean(key, value) for key, value in values.items()}
    with transaction.atomic():
        held = hold(of, seen)
        rules.require_fill(who, held, localdate(now))
        revision = newest(held)
        cleaned = _without_equal_totals(revision, cleaned)
        before = {key: from_json(key, revision.values.get(key)) for key in cleaned}
        changed = {key: value for key, value in cleaned.items() if before[key] != value}
        said = _comments(revision, cleaned, changed, comments)
        if not changed and said == revision.comments:
            return held
        revision.comments = said
        _write(held, revision, changed, who=who, now=now, origin=origin, file=file)
        trace(
            who, "return.fill", held, now=now, note=file.file_name if file else "",
            before={k: to_json(k, before[k]) for k in changed},
            after={k: to_json(k, v) for k, v in changed.items()},
        )  # fmt: skip
    return held


def refresh_from_register(*, who: Who, of: Return, now: dt.datetime, seen: int | None = None) -> Return:
    """
    Take over what the register, answers and needs say now.

    Only cells that nobody touched get the new value; the others keep theirs and show the new source.
    """
    with transaction.atomic():
        held = hold(of, seen)
        rules.require_fill(who, held, localdate(now))
        revision = newest(held)
        form = fresh_of(held, now)
        changed, still = newer_in(revision, form), untouched(revision, form.sources)
        old = dict(revision.values)
        _take_sources(revision, form.sources, still)
        held.communities = form.communities
        held.save(update_fields=["communities"])
        _write(held, revision, changed, who=who, now=now, origin=CellChange.Origin.REGISTER)
        trace(
            who, "return.refresh", held, now=now, before={k: old.get(k) for k in changed},
            after={k: to_json(k, v) for k, v in changed.items()},
        )  # fmt: skip
    return held


def _without_equal_totals(revision: Revision, given: Mapping[str, Value]) -> dict[str, Value]:
    """A typed 合计 that is the sum of its rows is none of its own: it goes on following them."""
    after = values_from_json(revision.values) | dict(given)
    sums = {f"{TOTAL}.{c}": total_of(after, c) for c in SUMMED}
    return {k: None if k in sums and v == sums[k] else v for k, v in given.items()}


def _take_sources(revision: Revision, fresh: Mapping[str, Source], still: Collection[str]) -> None:
    """Sources as they are now; a cell filled by hand keeps that unless the register knows a value now."""
    kept = {k: s for k, s in revision.sources.items() if k not in still}
    known = {k: s for k, s in fresh.items() if k not in kept or s.stands is not None}
    revision.sources = kept | {k: source_to_json(k, s) for k, s in known.items()}


def _comments(
    revision: Revision,
    given: Mapping[str, Value],
    changed: Mapping[str, Value],
    comments: Mapping[str, str],
) -> dict[str, str]:
    """Comments after the writing; refuses cells that now differ from their source without one."""
    said = dict(revision.comments)
    missing = []
    for key in dict.fromkeys([*given, *(k for k in comments if k != FOR_ALL)]):
        value = given[key] if key in given else from_json(key, revision.values.get(key))
        own = comments.get(key, "").strip() or (comments.get(FOR_ALL, "").strip() if key in changed else "")
        if not _differs(revision, key, value):
            said.pop(key, None)
            if own and value is not None and key.startswith("ALL."):
                said[key] = own[:400]
        elif own:
            said[key] = own[:400]
        elif key in changed and not said.get(key):
            missing.append(key)
    if missing:
        raise RefusedError("returns.comment", status=400, cells=names_of(missing), keys=missing)
    return said


def _differs(revision: Revision, key: str, value: Value) -> bool:
    raw = revision.sources.get(key)
    if raw is None or raw["mark"] not in checks.settings()["comment_marks"]:
        return False
    stands = source_from_json(key, raw).stands
    return stands is not None and value != stands


def _write(
    held: Return,
    revision: Revision,
    changed: Mapping[str, Value],
    *,
    who: Who,
    now: dt.datetime,
    origin: str,
    file: ReturnFile | None = None,
) -> None:
    next_version(held)
    values, sources = dict(revision.values), dict(revision.sources)
    lines = []
    for key, value in changed.items():
        new = to_json(key, value)
        lines.append(_line(held, key, values.pop(key, None), new, revision, who, now, origin, file))
        if new is not None:
            values[key] = new
        if sources.get(key, {}).get("stands") is None and origin != CellChange.Origin.REGISTER:
            _say_by_hand(sources, key, value, who, now, file)
    revision.values, revision.sources = values, sources
    revision.save(update_fields=["values", "sources", "comments"])
    CellChange.objects.bulk_create(lines)


def _line(
    held: Return, key: str, old: Any, new: Any, revision: Revision, who: Who, now: dt.datetime, origin: str,
    file: ReturnFile | None,
) -> CellChange:  # fmt: skip
    return CellChange(
        of=held,
        revision=held.revision,
        version=held.version,
        key=key,
        old=old,
        new=new,
        why=revision.comments.get(key, ""),
        origin=origin,
        file=file,
        by=who.account,
        at=now,
    )


def _say_by_hand(
    sources: dict[str, Any], key: str, value: Value, who: Who, now: dt.datetime, file: ReturnFile | None
) -> None:
    """A cell with no source of its own was filled by somebody, or emptied again."""
    if value is None:
        sources.pop(key, None)
        return
    how = f"表格“{file.file_name}”" if file else "填写"
    name = who.account.display_name if who.account else "系统"
    sources[key] = source_to_json(key, Source("hand", f"{name} {localdate(now):%Y-%m-%d} {how}"))
