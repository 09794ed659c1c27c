"""Loading: accounts first, then each area whole or not at all; a second time adds nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

from django.utils.timezone import localdate

from yike.errors import RefusedError
from yike.studies.study import Progress
from yike.web.accounts.demo import Demo, DemoArea, demo_in, open_demo_accounts, write_demo
from yike.web.accounts.models import Account
from yike.web.config.demo import areas, packs, tianshui
from yike.web.config.demo.directory import load_directory
from yike.web.config.demo.facts import load_facts
from yike.web.config.demo.people import cast_of
from yike.web.config.demo.returns import load_waves
from yike.web.config.demo.teams import load_team
from yike.web.config.demo.voices import load_voices
from yike.web.regions.models import Circle

RUNS = "demo"
"""Folder below the data folder that holds the packs and papers of the engine's demo."""


def load_demo(folder: Path, *, now: dt.datetime, progress: Progress) -> Demo:
    """
    Fill a data folder with the three areas and mark it as a demonstration's.

    Raises
    ------
    RefusedError
        The folder (or the database) holds accounts of a real installation.
    """
    demo = demo_in(folder)
    if demo is not None and demo.is_whole:
        return demo
    if demo is None and Account.objects.exists():
        raise RefusedError("demo.not_demo", status=409, found=str(folder))
    write_demo(Demo(areas.password(), (), False), folder)
    runs = packs.run_packs(folder / RUNS, progress)
    shown = []
    for code, load in _loaders(runs).items():
        place = areas.place(code)
        progress(f"载入{place.title}", 0, 1)
        load(now, progress)
        area = areas.accounts_of(place, localdate(now))
        open_demo_accounts(area.accounts, areas.password(), now=now)
        _live(place, area, now, progress)
        shown.append(area)
    demo = Demo(areas.password(), tuple(shown), True)
    write_demo(demo, folder)
    return demo


def _live(place: areas.Place, area: DemoArea, now: dt.datetime, progress: Progress) -> None:
    """What people do with a register: facts, needs, answers, returns."""
    cast, circles = cast_of(area), circles_of(place.branch)
    progress("写入社区概况（虚构）", 0, 1)
    load_facts(circles, cast, now=now)
    if not place.units:  # a real district shows no invented rooms
        progress("写入公共设施与闲置空间（虚构）", 0, 1)
        load_directory(circles, cast, now=now)
    load_team(place, now=now)
    progress("写入需求与问卷（虚构）", 0, 1)
    load_voices(circles, cast, now=now)
    progress("开调查表期次（虚构）", 0, 1)
    load_waves(place, cast, now=now, with_earlier=place.code == "tianshui")


def _loaders(runs: packs.Runs) -> dict[str, Callable[[dt.datetime, Progress], None]]:
    """How each area comes into the register, in the order they are shown."""
    return {
        "yima": lambda now, progress: packs.load_area("yima", runs["yima"], now=now, progress=progress),
        "tianshui": lambda now, progress: tianshui.load(now=now, progress=progress),
        "helsinki": lambda now, progress: packs.load_area(
            "helsinki", runs["helsinki"], now=now, progress=progress
        ),
    }


def circles_of(branch: str) -> list[Circle]:
    """Circles of a branch, in order."""
    return list(Circle.objects.filter(area_code__startswith=branch).order_by("code"))
