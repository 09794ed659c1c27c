"""A pack into the register, an analysis of the register's outlets, its papers on screen."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from register_town import BRANCH, CIRCLES, PROGRAM, done_analysis, taken_in, town
from yike.errors import RefusedError
from yike.web.analyses.models import Analysis, KeptPack
from yike.web.analyses.queries import folder_of, gaps_of, papers_of
from yike.web.jobs.worker import run_one
from yike.web.outlets.actions import create_outlet
from yike.web.outlets.models import Outlet, Premises
from yike.web.regions.models import Circle, CommunityProfile


@pytest.fixture
def pack_folder(tmp_path):
    return town(tmp_path / "town")


def test_a_pack_brings_communities_circle_outlets_and_rooms_once(db, now, pack_folder):
    first = taken_in(pack_folder, now)
    again = taken_in(pack_folder, now)

    circle = Circle.objects.get()
    assert (circle.name, circle.code, circle.build_year) == ("民安便民生活圈", "411281-1", 2025)
    assert sorted(m.community.code for m in circle.members.all()) == ["411281001001", "411281001002"]
    assert dict(Outlet.objects.values_list("code", "type_code")) == {
        "s1": "convenience_store", "s2": "pharmacy", "s3": "convenience_store"
    }  # fmt: skip
    assert Outlet.objects.get(code="s1").area_code == "411281001001"
    assert Premises.objects.get().name == "空房"
    assert (first.pk, KeptPack.objects.count()) == (again.pk, 1)


def test_a_community_without_figures_gets_no_profile(db, now, pack_folder):
    taken_in(pack_folder, now)

    profile = CommunityProfile.objects.get()
    assert (profile.community.code, profile.people, profile.households) == ("411281001001", 300, None)
    assert profile.as_of == dt.date(2026, 1, 1)
    assert Circle.objects.get().people is None  # one of its two communities is unknown


def test_a_pack_of_elsewhere_is_refused(db, now, tmp_path):
    folder = town(tmp_path / "town", "id,name,lon,lat\nx1,别处,116.303,40.0\nx2,他乡,116.322,40.0\n")
    (folder / "circles.csv").write_text(CIRCLES.replace("民安社区、兴苑", "别处、他乡"), "utf-8")

    with pytest.raises(RefusedError, match="别处"):
        taken_in(folder, now)
    assert not Outlet.objects.exists()


def test_an_analysis_counts_what_the_register_holds_now(db, now, pack_folder):
    kept = taken_in(pack_folder, now)
    before = done_analysis(kept, now)
    home = Outlet.objects.get(code="s1")
    create_outlet(
        who=PROGRAM, now=now,
        values={"name": "新开的早餐店", "type_code": "breakfast_shop", "lon": 116.305, "lat": 40.0,
                "area_code": home.area_code, "community_id": home.community_id},
    )  # fmt: skip

    after = done_analysis(kept, now)

    assert before.summary["counts"]["outlets"] == 3
    assert after.summary["counts"]["outlets"] == 4
    unserved = [{g["form_row"]: float(g["people_unserved"]) for g in gaps_of(a)} for a in (before, after)]
    assert unserved[0]["B05"] == 600  # nobody had a breakfast shop
    assert unserved[1]["B05"] == 300  # p1 and p2 walk 4 streets at most; p3 is 15 streets of 85 m away
    assert unserved[0]["B03"] == unserved[1]["B03"] == 600
    assert (folder_of(after) / "report.html").is_file()


def test_an_analysis_that_is_done_is_not_run_again(db, now, pack_folder):
    made = done_analysis(taken_in(pack_folder, now), now)
    stamp = (folder_of(made) / "run.json").stat().st_mtime_ns
    made.job.state, made.job.attempts = "queued", 1
    made.job.save()

    run_one("other", lambda: now)

    made.refresh_from_db()
    made.job.refresh_from_db()
    assert (made.job.state, made.path) == ("done", f"analyses/{made.pk}-1")
    assert (folder_of(made) / "run.json").stat().st_mtime_ns == stamp


@pytest.fixture
def planner(client, make_account):
    account = make_account("guihua", role="planner", area_code=BRANCH, must_change_password=False)
    client.force_login(account)
    return client


def test_the_page_of_an_analysis_leads_to_every_paper(db, now, pack_folder, planner):
    made = done_analysis(taken_in(pack_folder, now), now)

    page = planner.get(reverse("analyses:analysis", args=[made.pk])).content.decode()

    for name, what in papers_of(made).items():
        assert reverse("analyses:paper", args=[made.pk, name]) in page
        assert what in page
    assert "民安便民生活圈" in page


def test_a_report_runs_in_a_box_of_its_own(db, now, pack_folder, planner):
    made = done_analysis(taken_in(pack_folder, now), now)

    frame = planner.get(reverse("analyses:report", args=[made.pk]))
    paper = planner.get(reverse("analyses:paper", args=[made.pk, "report.html"]))

    assert "frame-src 'self'" in frame["Content-Security-Policy"]
    policy = paper["Content-Security-Policy"]
    assert "sandbox allow-scripts" in policy
    assert "allow-same-origin" not in policy
    assert "connect-src" not in policy
    assert policy.startswith("default-src 'none'")
    assert (paper["X-Frame-Options"], frame["X-Frame-Options"]) == ("SAMEORIGIN", "DENY")
    assert b"<!DOCTYPE html>" in paper.getvalue()


@pytest.mark.parametrize("name", ["../secret.key", "run.toml", "../../yike.sqlite3", ""])
def test_only_papers_are_handed_out(db, now, pack_folder, planner, name):
    made = done_analysis(taken_in(pack_folder, now), now)

    answer = planner.get(f"/desk/analyses/{made.pk}/papers/{name}")

    assert answer.status_code == 404


def test_other_papers_are_downloads(db, now, pack_folder, planner):
    made = done_analysis(taken_in(pack_folder, now), now)

    answer = planner.get(reverse("analyses:paper", args=[made.pk, "gaps.csv"]))

    assert answer["Content-Disposition"] == 'attachment; filename="gaps.csv"'
    assert answer.getvalue() == (folder_of(made) / "gaps.csv").read_bytes()


def test_asking_on_the_page_puts_a_job_into_the_queue(db, now, pack_folder, planner):
    kept = taken_in(pack_folder, now)

    answer = planner.post(reverse("analyses:new"), {"pack": kept.pk, "title": "十一月"})

    made = Analysis.objects.get()
    assert answer["Location"] == reverse("analyses:analysis", args=[made.pk])
    assert (made.title, made.job.kind, made.job.state) == ("十一月", "analyses.run", "queued")
    assert "排队" in planner.get(answer["Location"]).content.decode() or made.job.stage == ""


def test_a_pack_of_another_branch_cannot_be_chosen(db, now, pack_folder, client, make_account):
    kept = taken_in(pack_folder, now)
    client.force_login(make_account("waiqu", role="planner", area_code="620502", must_change_password=False))

    answer = client.post(reverse("analyses:new"), {"pack": kept.pk, "title": "十一月"})

    assert answer.status_code == 200
    assert not Analysis.objects.exists()


def test_a_community_reads_the_gaps_of_its_own_circle(db, now, pack_folder, client, make_account):
    made = done_analysis(taken_in(pack_folder, now), now)
    mine = make_account("shequ", role="community", area_code="411281001001", must_change_password=False)
    client.force_login(mine)
    circle = Circle.objects.get()

    page = client.get(reverse("analyses:circle", args=[circle.pk])).content.decode()

    assert all(g["type_label"] in page for g in gaps_of(made, circle.name))
    assert client.get(reverse("analyses:analysis", args=[made.pk])).status_code == 404
