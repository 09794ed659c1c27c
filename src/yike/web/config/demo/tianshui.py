"""天水: official units and circles; its outlets are invented and put in like any clerk's list."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Sequence
from functools import cache
from random import Random

from django.utils.timezone import localdate

from yike.standards.loader import load_types
from yike.studies.study import Progress
from yike.web.config.demo.chance import drawn, texts
from yike.web.config.demo.ground import draw_boundaries, home_of
from yike.web.config.demo.people import PROGRAM
from yike.web.outlets import imports
from yike.web.outlets.models import ImportBatch
from yike.web.regions.divisions import load_tianshui_circles
from yike.web.regions.models import Area, Circle, CircleMember

HEADERS = (
    "编号", "名称", "业态", "经度", "纬度", "社区", "地址", "连锁", "品牌", "从业人数", "面积",
    "营业时间", "状态", "核实日期",
)  # fmt: skip
FILE = "天水市网点清单（虚构）.csv"
SPREAD_DEG = 0.0055


def load(*, now: dt.datetime, progress: Progress) -> None:
    """Divisions, circles, invented outlets."""
    progress("写入天水的区划与生活圈", 0, 1)
    load_tianshui_circles(who=PROGRAM, now=now)
    draw_boundaries(list(Circle.objects.filter(code__startswith="TS2023-")), now=now)
    for district in ("620502", "620503"):
        if not ImportBatch.objects.filter(area_code=district, file_name=FILE).exists():
            _import(district, now, progress)


def _import(district: str, now: dt.datetime, progress: Progress) -> None:
    stream = io.BytesIO(_list(district, localdate(now)).encode("utf-8-sig"))
    batch = imports.upload(
        who=PROGRAM, stream=stream, name=FILE, area_code=district, datum="wgs84", now=now, is_invented=True
    )
    imports.preview(who=PROGRAM, batch=batch, now=now, progress=progress)
    batch.refresh_from_db()
    imports.apply(who=PROGRAM, batch=batch, now=now, good_rows_only=True, progress=progress)


def _list(district: str, today: dt.date) -> str:
    """The list of a district as a clerk would send it."""
    members = CircleMember.objects.filter(community__branch__startswith=district, ends_on__isnull=True)
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(HEADERS)
    for community in Area.objects.filter(pk__in=members.values("community")).order_by("code"):
        writer.writerows(_shops(community, today))
    return out.getvalue()


def _shops(community: Area, today: dt.date) -> list[list[object]]:
    words, chance = texts()["shops"], drawn("shops", community.code)
    home = home_of(community)
    rows: list[list[object]] = []
    for code, usual in words["per_community"].items():
        for _ in range(chance.choice([usual - 1, usual, usual, usual + 1])):
            number = f"{community.branch[4:]}-{len(rows) + 1:03d}"
            rows.append([number, *_shop(code, community.code, home, len(rows) + 1, today, chance)])
    return rows


def _shop(
    code: str, community: str, home: Sequence[float], k: int, today: dt.date, chance: Random
) -> list[object]:
    words, label = texts()["shops"], _labels()[code]
    is_chain = chance.random() < 0.3
    brand = chance.choice(words["brands"]) if is_chain else ""
    owner = brand or f"{chance.choice(words['surnames'])}记"
    lon, lat = (round(at + chance.gauss(0, SPREAD_DEG / 3), 6) for at in home)
    address = f"{chance.choice(words['places'])}{chance.randrange(1, 200)}号（虚构）"
    hours = chance.choice(["08:00-20:00", "07:00-22:00", "00:00-24:00", ""])
    status = chance.choices(["营业", "停业"], [97, 3])[0]
    seen = today - dt.timedelta(days=chance.randrange(5, 420))
    return [
        f"{owner}{label.split('(')[0]}{k}（虚构）", label, lon, lat, community, address,
        "是" if is_chain else "否", brand, chance.randrange(1, 9), chance.randrange(12, 240), hours,
        status, seen,
    ]  # fmt: skip


@cache
def _labels() -> dict[str, str]:
    return {t.code: t.label for t in load_types()}
