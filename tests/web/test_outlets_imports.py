import datetime as dt
import io

import pytest
from openpyxl import Workbook

from yike.core.geo.datum import from_wgs84
from yike.errors import RefusedError
from yike.web.audit.chain import Who, verify_chain
from yike.web.audit.models import Entry
from yike.web.jobs.queue import enqueue
from yike.web.jobs.worker import run_one
from yike.web.outlets import imports
from yike.web.outlets.actions import change_outlet, create_outlet
from yike.web.outlets.models import ImportBatch, Outlet, OutletEvent, OutletVersion
from yike.web.regions.divisions import load_divisions

PROGRAM = Who(None)
HEAD = "编号,名称,业态,经度,纬度,社区,统一社会信用代码,电话,营业时间,从业人数,直营/加盟,兼营,状态"
LIST = f"""{HEAD}
A1,家家便利店,便利店,111.8801,34.7401,银杏社区,,0398-5550001,24小时,3,加盟,打印、早餐,营业
A2,康康药房,药店,111.8811,34.7402,千秋路街道银杏,91110000101623741K,0398-5550002,8:00-21:00,2,直营,,营业
A3,老王修鞋,修鞋,111.8821,34.7403,,,,,1,,,停业
"""


def sheet(text, name="网点.csv", **named):
    stream = io.BytesIO(text.encode("utf-8"))
    return imports.upload(
        who=PROGRAM, stream=stream, name=name, area_code="411281", **{"datum": "wgs84", **named}
    )


@pytest.fixture
def yima(db, now):
    load_divisions("411281", who=PROGRAM, now=now)


@pytest.fixture
def applied(yima, now):
    batch = sheet(LIST, now=now, is_invented=True)
    imports.preview(who=PROGRAM, batch=batch, now=now)
    imports.apply(who=PROGRAM, batch=batch, now=now)
    return batch


def looked_at(text, now, **named):
    batch = sheet(text, now=now, **named)
    return batch, imports.preview(who=PROGRAM, batch=batch, now=now)


def verdicts(batch):
    return {r.number: r.verdict for r in batch.rows.all()}


def test_a_preview_changes_nothing_and_tells_each_row(yima, now):
    batch, counts = looked_at(LIST, now)

    assert (counts["rows"], counts["new"], Outlet.objects.count()) == (3, 3, 0)
    assert verdicts(batch) == {2: "new", 3: "new", 4: "new"}
    odd = batch.rows.get(number=3).faults
    assert [(f["column"], f["found"], f["level"]) for f in odd] == [("社区", "千秋路街道银杏", "warning")]
    assert "没有叫" in odd[0]["message"]
    assert odd[0]["file"] == "网点.csv"


def test_an_applied_list_is_in_the_register_with_its_history(applied):
    shop = Outlet.objects.get(code="A1")

    assert (shop.type_code, shop.form_row, shop.area_code) == ("convenience_store", "B01", "411281001005")
    assert (shop.chain_mode, shop.is_chain, shop.staff, shop.is_24h) == ("franchise", True, 3, True)
    assert (shop.source_datum, shop.source_lon, shop.source, shop.is_invented) == (
        "wgs84",
        111.8801,
        "网点.csv",
        True,
    )
    assert [s.label for s in shop.services.all()] == ["打印", "早餐"]
    assert Outlet.objects.get(code="A3").status == "suspended"
    assert Outlet.objects.get(code="A2").area_code == "411281"
    assert sorted(OutletVersion.objects.values_list("action", "batch_row")) == [
        ("import", 2), ("import", 3), ("import", 4),
    ]  # fmt: skip
    assert Entry.objects.get(action="import.apply").after["new"] == 3
    assert list(verify_chain()) == []


def test_the_same_list_again_changes_nothing(applied, now):
    batch, _ = looked_at(LIST, now)

    assert set(verdicts(batch).values()) == {"same"}
    with pytest.raises(RefusedError, match="没有可以导入"):
        imports.apply(who=PROGRAM, batch=batch, now=now)


def test_a_changed_cell_is_shown_old_and_new_and_written_alone(applied, now):
    Outlet.objects.filter(code="A1").update(takes_cash=True)
    batch, _ = looked_at(LIST.replace("0398-5550001", "0398-5559999"), now)

    row = batch.rows.get(verdict="changed")
    assert (row.number, row.matched_by, row.changes) == (
        2,
        "code",
        {"phone": ["0398-5550001", "0398-5559999"]},
    )
    assert imports.apply(who=PROGRAM, batch=batch, now=now) == {"new": 0, "changed": 1}
    shop = Outlet.objects.get(code="A1")
    assert (shop.phone, shop.takes_cash, shop.version) == ("0398-5559999", True, 2)
    assert [s.label for s in shop.services.all()] == ["打印", "早餐"]


