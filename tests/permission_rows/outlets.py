"""Rows of the outlets' pages."""

from __future__ import annotations

import io

from permission_rows.base import KEEP, NOW, Row, a_community, number
from photo_maker import a_photo_file
from yike.web.accounts.models import Account
from yike.web.accounts.trace import Who
from yike.web.outlets import edits, photos
from yike.web.outlets.actions import create_outlet
from yike.web.outlets.imports import preview, upload
from yike.web.outlets.kept_exports import ask
from yike.web.outlets.models import Outlet, SavedView


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


def a_photo(branch):
    outlet = Outlet.objects.get(pk=an_outlet(branch)["key"])
    shot = photos.read_shot(io.BytesIO(a_photo_file()), 1000)
    kept = photos.add_photo(who=Who(None), outlet=outlet, shot=shot, now=NOW)
    return {"key": outlet.pk, "photo_key": kept.pk}


def a_batch_edit(branch):
    made = edits.edit_outlets(
        who=Who(None), keys=[an_outlet(branch)["key"]], wanted=edits.verifying(), now=NOW
    )
    return {"key": made.pk}


def a_view(branch):
    """Of whoever is signed in where the branch is theirs, else of somebody else."""
    owner = Account.objects.filter(duties__area_code=branch).first()
    owner = owner or Account.objects.create_user(f"view-{next(number)}", "长城长城1234")
    view = SavedView.objects.create(owner=owner, name="视图", query="row=B10", made_at=NOW, area_code=branch)
    return {"key": view.pk}


def an_export(branch):
    return {"key": ask(who=Who(None), query="", kind="csv", now=NOW, area_code=branch).pk}


ROWS = {
    "outlets:outlets": Row(),
    "outlets:new": Row(may=KEEP),
    "outlets:twins": Row(may=KEEP),
    "outlets:layer": Row(),
    "outlets:visits": Row(),
    "outlets:changes": Row(),
    "outlets:changes-layer": Row(),
    "outlets:photo": Row(may=KEEP),
    "outlets:views": Row("post", ok=302, data={"name": "药店", "query": "row=B10"}),
    "outlets:view-removal": Row("post", make=a_view, ok=302),
    "outlets:batch-edits": Row(may=KEEP),
    "outlets:batch-edit": Row(may=KEEP, make=a_batch_edit),
    "outlets:edit-withdrawal": Row("post", may=KEEP, make=a_batch_edit, ok=302),
    "outlets:outlet-photos": Row("post", may=KEEP, make=an_outlet, ok=302),
    "outlets:picture": Row(make=a_photo),
    "outlets:photo-removal": Row("post", may=KEEP, make=a_photo, ok=302),
    "outlets:exports": Row("post", ok=302, data={"kind": "csv", "query": ""}),
    "outlets:export": Row(make=an_export, ok=404),  # for who asked alone
    "outlets:batches": Row(may=KEEP),
    "outlets:batch": Row(may=KEEP, make=a_batch),
    "outlets:datum": Row("post", may=KEEP, make=a_batch, ok=302),
    "outlets:application": Row("post", may=KEEP, make=a_batch, ok=302),
    "outlets:abandonment": Row("post", may=KEEP, make=a_batch, ok=302),
    "outlets:withdrawal": Row("post", may=KEEP, make=a_batch, ok=302),
    "outlets:workbook": Row(may=KEEP, make=a_batch),
    "outlets:outlet": Row(make=an_outlet),
    "outlets:edit": Row(may=KEEP, make=an_outlet),
    "outlets:events": Row(
        "post", may=KEEP, make=an_outlet, ok=302, data={"status": "closed", "on": "2026-11-20"}
    ),
    "outlets:removal": Row("post", may=KEEP, make=an_outlet, ok=302, data={"note": "登记错了"}),
    "outlets:verification": Row("post", may=KEEP, make=an_outlet, ok=302),
}
OPEN: set[str] = set()
