"""Files in (old workbooks, city packs) and out (long lists in the background), and a clerk's list of 500."""

import datetime as dt
import io
import shutil

import pytest
import xlwt
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook

from small_packs import HEAD, NETWORK, OUTLETS, PLACES, SOURCE, outlets_csv, small_pack
from yike.web.accounts.models import Account
from yike.web.audit.chain import Who
from yike.web.jobs.models import Job
from yike.web.jobs.worker import run_one
from yike.web.outlets import imports, kept_exports
from yike.web.outlets.actions import create_outlet
from yike.web.outlets.matching import twins
from yike.web.outlets.models import ImportBatch, Outlet, StagedChange
from yike.web.outlets.queries import live_outlets
from yike.web.regions.divisions import load_divisions
from yike.web.regions.models import Area

PROGRAM = Who(None)


@pytest.fixture
def yima(db, now):
    load_divisions("411281", who=PROGRAM, now=now)


@pytest.fixture
def clerk(client, make_account, yima):
    client.force_login(make_account("qu", "411281", "district", must_change_password=False))
    return client


def looked_at(content, name, now, **named):
    batch = imports.upload(
        who=PROGRAM, stream=io.BytesIO(content), name=name, area_code="411281", now=now, **named
    )
    counts = imports.preview(who=PROGRAM, batch=batch, now=now)
    batch.refresh_from_db()
    return batch, counts


def work(now):
    seconds = iter(range(10_000))
    job = run_one("w1", lambda: now + dt.timedelta(seconds=next(seconds)))
    job.refresh_from_db()
    return job


def packed(folder, **named):
    return shutil.make_archive(str(folder), "zip", small_pack(folder, **named))


def test_an_old_workbook_is_read(yima, now):
    book = xlwt.Workbook()
    sheet = book.add_sheet("网点")
    for r, row in enumerate((("名称", "业态", "经度", "纬度"), ("老表店", "药店", 111.88, 34.74))):
        for c, value in enumerate(row):
            sheet.write(r, c, value)
    stream = io.BytesIO()
    book.save(stream)

    batch, counts = looked_at(stream.getvalue(), "老表.xls", now, datum="wgs84")

    assert (counts["new"], batch.rows.get().values["type_code"]) == (1, "pharmacy")


def test_the_outlets_of_a_city_pack_are_read_with_what_the_pack_says(yima, now, tmp_path):
    pack = tmp_path / "city"
    toml = HEAD.replace("false", "true") + NETWORK + OUTLETS + PLACES + SOURCE
    path = packed(pack, outlets=outlets_csv("W1,小店,便利店,111.88,34.74"), toml=toml)

    with open(path, "rb") as stream:
        batch, counts = looked_at(stream.read(), "city.zip", now)

    row = batch.rows.get()
    assert (counts["new"], row.name, row.values.get("is_invented")) == (1, "小店", True)
    assert row.values["source_datum"] == "wgs84"


def test_a_pack_that_points_out_of_itself_is_refused(yima, now, tmp_path):
    (tmp_path / "secret.csv").write_text(outlets_csv(), "utf-8")
    toml = HEAD + NETWORK + OUTLETS.replace("outlets.csv", "../secret.csv") + PLACES + SOURCE
    path = packed(tmp_path / "city", toml=toml)

    with open(path, "rb") as stream:
        batch, counts = looked_at(stream.read(), "city.zip", now)

    assert counts["rows"] == 0
    assert "应为城市包内的文件名" in batch.faults[0]["message"]


def test_a_pack_without_a_list_of_outlets_says_so(yima, now, tmp_path):
    path = packed(tmp_path / "city", toml=HEAD + NETWORK + PLACES + SOURCE)

    with open(path, "rb") as stream:
        batch, _ = looked_at(stream.read(), "city.zip", now)

    assert "没有网点清单" in batch.faults[0]["message"]


def test_a_long_list_is_written_in_the_background_for_who_asked_alone(
    clerk, now, make_account, monkeypatch, client
):
    for i in range(3):
        create_outlet(
            who=PROGRAM, now=now,
            values={"name": f"店{i}", "area_code": "411281", "type_code": "pharmacy" if i else "laundry"},
        )  # fmt: skip
    monkeypatch.setitem(kept_exports.limits()["export"], "most_at_once", 1)

    page = clerk.get("/desk/outlets/?as=csv&row=B10").content.decode()
    assert "共 2 个网点，超过 1 个" in page
    assert Job.objects.count() == 0
    clerk.post("/desk/outlets/exports/", {"query": "row=B10", "kind": "csv"})
    job = work(now)

    assert (job.state, job.result["outlets"]) == ("done", 2)
    answer = clerk.get(job.result["href"])
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert [line.split(",")[1] for line in lines] == ["名称", "店1", "店2"]
    client.force_login(make_account("other", "411281", "district", must_change_password=False))
    assert client.get(job.result["href"]).status_code == 404


