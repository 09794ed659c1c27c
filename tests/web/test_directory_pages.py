"""Pages of facilities and premises: lists, one of them, forms, taking out and back, files, the phone."""

import datetime as dt
import io
import json

import pytest
from openpyxl import load_workbook

from yike.web.audit.chain import Who, verify_chain
from yike.web.audit.models import Entry
from yike.web.outlets.directory.actions import create_entry
from yike.web.outlets.directory.kinds import FACILITY, PREMISES
from yike.web.outlets.models import Facility, Premises
from yike.web.regions.divisions import load_divisions
from yike.web.regions.models import Area

LISTS = {FACILITY: "/desk/outlets/facilities/", PREMISES: "/desk/outlets/premises/"}
NO_LINES = {f"{name}-{of}_FORMS": 0 for name in ("prices", "stops") for of in ("TOTAL", "INITIAL")}


@pytest.fixture
def community(db, now):
    load_divisions("411281", who=Who(None), now=now)
    return Area.objects.get(branch="411281001005")


@pytest.fixture
def clerk(client, make_account, community):
    client.force_login(make_account("qu", "411281", "district", must_change_password=False))
    return client


@pytest.fixture
def put(community, now):
    """Adds an entry the way actions do."""

    def add(kind, name, **values):
        values = {"name": name, "area_code": community.branch, "community_id": community.pk} | values
        return create_entry(who=Who(None), kind=kind, values=values, now=now)

    return add


def test_facilities_are_listed_by_type_state_and_form(clerk, put):
    put(FACILITY, "银杏卫生站（虚构）", type_code="health_station", capacity=12, is_invented=True)
    put(FACILITY, "旧文化站", type_code="culture_station", ends_on=dt.date(2020, 1, 1))
    put(FACILITY, "菜车", type_code="vegetable_van", is_movable=True)

    def names(query):
        page = clerk.get(f"/desk/outlets/facilities/?{query}").content.decode()
        return [n for n in ("银杏卫生站（虚构）", "旧文化站", "菜车") if n in page]

    assert names("") == ["银杏卫生站（虚构）", "旧文化站", "菜车"]
    assert names("type=health_station") == ["银杏卫生站（虚构）"]
    assert names("use=ended") == ["旧文化站"]
    assert names("use=now&flag=movable") == ["菜车"]
    assert names("q=银杏") == ["银杏卫生站（虚构）"]
    assert "共 3 处" in clerk.get("/desk/outlets/facilities/").content.decode()


def test_premises_are_found_by_state_type_to_move_in_and_area(clerk, put):
    put(PREMISES, "空门面", kind_code="idle_room", area_m2=60, state="闲置", allowed_types=["laundry"])
    put(PREMISES, "租掉的", area_m2=200, state="已出租")
    put(PREMISES, "没人说的", kind_code="corner_land")

    def names(query):
        page = clerk.get(f"/desk/outlets/premises/?{query}").content.decode()
        return [n for n in ("空门面", "租掉的", "没人说的") if f"{n}</a>" in page]

    assert names("use=idle") == ["空门面"]
    assert names("use=busy") == ["租掉的"]
    assert names("use=unknown") == ["没人说的"]
    assert names("move_in=laundry") == ["空门面", "租掉的", "没人说的"]  # two say nothing: any type
    assert names("move_in=pharmacy") == ["租掉的", "没人说的"]
    assert names("least_m2=100") == ["租掉的"]
    assert names("sort=-area_m2")[:1] == ["空门面"]
    assert "260" in clerk.get("/desk/outlets/premises/").content.decode()  # 60 + 200 平方米


def test_a_facility_is_entered_changed_taken_out_and_brought_back(clerk, community):
    typed = NO_LINES | {
        "name": "春苗食堂（虚构）", "type_code": "community_canteen", "community": community.pk,
        "capacity": "80", "is_invented": "on", "is_movable": "on",
        "prices-TOTAL_FORMS": 2, "prices-0-item": "午餐", "prices-0-price_yuan": "12.50",
        "prices-1-item": "量血压", "prices-1-price_yuan": "0", "prices-1-note": "周三",
        "stops-TOTAL_FORMS": 1, "stops-0-place": "东门", "stops-0-lon": "111.88", "stops-0-lat": "34.74",
        "stops-0-hours": "周二 8:00-10:00",
    }  # fmt: skip
    page = clerk.post("/desk/outlets/facilities/new/", typed, follow=True).content.decode()
    made = Facility.objects.get()
    address = f"/desk/outlets/facilities/{made.pk}/"
    assert made.prices == [
        {"item": "午餐", "price_fen": 1250, "note": ""}, {"item": "量血压", "price_fen": 0, "note": "周三"},
    ]  # fmt: skip
    assert made.stops == [{"place": "东门", "lon": 111.88, "lat": 34.74, "hours": "周二 8:00-10:00"}]
    assert ("12.5元" in page, "免费" in page, "东门" in page, "虚构" in page) == (True,) * 4

    changed = typed | {"capacity": "100", "version": 1}
    page = clerk.post(f"{address}edit/", changed, follow=True).content.decode()
    assert "服务能力：<del>80</del> → 100" in page
    assert clerk.post(f"{address}edit/", changed | {"capacity": "5"}).status_code == 409

    assert clerk.post(f"{address}removal/", {"note": " "}).status_code == 403
    clerk.post(f"{address}removal/", {"note": "登记重复"})
    assert "登记重复" in clerk.get(address).content.decode()
    assert "春苗" not in clerk.get("/desk/outlets/facilities/").content.decode()
    assert "春苗" in clerk.get("/desk/outlets/facilities/?gone=on").content.decode()
    assert clerk.get(f"{address}edit/").status_code == 404
    clerk.post(f"{address}restoration/")
    made.refresh_from_db()
    assert (made.gone_at, made.version, list(verify_chain())) == (None, 4, [])


