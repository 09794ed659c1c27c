"""A file brought in from the command line: what it changes, what is wrong; then all of it or nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate

from yike.errors import Fault, InputError, RefusedError
from yike.standards.survey_form import printed
from yike.web.audit.chain import Who
from yike.web.returns import rules
from yike.web.returns.actions import apply_file, take_file
from yike.web.returns.cells import clean, from_json, label_of
from yike.web.returns.checks import findings
from yike.web.returns.comparing import Compared, compared, read_file, whole_fault
from yike.web.returns.models import Return
from yike.web.returns.queries import doc_of, filled_of, settings_of

PROGRAM = Who(None)
LISTS = ("changed", "errors", "warnings", "questions")


def bring_in(
    path: Path,
    *,
    find: Callable[[str], Return],
    is_dry: bool,
    comment: str,
    answer: str | None,
    now: dt.datetime,
) -> dict[str, Any]:
    """
    Compare every form of a file with its return and, unless dry or something is wrong, take all over.

    Parameters
    ----------
    find
        The return of a page code that the file carries, "" for none.

    Returns
    -------
    ``changed``, ``errors``, ``warnings``, ``questions``, ``same``, ``codes`` and ``applied``, as plain data.

    Notes
    -----
    A file of which nothing can be read is told with the place of what is wrong, whosever form it was.
    """
    codes, faults = _look_at(path)
    if not codes and faults:
        return _together([]) | _sorted_out([whole_fault(f) for f in faults]) | {"applied": False}
    returns = [find(code) for code in codes or [""]]
    found = [(of, compared(of, read_file(path, of))) for of in returns]
    told = _together([_told(of, one) for of, one in found])
    blocked = told["errors"] or (told["questions"] and answer is None)
    if is_dry or blocked or not told["changed"]:
        return told | {"applied": False}
    with transaction.atomic():
        for of, one in found:
            if one.changes:
                _take_over(path, of, comment=comment, answer=answer or "keep", now=now)
    return told | {"applied": True}


def _take_over(path: Path, of: Return, *, comment: str, answer: str, now: dt.datetime) -> None:
    with path.open("rb") as stream:
        kept = take_file(who=PROGRAM, of=of, stream=stream, name=path.name, now=now)
    answers = {q["key"]: answer for q in kept.questions}
    apply_file(who=PROGRAM, file=kept, answers=answers, comments={"": comment}, now=now)


def _look_at(path: Path) -> tuple[list[str], tuple[Fault, ...]]:
    """Page codes of the forms of a file, [""] for forms that carry none, [] without forms; what is wrong."""
    from yike.sources.survey_form import read_forms

    try:
        read = read_forms(path)
    except InputError as wrong:
        return [], wrong.faults or (Fault(wrong.code, facts=dict(wrong.facts)),)
    codes = list(dict.fromkeys(f.code for f in read.forms if f.code))
    return codes or [""] * bool(read.forms), read.faults


def _together(told: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """One answer for a file of several forms; faults of the whole file stand once."""
    lines: dict[str, Any] = {}
    for name in LISTS:
        every = [line | {"code": one["code"]} for one in told for line in one[name]]
        seen: dict[str, dict[str, Any]] = {}
        for line in every:
            whole = line.get("key") == ""
            seen.setdefault(f"{line['cell']}{line.get('reason', '')}" if whole else repr(line), line)
        lines[name] = list(seen.values())
    return lines | {"same": sum(one["same"] for one in told), "codes": [one["code"] for one in told]}


def _told(of: Return, found: Compared) -> dict[str, Any]:
    settings = settings_of(of.wave)
    sent = doc_of(of).values
    changed = [
        {
            "cell": c["cell"],
            "key": c["key"],
            "name": label_of(c["key"]),
            "old": printed(c["key"], from_json(c["key"], c["old"]), settings),
            "new": printed(c["key"], from_json(c["key"], c["new"]), settings),
        }
        for c in found.changes
    ]
    wrong = _sorted_out(found.faults, {k: printed(k, v, settings) for k, v in sent.items()})
    return {
        "code": of.code,
        "changed": changed,
        "errors": wrong["errors"] + _new_errors(of, found) + _closed(of, changed),
        "warnings": wrong["warnings"],
        "questions": [
            {
                "cell": q["cell"],
                "key": q["key"],
                "found": q["found"],
                "suggested": printed(q["key"], from_json(q["key"], q["suggested"]), settings),
                "reason": q["reason"],
            }
            for q in found.questions
        ],
        "same": found.same,
    }


def _sorted_out(
    faults: Sequence[Mapping[str, Any]], old: Mapping[str, str] | None = None
) -> dict[str, list[dict[str, Any]]]:
    """Faults that stop a file, and remarks beside the form that do not."""
    lines: dict[str, list[dict[str, Any]]] = {"errors": [], "warnings": []}
    for f in faults:
        kept = lines["warnings" if f.get("level") == "warning" else "errors"]
        told = {"cell": f["cell"], "key": f["key"], "old": (old or {}).get(f["key"], ""), "new": f["found"]}
        kept.append(told | {"reason": f["reason"], "cure": f["cure"]})
    return lines


def _closed(of: Return, changed: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Why a return takes nothing over now: it is submitted or locked, or its round has ended."""
    try:
        rules.require_fill(PROGRAM, of, localdate())
    except RefusedError as refused:
        told = {
            "cell": of.code,
            "key": "",
            "old": "",
            "new": "",
            "reason": str(refused),
            "cure": refused.hint,
        }
        return [told] if changed else []
    return []


def _new_errors(of: Return, found: Compared) -> list[dict[str, Any]]:
    """Errors that the checks would find in the cells that the file changes."""
    form = filled_of(of)
    places = {c["key"]: c for c in found.changes}
    new = {key: clean(key, from_json(key, c["new"])) for key, c in places.items()}
    checked = findings(type(form)(values={**form.values, **new}, as_of=form.as_of))
    asked = {q["key"] for q in found.questions}
    settings = settings_of(of.wave)
    return [
        {
            "cell": places[f.key]["cell"],
            "key": f.key,
            "old": printed(f.key, from_json(f.key, places[f.key]["old"]), settings),
            "new": places[f.key]["text"],
            "reason": f.text,
            "cure": f.cure,
        }
        for f in checked
        if f.severity == "error" and f.key in places and f.key not in asked
    ]
