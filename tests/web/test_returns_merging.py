"""Merged forms against a naive twin: lists of rows added up by hand."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from returns_town import CITY, PROGRAM, build_town, complete, open_town
from yike.standards.survey_form import SUMMED, TYPE_ROWS
from yike.web.regions.actions import change_members
from yike.web.regions.models import Area, Circle, CommunityProfile
from yike.web.returns.actions import fill_cells, refresh_from_register, submit
from yike.web.returns.cells import values_to_json
from yike.web.returns.models import Return, ReturnState, Revision
from yike.web.returns.queries import merged
from yike.web.voices.models import Answer, Survey

EAST, WEST, DISTRICT = "990101001", "990101002", "990101"
BRANCHES = (CITY, DISTRICT, EAST, WEST, "990101001001", "990101001003", "990101002001")
ALL = tuple(ReturnState.values)


@pytest.fixture
def wave(db, now):
    build_town(now)
    return open_town(now)


def of(code):
    return Return.objects.select_related("wave", "circle").get(circle__code=code)


def put(code, values, **columns):
    """Cells straight into the newest revision, as if they had always stood there."""
    Revision.objects.filter(of__circle__code=code).update(values=values_to_json(values))
    Return.objects.filter(circle__code=code).update(**columns)


KEYS = [f"{row}.{column}" for row in TYPE_ROWS for column in SUMMED]
FORM = st.dictionaries(st.sampled_from(KEYS), st.integers(0, 9999), max_size=12)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.fixed_dictionaries({"C1": FORM, "C2": FORM, "C3": FORM}))
def test_every_level_is_the_sum_of_its_leaves(wave, filled):
    homes = {"C1": "990101001001", "C2": "990101001003", "C3": "990101002001"}
    for code, values in filled.items():
        put(code, values)

    for branch in BRANCHES:
        own = [filled[c] for c, home in homes.items() if home.startswith(branch)]
        values = merged(wave, branch, ALL).doc.values
        for key in KEYS:
            known = [v[key] for v in own if key in v]
            assert values[key] == (sum(known) if known else None), (branch, key)
        for column in SUMMED:
            whole = [v for form in own for k, v in form.items() if k.endswith(f".{column}")]
            assert values[f"ALL.{column}"] == (sum(whole) if whole else None)


def test_forms_not_submitted_are_missing_and_not_added(wave, now):
    complete(of("C1"), now)
    submit(who=PROGRAM, of=of("C1"), now=now, samples_reason="未完")

    form = merged(wave, CITY)

    assert [r.circle.code for r in form.circles_in] == ["C1"]
    assert [(m.circle.code, m.why) for m in form.missing] == [("C2", "填报中"), ("C3", "填报中")]
    assert form.doc.values["B01.outlets"] == 3
    assert [(t.of.circle.code, t.n_samples, t.reason) for t in form.thin_samples] == [("C1", 0, "未完")]
    assert form.blanks["B02.outlets"] == 1
    told = [line for line in form.doc.sources if line[0] in ("未交", "样本不足")]
    assert told == [
        ("未交", "东三圈：填报中"),
        ("未交", "西一圈：填报中"),
        ("样本不足", "东一圈：0 份；未完"),
    ]
    assert form.doc.values["circle"] == "虚构市（1 个便民生活圈汇总）"


def test_residents_of_a_shared_community_count_once(wave):
    both = {"code": "990101001002", "name": "东二社区", "people": 400}
    put(
        "C1", {"residents": 1000}, communities=[{"code": "990101001001", "name": "东一", "people": 600}, both]
    )
    put("C2", {"residents": 900}, communities=[{"code": "990101001003", "name": "东三", "people": 500}, both])
    put("C3", {"residents": 70})

    form = merged(wave, CITY, ALL)
    assert form.doc.values["residents"] == 1000 + 900 - 400 + 70
    assert [(d.name, d.people, d.circles) for d in form.double_counted] == [
        ("东二社区", 400, ("东一圈", "东三圈"))
    ]
    assert merged(wave, WEST, ALL).double_counted == []
    put("C2", {"residents": 900}, communities=[both | {"people": None}])
    assert merged(wave, CITY, ALL).doc.values["residents"] == 1000 + 900 - 400 + 70  # C1 knows it
    put("C1", {"residents": 1000}, communities=[both | {"people": None}])
    assert merged(wave, CITY, ALL).doc.values["residents"] is None


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(st.integers(0, 5), unique=True, min_size=1), min_size=3, max_size=3))
def test_residents_are_those_of_the_distinct_communities(wave, members):
    people = [100, 250, 400, 800, 1600, 3200]
    for code, own in zip(("C1", "C2", "C3"), members, strict=True):
        listed = [{"code": f"99010100100{i}", "name": f"社区{i}", "people": people[i]} for i in own]
        put(code, {"residents": sum(people[i] for i in own)}, communities=listed)

    distinct = {i for own in members for i in own}
    assert merged(wave, CITY, ALL).doc.values["residents"] == sum(people[i] for i in distinct)


def answer(code, scores, now, overall=None):
    circle = Circle.objects.get(code=code)
    survey = Survey.objects.create(
        circle=circle, area_code=circle.area_code, title="问卷", opens_on=now.date(), closes_on=now.date(),
        token=f"t{code}",
    )  # fmt: skip
    for i, score in enumerate(scores):
        Answer.objects.create(
            survey=survey, number=str(i), channel="paper", satisfaction={"B01": score}, overall=overall,
            entered_at=now,
        )  # fmt: skip


def test_satisfaction_is_pooled_from_answers_and_no_mean_of_means(wave, now):
    answer("C1", [5, 5, 5, 5, 5, 5, 1, 1], now)  # 6 of 8
    answer("C2", [1, 1], now)  # 0 of 2
    put("C3", {"B01.satisfaction": Decimal(100)})

    form = merged(wave, CITY, ALL)

    assert form.doc.values["B01.satisfaction"] == Decimal(60)  # 6 of 10; the mean of 75, 0 would be 37.5
    assert form.n_samples == 10
    assert [r.circle.code for r in form.unpooled] == ["C3"]


def test_answers_of_circles_that_are_not_in_do_not_count(wave, now):
    answer("C1", [5, 5], now)
    answer("C2", [1, 1], now)
    complete(of("C1"), now)
    submit(who=PROGRAM, of=of("C1"), now=now, samples_reason="未完")

    assert merged(wave, CITY).doc.values["B01.satisfaction"] == Decimal(100)


def profile(branch, people, floor, used, now):
    CommunityProfile.objects.create(
        community=Area.objects.get(branch=branch), as_of=now.date(), people=people, floor_area_m2=floor,
        commercial_area_m2=used, service_area_m2=0, at=now,
    )  # fmt: skip


def test_people_and_floor_areas_come_from_the_communities(wave, now):
    profile("990101001001", 600, 1000, 100, now)
    profile("990101001002", 400, 3000, 500, now)
    refresh_from_register(who=PROGRAM, of=of("C1"), now=now)

    values = merged(wave, "990101001001", ALL).doc.values
    assert (values["residents"], values["area_share"]) == (1000, Decimal(15))  # 600 of 4,000 m²
    assert [c["people"] for c in of("C1").communities] == [600, 400]
    assert merged(wave, EAST, ALL).doc.values["area_share"] is None  # the third community is not known


def test_needs_are_listed_once(wave, now):
    for code, text in (("C1", "修鞋；书店"), ("C2", "书店；球场")):
        fill_cells(who=PROGRAM, of=of(code), values={"B06.needs": text}, comments={}, seen=None, now=now)

    assert merged(wave, CITY, ALL).doc.values["B06.needs"] == "修鞋；书店；球场"


def test_a_circle_registered_after_the_opening_is_told_as_missing(wave, now):
    from yike.web.regions.actions import create_area, create_circle

    fresh = create_area(who=PROGRAM, code="990101002002", name="西二社区", now=now)
    create_circle(who=PROGRAM, code="C4", name="西二圈", communities=[fresh], now=now, lead=fresh)

    assert ("C4", "本期没有表") in [(m.circle.code, m.why) for m in merged(wave, WEST).missing]


def test_a_form_keeps_the_communities_of_the_day_it_was_opened(wave, now):
    left, moved = (Area.objects.get(branch=b) for b in ("990101001001", "990101001002"))
    for code, community in (("C1", left), ("C2", moved)):
        change_members(
            who=PROGRAM, circle=Circle.objects.get(code=code), communities=[community],
            on=dt.date(2026, 11, 23), now=now,
        )  # fmt: skip

    assert [c["code"] for c in of("C2").communities] == ["990101001003"]


def test_a_merged_form_prints_like_any_other(wave, tmp_path):
    from yike.web.returns.papers import write_paper

    doc = merged(wave, CITY, ALL).doc
    for suffix in ("xlsx", "docx", "pdf"):
        write_paper([doc], tmp_path / f"a.{suffix}")
        assert (tmp_path / f"a.{suffix}").stat().st_size > 4000
