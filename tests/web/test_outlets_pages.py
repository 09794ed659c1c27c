import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from yike.web.audit.chain import Who
from yike.web.jobs.worker import run_one
from yike.web.outlets.actions import create_outlet
from yike.web.outlets.models import ImportBatch, Outlet
from yike.web.regions.divisions import load_divisions
from yike.web.regions.models import Area

LIST = """编号,名称,业态,经度,纬度,社区,电话
A1,家家便利店,便利店,111.8801,34.7401,银杏社区,0398-5550001
A2,坏行,药店,x,34.7,,
"""


@pytest.fixture
def town(db, now):
    load_divisions("411281", who=Who(None), now=now)
    community = Area.objects.get(branch="411281001005")
    return create_outlet(
        who=Who(None), now=now,
        values={"name": "老店（虚构）", "type_code": "pharmacy", "area_code": community.branch,
                "community_id": community.pk, "is_invented": True},
    )  # fmt: skip


@pytest.fixture
def clerk(client, make_account):
    account = make_account("qu", "411281", "district", must_change_password=False)
    client.force_login(account)
    return client


def test_the_list_shows_filters_and_goes_out_as_a_file(town, clerk):
    page = clerk.get("/desk/outlets/?row=B10").content.decode()
    nothing = clerk.get("/desk/outlets/?row=B01").content.decode()
    csv = clerk.get("/desk/outlets/?as=csv")

    assert "老店（虚构）" in page
    assert "共 1 个网点" in page
    assert "没有符合条件的网点" in nothing
    assert csv.headers["Content-Disposition"].endswith('.csv"')
    assert "老店（虚构）,药店" in csv.content.decode("utf-8-sig")


def test_an_outlet_is_entered_changed_verified_and_closed(town, clerk):
    community = town.community_id
    typed = {"name": "新店（虚构）", "type_code": "laundry", "community": community,
             "services-TOTAL_FORMS": 2, "services-INITIAL_FORMS": 0, "services-0-label": "打印",
             "services-1-label": "缝补", "services-1-hours": "周一 8:00-12:00",
             "hours": "8:00-20:00", "credit_code": "91350211M0000XUF46"}  # fmt: skip
    answer = clerk.post("/desk/outlets/new/", typed, follow=True)
    made = Outlet.objects.get(name="新店（虚构）")
    assert "校验码不符" in answer.content.decode()
    assert (made.area_code, [s.label for s in made.services.all()]) == ("411281001005", ["打印", "缝补"])

    address = f"/desk/outlets/{made.pk}/"
    changed = clerk.post(f"{address}edit/", typed | {"phone": "0398-5550009", "version": 1}, follow=True)
    assert "0398-5550009" in changed.content.decode()
    assert clerk.post(f"{address}edit/", typed | {"phone": "1", "version": 1}).status_code == 409
    clerk.post(f"{address}verification/")
    clerk.post(f"{address}events/", {"status": "closed", "on": "2026-11-20", "note": "房租到期"})

    made.refresh_from_db()
    page = clerk.get(address).content.decode()
    assert (made.status, made.version) == ("closed", 4)
    assert "房租到期" in page
    assert "第 4 版" in page


def test_a_form_without_a_community_is_told_at_the_field(town, clerk):
    page = clerk.post(
        "/desk/outlets/new/", {"name": "x", "type_code": "laundry", "lon": "111"}
    ).content.decode()

    assert "经度和纬度要么都填" in page
    assert Outlet.objects.count() == 1


def test_a_list_is_uploaded_looked_at_applied_and_taken_back(town, clerk, now):
    clock = iter(now + dt.timedelta(seconds=i) for i in range(10_000))
    file = SimpleUploadedFile("网点.csv", LIST.encode())
    page = clerk.post(
        "/desk/outlets/imports/", {"file": file, "area": "411281", "datum": "wgs84"}, follow=True
    )
    batch = ImportBatch.objects.get()
    assert "网点.csv" in page.content.decode()
    run_one("w", lambda: next(clock))

    looked = clerk.get(f"/desk/outlets/imports/{batch.pk}/").content.decode()
    assert "家家便利店" in looked
    assert "有错误" in looked
    workbook = clerk.get(f"/desk/outlets/imports/{batch.pk}/workbook/")
    assert b"".join(workbook.streaming_content).startswith(b"PK")
    clerk.post(f"/desk/outlets/imports/{batch.pk}/application/", {"good_rows_only": "on"})
    run_one("w", lambda: next(clock))
    assert Outlet.objects.filter(code="A1", gone_at__isnull=True).exists()
    clerk.post(f"/desk/outlets/imports/{batch.pk}/withdrawal/")
    run_one("w", lambda: next(clock))
    assert "已撤销" in clerk.get(f"/desk/outlets/imports/{batch.pk}/").content.decode()
    assert not Outlet.objects.filter(code="A1", gone_at__isnull=True).exists()


def test_without_a_datum_the_page_asks(town, clerk, now):
    file = SimpleUploadedFile("网点.csv", LIST.encode())
    clerk.post("/desk/outlets/imports/", {"file": file, "area": "411281", "datum": ""})
    run_one("w", lambda: now)
    batch = ImportBatch.objects.get()

    assert "哪种坐标系" in clerk.get(f"/desk/outlets/imports/{batch.pk}/").content.decode()
    clerk.post(f"/desk/outlets/imports/{batch.pk}/datum/", {"datum": "gcj02"})
    run_one("w", lambda: now)
    batch.refresh_from_db()
    assert (batch.state, batch.datum) == ("previewed", "gcj02")


def test_twins_are_shown_and_merged(town, clerk, now):
    twin = create_outlet(
        who=Who(None), now=now,
        values={"name": "老店", "area_code": "411281001005", "phone": "0398-5550007",
                "type_code": "pharmacy"},
    )  # fmt: skip
    Outlet.objects.filter(pk=town.pk).update(phone="0398-5550007")
    assert "电话相同" in clerk.get("/desk/outlets/twins/").content.decode()

    clerk.post("/desk/outlets/twins/", {"keep": town.pk, "outlet": [town.pk, twin.pk]})

    twin.refresh_from_db()
    assert twin.merged_into_id == town.pk
    assert "已并入" in clerk.get(f"/desk/outlets/{twin.pk}/").content.decode()


PAGES = ("", "edit/")
POSTS = ("events/", "verification/")


def test_another_branch_sees_404_and_an_auditor_may_not_write(town, client, make_account):
    client.force_login(make_account("lin", "411282", "district", must_change_password=False))
    strange = [client.get(f"/desk/outlets/{town.pk}/{p}").status_code for p in PAGES]
    strange += [
        client.post(f"/desk/outlets/{town.pk}/{p}", {"status": "closed", "on": "2026-11-20"}).status_code
        for p in POSTS
    ]
    client.force_login(make_account("shen", "41", "auditor", must_change_password=False))
    reads = client.get(f"/desk/outlets/{town.pk}/").status_code
    writes = client.post(f"/desk/outlets/{town.pk}/verification/").status_code

    assert (strange, reads, writes) == ([404] * 4, 200, 403)


def test_an_outlet_entered_by_mistake_is_taken_out_with_a_reason_and_stays_readable(town, clerk):
    silent = clerk.post(f"/desk/outlets/{town.pk}/removal/", {"note": "  "})
    told = clerk.post(f"/desk/outlets/{town.pk}/removal/", {"note": "重复登记"}, follow=True).content.decode()

    assert silent.status_code == 403
    assert "本记录已移出登记册" in told
    assert "重复登记" in told
    assert "共 0 个网点" in clerk.get("/desk/outlets/").content.decode()