def test_outlets_are_recognised_by_credit_code_phone_or_name_nearby(applied, now):
    text = f"""{HEAD}
,康康大药房,药店,111.9,34.8,,91110000101623741K,,,,,,
,家家便利店,便利店,111.9,34.8,,,0398-5550001,,,,,
,老王修鞋,修鞋,111.8823,34.7404,,,,,,,,
,老王修鞋,修鞋,111.8921,34.7403,,,,,,,,
"""
    batch, _ = looked_at(text, now)

    assert [(r.matched_by, r.verdict) for r in batch.rows.all()] == [
        ("credit_code", "changed"),
        ("phone", "changed"),
        ("name", "changed"),
        ("", "new"),
    ]


def test_bad_rows_stop_all_or_are_left_out_as_chosen(yima, now):
    text = (
        LIST + "A4,无坐标,药店,,,,,,,,,,\nA5,,药店,111.88,34.74,,,,,,,,\nA1,重号,药店,111.88,34.74,,,,,,,,\n"
    )
    batch, counts = looked_at(text, now)

    assert counts["error"] >= 3
    with pytest.raises(RefusedError, match="全部正确才导入"):
        imports.apply(who=PROGRAM, batch=batch, now=now)
    assert Outlet.objects.count() == 0
    done = imports.apply(who=PROGRAM, batch=batch, now=now, good_rows_only=True)
    assert done["new"] == Outlet.objects.count() == counts["new"]
    assert not Outlet.objects.filter(name__in=["无坐标", ""]).exists()


def test_two_rows_of_one_outlet_are_told(applied, now):
    row = ",家家便利店,便利店,111.8801,34.7401,,,,,,,,"
    text = f"{HEAD}\nA1{row}\n{row}\n"
    batch, _ = looked_at(text, now)

    assert verdicts(batch)[3] == "error"
    assert "第 2 行" in batch.rows.get(number=3).faults[-1]["message"]


def test_a_list_without_a_datum_is_asked_about_and_guessed_from_the_register(yima, now):
    places = [(111.85 + 0.004 * (i * i % 17), 34.72 + 0.003 * (i * 7 % 13)) for i in range(40)]
    for i, (lon, lat) in enumerate(places):
        create_outlet(
            who=PROGRAM, now=now, values={"name": f"店{i}", "area_code": "411281", "lon": lon, "lat": lat}
        )
    lines = [HEAD.split(",社区")[0]]
    for i, (lon, lat) in enumerate(places):
        x, y = from_wgs84([lon], [lat], "gcj02")
        lines.append(f"N{i},新店{i},药店,{x[0]:.7f},{y[0]:.7f}")
    batch, counts = looked_at("\n".join(lines), now, datum="")

    assert (batch.state, batch.datum_guess, counts["asks_datum"]) == ("uploaded", "gcj02", 1)
    with pytest.raises(RefusedError, match="不能导入"):
        imports.apply(who=PROGRAM, batch=batch, now=now)
    imports.choose_datum(who=PROGRAM, batch=batch, datum="gcj02", now=now)
    imports.preview(who=PROGRAM, batch=batch, now=now)
    row = batch.rows.get(number=2)
    assert (round(row.values["lon"], 5), row.values["source_datum"]) == (111.85, "gcj02")


def test_with_nothing_to_compare_no_datum_is_guessed(yima, now):
    batch, counts = looked_at(LIST, now, datum="")

    assert (batch.state, batch.datum_guess, counts) == ("uploaded", "", {"rows": 3, "asks_datum": 1})


def test_undo_takes_new_outlets_out_and_gives_old_values_back(applied, now):
    text = (
        LIST.replace("0398-5550001", "0398-5559999").replace(",停业", ",关闭").replace("打印、早餐", "缴费")
    )
    text += "A9,新来的店,药店,111.8831,34.7404,,,,,,,,\n"
    batch, _ = looked_at(text, now)
    imports.apply(who=PROGRAM, batch=batch, now=now)

    done = imports.undo(who=PROGRAM, batch=batch, now=now)

    assert done == {"removed": 1, "restored": 2, "kept": 0, "kept_names": [], "kept_keys": []}
    shop, mender = Outlet.objects.get(code="A1"), Outlet.objects.get(code="A3")
    assert (shop.phone, [s.label for s in shop.services.all()]) == ("0398-5550001", ["打印", "早餐"])
    assert (mender.status, shop.version) == ("suspended", 3)
    assert Outlet.objects.get(code="A9").gone_at == now
    assert imports.undo(who=PROGRAM, batch=batch, now=now) == done
    assert list(verify_chain()) == []


def test_undo_leaves_what_somebody_changed_since_and_names_it(applied, now):
    change_outlet(who=PROGRAM, outlet=Outlet.objects.get(code="A1"), values={"phone": "1"}, now=now)

    done = imports.undo(who=PROGRAM, batch=applied, now=now)

    assert (done["removed"], done["kept_names"]) == (2, ["家家便利店"])
    assert [o.code for o in Outlet.objects.filter(gone_at__isnull=True)] == ["A1"]