def test_premises_keep_money_in_fen_and_say_what_fits(clerk, community):
    typed = {"name": "南巷门面", "kind_code": "bike_shed", "community": community.pk, "area_m2": "20",
             "state": "闲置", "rent_yuan": "0", "cost_yuan": "12000.5",
             "allowed_types": ["repair", "pharmacy"], "lon": "111.88", "lat": "34.74"}  # fmt: skip
    page = clerk.post("/desk/outlets/premises/new/", typed, follow=True).content.decode()

    made = Premises.objects.get()
    assert (made.rent_fen, made.cost_fen, made.source_datum) == (0, 1_200_050, "wgs84")
    assert ("免租" in page, "12,000.5" in page or "12\u202f000.5" in page) == (True, True)
    assert "不宜用自行车棚" in page  # pharmacy
    assert "面积够" in page  # repair needs 4
    assert "推定" in page


def test_wrong_input_is_told_at_the_field(clerk, community):
    typed = NO_LINES | {"name": "站", "type_code": "health_station", "community": community.pk,
                        "lon": "111.88", "begins_on": "2026-05-01", "ends_on": "2026-04-01"}  # fmt: skip
    page = clerk.post("/desk/outlets/facilities/new/", typed).content.decode()

    assert "经度和纬度要么都填" in page
    assert "停用日期不能早于启用日期" in page
    assert not Facility.objects.exists()


def test_a_code_is_given_once_in_a_community(clerk, put, community):
    put(FACILITY, "一站", code="F-1")
    typed = NO_LINES | {"name": "二站", "type_code": "health_station", "code": "F-1",
                        "community": community.pk}  # fmt: skip

    answer = clerk.post("/desk/outlets/facilities/new/", typed)

    assert answer.status_code == 403
    assert "已经用于“一站”" in answer.content.decode()


def test_lists_go_out_as_files(clerk, put):
    put(
        PREMISES, "=空房", kind_code="idle_room", area_m2=60, allowed_types=["laundry"], lon=111.88, lat=34.74
    )

    sheet = load_workbook(io.BytesIO(clerk.get("/desk/outlets/premises/?as=xlsx").content)).active
    csv = clerk.get("/desk/outlets/premises/?as=csv").content.decode("utf-8-sig")
    shapes = json.loads(clerk.get("/desk/outlets/premises/?as=geojson").content)
    blank = load_workbook(io.BytesIO(clerk.get("/desk/outlets/premises/template/").content)).active

    assert (sheet.title, sheet["B2"].value, sheet["B2"].data_type) == ("闲置空间", "=空房", "s")
    assert "'=空房,闲置用房" in csv
    assert shapes["features"][0]["properties"]["可引入业态"] == "洗染店"
    assert shapes["features"][0]["geometry"]["coordinates"] == [111.88, 34.74]
    assert [c.value for c in blank[1]] == [c.value for c in sheet[1]]
    assert blank.max_row == 1


def test_the_map_shows_places_and_stops(clerk, put):
    van = put(
        FACILITY, "菜车", type_code="vegetable_van", is_movable=True, lon=111.88, lat=34.74,
        stops=[{"place": "东门", "lon": 111.89, "lat": 34.75, "hours": "周二"}],
    )  # fmt: skip
    put(FACILITY, "没有位置的")

    told = clerk.get("/desk/outlets/facilities/layer/").json()
    one = clerk.get(f"/desk/outlets/facilities/layer/?one={van.pk}").json()

    assert [(f["properties"]["kind"], f["properties"]["label"]) for f in told["features"]] == [
        ("facility", "菜车"), ("stop", "菜车：东门"),
    ]  # fmt: skip
    assert one["features"] == told["features"]
    assert told["words"]["type:vegetable_van"] == "蔬菜直通车"


def test_a_community_tells_idle_premises_by_phone(client, make_account, community):
    client.force_login(make_account("she", community.branch, "community", must_change_password=False))
    typed = {"kind_code": "bike_shed", "name": "3号楼后车棚", "community": community.pk, "area_m2": "40",
             "lon": "111.88", "lat": "34.74"}  # fmt: skip

    assert "记空房" in client.get("/desk/outlets/premises/sighting/").content.decode()
    page = client.post("/desk/outlets/premises/sighting/", typed, follow=True).content.decode()

    made = Premises.objects.get()
    assert (made.kind_code, made.area_code, made.source) == ("bike_shed", community.branch, "走访登记")
    assert "已登记“3号楼后车棚”" in page


def test_another_branch_is_not_found(client, make_account, put):
    found = put(FACILITY, "银杏卫生站")
    client.force_login(make_account("ts", "620502", "district", must_change_password=False))

    assert client.get(f"/desk/outlets/facilities/{found.pk}/").status_code == 404
    assert "银杏" not in client.get("/desk/outlets/facilities/").content.decode()
    assert client.get("/desk/outlets/facilities/layer/").json()["features"] == []


def test_telephone_numbers_are_whole_for_keepers_alone(client, make_account, put):
    found = put(FACILITY, "银杏卫生站", phone="0398-5550001")
    for name, role, is_whole in (("qu", "district", True), ("yan", "inspector", False)):
        client.force_login(make_account(name, "411281", role, must_change_password=False))
        page = client.get(f"/desk/outlets/facilities/{found.pk}/").content.decode()
        csv = client.get("/desk/outlets/facilities/?as=csv").content.decode("utf-8-sig")
        assert ("0398-5550001" in page, "0398-5550001" in csv) == (is_whole, is_whole)
    assert [e.actor_id_text for e in Entry.objects.filter(action="facility.export")] == ["qu"]
