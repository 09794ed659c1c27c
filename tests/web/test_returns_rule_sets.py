"""Limits of the checks by date: who sets them, which round has which, what stays as it was."""

import datetime as dt

import pytest

from returns_town import CITY, DISTRICT, PROGRAM, build_town, clerk, open_town
from yike.errors import RefusedError
from yike.web.returns import checks
from yike.web.returns.actions import add_rule_set, open_wave
from yike.web.returns.queries.rule_sets import compared, limits_in_force

NEXT_YEAR = dt.date(2027, 1, 1)


def set_limits(now, who=PROGRAM, area_code=CITY, begins_on=NEXT_YEAR, **limits):
    return add_rule_set(
        who=who, area_code=area_code, title=f"{begins_on.year}年口径", begins_on=begins_on,
        limits=limits, basis="市专班会议（虚构）", now=now,
    )  # fmt: skip


def test_a_round_has_the_limits_of_its_day_and_keeps_them(db, now):
    build_town(now)
    old = open_town(now)
    set_limits(now, samples_least=60)
    new = open_wave(
        who=PROGRAM, area_code=CITY, title="2027年第一期", as_of=dt.date(2027, 3, 31),
        opens_on=dt.date(2027, 3, 1), due_on=dt.date(2027, 4, 10), now=now,
    )  # fmt: skip
    set_limits(now, begins_on=dt.date(2026, 1, 1), samples_least=70)  # reaches back over both

    old.refresh_from_db()
    new.refresh_from_db()
    assert checks.limits_of(old)["samples_least"] == 50
    assert (checks.limits_of(new)["samples_least"], new.limits_title) == (60, "2027年口径")


def test_the_nearest_branch_speaks_and_there_the_newest(db, now):
    set_limits(now, begins_on=dt.date(2026, 1, 1), samples_least=60)
    set_limits(now, area_code=DISTRICT, begins_on=dt.date(2025, 1, 1), samples_least=55)

    assert limits_in_force(CITY, NEXT_YEAR)[0]["samples_least"] == 60
    assert limits_in_force(DISTRICT, NEXT_YEAR)[0]["samples_least"] == 55
    assert limits_in_force(DISTRICT, dt.date(2024, 1, 1))[0] == checks.usual_limits()


def test_comparing_tells_what_other_limits_would_find_and_writes_nothing(db, now):
    build_town(now)
    wave = open_town(now)
    kept = list(wave.returns.values_list("version", "revisions__values").order_by("pk"))

    *lines, whole = compared(wave, CITY, checks.usual_limits() | {"samples_least": 0, "area_share_least": 0})

    assert whole.of is None
    assert [line.kept.n_errors - line.other.n_errors for line in lines] == [1, 1, 1]  # 0 of 50 answers
    assert whole.differs
    assert list(wave.returns.values_list("version", "revisions__values").order_by("pk")) == kept


@pytest.mark.parametrize(
    ("who", "limits", "status"),
    [("community", {}, 403), ("city", {"satisfied_from": 9}, 400), ("city", {"samples_least": 0}, 400)],
)
def test_limits_are_set_by_the_city_and_within_reason(db, now, who, limits, status):
    person = clerk(who, CITY if who == "city" else "990101001001")
    with pytest.raises(RefusedError) as refused:
        set_limits(now, who=person, **limits)
    assert refused.value.facts.get("status") == status


def test_one_day_has_one_rule_set(db, now):
    set_limits(now)
    with pytest.raises(RefusedError, match="口径"):
        set_limits(now)
