"""Compile every kernel once, on a tiny town, so that later starts read them from the cache."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from yike.core.siting.warm import touch_siting_kernels
from yike.core.tables import OutletStatus
from yike.sources.scenario_edits import AddOutlet, CloseOutlet, Entry, NewEstate, Scenario, Spot
from yike.studies.bundled import bundled_pack
from yike.studies.measures import nearest_and_write
from yike.studies.outputs import run_and_write
from yike.studies.scenario import ScenarioBase, apply_scenario, open_base
from yike.studies.study import Progress, StudySpec, silent
from yike.studies.timetable import TimetableSpec, timetable_of


def warm_up(progress: Progress = silent) -> None:
    """Run the bundled district and a made-up town once, into a folder that is thrown away."""
    from yike.sources.synth.city import make_city

    # A compiler runs on one core: the siting kernels, half of the work, compile in a second process.
    with ProcessPoolExecutor(1, get_context("spawn")) as beside, TemporaryDirectory() as folder:
        siting = beside.submit(touch_siting_kernels)
        pack = bundled_pack(Path(folder) / "helsinki")
        run_and_write(StudySpec(pack), Path(folder) / "out", (), progress)
        made_up = make_city("yima", 7, Path(folder) / "yima", progress)
        run_and_write(StudySpec(made_up), Path(folder) / "out2", (), progress, kinds=("access",))
        opened = open_base(StudySpec(made_up), progress)
        apply_scenario(opened, _changes(opened), progress)
        timetable_of(opened.base, TimetableSpec(rounds=100))
        nearest_and_write(StudySpec(pack), "B01", 1, Path(folder) / "nearest.csv", progress)
        siting.result()


def _changes(opened: ScenarioBase) -> Scenario:
    """A shop opens where the first home is, the first shop closes, people move in."""
    outlets, places = opened.base.pack.outlets, opened.base.pack.places
    here = Spot(float(places.lon[0]), float(places.lat[0]))
    first = outlets.outlet_id[int(np.flatnonzero(outlets.status == OutletStatus.OPEN)[0])]
    edits = (
        Entry(AddOutlet(int(outlets.type_idx[0]), here), 1, 0, "add_outlet"),
        Entry(CloseOutlet(first), 2, 0, "close_outlet"),
        Entry(NewEstate(here, 1.0), 3, 0, "new_estate"),
    )
    return Scenario("warm", edits)
