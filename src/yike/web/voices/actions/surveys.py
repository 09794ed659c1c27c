"""Writes on surveys: open, close, one-time numbers, answers, voiding."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.timezone import localdate

from yike.errors import RefusedError
from yike.web.audit.chain import Who, record
from yike.web.regions.models import Circle
from yike.web.voices import rules
from yike.web.voices.models import Answer, Channel, Survey, SurveyNumber
from yike.web.voices.questions import settings
from yike.web.voices.speech import without_numbers

LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""Letters and figures that nobody mistakes for one another."""

NOBODY = Who(None)
"""Who answers a link: not even the address is kept."""

ANSWER_COLUMNS = (
    "age_band", "household", "years", "satisfaction", "reach", "overall", "missing", "urgent", "missing_text",
)  # fmt: skip


def open_survey(
    *,
    who: Who,
    circle: Circle,
    title: str,
    opens_on: dt.date,
    closes_on: dt.date,
    now: dt.datetime,
    is_invented: bool = False,
) -> Survey:
    """Open a survey of a circle; one at a time, so that no answer is counted in two."""
    if closes_on < opens_on:
        raise RefusedError("voices.survey.dates", status=409)
    with transaction.atomic():
        Circle.objects.select_for_update().get(pk=circle.pk)
        rules.require(who, "survey", circle, circle.area_code, localdate(now))
        running = Survey.objects.filter(circle=circle, closed_at__isnull=True, closes_on__gte=opens_on)
        if (other := running.filter(opens_on__lte=closes_on).first()) is not None:
            raise RefusedError("voices.survey.exists", status=409, circle=circle.name, title=other.title)
        survey = Survey.objects.create(
            circle=circle, area_code=circle.area_code, title=title, opens_on=opens_on, closes_on=closes_on,
            token=secrets.token_urlsafe(9), opened_by=who.account, is_invented=is_invented,
        )  # fmt: skip
        _trace(who, "survey.open", survey, now=now, after={"title": title, "circle": circle.code})
    return survey


def close_survey(*, who: Who, survey: Survey, now: dt.datetime) -> Survey:
    """Close a survey for good: its answers never change again."""
    with transaction.atomic():
        rules.require(who, "survey", survey.circle, survey.area_code, localdate(now))
        mine = Survey.objects.filter(pk=survey.pk, closed_at__isnull=True)
        if not mine.update(closed_at=now, closed_by=who.account):
            raise RefusedError("voices.survey.closed", status=409, title=survey.title, on=survey.opens_on)
        _trace(who, "survey.close", survey, now=now, after={"answers": survey.answers.count()})
    survey.refresh_from_db()
    return survey


def issue_number(*, survey: Survey, now: dt.datetime) -> SurveyNumber:
    """
    A one-time number for whoever opened the link.

    How fast numbers go out is limited for the survey as a whole: nobody is told apart by device or address.
    """
    rules.require_open(survey, localdate(now))
    limits = settings()
    with transaction.atomic():
        Survey.objects.select_for_update().get(pk=survey.pk)
        issued = SurveyNumber.objects.filter(survey=survey)
        last_minute = issued.filter(issued_at__gt=now - dt.timedelta(minutes=1)).count()
        last_day = issued.filter(issued_at__gt=now - dt.timedelta(days=1)).count()
        if last_minute >= limits.numbers_per_minute or last_day >= limits.numbers_per_day:
            raise RefusedError("voices.number.many", status=429)
        issued.filter(issued_at__lt=now - dt.timedelta(hours=2 * limits.number_hours)).delete()
        return SurveyNumber.objects.create(survey=survey, number=_new_number(), issued_at=now)


def _new_number() -> str:
    drawn = "".join(secrets.choice(LETTERS) for _ in range(10))
    return f"{drawn[:5]}-{drawn[5:]}"


def answer_link(*, survey: Survey, number: str, values: Mapping[str, Any], now: dt.datetime) -> Answer:
    """Keep what somebody answered behind a link, under its one-time number."""
    rules.require_open(survey, localdate(now))
    fresh = now - dt.timedelta(hours=settings().number_hours)
    if not SurveyNumber.objects.filter(survey=survey, number=number, issued_at__gt=fresh).exists():
        raise RefusedError("voices.number.unknown", status=404)
    return _keep(NOBODY, survey, number, Channel.LINK, values, now=now)


