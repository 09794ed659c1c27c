"""Compile every kernel once, on a tiny town, so that later starts read them from the cache."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from yike.core.siting.warm import touch_siting_kernels
from yike.studies.bundled import bundled_pack
from yike.studies.measures import nearest_and_write
from yike.studies.outputs import run_and_write
from yike.studies.pipeline import base_of
from yike.studies.study import Progress, StudySpec, silent
from yike.studies.timetable import TimetableSpec, timetable_of
from yike.studies.watch import Watch


def warm_up(progress: Progress = silent) -> None:
    """Run the bundled district once into a folder that is thrown away."""
    from yike.sources.synth.city import make_city

    with TemporaryDirectory() as folder:
        pack = bundled_pack(Path(folder) / "helsinki")
        run_and_write(StudySpec(pack), Path(folder) / "out", (), progress)
        made_up = make_city("yima", 7, Path(folder) / "yima", progress)
        run_and_write(StudySpec(made_up), Path(folder) / "out2", (), progress, kinds=("access",))
        timetable_of(base_of(StudySpec(made_up), Watch(silent)), TimetableSpec(rounds=100))
        nearest_and_write(StudySpec(pack), "B01", 1, Path(folder) / "nearest.csv", progress)
    touch_siting_kernels()
