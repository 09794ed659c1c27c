import datetime as dt
import io

import pytest
from openpyxl import load_workbook

from yike.errors import RefusedError
from yike.standards.tasks import load_tasks
from yike.web.audit.chain import verify_chain
from yike.web.personal.actions import keep_periods
from yike.web.regions.models import Area, AreaName
from yike.web.units import actions
from yike.web.units.models import Team, TeamMember, Unit
from yike.web.units.queries import branches_without_team, members_on, unit_meant

BRANCH = "411281"


@pytest.fixture
def bureau(who, now):
    return actions.create_unit(
        who=who, name="市商务局（虚构）", area_code=BRANCH, short_name="商务局", aliases=["商"], now=now
    )


@pytest.fixture
def team(who, bureau, now):
    return actions.create_team(
        who=who, name="创建工作专班（虚构）", area_code=BRANCH, now=now,
        fields={"office": bureau, "begins_on": dt.date(2026, 1, 1), "mechanism": "工作专班"},
    )  # fmt: skip


def joined(who, team, now, **fields):
    wanted = {"part": "member", "person": "张某", "post": "副局长", "begins_on": dt.date(2026, 1, 1)}
    return actions.join_team(who=who, team=team, fields=wanted | fields, now=now)


@pytest.mark.parametrize("text", ["市商务局（虚构）", "商务局", "商"])
def test_a_unit_is_known_by_each_of_its_names(bureau, text):
    assert unit_meant(text, "411281001") == bureau


def test_old_papers_find_a_renamed_unit_and_the_heir_of_a_closed_one(who, bureau, now):
    actions.rename_unit(
        who=who, unit=bureau, name="市商务和粮食局（虚构）", from_day=dt.date(2026, 6, 1), now=now
    )
    old = actions.create_unit(who=who, name="市粮食局（虚构）", area_code=BRANCH, now=now)
    bureau.refresh_from_db()
    actions.end_unit(who=who, unit=old, ends_on=dt.date(2026, 5, 31), heir=bureau, now=now)

    meant = [unit_meant(name, BRANCH) for name in ("市商务局（虚构）", "市粮食局（虚构）")]

    assert meant == [bureau, bureau]
    assert bureau.name == "市商务和粮食局（虚构）"


def test_a_name_of_another_branch_means_nothing_here(bureau):
    assert unit_meant("市商务局（虚构）", "620502") is None


@pytest.mark.parametrize("document", sorted(load_tasks()))
def test_every_unit_of_a_task_table_is_found_after_loading_it(make_account, now, document):
    from yike.web.audit.chain import Who

    city = Who(make_account("shi", "6205", "city"))
    added = actions.load_task_units(who=city, document=document, area_code="6205", now=now)
    again = actions.load_task_units(who=city, document=document, area_code="6205", now=now)

    named = {n for t in load_tasks()[document].tasks for n in (*t.lead, *t.supporting)}
    assert (added, again) == (len(named), 0)
    assert all(unit_meant(n, "620502") for n in named)


def test_a_member_replaced_is_filed_and_both_stay_on_record(who, team, bureau, now):
    old = joined(who, team, now, unit=bureau)

    actions.replace_member(
        who=who, member=old, person="李某", post="局长", from_day=dt.date(2026, 7, 1), note="备案", now=now
    )

    before, after = (members_on(team, dt.date(2026, m, 15)) for m in (6, 8))
    assert [(m.person, m.unit) for m in before] == [("张某", bureau)]
    assert [(m.person, m.unit) for m in after] == [("李某", bureau)]
    assert list(verify_chain()) == []


def test_members_stand_in_the_order_of_their_parts(who, team, now):
    for part, person in (("member", "丙"), ("head", "甲"), ("deputy", "乙")):
        joined(who, team, now, part=part, person=person)

    assert [m.person for m in members_on(team, dt.date(2026, 5, 1))] == ["甲", "乙", "丙"]


def test_a_team_ends_only_when_somebody_takes_over(who, team, bureau, now):
    member = joined(who, team, now)
    with pytest.raises(RefusedError, match="接下未完成"):
        actions.dissolve_team(who=who, team=team, on=dt.date(2026, 12, 31), heir=None, now=now)

    actions.dissolve_team(who=who, team=team, on=dt.date(2026, 11, 21), heir=bureau, now=now)

    team.refresh_from_db()
    member.refresh_from_db()
    assert (team.handed_to, member.ends_on) == (bureau, dt.date(2026, 11, 21))
    with pytest.raises(RefusedError, match="撤销"):
        joined(who, team, now, person="王某")


def test_branches_without_a_team_are_listed(make_account, team, now):
    for code, level, name in (
        ("411281000000", "district", "义马市"), ("411281001000", "subdistrict", "某街道（虚构）")
    ):  # fmt: skip
        area = Area.objects.create(code=code, branch=code.rstrip("0"), level=level)
        AreaName.objects.create(area=area, name=name)
    city = make_account("shi", BRANCH, "city")

    missing = branches_without_team(city, dt.date(2026, 11, 22))

    assert [a.name for a in missing] == ["某街道（虚构）"]


def test_the_roster_prints_as_a_table(client, make_account, who, team, now):
    joined(who, team, now, part="head", person="甲", post="市长")
    client.force_login(make_account("shi", BRANCH, "city", must_change_password=False))

    page = client.get(f"/desk/units/teams/{team.pk}/roster/?on=2026-06-01").content.decode()
    book = client.get(f"/desk/units/teams/{team.pk}/roster/?on=2026-06-01&as=xlsx").content

    sheet = load_workbook(io.BytesIO(book)).active
    assert [c.value for c in sheet[4]] == ["组长", "甲", None, "市长"]
    assert "办公室设在市商务局（虚构）" in page


def test_a_street_cannot_change_what_the_city_keeps(client, make_account, bureau):
    client.force_login(make_account("jie", "411281001", "subdistrict", must_change_password=False))

    seen = client.get(f"/desk/units/{bureau.pk}/")
    changed = client.post(f"/desk/units/{bureau.pk}/names/", {"name": "别的名字", "from_day": "2026-06-01"})

    assert (seen.status_code, changed.status_code) == (200, 404)
    assert Unit.objects.get().name == "市商务局（虚构）"


def test_names_of_members_go_five_years_after_their_term(who, team, now):
    joined(who, team, now, ends_on=dt.date(2026, 6, 30))

    kept = keep_periods(who=who, now=dt.datetime(2031, 6, 20, tzinfo=dt.UTC))["team_member"]
    gone = keep_periods(who=who, now=dt.datetime(2031, 7, 20, tzinfo=dt.UTC))["team_member"]

    assert (kept, gone) == (0, 1)
    assert (TeamMember.objects.get().person, Team.objects.count()) == ("", 1)