def enter_answer(
    *, who: Who, survey: Survey, number: str, channel: str, values: Mapping[str, Any], now: dt.datetime
) -> Answer:
    """Type in a sheet of paper, or what somebody said when asked."""
    rules.require(who, "survey", survey.circle, survey.area_code, localdate(now))
    if localdate(now) < survey.opens_on:
        rules.require_open(survey, localdate(now))
    return _keep(who, survey, clean_number(number), channel, values, now=now)


def enter_answers(
    *, who: Who, survey: Survey, rows: Sequence[tuple[str, Mapping[str, Any]]], now: dt.datetime
) -> int:
    """Type in many sheets at once: all of them or none."""
    rules.require(who, "survey", survey.circle, survey.area_code, localdate(now))
    with transaction.atomic():
        rules.require_not_closed(_held(survey))
        made = [_built(who, survey, number, Channel.PAPER, values, now) for number, values in rows]
        try:
            with transaction.atomic():
                Answer.objects.bulk_create(made, batch_size=500)
        except IntegrityError as twice:
            raise RefusedError("voices.number.used", status=409, found="若干") from twice
        _trace(who, "survey.answers", survey, now=now, after={"answers": len(made)})
    return len(made)


def clean_number(text: str) -> str:
    """A number as it is compared: capitals, no blanks."""
    number = "".join(text.split()).upper()[:40]
    if not number:
        raise RefusedError("voices.number.blank", status=409)
    return number


def _keep(
    who: Who, survey: Survey, number: str, channel: str, values: Mapping[str, Any], *, now: dt.datetime
) -> Answer:
    if not values.get("satisfaction") and values.get("overall") is None:
        raise RefusedError("voices.answer.blank", status=409)
    with transaction.atomic():
        rules.require_not_closed(_held(survey))
        answer = _built(who, survey, number, channel, values, now)
        try:
            with transaction.atomic():
                answer.save(force_insert=True)
        except IntegrityError as twice:
            raise RefusedError("voices.number.used", status=409, found=number) from twice
        _trace(who, "survey.answer", survey, now=now, after={"number": number, "channel": channel})
    return answer


def _built(
    who: Who, survey: Survey, number: str, channel: str, values: Mapping[str, Any], now: dt.datetime
) -> Answer:
    told = {k: values[k] for k in ANSWER_COLUMNS if k in values}
    told["missing_text"] = without_numbers(told.get("missing_text", ""))[:200]
    return Answer(
        survey=survey, number=number, channel=channel, entered_at=now, entered_by=who.account, **told
    )


def void_answer(*, who: Who, answer: Answer, reason: str, now: dt.datetime) -> Answer:
    """Take an answer out of the count; it stays, with the reason."""
    if not reason.strip():
        raise RefusedError("voices.answer.no_reason", status=409)
    survey = answer.survey
    with transaction.atomic():
        rules.require(who, "survey", survey.circle, survey.area_code, localdate(now))
        rules.require_not_closed(_held(survey))
        if not Answer.objects.filter(pk=answer.pk, void_reason="").update(void_reason=reason.strip()[:200]):
            raise RefusedError("voices.answer.void", status=409, found=answer.number)
        _trace(who, "survey.void", survey, now=now, after={"number": answer.number}, note=reason.strip())
    answer.refresh_from_db()
    return answer


def tell_raw(*, who: Who, survey: Survey, now: dt.datetime) -> None:
    """Write down that somebody took the raw answers."""
    with transaction.atomic():
        _trace(who, "survey.raw", survey, now=now, after={"answers": survey.answers.count()})


def _held(survey: Survey) -> Survey:
    """The survey as it is now, held until the transaction ends: closing and answering wait for each other."""
    return Survey.objects.select_for_update().get(pk=survey.pk)


def _trace(who: Who, action: str, survey: Survey, *, now: dt.datetime, **told: Any) -> None:
    record(who, action, "survey", str(survey.pk), now=now, area_code=survey.area_code, **told)
