"""Loading: accounts first, then each area whole or not at all; a second time adds nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from django.utils.timezone import localdate

from yike.errors import RefusedError
from yike.studies.study import Progress
from yike.web.accounts.demo import Demo, demo_in, open_demo_accounts, write_demo
from yike.web.accounts.models import Account
from yike.web.config.demo import areas, packs, tianshui
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
    for code, load in _loaders(folder, runs).items():
        progress(f"载入{areas.place(code).title}", 0, 1)
        load(now, progress)
    progress("建立演示账号", 0, 1)
    shown = tuple(areas.accounts_of(place, localdate(now)) for place in areas.places())
    open_demo_accounts((a for area in shown for a in area.accounts), areas.password(), now=now)
    demo = Demo(areas.password(), shown, False)
    write_demo(demo, folder)
    demo = replace(demo, is_whole=True)
    write_demo(demo, folder)
    return demo


def _loaders(folder: Path, runs: packs.Runs) -> dict[str, Callable[[dt.datetime, Progress], None]]:
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
