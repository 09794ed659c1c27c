"""What happened to outlets, by day, as a list and on the map."""

import datetime as dt
import io

import pytest
from django.urls import reverse

from returns_town import PROGRAM, build_town, clerk
from yike.web.accounts.models import Account
from yike.web.outlets.actions import set_status
from yike.web.outlets.models import Outlet, OutletEvent


@pytest.fixture
def town(db, now):
    build_town(now)


@pytest.fixture
def enter(client):
    def signed_in(role, area_code):
        account = clerk(role, area_code).account
        Account.objects.filter(pk=account.pk).update(must_change_password=False)
        client.force_login(account)
        return client

    return signed_in


def test_a_closure_appears_at_once_in_the_list_by_day_and_on_the_map(enter, town, now):
    outlet = Outlet.objects.order_by("id").first()
    Outlet.objects.filter(pk=outlet.pk).update(lon=111.88, lat=34.74)
    street = enter("subdistrict", "990101001")
    street.post(
        reverse("outlets:events", args=[outlet.pk]),
        {"status": "closed", "on": "2026-11-20", "note": "拆迁", "seen": outlet.version},
    )

    asked = {"until": "2026-11-22", "days": "7", "kind": "closed"}
    page = street.get(reverse("outlets:changes"), asked).content.decode()
    drawn = street.get(reverse("outlets:changes-layer"), asked).json()

    assert "店0（虚构）" in page
    assert "拆迁" in page
    assert "until=2026-11-20" in page  # the day leads to itself
    (one,) = drawn["features"]
    assert (one["properties"]["type"], drawn["words"]["type:closed"]) == ("closed", "关闭")
    assert one["properties"]["detail"].startswith("2026-11-20 关闭")


def test_days_outside_and_other_branches_stay_out(enter, town, now):
    outlet = Outlet.objects.filter(area_code="990101002001").get()
    set_status(who=PROGRAM, outlet=outlet, status="closed", on=dt.date(2026, 11, 20), now=now)

    asked = {"until": "2026-11-22", "days": "7", "kind": "closed"}
    assert (
        "店4" not in enter("subdistrict", "990101001").get(reverse("outlets:changes"), asked).content.decode()
    )
    west = enter("subdistrict", "990101002")
    assert "店4" in west.get(reverse("outlets:changes"), asked).content.decode()
    assert "店4" not in west.get(reverse("outlets:changes"), asked | {"until": "2026-11-19"}).content.decode()


def test_outlets_found_open_by_a_list_are_no_openings(enter, town, now):
    from yike.web.outlets.imports import apply, preview, upload

    assert OutletEvent.objects.filter(batch__isnull=False).count() == 0
    stream = io.BytesIO("编号,名称,业态,经度,纬度\nA1,小店（虚构）,洗衣店,111.88,34.74\n".encode())
    batch = upload(who=PROGRAM, stream=stream, name="a.csv", area_code="990101001", datum="wgs84", now=now)
    preview(who=PROGRAM, batch=batch, now=now)
    apply(who=PROGRAM, batch=batch, now=now)

    city = enter("city", "9901")
    page = city.get(reverse("outlets:changes"), {"days": "365", "kind": "listed"}).content.decode()
    assert "小店（虚构）" in page
    page = city.get(reverse("outlets:changes"), {"days": "365", "kind": "changed"}).content.decode()
    assert "小店（虚构）" not in page
