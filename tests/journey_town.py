"""
A folder to serve in journeys: 天水 as the demonstration loads it, a round just opened, two people more.

Run as a program of its own: ``python tests/journey_town.py FOLDER``.
"""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path

PASSWORD = "yike-yanshi-2026"
WORKER = "ts-qiaonan"  # looks after two communities, the leading ones of two circles
COMMUNITIES = ("620503003002", "620503003006")
CIRCLE = "桥南一刻钟便民生活圈2"  # 47 of 50 answers
ROUND = "2026年12月"
SIMILAR = ("想找个修皮鞋的", "修鞋的师傅好久没来了")


def silent(stage, done, total):
    """Say nothing."""


def build(folder: Path) -> None:
    from yike.web.config.commands.opening import migrate, open_data

    open_data(folder)
    migrate()
    from django.utils import timezone
    from django.utils.timezone import localdate

    from yike.web.accounts.demo import Demo, open_demo_accounts, write_demo
    from yike.web.config.demo import areas, load, tianshui

    now = timezone.now()
    place = areas.place("tianshui")
    tianshui.load(now=now, progress=silent)
    area = areas.accounts_of(place, localdate(now))
    open_demo_accounts(area.accounts, PASSWORD, now=now)
    load._live(place, area, now, silent)
    write_demo(Demo(PASSWORD, (area,), True), folder)
    add_worker(now)
    add_needs(now)
    open_round(now)


def add_worker(now: dt.datetime) -> None:
    from yike.web.accounts.models import Account, Duty

    account = Account.objects.create_user(
        WORKER,
        PASSWORD,
        display_name="苏桥南（虚构）",
        unit_name="桥南街道（虚构）",
        must_change_password=False,
    )
    for community in COMMUNITIES:
        Duty.objects.create(
            account=account, role="community", area_code=community, begins_on=dt.date(2026, 1, 1)
        )


def add_needs(now: dt.datetime) -> None:
    from django.utils.timezone import localdate

    from yike.web.audit.chain import Who
    from yike.web.regions.models import Area, Circle
    from yike.web.voices.actions.needs import Said, note_need

    circle = Circle.objects.get(name=CIRCLE)
    home = Area.objects.get(branch=COMMUNITIES[0])
    for text in SIMILAR:
        said = Said(text, "talk", localdate(now), building="3号楼（虚构）")
        note_need(who=Who(None), circle=circle, community=home, said=said, now=now, is_invented=True)


def open_round(now: dt.datetime) -> None:
    from django.utils.timezone import localdate

    from yike.web.audit.chain import Who
    from yike.web.returns.actions import open_wave

    today = localdate(now)
    open_wave(
        who=Who(None), area_code="6205", title=ROUND, as_of=today, opens_on=today,
        due_on=today + dt.timedelta(9), now=now, is_invented=True,
    )  # fmt: skip


if __name__ == "__main__":
    build(Path(sys.argv[1]))
