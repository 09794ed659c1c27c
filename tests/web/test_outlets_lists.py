import datetime as dt

import pytest
from django.utils.timezone import localdate

from yike.web.audit.chain import Who
from yike.web.outlets.actions import change_outlet, create_outlet
from yike.web.outlets.cards import to_visit
from yike.web.outlets.filters import FEATURES, OutletFilter, filtered, list_page, pages_of
from yike.web.outlets.history import steps_of
from yike.web.outlets.models import Outlet
from yike.web.outlets.outlet_form import GROUPS, OutletForm
from yike.web.outlets.queries import live_outlets
from yike.web.outlets.values import PLAIN
from yike.web.regions.divisions import load_divisions
from yike.web.regions.models import Area

BRANCH = "411281001005"


@pytest.fixture
def street(db, now):
    """Twenty-three outlets named 店00 … 店22, every third a pharmacy, seen on days 1 … 20, three never."""
    load_divisions("411281", who=Who(None), now=now)
    community = Area.objects.get(branch=BRANCH)
    for i in range(23):
        create_outlet(
            who=Who(None), now=now,
            values={"name": f"店{i:02d}", "type_code": "laundry" if i % 3 else "pharmacy",
                    "area_code": BRANCH, "community_id": community.pk, "lon": 111.88 + i / 1000,
                    "lat": 34.74, "is_invented": True,
                    "verified_on": dt.date(2026, 1, i + 1) if i < 20 else None,
                    "takes_cash": (True, False, None)[i % 3], "hours": "24小时" if i == 4 else ""},
        )  # fmt: skip


@pytest.fixture
def clerk(client, make_account):
    client.force_login(make_account("qu", "411281", "district", must_change_password=False))
    return client


def page(number, length=10, **wanted):
    return list_page(lambda column: live_outlets(), OutletFilter(**wanted), number, length)


def names(rows):
    return [o.name for o in rows]


@pytest.mark.parametrize("sort", ["", "name", "-name", "verified", "-verified"])
@pytest.mark.parametrize("walked_from", [5_000, 5])
def test_pages_together_are_the_whole_list_in_its_order(street, sort, walked_from, monkeypatch):
    monkeypatch.setattr("yike.web.outlets.filters.WALKED_FROM", walked_from)
    whole = names(filtered(live_outlets(), OutletFilter(branch="41", sort=sort)))

    parts = [names(page(n, 5, branch="41", sort=sort)[1]) for n in range(1, pages_of(23, 5) + 1)]

    assert [len(p) for p in parts] == [5, 5, 5, 5, 3]
    assert [name for part in parts for name in part] == whole


def test_a_page_beyond_the_end_is_the_last_one(street):
    counts, rows, number = page(99, sort="name")

    assert (counts.total, number, names(rows)) == (23, 3, ["店20", "店21", "店22"])


def test_counts_are_of_the_same_list(street):
    counts, _, _ = page(1, form_row="B10")

    assert (counts.total, counts.by_row, counts.by_status) == (8, {"B10": 8}, {"open": 8})


@pytest.mark.parametrize(
    ("feature", "wanted"),
    [("no_cash", 8), ("takes_cash", 8), ("is_24h", 1), ("no_photo", 23), ("no_place", 0)],
)
def test_a_feature_lets_through_those_that_have_it(street, feature, wanted):
    assert page(1, features=(feature,))[0].total == wanted


@pytest.mark.parametrize("feature", FEATURES)
def test_every_feature_is_a_question_both_databases_answer(street, feature):
    counts, rows, _ = page(1, 50, features=(feature,), sort="name")

    assert counts.total == len(rows)


def test_a_box_of_the_map_holds_what_lies_in_it(street):
    assert names(page(1, box=(111.8835, 34.7, 111.8865, 34.8), sort="name")[1]) == ["店04", "店05", "店06"]


def test_the_map_draws_what_the_list_shows(street, clerk):
    told = clerk.get("/desk/outlets/layer/?row=B10").json()

    assert len(told["features"]) == 8
    first = told["features"][0]
    assert first["properties"]["href"].startswith("/desk/outlets/")
    assert first["properties"]["type"] == "B10"
    assert told["words"]["type:B10"] == "药店"


def test_too_many_for_the_map_are_counted_in_squares(street, clerk, monkeypatch):
    from yike.web.outlets.limits import limits

    monkeypatch.setitem(limits()["list"], "most_on_map", 5)
    told = clerk.get("/desk/outlets/layer/").json()
    nearer = clerk.get("/desk/outlets/layer/?bbox=111.8835,34.7,111.8865,34.8").json()

    assert sum(f["properties"]["count"] for f in told["features"]) == 23
    assert "按方格计数" in told["note"]
    assert len(nearer["features"]) == 3
    assert clerk.get("/desk/outlets/layer/?bbox=a,b").json()["features"]


