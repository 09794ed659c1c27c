"""The public first page."""

from __future__ import annotations

from yike.web.accounts.trace import Who
from yike.web.outlets.actions import create_outlet, set_status
from yike.web.regions.actions import create_circle
from yike.web.regions.divisions import load_divisions
from yike.web.regions.models import Area


def test_the_first_page_counts_circles_and_open_outlets_by_county(client, db, now):
    program = Who(None)
    load_divisions("411281", who=program, now=now)
    community = Area.objects.get(code="411281001001")
    create_circle(
        who=program, code="C1", name="一圈", communities=[community], now=now, fields={"is_invented": True}
    )
    here = {"area_code": community.branch, "community_id": community.pk, "type_code": "laundry"}
    create_outlet(who=program, values=here | {"name": "甲"}, now=now)
    shut = create_outlet(who=program, values=here | {"name": "乙"}, now=now)
    set_status(who=program, outlet=shut, status="closed", on=now.date(), now=now)

    page = client.get("/").content.decode()

    assert "义马市" in page
    assert "便民生活圈 1 个 · 网点 1 个" in page
    assert "本页含虚构数据" in page
    assert 'href="/desk/"' in page


def test_an_empty_register_says_so(client, db):
    page = client.get("/").content.decode()

    assert "还没有登记生活圈" in page
    assert "虚构" not in page
