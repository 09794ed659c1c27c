"""The two areas that come out of city packs: computed by the engine, then put into the register."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

from django.conf import settings

from yike.sources.pack import read_pack
from yike.studies.demo import DemoRun, run_demo
from yike.studies.study import Progress
from yike.web.analyses.actions import keep_pack, take_over_run
from yike.web.analyses.intake import load_register
from yike.web.analyses.models import Analysis
from yike.web.analyses.papers import summary_of
from yike.web.config.demo.areas import place
from yike.web.config.demo.people import PROGRAM
from yike.web.regions.actions import create_area
from yike.web.regions.models import Area

Runs = Mapping[str, DemoRun]
UNIT_SOURCE = "演示编码，非中国统计区划；名称取自 OpenStreetMap"


def run_packs(folder: Path, progress: Progress) -> Runs:
    """Compute both packs with everything that follows the report."""
    return {run.name: run for run in run_demo(folder, None, progress)}


def load_area(code: str, run: DemoRun, *, now: dt.datetime, progress: Progress) -> None:
    """Units of our own, the pack's register, the pack itself and its analysis."""
    area = place(code)
    for unit, name in area.units:
        if not Area.objects.filter(code=unit).exists():
            create_area(who=PROGRAM, code=unit, name=name, now=now, source=UNIT_SOURCE)
    pack = read_pack(run.pack)
    load_register(who=PROGRAM, pack=pack, folder=run.pack, branch=area.branch, now=now, progress=progress)
    kept = keep_pack(who=PROGRAM, pack=pack, folder=run.pack, area_code=area.branch, now=now)
    if not Analysis.objects.filter(pack=kept).exists():
        take_over_run(
            who=PROGRAM,
            pack=kept,
            title=f"{pack.provenance.name}：缺口、选址、项目",
            path=run.folder.resolve().relative_to(Path(settings.DATA).resolve()).as_posix(),
            summary=summary_of(run.folder, run.summary, run.steps),
            now=now,
        )