def test_the_list_shows_the_columns_asked_for_and_its_pages(street, clerk):
    text = clerk.get("/desk/outlets/?col=cash&col=staff&sort=-name&per=200").content.decode()

    heads = text.split("<thead>")[1].split("</thead>")[0]
    assert ["名称" in heads, "收现金" in heads, "从业" in heads, "电话" in heads] == [True, True, True, False]
    assert text.index("店22") < text.index("店21")
    assert "共 23 个网点" in text


def test_outlets_to_visit_begin_with_those_never_seen_and_leave_out_the_closed(street, clerk):
    Outlet.objects.filter(name="店00").update(status="closed")
    text = clerk.get("/desk/outlets/visits/").content.decode()

    assert localdate() > dt.date(2026, 6, 1)  # every visit above is longer ago than 90 days
    assert "共 22 个" in text
    assert text.index("店20") < text.index("店01") < text.index("店02")
    assert "店00" not in text


def test_every_column_people_change_stands_in_the_form():
    asked = {name for _, names in GROUPS for name in names} | {"licences"}
    elsewhere = {"type_text", "area_code", "source_lon", "source_lat", "source_datum", "verified_on"}

    assert set(PLAIN) - asked - elsewhere == set()
    assert set(OutletForm([]).fields) == {*asked - {"licences"}, "version"}


def test_lists_of_an_outlet_are_filled_in_row_by_row(street, clerk):
    shop = Outlet.objects.get(name="店01")
    typed = {"name": shop.name, "type_code": "laundry", "community": shop.community_id, "version": 1,
             "payments": ["现金", "支付宝"], "lon": "111.881", "lat": "34.74"}  # fmt: skip
    for name, cells in {
        "services-0": {"label": "打印复印", "hours": "8:00-18:00"},
        "services-1": {"label": "社保查询", "is_public": "on"},
        "stops-0": {"place": "东门", "lon": "111.9", "lat": "34.7", "hours": "周二上午"},
        "licences-0": {"kind": "营业执照", "number": "X1", "expires_on": "2020-01-01"},
    }.items():  # fmt: skip
        typed |= {f"{name}-{k}": v for k, v in cells.items()}
    for name in ("services", "stops", "licences"):
        typed |= {f"{name}-TOTAL_FORMS": 2, f"{name}-INITIAL_FORMS": 0}
    text = clerk.post(f"/desk/outlets/{shop.pk}/edit/", typed, follow=True).content.decode()

    shop.refresh_from_db()
    assert [(s.label, s.hours, s.is_public) for s in shop.services.all()] == [
        ("打印复印", "8:00-18:00", False), ("社保查询", "", True)
    ]  # fmt: skip
    assert shop.licences == [{"kind": "营业执照", "number": "X1", "expires_on": "2020-01-01"}]
    assert shop.payments == ["现金", "支付宝"]
    assert [s.place for s in shop.stops.all()] == ["东门"]
    assert "已过期" in text

    again = {k: v for k, v in typed.items() if not k.startswith("services")} | {"version": 2}
    again |= {"services-TOTAL_FORMS": 2, "services-INITIAL_FORMS": 2, "services-0-label": "打印复印",
              "services-0-hours": "8:00-18:00", "services-1-label": ""}  # fmt: skip
    clerk.post(f"/desk/outlets/{shop.pk}/edit/", again)
    assert [s.label for s in shop.services.all()] == ["打印复印"]
    wrong = again | {"version": 3, "stops-0-lon": ""}
    assert "停靠点要填经度和纬度" in clerk.post(f"/desk/outlets/{shop.pk}/edit/", wrong).content.decode()


def test_the_history_says_what_each_version_changed(street, clerk, now):
    shop = Outlet.objects.get(name="店01")
    change_outlet(
        who=Who(None), outlet=shop, now=now,
        values={"phone": "0398-5550001", "type_code": "repair", "takes_cash": None, "payments": ["现金"]},
    )  # fmt: skip
    newest, first = steps_of(shop.versions.order_by("-number"))

    assert sorted(newest.changes) == sorted([
        ("业态", "洗染店", "维修点"), ("收现金", "否", "暂缺"),
        ("电话", "暂缺", "0398-*****01"), ("支付方式", "暂缺", "现金"),
    ])  # fmt: skip
    assert first.changes == ()
    assert "<del>洗染店</del> → 维修点" in clerk.get(f"/desk/outlets/{shop.pk}/").content.decode()


def test_the_first_screen_leads_to_outlets_nobody_has_seen_for_long(street, make_account, now):
    card = to_visit(make_account("shequ", BRANCH, "community"), now)

    assert [(line.count, line.href) for line in card.lines] == [(23, "/desk/outlets/visits/")]
    assert to_visit(make_account("shen", "41", "auditor"), now) is None
