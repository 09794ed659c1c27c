"""Rows of packs and analyses."""

from __future__ import annotations

import datetime as dt

from permission_rows.base import NOW, Row, a_community, number
from yike.web.analyses.models import Analysis, KeptPack
from yike.web.regions.models import Circle, CircleMember

RUN = frozenset({"planner", "district", "city"})


def an_analysis(branch):
    from django.conf import settings

    at = next(number)
    pack = KeptPack.objects.create(
        area_code=branch, name="小城（虚构）", path="packs/x", digest="0", kept_at=NOW
    )
    folder = settings.DATA / "analyses" / f"t{at}"
    folder.mkdir(parents=True)
    (folder / "report.html").write_text("<!doctype html><title>报告（虚构）</title>", "utf-8")
    section = {"title": "缺什么", "parts": ["缺口 1 项"], "papers": [["report.html", "交互报告"]]}
    made = Analysis.objects.create(
        pack=pack, area_code=branch, title="分析（虚构）", path=f"analyses/t{at}", asked_at=NOW, done_at=NOW,
        summary={"sentence": "小城：缺口 1 项。", "sections": [section], "gaps": [], "circles": []},
    )  # fmt: skip
    return {"key": made.pk}


def a_paper(branch):
    return an_analysis(branch) | {"name": "report.html"}


def a_circle(branch):
    community = a_community(branch)
    made = Circle.objects.create(code=f"C{next(number)}", name="圈（虚构）", area_code=community.branch)
    CircleMember.objects.create(
        circle=made, community=community, begins_on=dt.date(2025, 1, 1), ends_on=dt.date(2025, 2, 1)
    )
    return {"key": made.pk}


ROWS: dict[str, Row] = {
    "analyses:analyses": Row(),
    "analyses:new": Row(may=RUN),
    "analyses:analysis": Row(make=an_analysis),
    "analyses:report": Row(make=an_analysis),
    "analyses:paper": Row(make=a_paper),
    "analyses:circle": Row(make=a_circle),
}
OPEN: set[str] = set()
