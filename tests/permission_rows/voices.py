"""Rows of needs and surveys."""

from __future__ import annotations

import datetime as dt
import io

from permission_rows.base import KEEP, NOW, Row, a_community, number
from yike.web.accounts.trace import Who
from yike.web.regions.actions import create_circle
from yike.web.regions.models import Circle
from yike.web.voices.actions.files import take_file
from yike.web.voices.actions.needs import Said, decide_need, merge_needs, note_need
from yike.web.voices.actions.surveys import open_survey
from yike.web.voices.models import Survey

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


def a_survey(branch):
    circle = a_circle(branch)
    running = Survey.objects.filter(circle=circle, closed_at=None).first()
    made = running or open_survey(
        who=Who(None), circle=circle, title="调查（虚构）", now=NOW,
        opens_on=dt.date(2026, 11, 1), closes_on=dt.date(2036, 11, 1),
    )  # fmt: skip
    return {"key": made.pk}


def a_file(branch):
    survey = Survey.objects.get(pk=a_survey(branch)["key"])
    stream = io.BytesIO("问卷编号,总体\n1,5\n".encode())
    return {"key": take_file(who=Who(None), survey=survey, stream=stream, name="a.csv", now=NOW).pk}


ROWS: dict[str, Row] = {
    "voices:surveys": Row(),
    "voices:survey-new": Row(may=KEEP),
    "voices:template": Row(may=KEEP),
    "voices:survey": Row(make=a_survey),
    "voices:closure": Row("post", may=KEEP, make=a_survey, ok=302),
    "voices:answers": Row(may=KEEP, make=a_survey),
    "voices:survey-needs": Row("post", may=KEEP, make=a_survey, ok=404),
    "voices:raw": Row("post", may=frozenset({"auditor"}), make=a_survey),
    "voices:entry": Row(may=KEEP, make=a_survey),
    "voices:poster": Row(may=KEEP, make=a_survey),
    "voices:papers": Row(may=KEEP, make=a_survey),
    "voices:files": Row(may=KEEP, make=a_survey),
    "voices:file": Row(may=KEEP, make=a_file),
    "voices:file-application": Row("post", may=KEEP, make=a_file, ok=302),
    "voices:file-drop": Row("post", may=KEEP, make=a_file, ok=302),
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
