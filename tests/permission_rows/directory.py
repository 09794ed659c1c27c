"""Rows of facilities and premises."""

from __future__ import annotations

import io

from permission_rows.base import KEEP, NOW, Row, a_community
from yike.web.accounts.trace import Who
from yike.web.outlets.directory.actions import create_entry, remove_entry
from yike.web.outlets.directory.imports import preview
from yike.web.outlets.directory.kinds import FACILITY, KINDS
from yike.web.outlets.uploads import upload


def an_entry(code):
    def make(branch):
        community = a_community(branch)
        values = {"name": "某处（虚构）", "area_code": community.branch, "community_id": community.pk}
        return {"key": create_entry(who=Who(None), kind=KINDS[code], values=values, now=NOW).pk}

    return make


def one_gone(code):
    def make(branch):
        key = an_entry(code)(branch)
        entry = KINDS[code].model.objects.get(pk=key["key"])
        remove_entry(who=Who(None), kind=KINDS[code], entry=entry, now=NOW, note="重复")
        return key

    return make


def a_batch(code):
    def make(branch):
        a_community(branch)
        stream = io.BytesIO("编号,名称\nA1,某处（虚构）\n".encode())
        made = upload(who=Who(None), stream=stream, name="a.csv", area_code=branch, now=NOW, what=code)
        preview(who=Who(None), batch=made, now=NOW)
        return {"key": made.pk}

    return make


def rows_of(code, listed):
    return {
        f"outlets:{listed}": Row(),
        f"outlets:{code}-new": Row(may=KEEP),
        f"outlets:{code}-layer": Row(),
        f"outlets:{code}-template": Row(may=KEEP),
        f"outlets:{code}-batches": Row(may=KEEP),
        f"outlets:{code}-batch": Row(may=KEEP, make=a_batch(code)),
        f"outlets:{code}-datum": Row("post", may=KEEP, make=a_batch(code), ok=302),
        f"outlets:{code}-application": Row("post", may=KEEP, make=a_batch(code), ok=302),
        f"outlets:{code}-abandonment": Row("post", may=KEEP, make=a_batch(code), ok=302),
        # Nothing was put in: who may take back is told so, the others are refused.
        f"outlets:{code}-withdrawal": Row("post", may=KEEP, make=a_batch(code), ok=409),
        f"outlets:{code}-workbook": Row(may=KEEP, make=a_batch(code)),
        f"outlets:{code}-entry": Row(make=an_entry(code)),
        f"outlets:{code}-edit": Row(may=KEEP, make=an_entry(code)),
        f"outlets:{code}-removal": Row("post", may=KEEP, make=an_entry(code), ok=302, data={"note": "重复"}),
        f"outlets:{code}-restoration": Row("post", may=KEEP, make=one_gone(code), ok=302),
    }


ROWS: dict[str, Row] = {
    **rows_of(FACILITY.code, "facilities"),
    **rows_of("premises", "premises"),
    "outlets:premises-sighting": Row(may=KEEP),
}
OPEN: set[str] = set()
