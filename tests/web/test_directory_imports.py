"""Lists of facilities and premises: looked at row by row, put in, taken back, sent back with red cells."""

import io

import pytest
from openpyxl import load_workbook

from yike.errors import RefusedError
from yike.web.audit.chain import Who, verify_chain
from yike.web.audit.models import Entry
from yike.web.outlets.directory import actions, imports
from yike.web.outlets.directory.kinds import FACILITY, KINDS, PREMISES
from yike.web.outlets.exports import returned_workbook
from yike.web.outlets.models import BatchState, Facility, Premises
from yike.web.outlets.uploads import choose_datum, upload
from yike.web.regions.divisions import load_divisions
from yike.web.regions.models import Area

NOBODY = Who(None)
FACILITIES = """设施编号,编号,设施名称,设施类型,社区,经度,纬度,服务能力,收费标准,停靠点,启用日期,无障碍
x,F1,银杏卫生站,卫生服务站,银杏社区,111.8801,34.7401,12,挂号 1元；量血压 免费,,2024-05-01,是
x,F2,春苗食堂,社区食堂,银杏社区,,,80人,午餐 12.5元/份（70岁以上半价）,,2025年3月,
x,F3,便民菜车,蔬菜直通车,,111.881,34.741,,,"东门 111.88,34.74 周二 8:00-10:00",,
x,F4,洗衣坊,洗衣店,银杏社区,,,,,,,
x,F5,怪站,不知道是什么的东西,银杏社区,111.9,,,,,,
x,,,卫生服务站,银杏社区,,,,,,,
"""
PREMISES_LIST = """名称,房屋类型,面积,产权单位,现状,可引入业态,月租金（元）,改造费用（万元）,社区
南巷3号门面,沿街商铺,60,房管所,闲置,便利店、洗衣店,1000,1.2,银杏社区
老车棚,车棚,40,物业,空置,不限,,,银杏社区
"""


@pytest.fixture
def community(db, now):
    load_divisions("411281", who=NOBODY, now=now)
    return Area.objects.get(branch="411281001005")


@pytest.fixture
def bring(community, settings, tmp_path, now):
    """Uploads a list and looks at it."""
    settings.DATA = tmp_path

    def upload_and_look(kind, text, datum="wgs84", name="清单.csv"):
        stream = io.BytesIO(text.encode("utf-8-sig"))
        batch = upload(
            who=NOBODY, stream=stream, name=name, area_code="411281", datum=datum, now=now, what=kind.code
        )
        imports.preview(who=NOBODY, batch=batch, now=now)
        return batch

    return upload_and_look


def verdicts(batch):
    return [(r.number, r.verdict) for r in batch.rows.all()]


def test_each_row_says_what_it_would_do_and_what_is_wrong(bring):
    batch = bring(FACILITY, FACILITIES)
    said = {r.number: " ".join(f["message"] for f in r.faults) for r in batch.rows.all()}

    assert verdicts(batch) == [
        (2, "new"), (3, "new"), (4, "new"), (5, "error"), (6, "error"), (7, "error"),
    ]  # fmt: skip
    assert "网点业态（洗染店）" in said[5]
    assert ("没有登记" in said[6], "不能用" in said[6]) == (True, True)
    assert "没有名称" in said[7]
    assert not Facility.objects.exists()


