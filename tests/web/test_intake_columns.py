"""Every column of the register out of a list, and back."""

import datetime as dt
import io

import pytest

from yike.web.audit.chain import Who
from yike.web.outlets import imports
from yike.web.outlets.cells import read_licences, read_payments, read_services, write_licences, write_services
from yike.web.outlets.exports import export
from yike.web.outlets.models import Outlet, OutletEvent
from yike.web.outlets.queries import live_outlets
from yike.web.regions.divisions import load_divisions

PROGRAM = Who(None)
WIDE = (
    "编号,名称,业态,细分业态,经度,纬度,坐标系,节假日营业时间,24小时营业,季节,营业时间,夜间配送,无障碍,收现金,支付方式,"
    "许可证名称,许可证号,许可证有效期至,信用等级,兼营,政务公共服务,状态,状态日期,停靠点,虚构"
)
ROWS = (
    "A1,全能店,便利店,,111.8801,34.7401,WGS84,10:00-18:00,是,,,是,有,,微信、刷卡、现钞,食品经营许可证,JY14112810000017,"
    '2027-06-30,A,"早餐（6:00-9:00）、打印",医保缴费,停业,2026-10-01,,虚构',
    "A2,老王修鞋,维修点,修鞋,111.8811,34.7402,GCJ02,,,夏季,8:00-20:00,否,,,不收现金,,,,,,,营业,,"
    '"东门 111.8811,34.7402 周一；西门 111.8821,34.7402 周二",',
)


def looked_at(text, now, name="网点.csv", **named):
    stream = io.BytesIO(text if isinstance(text, bytes) else text.encode("utf-8"))
    batch = imports.upload(who=PROGRAM, stream=stream, name=name, area_code="411281", now=now, **named)
    return batch, imports.preview(who=PROGRAM, batch=batch, now=now)


@pytest.fixture
def wide(db, now):
    load_divisions("411281", who=PROGRAM, now=now)
    batch, counts = looked_at("\n".join((WIDE, *ROWS)), now)
    assert counts["new"] == 2, [(f["column"], f["message"]) for r in batch.rows.all() for f in r.faults]
    imports.apply(who=PROGRAM, batch=batch, now=now)
    return batch


def test_every_column_of_a_list_is_kept(wide):
    shop = Outlet.objects.get(code="A1")

    assert (shop.hours, shop.is_24h, shop.holiday_hours) == ("24小时", True, "10:00-18:00")
    assert (shop.delivers_at_night, shop.is_accessible, shop.takes_cash) == (True, True, True)
    assert shop.payments == ["微信支付", "银行卡", "现金"]
    assert shop.licences == [
        {"kind": "食品经营许可证", "number": "JY14112810000017", "expires_on": "2027-06-30"}
    ]
    assert (shop.credit_grade, shop.is_invented, shop.status) == ("A", True, "suspended")
    assert OutletEvent.objects.get(outlet=shop).on == dt.date(2026, 10, 1)
    assert [(s.label, s.hours, s.is_public) for s in shop.services.all()] == [
        ("早餐", "6:00-9:00", False), ("打印", "", False), ("医保缴费", "", True),
    ]  # fmt: skip


def test_a_movable_craftsman_keeps_sub_type_season_and_places(wide):
    cobbler = Outlet.objects.get(code="A2")

    assert (cobbler.form_row, cobbler.type_code) == ("B06", "shoe_repair")
    assert (cobbler.hours, cobbler.is_seasonal) == ("夏季 8:00-20:00", True)
    assert (cobbler.takes_cash, cobbler.payments, cobbler.delivers_at_night) == (False, [], False)
    assert [(s.place, s.hours) for s in cobbler.stops.all()] == [("东门", "周一"), ("西门", "周二")]
    assert (cobbler.is_movable, cobbler.source_datum) == (True, "gcj02")


@pytest.mark.parametrize("kind", ["xlsx", "csv", "geojson"])
def test_what_goes_out_comes_back_as_no_change(wide, now, kind):
    stream = io.BytesIO()
    export(live_outlets().order_by("pk"), kind, stream)

    batch, counts = looked_at(stream.getvalue(), now, name=f"导出.{kind}", datum="wgs84")

    assert [(r.name, r.changes, r.faults) for r in batch.rows.exclude(verdict="same")] == []
    assert counts["same"] == 2


def test_hours_of_a_service_told_anew_are_a_change_and_no_service_is_lost(wide, now):
    text = "编号,名称,业态,经度,纬度,兼营\nA1,全能店,便利店,111.8801,34.7401,早餐（5:30-9:00）\n"
    batch, _ = looked_at(text, now, datum="wgs84")

    assert list(batch.rows.get().changes) == ["services"]
    imports.apply(who=PROGRAM, batch=batch, now=now)
    assert [(s.label, s.hours) for s in Outlet.objects.get(code="A1").services.all()] == [
        ("早餐", "5:30-9:00"), ("打印", ""), ("医保缴费", ""),
    ]  # fmt: skip


def test_cells_the_register_cannot_hold_are_told_with_their_place(wide, now):
    text = (
        "编号,名称,业态,经度,纬度,地址,从业人数,夜间配送,许可证有效期,细分业态\n"
        f"B1,长地址店,药店,111.88,34.74,{'很' * 201},3,也许,明年,修鞋\n"
        "B2,大店,药店,111.88,34.75,,999999999,,,\n"
    )
    batch, counts = looked_at(text, now, datum="wgs84")

    told = [(f["row"], f["column"], f["level"]) for r in batch.rows.all() for f in r.faults]
    assert counts["error"] == 2
    assert told == [
        (2, "地址", "error"), (2, "细分业态", "warning"), (2, "夜间配送", "warning"),
        (2, "许可证有效期", "warning"), (3, "从业人数", "error"),
    ]  # fmt: skip
    assert batch.rows.get(number=2).faults[0]["message"] == "这一格有 201 个字，最多 200 个字。"


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16", "utf-8-sig"])
def test_a_csv_in_any_usual_encoding_is_read(wide, now, encoding):
    text = "编号,名称,业态,经度,纬度\nC1,镕记㐀药店,药店,111.89,34.75\n"
    batch, counts = looked_at(text.encode(encoding), now, datum="wgs84")

    assert (counts["new"], batch.rows.get().name) == (1, "镕记㐀药店")


def test_cells_of_several_things_are_written_as_they_are_read():
    licences = read_licences("食品经营许可证 JY141 2027年6月30日；烟草专卖零售许可证:4112811 长期；营业执照")

    assert [(x["kind"], x["number"], x["expires_on"]) for x in licences] == [
        ("食品经营许可证", "JY141", "2027-06-30"), ("烟草专卖零售许可证", "4112811", ""),
        ("营业执照", "", ""),
    ]  # fmt: skip
    assert read_licences(write_licences(licences)) == licences
    services = read_services("早餐（6:00-9:00，11:00-13:00）、打印(A4)，代收代发；/")
    assert [(s["label"], s["hours"]) for s in services] == [
        ("早餐", "6:00-9:00，11:00-13:00"), ("打印(A4)", ""), ("代收代发", ""),
    ]  # fmt: skip
    assert read_services(write_services(services)) == services
    assert read_payments("微信、支付宝扫码、 社保卡、微信") == ["微信支付", "支付宝", "社保卡"]
