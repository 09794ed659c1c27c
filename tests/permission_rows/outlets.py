"""Rows of the outlets' pages."""

from __future__ import annotations

import io

from permission_rows.base import KEEP, NOW, Row, a_community
from yike.web.accounts.trace import Who
from yike.web.outlets.actions import create_outlet
from yike.web.outlets.imports import preview, upload


def an_outlet(branch):
    community = a_community(branch)
    values = {"name": "小店（虚构）", "type_code": "laundry", "is_invented": True}
    made = create_outlet(
        who=Who(None), now=NOW, values=values | {"area_code": community.branch, "community_id": community.pk}
    )
    return {"key": made.pk}


def a_batch(branch):
    a_community(branch)
    stream = io.BytesIO("编号,名称,业态,经度,纬度\nA1,小店（虚构）,洗衣店,111.88,34.74\n".encode())
    made = upload(who=Who(None), stream=stream, name="a.csv", area_code=branch, datum="wgs84", now=NOW)
    preview(who=Who(None), batch=made, now=NOW)
    return {"key": made.pk}


ROWS = {
    "outlets:outlets": Row(),
    "outlets:new": Row(may=KEEP),
    "outlets:twins": Row(may=KEEP),
    "outlets:batches": Row(may=KEEP),
    "outlets:batch": Row(may=KEEP, make=a_batch),
    "outlets:datum": Row("post", may=KEEP, make=a_batch, ok=302),
    "outlets:application": Row("post", may=KEEP, make=a_batch, ok=302),
    "outlets:withdrawal": Row("post", may=KEEP, make=a_batch, ok=302),
    "outlets:workbook": Row(may=KEEP, make=a_batch),
    "outlets:outlet": Row(make=an_outlet),
    "outlets:edit": Row(may=KEEP, make=an_outlet),
    "outlets:events": Row(
        "post", may=KEEP, make=an_outlet, ok=302, data={"status": "closed", "on": "2026-11-20"}
    ),
    "outlets:verification": Row("post", may=KEEP, make=an_outlet, ok=302),
}
OPEN: set[str] = set()