def test_a_register_changed_since_the_preview_refuses_the_whole_batch(applied, now):
    batch, _ = looked_at(LIST.replace("0398-5550001", "0398-5559999"), now)
    change_outlet(who=PROGRAM, outlet=Outlet.objects.get(code="A1"), values={"staff": 9}, now=now)

    with pytest.raises(RefusedError, match="有变化"):
        imports.apply(who=PROGRAM, batch=batch, now=now)
    batch.refresh_from_db()
    assert (batch.state, Outlet.objects.get(code="A1").phone) == ("previewed", "0398-5550001")


def test_only_keepers_of_the_branch_may_import(yima, now, make_account):
    stranger = Who(make_account("lin", "411282", "district"))
    with pytest.raises(RefusedError, match="职责"):
        imports.upload(
            who=stranger, stream=io.BytesIO(b"x"), name="a.csv", area_code="411281", now=now, datum=""
        )
    with pytest.raises(RefusedError, match=r"\.exe"):
        imports.upload(who=PROGRAM, stream=io.BytesIO(b"x"), name="a.exe", area_code="411281", now=now)
    assert not ImportBatch.objects.exists()


def test_an_excel_workbook_and_a_geojson_layer_are_read_too(yima, now):
    book = Workbook()
    for line in LIST.splitlines():
        book.active.append(line.split(","))
    stream = io.BytesIO()
    book.save(stream)
    stream.seek(0)
    excel = imports.upload(
        who=PROGRAM, stream=stream, name="网点.xlsx", area_code="411281", now=now, datum="wgs84"
    )
    layer = sheet(
        '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"名称":"图层店","业态":"药店"},'
        '"geometry":{"type":"Point","coordinates":[111.88,34.74]}}]}',
        name="网点.geojson", now=now,
    )  # fmt: skip

    assert imports.preview(who=PROGRAM, batch=excel, now=now)["new"] == 3
    assert imports.preview(who=PROGRAM, batch=layer, now=now)["new"] == 1
    assert layer.rows.get().values["lon"] == 111.88


def test_a_file_that_is_no_table_is_told_in_words(yima, now):
    batch, counts = looked_at("\x00\x01\x02", now, name="坏.xlsx")

    assert counts["rows"] == 0
    assert batch.faults[0]["file"] == "坏.xlsx"


def test_an_import_runs_as_a_job_and_twice_is_once(yima, now, make_account):
    who = Who(make_account())
    batch = sheet(LIST, now=now)
    for kind in ("outlets.preview", "outlets.import", "outlets.import", "outlets.undo"):
        enqueue(kind, "导入", {"batch": batch.pk}, who=who, now=now)
    seconds = iter(range(10_000))
    jobs = [run_one("w1", lambda: now + dt.timedelta(seconds=next(seconds))) for _ in range(4)]

    for job in jobs:
        job.refresh_from_db()
    assert [(j.state, j.log) for j in jobs] == [("done", "")] * 4
    assert jobs[1].result == jobs[2].result == {"new": 3, "changed": 0}
    assert jobs[3].result["removed"] == 3


@pytest.mark.django_db(transaction=True)
def test_one_batch_applied_at_once_from_two_sides_is_in_once(now):
    from races import at_once

    load_divisions("411281", who=PROGRAM, now=now)
    batch, _ = looked_at(LIST, now)

    results = at_once(3, lambda i: imports.apply(who=PROGRAM, batch=batch, now=now))

    assert results == [{"new": 3, "changed": 0}] * 3
    assert (Outlet.objects.count(), OutletEvent.objects.count()) == (3, 3)


@pytest.mark.django_db(transaction=True)
def test_the_same_list_uploaded_twice_at_once_goes_in_once(now):
    from races import at_once

    load_divisions("411281", who=PROGRAM, now=now)
    text = LIST.replace("A1,", ",").replace("A2,", ",").replace("A3,", ",")
    batches = [looked_at(text, now)[0] for _ in range(2)]

    results = at_once(2, lambda i: imports.apply(who=PROGRAM, batch=batches[i], now=now))

    assert sorted(type(r).__name__ for r in results) == ["RefusedError", "dict"]
    assert Outlet.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_undo_and_an_edit_at_once_lose_nothing(now):
    from races import at_once

    load_divisions("411281", who=PROGRAM, now=now)
    batch, _ = looked_at(LIST, now)
    imports.apply(who=PROGRAM, batch=batch, now=now)
    shop = Outlet.objects.get(code="A1")

    def act(i):
        if i:
            return imports.undo(who=PROGRAM, batch=batch, now=now)
        return change_outlet(who=PROGRAM, outlet=shop, values={"phone": "9"}, now=now)

    edit, undone = at_once(2, act)

    shop.refresh_from_db()
    if isinstance(edit, RefusedError):  # the undo was first: the outlet is gone and the edit was told so
        assert (shop.gone_at, undone["kept"]) == (now, 0)
    else:
        assert (shop.gone_at, shop.phone, undone["kept_names"]) == (None, "9", ["家家便利店"])
