import io
import json

import numpy as np
import pytest
from openpyxl import load_workbook

from tiny_pack import write_tiny_pack
from yike.core.tables import OutletStatus, Tri
from yike.sources.pack import read_pack
from yike.standards.loader import load_types
from yike.web.accounts.queries import within_branch
from yike.web.audit.chain import Who
from yike.web.outlets import imports
from yike.web.outlets.actions import create_outlet, set_status
from yike.web.outlets.exports import HEADERS, export, returned_workbook
from yike.web.outlets.models import Outlet
from yike.web.outlets.queries import OutletFilter, counts, filtered, live_outlets, to_table

PROGRAM = Who(None)


@pytest.fixture
def street(db, now):
    """Along the tiny pack's street: a store that copies, a closed pharmacy, a van with two stops."""
    shops = [
        {"code": "s1", "name": "一号便利店", "type_code": "convenience_store", "lon": 116.302, "lat": 40.0,
         "hours": "7:00-22:00", "staff": 3, "is_chain": True, "phone": "010-5550001",
         "services": [{"label": "打印", "type_code": "photo_print"}]},
        {"code": "s2", "name": "街角药房", "type_code": "pharmacy", "lon": 116.310, "lat": 40.0,
         "area_m2": 45.5},
        {"code": "s3", "name": "蔬菜车", "type_code": "vegetable_van", "lon": 116.320, "lat": 40.0,
         "is_movable": True, "stops": [
             {"lon": 116.320, "lat": 40.0, "hours": "周二 8:00-10:00"},
             {"lon": 116.340, "lat": 40.0, "hours": "周四 8:00-10:00"}]},
    ]  # fmt: skip
    made = [create_outlet(who=PROGRAM, values=s | {"area_code": "110108"}, now=now) for s in shops]
    set_status(who=PROGRAM, outlet=made[1], status="closed", on=now.date(), now=now)
    create_outlet(
        who=PROGRAM, now=now, values={"name": "=1+1", "type_code": "laundry", "area_code": "110108"}
    )  # without a place
    return live_outlets()


def test_the_table_holds_what_the_register_says(street):
    table = to_table(street)

    table.validate()
    labels = [load_types().types[t].code for t in table.type_idx]
    assert table.outlet_id == ("s1", "s2", "s3@1", "s3@2")
    assert labels == ["convenience_store", "pharmacy", "vegetable_van", "vegetable_van"]
    assert table.unit_idx.tolist() == [0, 1, 2, 2]
    assert table.lon.tolist() == [116.302, 116.310, 116.320, 116.340]
    assert table.status.tolist() == [
        OutletStatus.OPEN,
        OutletStatus.CLOSED,
        OutletStatus.OPEN,
        OutletStatus.OPEN,
    ]
    assert table.is_chain.tolist() == [Tri.YES, Tri.UNKNOWN, Tri.UNKNOWN, Tri.UNKNOWN]
    assert (table.staff[0], table.area_m2[1]) == (3, 45.5)
    assert np.isnan(table.staff[1])
    own = table.service_type_idx[table.service_ptr[0] : table.service_ptr[1]]
    assert {load_types().types[t].code for t in own} == {"convenience_store", "photo_print"}
    assert len(to_table(Outlet.objects.none())) == 0


def test_a_register_written_into_a_pack_reads_back_the_same(street, tmp_path):
    folder = write_tiny_pack(tmp_path / "pack")
    with (folder / "outlets.csv").open("wb") as stream:
        export(street.order_by("pk").exclude(lon=None), "csv", stream)

    pack = read_pack(folder)
    read, own = pack.outlets, to_table(street)

    for column in ("outlet_id", "name", "hours", "checked_on"):
        assert getattr(read, column) == getattr(own, column), column
    for column in ("type_idx", "service_ptr", "service_type_idx", "status", "is_chain", "is_movable",
                   "unit_idx", "is_unstaffed", "staff", "area_m2", "capacity", "lon", "lat"):  # fmt: skip
        np.testing.assert_array_equal(getattr(read, column), getattr(own, column), column)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_an_exported_list_comes_back_without_a_difference(street, now, kind):
    stream = io.BytesIO()
    assert export(street.exclude(lon=None), kind, stream) == 3
    stream.seek(0)
    batch = imports.upload(who=PROGRAM, stream=stream, name=f"导出.{kind}", area_code="110108", now=now)

    imports.preview(who=PROGRAM, batch=batch, now=now)

    assert [(r.verdict, r.changes) for r in batch.rows.all()] == [("same", {})] * 3


