"""Reads: needs and surveys a person sees, pooled answers, the needs that stand in the form."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import QuerySet
from django.utils.timezone import make_aware

from yike.standards.survey_form import TYPE_ROWS
from yike.web.regions.models import Circle
from yike.web.voices.models import Answer, Need
from yike.web.voices.questions import settings


@dataclass(frozen=True)
class Pooled:
    """
    Answers of several circles put together: counts, never means of percentages.

    Pairs are (satisfied, valid); who never used a type or does not know it is not in its base.
    """

    n_valid: int
    by_row: dict[str, tuple[int, int]] = field(default_factory=dict)
    overall: tuple[int, int] = (0, 0)
    is_overall_asked: bool = False  # else ``overall`` is Σ over the rows
    samples_by_circle: dict[int, int] = field(default_factory=dict)  # by Circle.pk, 0 for those without any


def confirmed_needs(circle: Circle) -> dict[str, str]:
    """What stands in the form's last column, by row: texts of confirmed needs, most voices first."""
    found = Need.objects.filter(circle=circle, state=Need.State.CONFIRMED, form_row__in=TYPE_ROWS)
    texts: dict[str, list[str]] = {}
    for row, text in found.order_by("-voices", "id").values_list("form_row", "text"):
        kept = texts.setdefault(row, [])
        if text.strip() not in kept:
            kept.append(text.strip())
    return {row: "；".join(texts[row]) for row in TYPE_ROWS if row in texts}


def pooled(circles: Iterable[Circle], since: dt.date | None = None, until: dt.date | None = None) -> Pooled:
    """The answers of circles entered from ``since`` to ``until``, both included; None is open."""
    keys = [c.pk for c in circles]
    found = Answer.objects.filter(survey__circle__in=keys)
    return pool(_between(found, since, until), keys)


def _between(found: QuerySet[Answer], since: dt.date | None, until: dt.date | None) -> QuerySet[Answer]:
    if since is not None:
        found = found.filter(entered_at__gte=_begin_of(since))
    return found if until is None else found.filter(entered_at__lt=_begin_of(until + dt.timedelta(1)))


def _begin_of(day: dt.date) -> dt.datetime:
    return make_aware(dt.datetime.combine(day, dt.time.min))


def pool(answers: QuerySet[Answer], circles: Iterable[int] = ()) -> Pooled:
    """Count answers that are in force; ``circles`` stand in the result even without any."""
    satisfied_from = settings().satisfied_from
    satisfied: dict[str, int] = {}
    valid: dict[str, int] = {}
    overall = [0, 0]
    samples = dict.fromkeys(circles, 0)
    columns = answers.filter(void_reason="").values_list("survey__circle", "satisfaction", "overall")
    for circle, given, whole in columns.order_by().iterator(2000):
        if not given and whole is None:
            continue
        samples[circle] = samples.get(circle, 0) + 1
        for row, score in given.items():
            valid[row] = valid.get(row, 0) + 1
            satisfied[row] = satisfied.get(row, 0) + (score >= satisfied_from)
        if whole is not None:
            overall = [overall[0] + (whole >= satisfied_from), overall[1] + 1]
    by_row = {row: (satisfied[row], valid[row]) for row in TYPE_ROWS if row in valid}
    asked = overall[1] > 0
    both = (overall[0], overall[1]) if asked else (_sum(by_row, 0), _sum(by_row, 1))
    return Pooled(sum(samples.values()), by_row, both, asked, samples)


def _sum(by_row: dict[str, tuple[int, int]], part: int) -> int:
    return sum(pair[part] for pair in by_row.values())
