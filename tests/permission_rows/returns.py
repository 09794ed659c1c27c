"""Rows of survey forms."""

from __future__ import annotations

import datetime as dt

from permission_rows.base import ALL, NOW, Row, a_community, number
from yike.web.accounts.trace import Who
from yike.web.regions.models import Circle, CircleMember
from yike.web.returns.actions import add_note, open_wave
from yike.web.returns.models import Return, ReturnFile

FILL = frozenset({"community", "subdistrict"})
OPENS = frozenset({"city", "district"})
LEVELS = frozenset({"subdistrict", "district", "city"})
NOTES = FILL | LEVELS
PROGRAM = Who(None)
DAY = dt.date(2026, 11, 30)


def a_return(branch):
    community = a_community(branch)
    circle = Circle.objects.create(
        code=f"P{next(number)}", name="某圈（虚构）", area_code=branch, lead_community=community
    )
    CircleMember.objects.create(circle=circle, community=community)
    wave = open_wave(
        who=PROGRAM,
        area_code=branch,
        title=f"第{next(number)}期",
        as_of=DAY,
        opens_on=DAY,
        due_on=DAY,
        now=NOW,
    )
    return {"key": Return.objects.get(wave=wave).pk}


def a_wave(branch):
    return {"key": Return.objects.get(pk=a_return(branch)["key"]).wave_id}


def a_branch(branch):
    return a_wave(branch) | {"branch": branch}


def a_cell(branch):
    return a_return(branch) | {"cell": "B01.outlets"}


def a_paper(branch):
    return a_return(branch) | {"kind": "xlsx"}


def a_revision(branch):
    return a_return(branch) | {"number": 1}


def a_note(branch):
    of = Return.objects.get(pk=a_return(branch)["key"])
    return {"key": of.pk, "note": add_note(who=PROGRAM, of=of, key="", text="请核对", now=NOW).pk}


def a_file(branch):
    of = a_return(branch)["key"]
    made = ReturnFile.objects.create(
        of_id=of, revision=1, seen_version=1, file_name="表.xlsx", path="returns/none", digest="0", at=NOW
    )
    return {"key": made.pk}


def post(may, make, **data):
    """A step: whoever may ask comes back to the page, with what happened in words."""
    return Row("post", may=may, make=make, ok=302, data=data)


ROWS: dict[str, Row] = {
    "returns:waves": Row(),
    "returns:upload": Row(may=FILL),
    "returns:rule-sets": Row(),
    "returns:new-rule-set": Row(may=OPENS),
    "returns:wave-rules": Row(make=a_wave),
    "returns:new-wave": Row(may=OPENS),
    "returns:wave": Row(make=a_wave),
    "returns:missing": post(OPENS, a_wave),
    "returns:closing": post(OPENS, a_wave),
    "returns:merged": Row(make=a_branch),
    "returns:branch-report": post(LEVELS, a_branch),
    "returns:branch-return": post(OPENS, a_branch),
    "returns:branch-lock": post(OPENS, a_branch),
    "returns:branch-withdrawal": post(LEVELS, a_branch),
    "returns:file": Row(make=a_file),
    "returns:application": post(FILL, a_file),
    "returns:refusal": post(FILL, a_file),
    "returns:file-withdrawal": post(FILL, a_file),
    "returns:return": Row(make=a_return, may=ALL),
    "returns:refresh": post(FILL, a_return),
    "returns:revision": Row(make=a_revision),
    "returns:cell": Row(make=a_cell),
    "returns:reversal": Row(make=a_cell, may=FILL),
    "returns:notes": post(NOTES, a_return, text="请核对"),
    "returns:settlement": post(NOTES, a_note),
    "returns:files": post(FILL, a_return),
    "returns:sign-off": Row(make=a_return),
    "returns:paper": Row(make=a_paper),
    "returns:submission": post(FILL, a_return),
    "returns:check": post(frozenset({"subdistrict"}), a_return),
    "returns:approval": post(OPENS, a_return),
    "returns:lock": post(OPENS, a_return),
    "returns:return-back": post(LEVELS, a_return, note="请改"),
    "returns:withdrawal": post(NOTES, a_return),
    "returns:correction": post(OPENS, a_return, note="写错了"),
}
OPEN: set[str] = set()
