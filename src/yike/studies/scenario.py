"""
Scenarios (情景): what changes for whom when outlets open, close or move, a gate opens, a norm changes.

A base is opened once; every scenario is laid over it and only what it changes is computed anew. The answer
equals a full run of the edited pack, bit for bit.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from yike.core.tables import IntArray
from yike.errors import InputError
from yike.reports.scenario_facts import ScenarioFacts, ScenarioOutcome, ScenarioSide
from yike.sources.pack import Pack
from yike.sources.scenario_edits import Scenario
from yike.standards.catalogue import types_under
from yike.standards.loader import load_supply, load_types
from yike.standards.types import RulePack
from yike.studies.base import Base
from yike.studies.basemap import basemap_of
from yike.studies.circle_areas import CircleInputs
from yike.studies.circles import Judged, judge_areas
from yike.studies.pipeline import base_of, reach_base
from yike.studies.policy import choose_columns, typed_in
from yike.studies.scenario_changes import area_changes, compare_reach, who_changed
from yike.studies.scenario_judge import judge_touched
from yike.studies.scenario_pack import Edited, edit_pack
from yike.studies.scenario_reach import LiveBase, Reached, changed_rows
from yike.studies.study import Progress, StudySpec, silent
from yike.studies.watch import Watch

RECOMPUTED = {
    "nothing": "没有需要重算的",
    "judging": "只重新判定",
    "outlets": "只更新变动网点周边",
    "places": "只查新增居住点",
    "all": "步行可达全部重算",
}
"""What was computed for a scenario, least first."""


@dataclass(eq=False)
class ScenarioBase:
    """A base with its verdicts, ready for scenarios. Not for several threads at once."""

    base: Base
    before: ScenarioSide
    digests: dict[str, str]
    basemap: dict[str, Any] = field(default_factory=dict)  # what the maps are drawn on
    live: LiveBase = field(init=False)

    def __post_init__(self) -> None:
        self.live = LiveBase(self.base, self.base.spec.n_threads)


def open_base(spec: StudySpec, progress: Progress = silent) -> ScenarioBase:
    """
    Read and judge a pack once, for any number of scenarios.

    Raises
    ------
    InputError
        The pack has errors.
    """
    watch = Watch(progress)
    base = base_of(spec, watch)
    with watch.stage("评价生活圈"):
        before = judge_base(base)
    opened = ScenarioBase(base, before, dict(base.pack.digests), dict(basemap_of(base.pack)))
    with watch.stage("准备更新"):
        opened.live.begin()
    return opened


def apply_scenario(opened: ScenarioBase, scenario: Scenario, progress: Progress = silent) -> ScenarioOutcome:
    """
    Lay one scenario over a base and tell what changes.

    Raises
    ------
    InputError
        Entries that do not fit the pack; ``faults`` holds them all.

    Notes
    -----
    Outlets cost what opening and closing them costs, new homes a search from them, other norms only a new
    judgement. Another walker, time of day or street walks everything anew; ``recomputed`` says which.
    """
    watch = Watch(progress)
    with watch.stage(f"套用情景 {scenario.name}"):
        edited = edit_pack(opened.base, scenario)
    notes = list(edited.notes)
    if edited.is_other_reach:
        recomputed = "all"
        with_streets = reach_base(edited.spec, edited.pack, edited.rules, watch)
        with watch.stage("评价生活圈"):
            after = judge_base(with_streets)
    else:
        with watch.stage("更新步行可达"):
            changed = changed_rows(opened.base.pack.outlets, edited.pack.outlets)
            recomputed = _recomputed(opened.base, edited, changed)
            found = _reach(opened, edited)
            notes += _unattached(opened.base, edited.pack, found, changed)
        with watch.stage("评价生活圈"):
            after = _judge_side(opened, edited, found)
    with watch.stage("对比前后"):
        return _outcome(opened, scenario, edited, after, recomputed, notes, watch)


def compare_scenarios(
    opened: ScenarioBase, scenarios: list[Scenario], progress: Progress = silent
) -> ScenarioFacts:
    """
    Several scenarios over one base, side by side.

    Raises
    ------
    InputError
        Two scenarios have one name, or entries do not fit the pack.
    """
    names = [s.name for s in scenarios]
    for name in names:
        if names.count(name) > 1:
            raise InputError("scenario.same_name", found=name)
    outcomes = tuple(apply_scenario(opened, s, progress) for s in scenarios)
    base = opened.base
    from yike import __version__

    return ScenarioFacts(
        provenance=base.pack.provenance,
        types=base.types,
        before=opened.before,
        outcomes=outcomes,
        basemap=opened.basemap,
        version=__version__,
    )


def judge_base(base: Base) -> ScenarioSide:
    """A base judged, as one side of a comparison."""
    at = base.joined
    found = Reached(
        at.places, at.outlets, at.place_attachments, at.outlet_attachments, base.access, base.services
    )
    inputs = _inputs(base, base.pack, base.rules, found)
    return _side(base, base.pack, base.rules, found, judge_areas(inputs))


def _reach(opened: ScenarioBase, edited: Edited) -> Reached:
    types = types_under(load_types(), edited.rules)
    columns = choose_columns(types, edited.rules, edited.pack.outlets)
    return opened.live.reach(edited.pack, columns)


def _judge_side(opened: ScenarioBase, edited: Edited, found: Reached) -> ScenarioSide:
    base = opened.base
    inputs = _inputs(base, edited.pack, edited.rules, found)
    judged = judge_touched(inputs, opened.before) or judge_areas(inputs)
    return _side(base, edited.pack, edited.rules, found, judged)


def _inputs(base: Base, pack: Pack, rules: RulePack, found: Reached) -> CircleInputs:
    return CircleInputs(
        access=found.access,
        places=found.places,
        outlets=found.outlets,
        communities=pack.communities,
        circles=pack.circles,
        types=base.types,
        rules=rules,
        supply=load_supply(),
        provenance=pack.provenance,
        profile=base.profile,
        service_ptr=found.services[0],
        service_col=found.services[1],
        outlets_from_osm=pack.spec.outlets.source == "osm",
        external=typed_in(pack.survey, rules),
    )


def _side(base: Base, pack: Pack, rules: RulePack, found: Reached, judged: Judged) -> ScenarioSide:
    spec = base.spec
    return ScenarioSide(
        rules=rules,
        profile=base.profile,
        at_minute=spec.at_minute if spec.at_minute is not None else pack.spec.walk.at_minute,
        network=base.joined.network,
        places=found.places,
        outlets=found.outlets,
        communities=pack.communities,
        circles=pack.circles,
        place_attachments=found.place_attachments,
        outlet_attachments=found.outlet_attachments,
        access=found.access,
        services=found.services,
        circle_coverage=judged.circle_coverage,
        community_coverage=judged.community_coverage,
        circle_presence=judged.circle_presence,
        community_presence=judged.community_presence,
        assessment=judged.assessment,
        saturation=judged.saturation,
        share_required=judged.share_required,
    )


def _recomputed(base: Base, edited: Edited, changed: IntArray) -> str:
    if len(edited.pack.places) > len(base.pack.places):
        return "places"
    if len(changed):
        return "outlets"
    return "judging" if edited.rules is not base.rules or edited.said else "nothing"


def _unattached(base: Base, pack: Pack, found: Reached, changed: IntArray) -> list[str]:
    """New or moved outlets, and new homes, that no street comes near."""
    max_m = f"{pack.spec.walk.max_snap_m:.0f}"
    rows = [r for r in changed.tolist() if not found.outlet_attachments.is_attached[r]]
    lost = [found.outlets.outlet_id[r] for r in rows]
    n = len(base.pack.places)
    new = np.flatnonzero(~found.place_attachments.is_attached[n:]) + n
    lost += [found.places.place_id[r] for r in new.tolist()]
    return [f"{name} 离最近的路超过 {max_m} 米，走不到，不影响任何人。" for name in lost]


def _outcome(
    opened: ScenarioBase,
    scenario: Scenario,
    edited: Edited,
    after: ScenarioSide,
    recomputed: str,
    notes: list[str],
    watch: Watch,
) -> ScenarioOutcome:
    before = opened.before
    flips = compare_reach(before, after)
    tables: dict[str, Any] = {
        level: area_changes(before, after, flips, level) for level in ("circles", "communities", "city")
    }
    return ScenarioOutcome(
        name=scenario.name,
        note=scenario.note,
        file=scenario.file,
        edits=edited.said,
        recomputed=recomputed,
        after=after,
        **tables,
        who=who_changed(before, flips),
        is_better=flips.touched(gains=True),
        is_worse=flips.touched(gains=False),
        new_places=np.arange(len(before.places), len(after.places), dtype=np.int32),
        notes=tuple(notes),
        seconds=watch.seconds,
    )