def test_good_rows_go_in_whole_and_come_out_again(bring, now, community):
    batch = bring(FACILITY, FACILITIES)
    with pytest.raises(RefusedError, match="有错误"):
        imports.apply(who=NOBODY, batch=batch, now=now)
    assert not Facility.objects.exists()

    imports.apply(who=NOBODY, batch=batch, now=now, good_rows_only=True)

    station, canteen, van = Facility.objects.order_by("code")
    assert (station.type_code, station.community_id, station.capacity) == ("health_station", community.pk, 12)
    assert station.prices == [
        {"item": "挂号", "price_fen": 100, "note": ""}, {"item": "量血压", "price_fen": 0, "note": ""},
    ]  # fmt: skip
    assert (station.begins_on.isoformat(), station.is_accessible) == ("2024-05-01", True)
    assert canteen.prices == [{"item": "午餐", "price_fen": 1250, "note": "每份，70岁以上半价"}]
    assert (canteen.lon, canteen.capacity) == (None, 80)
    assert (van.area_code, van.stops[0]["place"], van.stops[0]["hours"]) == (
        "411281", "东门", "周二 8:00-10:00",
    )  # fmt: skip
    assert Entry.objects.filter(action="facility.create", note__contains="第 2 行").count() == 1
    with pytest.raises(RefusedError, match="已导入"):
        imports.apply(who=NOBODY, batch=batch, now=now, good_rows_only=True)

    done = imports.undo(who=NOBODY, batch=batch, now=now)

    assert (done["removed"], done["kept"]) == (3, 0)
    assert Facility.objects.filter(gone_at__isnull=True).count() == 0
    assert list(verify_chain()) == []


def test_the_same_list_again_changes_nothing_and_an_edited_one_only_its_cells(bring, now):
    imports.apply(who=NOBODY, batch=bring(PREMISES, PREMISES_LIST), now=now)
    room, shed = Premises.objects.order_by("area_m2").reverse()
    assert (room.kind_code, room.rent_fen, room.cost_fen) == ("idle_room", 1_200_000, 1_200_000)
    assert (room.allowed_types, shed.allowed_types) == (["convenience_store", "laundry"], [])

    same = bring(PREMISES, PREMISES_LIST)
    edited = bring(PREMISES, PREMISES_LIST.replace(",闲置,", ",已出租,"))

    assert verdicts(same) == [(2, "same"), (3, "same")]
    assert verdicts(edited) == [(2, "changed"), (3, "same")]
    assert edited.rows.get(number=2).changes == {"state": ["闲置", "已出租"]}
    imports.apply(who=NOBODY, batch=edited, now=now)
    room.refresh_from_db()
    assert (room.state, room.version) == ("已出租", 2)

    imports.undo(who=NOBODY, batch=edited, now=now)
    room.refresh_from_db()
    assert (room.state, room.version, room.rent_fen) == ("闲置", 3, 1_200_000)


def test_what_was_edited_since_stays_and_is_named(bring, now):
    batch = bring(PREMISES, PREMISES_LIST)
    imports.apply(who=NOBODY, batch=batch, now=now)
    room = Premises.objects.get(name="老车棚")
    actions.change_entry(who=NOBODY, kind=PREMISES, entry=room, values={"area_m2": 45.0}, now=now)

    done = imports.undo(who=NOBODY, batch=batch, now=now)

    assert (done["removed"], done["kept_names"]) == (1, ["老车棚"])
    assert Premises.objects.get(gone_at__isnull=True).area_m2 == 45


def test_a_register_that_moved_on_is_not_overwritten(bring, now, community):
    batch = bring(PREMISES, PREMISES_LIST)
    values = {"name": "老车棚", "area_code": community.branch, "community_id": community.pk}
    actions.create_entry(who=NOBODY, kind=PREMISES, values=values, now=now)

    with pytest.raises(RefusedError, match="已有人登记"):
        imports.apply(who=NOBODY, batch=batch, now=now)

    batch.refresh_from_db()
    assert (Premises.objects.count(), batch.state) == (1, BatchState.PREVIEWED)


def test_a_masked_number_tells_nothing(bring, now):
    text = "编号,设施名称,电话\nF1,银杏卫生站,{}\n"
    imports.apply(who=NOBODY, batch=bring(FACILITY, text.format("0398-5550001")), now=now)

    assert verdicts(bring(FACILITY, text.format("0398-****001"))) == [(2, "same")]


