"""天水: official units and circles, everything else invented."""

from __future__ import annotations

import datetime as dt

from yike.studies.study import Progress
from yike.web.config.demo.packs import PROGRAM
from yike.web.regions.divisions import load_tianshui_circles


def load(*, now: dt.datetime, progress: Progress) -> None:
    """Divisions, circles, invented outlets."""
    progress("写入天水的区划与生活圈", 0, 1)
    load_tianshui_circles(who=PROGRAM, now=now)
