"""Rows of needs and surveys."""

from __future__ import annotations

import datetime as dt

from permission_rows.base import KEEP, NOW, Row, a_community, number
from yike.web.accounts.trace import Who
from yike.web.regions.actions import create_circle
from yike.web.regions.models import Circle
from yike.web.voices.actions.needs import Said, decide_need, merge_needs, note_need

DECIDE = frozenset({"subdistrict", "district", "city"})


def a_circle(branch):
    community = a_community(branch)
    found = Circle.objects.filter(members__community=community).first()
    return found or create_circle(
        who=Who(None), code=f"C{branch}", name="测试圈（虚构）", communities=[community], now=NOW
    )


def a_need(branch):
    said = Said(f"缺修鞋的{next(number)}", "talk", dt.date(2026, 11, 20))
    return {"key": note_need(who=Who(None), circle=a_circle(branch), said=said, now=NOW).pk}


def a_confirmed_need(branch):
    need = note_need(
        who=Who(None), circle=a_circle(branch), said=Said("缺药店", "talk", dt.date(2026, 11, 20)), now=NOW
    )
    return {"key": decide_need(who=Who(None), need=need, kind="listed", note="", now=NOW).pk}


def a_merged_need(branch):
    said = Said("缺药店", "talk", dt.date(2026, 11, 20))
    one, two = (note_need(who=Who(None), circle=a_circle(branch), said=said, now=NOW) for _ in "ab")
    merge_needs(who=Who(None), keep=one, others=[two], now=NOW)
    return {"key": two.pk}


ROWS: dict[str, Row] = {
    "voices:needs": Row(),
    "voices:new": Row(may=KEEP),
    "voices:need": Row(make=a_need),
    "voices:noted": Row(may=KEEP, make=a_need),
    "voices:classification": Row("post", may=KEEP, make=a_need, ok=302, data={"text": "缺修鞋的"}),
    "voices:decision": Row("post", may=DECIDE, make=a_need, ok=302, data={"kind": "listed"}),
    "voices:reopening": Row("post", may=DECIDE, make=a_confirmed_need, ok=302),
    "voices:merger": Row("post", may=KEEP, make=a_need, ok=409),
    "voices:parting": Row("post", may=KEEP, make=a_merged_need, ok=302),
}
OPEN: set[str] = {"public_survey:survey", "public_survey:sheet"}