def test_a_name_that_looks_like_a_formula_stays_text(street):
    odd = street.filter(lon=None)
    sheet, text = io.BytesIO(), io.BytesIO()
    export(odd, "xlsx", sheet)
    export(odd, "csv", text)

    cell = load_workbook(sheet)["网点"]["B2"]
    assert (cell.value, cell.data_type) == ("=1+1", "s")
    assert "'=1+1" in text.getvalue().decode("utf-8-sig")


def test_geojson_holds_points_and_chinese_words(street):
    stream = io.BytesIO()
    export(street.order_by("pk"), "geojson", stream)

    features = json.loads(stream.getvalue())["features"]
    assert features[0]["geometry"] == {"type": "Point", "coordinates": [116.302, 40.0]}
    assert features[0]["properties"]["业态"] == "便利店"
    assert features[3]["geometry"] is None


def test_the_returned_workbook_marks_the_cells_and_gives_reasons(db, now, tmp_path):
    text = "编号,名称,业态,经度,纬度\nA1,好店,药店,116.3,40.0\nA2,坏店,药店,一百,40.0\n"
    batch = imports.upload(
        who=PROGRAM,
        stream=io.BytesIO(text.encode()),
        name="清单.csv",
        area_code="110108",
        now=now,
        datum="wgs84",
    )
    imports.preview(who=PROGRAM, batch=batch, now=now)
    returned_workbook(batch, tmp_path / "back.xlsx")

    sheet = load_workbook(tmp_path / "back.xlsx")["清单"]
    assert sheet["D3"].fill.fgColor.rgb.endswith("F8C9C4")
    assert sheet["F1"].value == "原因"
    assert "一百" in sheet["F3"].value
    assert sheet["F2"].value is None


def test_filters_find_by_words_flags_and_rows(street):
    def names(**wanted):
        return [o.name for o in filtered(street, OutletFilter(**wanted))]

    assert names(text="打印") == ["一号便利店"]
    assert names(text="010-5550001") == names(text="0105550001") == ["一号便利店"]
    assert names(text="010-555") == []  # sealed: a part of a number finds nothing
    assert names(form_row="B10", status="closed") == ["街角药房"]
    assert names(flags=(("opens_early", True),)) == ["一号便利店"]
    assert names(has_place=False) == ["=1+1"]
    assert names(branch="110108", sort="-name") == names(sort="name")[::-1]
    assert names(branch="110109") == []
    assert counts(street)["by_status"] == {"open": 3, "closed": 1}
    assert counts(street)["by_row"]["B01"] == 1


@pytest.mark.parametrize(("branch", "inside", "outside"), [
    ("411281", "411281001001", "411282"), ("411289", "411289999", "411290"), ("41", "4199", "42"),
    ("", "99", None), ("001", "001999", "002"),
])  # fmt: skip
def test_a_branch_is_a_range_of_codes(db, branch, inside, outside):
    Outlet.objects.create(name="里", area_code=inside)
    if outside:
        Outlet.objects.create(name="外", area_code=outside)

    assert [o.name for o in Outlet.objects.filter(within_branch(branch))] == ["里"]


def test_headers_are_read_back_by_the_import(street):
    from yike.sources.headers import match_headers

    known = match_headers(HEADERS, "outlet")
    assert [h for i, h in enumerate(HEADERS) if i not in known.values()] == []
