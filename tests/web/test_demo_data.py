"""The demonstration as it is loaded: three areas, accounts, rounds in mixed states, everything marked."""

from __future__ import annotations

from collections import Counter

import pytest
from django.urls import reverse

from yike.web.accounts.demo import Demo, DemoAccount, DemoArea, demo_in, open_demo_accounts, write_demo
from yike.web.accounts.models import Account, Duty
from yike.web.analyses.models import Analysis
from yike.web.audit.chain import verify_chain
from yike.web.config.demo.areas import password, places
from yike.web.config.demo.load import load_demo
from yike.web.outlets.models import Outlet
from yike.web.regions.models import Area, Circle, CircleMember
from yike.web.returns.models import Wave
from yike.web.voices.models import Need, Survey


def silent(stage, done, total):
    """Say nothing."""


ONE = DemoAccount("ym-shi", "李明远（虚构）", "city", "义马市商务局", "411281")


@pytest.fixture
def small_demo(db, now, settings, tmp_path):
    settings.DATA = tmp_path
    open_demo_accounts([ONE], "yike-yanshi-2026", now=now)
    write_demo(Demo("yike-yanshi-2026", (DemoArea("义马市", (ONE,)),), True), tmp_path)


def test_a_demo_lists_its_accounts_beside_the_sign_in(client, small_demo):
    page = client.get(reverse("accounts:sign-in")).content.decode()

    assert "这是演示" in page
    assert "ym-shi" in page
    assert "yike-yanshi-2026" in page


def test_a_real_folder_lists_none(client, db, settings, tmp_path):
    settings.DATA = tmp_path

    page = client.get(reverse("accounts:sign-in")).content.decode()

    assert "演示" not in page


def test_a_demo_account_gets_in_without_a_new_password(client, small_demo):
    answer = client.post(
        reverse("accounts:sign-in"), {"username": "ym-shi", "password": "yike-yanshi-2026"}, follow=True
    )

    assert answer.redirect_chain == [("/desk/", 302)]
    assert "义马市商务局" in answer.content.decode()


def test_what_a_folder_is_marked_with_is_read_back(tmp_path):
    demo = Demo("p", (DemoArea("义马市", (ONE,)),), False)

    write_demo(demo, tmp_path)

    assert demo_in(tmp_path) == demo


def test_every_area_has_one_account_a_role():
    roles = {p.code: Counter(p.seats) for p in places()}

    assert set(roles["tianshui"]) - set(roles["yima"]) == {"district"}  # 义马: no level between 市 and 街道
    assert len(roles["tianshui"]) == len(roles["helsinki"]) == 10
    assert all(set(p.seats) == set(p.people) for p in places())


@pytest.fixture
def whole(db, now, settings, tmp_path):
    settings.DATA = tmp_path
    return load_demo(tmp_path, now=now, progress=silent)


@pytest.mark.slow
def test_the_whole_demonstration(whole, now, settings, client):
    demo, folder = whole, settings.DATA
    accounts = [a for area in demo.areas for a in area.accounts]

    # who is there
    assert len(accounts) == 29 == Account.objects.count()
    assert not Account.objects.filter(must_change_password=True).exists()
    assert all(Account.objects.get(username=a.username).check_password(password()) for a in accounts[:3])
    assert all("（虚构）" in a.name for a in accounts)
    assert Counter(Duty.objects.values_list("role", flat=True))["city"] == 3

    # official units, circles as published
    ours = Area.objects.filter(level="community")
    assert ours.filter(branch__startswith="411281").count() == 35
    in_tianshui = CircleMember.objects.filter(community__branch__startswith="6205")
    assert (Circle.objects.filter(code__startswith="TS2023").count(), in_tianshui.count()) == (6, 25)
    assert Circle.objects.filter(area_code__startswith="411281").count() == 22
    assert "非中国统计区划" in Area.objects.get(code="990101000000").source

    # outlets: real ones where they are real
    by_place = Counter(
        (code[:4], invented) for code, invented in Outlet.objects.values_list("area_code", "is_invented")
    )
    assert by_place["4112", True] == 1700
    assert by_place["9901", False] == 701
    assert by_place["6205", True] > 400
    assert set(by_place) == {("4112", True), ("9901", False), ("6205", True)}
    assert Outlet.objects.filter(area_code__startswith="990101001").count() > 600  # in communities

    # what people do with it
    states = {
        (w.area_code, w.title): Counter(w.returns.values_list("state", flat=True)) for w in Wave.objects.all()
    }
    assert states["6205", "2026年第3期"] == {"locked": 6}
    assert {"draft", "submitted", "sent_back", "checked"} <= set(states["411281", "2026年第4期"])
    assert all(w.is_invented for w in Wave.objects.all())
    assert not Need.objects.filter(is_invented=False).exists()
    assert not Survey.objects.filter(is_invented=False).exists()
    assert set(Need.objects.values_list("state", flat=True)) == {"new", "confirmed", "refused"}
    assert list(verify_chain()) == []

    # the papers open in the workbench
    client.force_login(Account.objects.get(username="ym-guihua"))
    analysis = Analysis.objects.get(area_code="411281")
    page = client.get(reverse("analyses:analysis", args=[analysis.pk])).content.decode()
    assert "补在哪：项目清单（草稿）" in page
    report = client.get(reverse("analyses:paper", args=[analysis.pk, "report.html"]))
    assert report.getvalue() == (folder / "demo" / "yima" / "report.html").read_bytes()

    # a second time adds nothing
    counts = [m.objects.count() for m in (Account, Area, Circle, Outlet, Wave, Need, Analysis)]
    assert load_demo(folder, now=now, progress=silent) == demo
    assert [m.objects.count() for m in (Account, Area, Circle, Outlet, Wave, Need, Analysis)] == counts
