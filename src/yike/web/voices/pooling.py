"""Counting answers: pooled satisfaction, a survey's counter, what is missing, what is too few to show."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Count, QuerySet
from django.utils.timezone import make_aware

from yike.standards.survey_form import TYPE_ROWS
from yike.web.regions.models import Circle
from yike.web.voices import rules
from yike.web.voices.models import Answer, Survey
from yike.web.voices.questions import questionnaire, settings


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


def pooled(
    circles: Iterable[Circle],
    since: dt.date | None = None,
    until: dt.date | None = None,
    satisfied_from: int | None = None,
) -> Pooled:
    """The answers of circles entered from ``since`` to ``until``, both included; None is open."""
    keys = [c.pk for c in circles]
    found = Answer.objects.filter(survey__circle__in=keys)
    return pool(_between(found, since, until), keys, satisfied_from)


def _between(found: QuerySet[Answer], since: dt.date | None, until: dt.date | None) -> QuerySet[Answer]:
    if since is not None:
        found = found.filter(entered_at__gte=_begin_of(since))
    return found if until is None else found.filter(entered_at__lt=_begin_of(until + dt.timedelta(1)))


def _begin_of(day: dt.date) -> dt.datetime:
    return make_aware(dt.datetime.combine(day, dt.time.min))


def pool(answers: QuerySet[Answer], circles: Iterable[int] = (), satisfied_from: int | None = None) -> Pooled:
    """
    Count answers that are in force; ``circles`` stand in the result even without any.

    ``satisfied_from`` is the lowest score that counts as satisfied; the questionnaire's where None.
    """
    satisfied_from = satisfied_from or settings().satisfied_from
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


@dataclass(frozen=True)
class Counter:
    """How far a survey is: valid answers of those wanted, and how sure the share is."""

    n_valid: int
    wanted: int
    n_void: int
    share: float | None  # per cent satisfied overall
    half_width: float | None  # percentage points

    @property
    def missing(self) -> int:
        """Answers still wanted."""
        return max(0, self.wanted - self.n_valid)


def counter_of(survey: Survey, counted: Pooled | None = None) -> Counter:
    """The counter of a survey."""
    found = counted or pool(Answer.objects.filter(survey=survey))
    satisfied, valid = found.overall
    return Counter(
        found.n_valid, settings().least_valid,
        Answer.objects.filter(survey=survey).exclude(void_reason="").count(),
        100 * satisfied / valid if valid else None, _half_width(found),
    )  # fmt: skip


def _half_width(found: Pooled) -> float | None:
    """From the number of people asked: many answers of one person are no more people."""
    satisfied, valid = found.overall
    if not valid or found.is_overall_asked:
        return rules.half_width(satisfied, valid)
    n = found.n_valid
    return rules.half_width(round(satisfied / valid * n), n)


def tally(answers: QuerySet[Answer], column: str) -> dict[str, int]:
    """How many valid answers gave each value of a plain column."""
    counted = answers.filter(void_reason="").order_by().values(column).annotate(n=Count("id"))
    return {row[column]: row["n"] for row in counted}


def missing_counts(answers: QuerySet[Answer]) -> list[tuple[str, int, int]]:
    """(row, how many miss it, how many put it first) of valid answers, the most missed first."""
    missed: dict[str, int] = {}
    first: dict[str, int] = {}
    for rows, urgent in answers.filter(void_reason="").values_list("missing", "urgent").iterator(2000):
        for row in rows:
            missed[row] = missed.get(row, 0) + 1
        for row in urgent[:1]:
            first[row] = first.get(row, 0) + 1
    order = {row: i for i, (row, _) in enumerate(questionnaire().missing)}
    ranked = sorted(missed, key=lambda row: (-missed[row], order.get(row, 99)))
    return [(row, missed[row], first.get(row, 0)) for row in ranked]


def reach_counts(answers: QuerySet[Answer]) -> dict[str, tuple[int, int]]:
    """(within reach, told) by row of valid answers; who does not know is not counted."""
    found: dict[str, tuple[int, int]] = {}
    for reach in answers.filter(void_reason="").values_list("reach", flat=True).iterator(2000):
        for row, told in reach.items():
            if told in ("yes", "no"):
                yes, n = found.get(row, (0, 0))
                found[row] = (yes + (told == "yes"), n + 1)
    return found


def withheld(counts: dict[str, int]) -> frozenset[str]:
    """Groups too small to show, and one more where the only hidden one would follow from the total."""
    small = {code for code, n in counts.items() if 0 < n < settings().small_cell}
    if len(small) == 1 and len(counts) > 1:
        rest = sorted((n, code) for code, n in counts.items() if code not in small and n > 0)
        small |= {rest[0][1]} if rest else set()
    return frozenset(small)
