"""What is wrong or odd about a filled form, with a cure; limits and words in ``data/checks.toml``."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

from yike.standards.survey_form import SUMMED, TOTAL, TYPE_ROWS, Value, cell_keys, kind_of, printed
from yike.standards.survey_words import words
from yike.web.returns.cells import MARK_WORDS, Source, label_of, row_name, total_of
from yike.web.returns.models import Wave

SEVERITIES = ("error", "question", "warning")
"""Worst first: an error stops submitting, a question asks to look, a warning tells."""


@dataclass(frozen=True)
class Finding:
    """One thing to look at; ``key`` is the cell, "" the whole form."""

    key: str
    severity: str
    text: str
    cure: str
    code: str = ""
    source: str = ""  # the clause; "" is 推定


@cache
def _raw() -> dict[str, Any]:
    return tomllib.loads((files("yike.web.returns") / "data" / "checks.toml").read_text("utf-8"))


def settings() -> dict[str, Any]:
    """Limits of the checks."""
    found: dict[str, Any] = _raw()["settings"]
    return found


@dataclass(frozen=True)
class Limit:
    """One number that a branch may set for itself."""

    name: str
    label: str
    unit: str
    least: int
    most: int
    hint: str


@cache
def branch_limits() -> tuple[Limit, ...]:
    """Every number that a branch may set for itself, in the order it is shown."""
    return tuple(Limit(name, **told) for name, told in _raw()["rule_set"].items())


@cache
def usual_limits() -> dict[str, int]:
    """These numbers where no branch has said anything."""
    return {limit.name: int(settings()[limit.name]) for limit in branch_limits()}


def limits_of(wave: Wave) -> dict[str, int]:
    """The numbers that hold for a wave, whatever has been decided since."""
    return {**usual_limits(), **wave.limits}


def answer_days(wave: Wave, limits: Mapping[str, int] | None = None) -> tuple[dt.date, dt.date]:
    """From which day to which answers count for a wave, both included."""
    until = max(wave.as_of, wave.due_on) if settings()["answers_until"] == "due_on" else wave.as_of
    return wave.as_of - dt.timedelta(days=(limits or limits_of(wave))["answers_days"]), until


@dataclass(frozen=True)
class Filled:
    """A form as checks see it."""

    values: Mapping[str, Value]
    sources: Mapping[str, Source] = field(default_factory=dict)
    comments: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[tuple[str, str], ...] = ()  # (cell, text) not yet settled
    as_of: dt.date | None = None
    n_samples: int | None = None  # None: not looked up
    samples_reason: str = ""
    limits: Mapping[str, int] = field(default_factory=usual_limits)

    def number(self, key: str) -> Any:
        """The number in a cell, None where it is unknown."""
        return self.values.get(key)


def findings(form: Filled) -> list[Finding]:
    """Everything to look at, in the form's order, the worst of a cell first."""
    found = [f for check in CHECKS for f in check(form)]
    place = {key: i for i, key in enumerate(("", *cell_keys()))}
    return sorted(found, key=lambda f: (place[f.key], SEVERITIES.index(f.severity)))


def finding(code: str, key: str, **facts: Any) -> Finding:
    """One finding in the words of the table."""
    rule = _raw()["check"][code]
    return Finding(
        key,
        rule["severity"],
        rule["text"].format(**facts),
        rule["cure"].format(**facts),
        code,
        rule["source"],
    )


def _head(form: Filled) -> Iterator[Finding]:
    needed = {
        "circle": "name_missing", "city": "city_missing", "as_of": "date_missing",
        "operators": "operator_missing", "layouts": "layout_missing", "has_platform": "platform_missing",
        "centres": "centres_missing", "residents": "residents_missing", "area_share": "area_share_missing",
    }  # fmt: skip
    for key, code in needed.items():
        if form.values.get(key) is None:
            yield finding(code, key)
    layouts = form.values.get("layouts")
    if isinstance(layouts, tuple) and len(layouts) > 1:
        yield finding("layout_several", "layouts", n=len(layouts))
    given = form.values.get("as_of")
    if form.as_of and isinstance(given, dt.date) and given != form.as_of:
        yield finding("date_other", "as_of", found=given, wanted=form.as_of)


def _ranges(form: Filled) -> Iterator[Finding]:
    for key, value in form.values.items():
        if value is None or isinstance(value, (str, tuple, bool, dt.date)):
            continue
        if kind_of(key) == "percent":
            if not 0 <= value <= 100:
                yield finding("percent_range", key, cell=label_of(key), found=printed(key, value))
        elif value < 0:
            yield finding("negative", key, cell=label_of(key), found=f"{value:,}")