def test_two_rows_on_one_place_are_told(bring):
    batch = bring(PREMISES, PREMISES_LIST + "老车棚,车棚,41,物业,空置,不限,,,银杏社区\n")

    assert verdicts(batch) == [(2, "new"), (3, "new"), (4, "error")]
    assert "与第 3 行是同一处" in batch.rows.get(number=4).faults[0]["message"]


def test_a_datum_is_asked_for_only_where_there_are_points(bring, now):
    with_points = bring(FACILITY, FACILITIES, datum="")
    without = bring(PREMISES, PREMISES_LIST, datum="")
    assert (with_points.state, without.state) == (BatchState.UPLOADED, BatchState.PREVIEWED)

    chosen = choose_datum(who=NOBODY, batch=with_points, datum="gcj02", now=now)
    imports.preview(who=NOBODY, batch=chosen, now=now)

    values = chosen.rows.get(number=2).values
    assert (values["source_lon"], values["source_datum"]) == (111.8801, "gcj02")
    assert 0.003 < 111.8801 - values["lon"] < 0.008  # GCJ-02 lies some 500 m off


def test_the_file_comes_back_with_red_cells_and_reasons(bring, tmp_path):
    batch = bring(FACILITY, FACILITIES)
    returned_workbook(batch, tmp_path / "back.xlsx")

    sheet = load_workbook(tmp_path / "back.xlsx").worksheets[1]
    heads = [c.value for c in sheet[1]]
    bad = sheet.cell(5, heads.index("设施类型") + 1)
    assert (bad.value, bad.fill.fgColor.rgb[-6:]) == ("洗衣店", "F8C9C4")
    assert "不是公共设施" in sheet.cell(5, heads.index("原因") + 1).value


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda k: k.code)
def test_an_export_read_back_is_the_same(kind, bring, now, client, make_account):
    text = {FACILITY.code: FACILITIES, PREMISES.code: PREMISES_LIST}[kind.code]
    imports.apply(who=NOBODY, batch=bring(kind, text), now=now, good_rows_only=True)
    client.force_login(make_account("qu", "411281", "district", must_change_password=False))

    out = {f: client.get(f"{kind.url}?as={f}").content.decode("utf-8-sig") for f in ("csv", "geojson")}
    again = bring(kind, out["csv"], datum="", name="out.csv")  # its 坐标系 column tells the datum
    shapes = bring(kind, out["geojson"], name="out.geojson")

    count = kind.model.objects.count()
    assert [v for _, v in verdicts(again)] == ["same"] * count, [r.changes for r in again.rows.all()]
    placed = kind.model.objects.filter(lon__isnull=False).count()
    assert [v for _, v in verdicts(shapes)] == ["same"] * count, [r.changes for r in shapes.rows.all()]
    assert len(shapes.faults) == count - placed  # what lies nowhere is told, not left out


def test_the_pages_of_an_import_lead_from_file_to_undo(bring, client, make_account):
    client.force_login(make_account("qu", "411281", "district", must_change_password=False))
    file = io.BytesIO(FACILITIES.encode())
    file.name = "设施.csv"
    page = client.post(
        "/desk/outlets/facilities/imports/", {"file": file, "area": "411281", "datum": "wgs84"}, follow=True
    )
    address, told = page.redirect_chain[-1][0], page.content.decode()
    assert ("新增 3 处" in told, "3 行有错误" in told, "不是公共设施" in told) == (True,) * 3
    assert client.post(f"{address}application/").status_code == 409
    told = client.post(f"{address}application/", {"good_rows_only": "on"}, follow=True).content.decode()
    assert "撤销整批" in told
    assert client.get(f"{address}workbook/").status_code == 200
    told = client.post(f"{address}withdrawal/", follow=True).content.decode()
    assert "移出 3 处" in told
    assert "设施.csv" in client.get("/desk/outlets/facilities/imports/").content.decode()
    assert "设施.csv" not in client.get("/desk/outlets/imports/").content.decode()
    assert "设施.csv" not in client.get("/desk/outlets/premises/imports/").content.decode()
