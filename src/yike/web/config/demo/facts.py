"""Invented facts of communities and circles: people, floor areas, centres, operators, states."""

from __future__ import annotations

import datetime as dt

from django.utils.timezone import localdate

from yike.standards.survey_form import LAYOUTS, OPERATORS
from yike.web.config.demo.chance import drawn, texts
from yike.web.config.demo.people import Cast
from yike.web.regions.actions import add_centre, add_operator, add_profile, change_circle, enter_state
from yike.web.regions.models import Area, Circle, CommunityProfile
from yike.web.regions.words import age_bands

SOURCE = "演示用虚构数据"
AGE_SHARES = (0.02, 0.03, 0.09, 0.62, 0.07, 0.14, 0.03)
STATES = ("surveying", "needs_confirmed", "planned", "building")
UNTOLD_EVERY = 6
"""Every sixth circle lacks facts, so that forms with something to put right can be seen."""


def load_facts(circles: list[Circle], cast: Cast, *, now: dt.datetime) -> None:
    """Facts of every circle that has none yet."""
    for i, circle in enumerate(circles):
        if circle.centres.exists() or circle.operators.exists():
            continue
        members = [
            m.community for m in circle.members.filter(ends_on__isnull=True).select_related("community")
        ]
        people = people_of(circle, members)
        for community, count in zip(members, people, strict=True):
            _profile(community, count, cast, now)
        if len(circles) <= UNTOLD_EVERY or i % UNTOLD_EVERY != UNTOLD_EVERY - 1:
            _circle(circle, cast, now)
        for state in STATES[: 1 + i % len(STATES)]:
            role = "city" if state in ("planned", "building") else "subdistrict"
            enter_state(who=cast.by(role, circle.area_code), circle=circle, state=state, now=now)


def people_of(circle: Circle, members: list[Area]) -> list[int]:
    """The circle's people over its communities, unevenly; the parts add up to the whole."""
    chance = drawn("people", circle.code)
    whole = circle.people or sum(chance.randrange(1800, 5200) for _ in members)
    weights = [chance.uniform(0.7, 1.3) for _ in members]
    parts = [int(whole * w / sum(weights)) for w in weights]
    return [whole - sum(parts[1:]), *parts[1:]]


def _profile(community: Area, people: int, cast: Cast, now: dt.datetime) -> None:
    if CommunityProfile.objects.filter(community=community).exists():
        return
    chance = drawn("profile", community.code)
    bands = [int(people * share) for share in AGE_SHARES]
    bands[3] += people - sum(bands)
    floor = people * chance.uniform(32, 40)
    values = {
        "people": people,
        "households": round(people / 2.5),
        "age_bands": {code: n for (code, _, _), n in zip(age_bands(), bands, strict=True)},
        "income_band": chance.choice(["lower", "middle", "middle", "upper"]),
        "consumption": chance.sample(["market", "online", "near", "elderly_meal", "cash"], 2),
        "housing_kind": chance.choice(["old", "new", "mixed"]),
        "floor_area_m2": round(floor),
        "commercial_area_m2": round(floor * chance.uniform(0.07, 0.12)),
        "service_area_m2": round(floor * chance.uniform(0.01, 0.03)),
        "source": SOURCE,
        "is_invented": True,
    }
    as_of = localdate(now) - dt.timedelta(days=60)
    add_profile(
        who=cast.by("community", community.branch), community=community, as_of=as_of, values=values, now=now
    )


def _circle(circle: Circle, cast: Cast, now: dt.datetime) -> None:
    chance, words = drawn("circle", circle.code), texts()
    who = cast.by("subdistrict", circle.area_code)
    fields = {
        "layout_forms": [chance.choice(LAYOUTS)],
        "has_platform": chance.random() < 0.4,
        "build_year": circle.build_year or localdate(now).year,
    }
    change_circle(who=who, circle=circle, fields=fields, now=now)
    kind = chance.choice(OPERATORS)
    operator = {"kind": kind, "name": words["operators"][kind], "is_invented": True}
    add_operator(who=who, circle=circle, values=operator, now=now)
    for k in range(chance.randrange(1, 3)):
        name = (
            f"{circle.name.removesuffix('便民生活圈').removesuffix('一刻钟')}{words['centres']['names'][k]}"
        )
        values = {"name": name[:80], "area_m2": float(chance.randrange(900, 6000)), "is_invented": True}
        add_centre(who=who, circle=circle, values=values, now=now)