def test_a_list_in_the_background_shows_what_its_asker_may_see(clerk, now):
    create_outlet(who=PROGRAM, now=now, values={"name": "外市店", "area_code": "411282"})
    account = Account.objects.get(username="qu")
    kept_exports.ask(who=Who(account), query="area=411282", kind="geojson", now=now)

    assert work(now).result["outlets"] == 0


def test_twins_are_found_district_by_district_until_there_are_enough(yima, now):
    for district in ("411281", "411202", "411203"):
        for i in range(2):
            create_outlet(
                who=PROGRAM, now=now,
                values={"name": f"{district}店{i}", "area_code": f"{district}001001",
                        "phone": f"0398{district}"},
            )  # fmt: skip

    found = twins(live_outlets(), 50)
    first = twins(live_outlets(), 1)

    assert [(d.reason, d.value) for d, _ in found] == [
        ("phone", "0398411202"), ("phone", "0398411203"), ("phone", "0398411281"),
    ]  # fmt: skip
    assert first == found[:1]
    assert twins(Outlet.objects.none(), 50) == []


def five_hundred():
    """500 rows of which 7 are bad, each in its own way; by row number the column that is wrong."""
    rows = [
        [f"N{i}", f"店{i}（虚构）", "便利店", f"{111.8 + i / 1e4:.4f}", "34.74", f"0398{i:07d}", ""]
        for i in range(500)
    ]
    rows[10][1] = ""  # no name
    rows[50][3] = "东门口"  # no longitude
    rows[99][4] = ""  # no latitude
    rows[150][3] = "181.5"  # beyond the earth
    rows[200][0] = "N201"  # a number used twice: row 201 has it too
    rows[300][1] = "店" * 121  # too long a name
    rows[400][6] = "999999999"  # too many people
    return [["编号", "名称", "业态", "经度", "纬度", "电话", "从业人数"], *rows]


def test_500_rows_with_7_bad_ones_go_in_as_493_and_come_back_out(clerk, now):
    text = "\n".join(",".join(r) for r in five_hundred())
    sent = {"file": SimpleUploadedFile("五百.csv", text.encode()), "area": "411281", "datum": "wgs84"}

    answer = clerk.post("/desk/outlets/imports/", sent)
    work(now)
    batch = ImportBatch.objects.get()
    assert {k: batch.counts.get(k, 0) for k in ("new", "changed", "same", "error")} == {
        "new": 493, "changed": 0, "same": 0, "error": 7,
    }  # fmt: skip

    page = clerk.get(f"{answer.url}?verdict=error").content.decode()
    bad = batch.rows.filter(verdict="error").order_by("number")
    told = [(r.number, [f["column"] for f in r.faults if f["level"] == "error"]) for r in bad]
    assert told == [
        (12, ["名称"]), (52, ["经度"]), (101, ["纬度"]), (152, ["经度"]), (203, ["编号"]), (302, ["名称"]),
        (402, ["从业人数"]),
    ]  # fmt: skip
    assert "请填网点的名称" in page
    assert "店499" not in page

    book = load_workbook(io.BytesIO(b"".join(clerk.get(f"{answer.url}workbook/").streaming_content)))
    sheet = book["五百"]
    head = [c.value for c in sheet[1]]
    assert "原因" in head
    assert sheet.cell(52, 4).fill.fgColor.rgb == "00F8C9C4"
    assert sheet.cell(52, head.index("原因") + 1).value
    assert sheet.cell(53, head.index("原因") + 1).value is None

    clerk.post(f"{answer.url}application/", {})
    refused = work(now)
    assert (refused.state, Outlet.objects.count()) == ("failed", 0)
    assert "有 7 行有错误" in clerk.get(answer.url).content.decode()
    clerk.post(f"{answer.url}application/", {"good_rows_only": "on"})
    assert work(now).result == {"new": 493, "changed": 0}
    assert live_outlets().count() == 493

    clerk.post(f"{answer.url}withdrawal/")
    assert work(now).result["removed"] == 493
    assert (live_outlets().count(), StagedChange.objects.count()) == (0, 0)
    assert Area.objects.filter(branch="411281").exists()
