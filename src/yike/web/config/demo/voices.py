"""Invented needs and answers."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.timezone import localdate

from yike.web.config.demo.chance import drawn, texts
from yike.web.config.demo.people import Cast
from yike.web.regions.models import Circle
from yike.web.voices.actions.needs import Said, add_voice, decide_need, note_need
from yike.web.voices.actions.surveys import close_survey, enter_answers, open_survey
from yike.web.voices.models import Need, Survey
from yike.web.voices.questions import questionnaire

NEEDS_EACH, SHEETS, FEW_SHEETS = 4, 56, 47
FEW_EVERY = 5
"""Every fifth circle has too few answers yet, and its survey is still open."""


def load_voices(circles: list[Circle], cast: Cast, *, now: dt.datetime) -> None:
    """Needs in all states and one survey for each circle that has none."""
    for i, circle in enumerate(circles):
        if not Need.objects.filter(circle=circle).exists():
            _needs(circle, cast, now)
        if not Survey.objects.filter(circle=circle).exists():
            _survey(circle, cast, now, is_short=i % FEW_EVERY == FEW_EVERY - 1)


def _needs(circle: Circle, cast: Cast, now: dt.datetime) -> None:
    chance, words = drawn("needs", circle.code), texts()
    members = [m.community for m in circle.members.filter(ends_on__isnull=True).select_related("community")]
    bands = [code for code, _ in questionnaire().age_bands]
    for k, told in enumerate(chance.sample(words["need"], NEEDS_EACH)):
        community = chance.choice(members)
        said = Said(
            told["text"], told["channel"], localdate(now) - dt.timedelta(days=chance.randrange(3, 40)),
            building=told["building"], age_band=chance.choice(bands), is_urgent=told.get("urgent", False),
        )  # fmt: skip
        who = cast.by("community", community.branch)
        need = note_need(who=who, circle=circle, said=said, now=now, community=community, is_invented=True)
        more = chance.randrange(0, 9)
        if more:
            again = Said(said.text, "paper", said.said_on, voices=more)
            need = add_voice(who=who, need=need, said=again, now=now)
        _decide(need, k, chance.choice(words["decision"]), cast, now)


def _decide(need: Need, k: int, refusal: dict[str, Any], cast: Cast, now: dt.datetime) -> None:
    who = cast.by("subdistrict", need.area_code)
    if k < 2:
        decide_need(who=who, need=need, kind="listed", note="", now=now)
    elif k == 2:
        decide_need(who=who, need=need, kind=refusal["kind"], note=refusal["note"], now=now)


def _survey(circle: Circle, cast: Cast, now: dt.datetime, *, is_short: bool) -> None:
    today = localdate(now)
    who = cast.by("community", circle.lead_community.branch if circle.lead_community else circle.area_code)
    survey = open_survey(
        who=who, circle=circle, title=f"{today.year}年居民满意度调查", opens_on=today - dt.timedelta(days=30),
        closes_on=today + dt.timedelta(days=10), now=now, is_invented=True,
    )  # fmt: skip
    chance = drawn("answers", circle.code)
    n = FEW_SHEETS if is_short else SHEETS
    rows = [(f"{i + 1:04d}", _answer(chance)) for i in range(n)]
    enter_answers(who=who, survey=survey, rows=rows, now=now)
    if not is_short:
        close_survey(who=who, survey=survey, now=now)


def _answer(chance: Any) -> dict[str, Any]:
    """What one household says; a row left out was never used."""
    asked = questionnaire()
    rows = [row for row, _ in asked.rows]
    satisfied = {
        row: chance.choices((5, 4, 3, 2, 1), (34, 44, 14, 6, 2))[0] for row in rows if chance.random() < 0.8
    }
    return {
        "age_band": chance.choice([code for code, _ in asked.age_bands[1:]]),
        "household": chance.choice([code for code, _ in asked.households]),
        "years": chance.choice([code for code, _ in asked.years]),
        "satisfaction": satisfied,
        "reach": {row: chance.choices(("yes", "no", "unknown"), (80, 14, 6))[0] for row in rows},
        "overall": chance.choices((5, 4, 3, 2, 1), (30, 52, 12, 5, 1))[0],
        "missing": sorted(chance.sample([code for code, _ in asked.missing], chance.randrange(0, 3))),
    }