def _sizes(form: Filled) -> Iterator[Finding]:
    limit = settings()
    residents, centres, share = (form.number(k) for k in ("residents", "centres", "area_share"))
    if residents is not None and 0 <= residents < limit["residents_fewest"]:
        yield finding("residents_few", "residents", found=f"{residents:,}")
    if residents is not None and residents > limit["residents_most"]:
        yield finding("residents_many", "residents", found=f"{residents:,}")
    if centres is not None and centres > limit["centres_most"]:
        yield finding("centres_many", "centres", found=f"{centres:,}")
    least = form.limits["area_share_least"]
    if share is not None and 0 <= share < least:
        yield finding(
            "area_share_low",
            "area_share",
            found=printed("area_share", share),
            least=least,
        )


def _rows(form: Filled) -> Iterator[Finding]:
    for row in TYPE_ROWS:
        name = row_name(row)
        outlets, staff, chain = (form.number(f"{row}.{c}") for c in SUMMED)
        if outlets is None:
            yield finding("row_blank", f"{row}.outlets", row=name)
        yield from _chain(row, name, outlets, chain)
        yield from _staff(form, row, name, outlets, staff)
        if outlets is not None and outlets > settings()["outlets_most"]:
            yield finding("outlets_many", f"{row}.outlets", row=name, outlets=f"{outlets:,}")


def _chain(row: str, name: str, outlets: Any, chain: Any) -> Iterator[Finding]:
    if chain is None or chain <= 0:
        return
    if outlets is None:
        yield finding("chain_alone", f"{row}.chain", row=name, chain=chain)
    elif chain > outlets:
        yield finding("chain_over", f"{row}.chain", row=name, chain=chain, outlets=outlets)


def _staff(form: Filled, row: str, name: str, outlets: Any, staff: Any) -> Iterator[Finding]:
    key = f"{row}.staff"
    source = form.sources.get(key)
    if source and source.unknown and staff is not None and staff == source.stands:
        yield finding("staff_unknown", key, row=name, n=source.unknown)
    if staff == 0 and outlets:
        yield finding("staff_none", key, row=name, outlets=outlets)
    if staff and not outlets:
        yield finding("staff_alone", key, row=name, staff=staff)
    if staff and outlets and outlets > 0 and staff / outlets > settings()["staff_per_outlet_most"]:
        yield finding("staff_many", key, row=name, each=f"{staff / outlets:,.0f}")


def _totals(form: Filled) -> Iterator[Finding]:
    for column in SUMMED:
        key = f"{TOTAL}.{column}"
        typed, summed = form.number(key), total_of(form.values, column)
        if typed is None or typed == summed:
            continue
        unit = " 人" if column == "staff" else " 个"
        facts = {
            "column": words()["columns"][column],
            "found": f"{typed:,}{unit}",
            "sum": "未知" if summed is None else f"{summed:,}{unit}",
        }
        why = form.comments.get(key, "")
        yield finding("total_differs_explained" if why else "total_differs", key, why=why, **facts)


def _samples(form: Filled) -> Iterator[Finding]:
    least = form.limits["samples_least"]
    if form.n_samples is None or form.n_samples >= least:
        return
    code = "samples_few_explained" if form.samples_reason else "samples_few"
    yield finding(code, f"{TOTAL}.satisfaction", n=form.n_samples, least=least, why=form.samples_reason)


def _comments(form: Filled) -> Iterator[Finding]:
    for key, source in form.sources.items():
        value = form.values.get(key)
        if source.mark not in settings()["comment_marks"] or source.stands in (None, value):
            continue
        if not form.comments.get(key):
            stands = f"{source.stands:,} 人" if kind_of(key) == "persons" else printed(key, source.stands)
            yield finding(
                "comment_missing", key, cell=label_of(key), mark=MARK_WORDS[source.mark], stands=stands
            )


def _notes(form: Filled) -> Iterator[Finding]:
    for key, text in form.notes:
        yield finding("note_open", key, cell=label_of(key), note=text)


CHECKS = (_head, _ranges, _sizes, _rows, _totals, _samples, _comments, _notes)


def half_width(n_samples: int) -> Decimal | None:
    """Per cent points around 90 % satisfied that a sample leaves open at 95 %: 8.3 at 50, None at 0."""
    if n_samples <= 0:
        return None
    return (Decimal(196) * (Decimal("0.09") / n_samples).sqrt()).quantize(Decimal("0.1"))
