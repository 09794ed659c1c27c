"""
The main street: a city pack in, facts out. Read this first.

Each step takes tables and gives tables; nothing else in the project puts them together. The command line,
jobs and tests all call ``run_study``.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from yike import __version__
from yike.core.access.access import compute_access
from yike.core.network.profile import WalkProfile
from yike.core.tables import AccessTable, IntArray, LongArray, OutletStatus
from yike.errors import InputError, StudyError
from yike.reports.facts import IsochroneArea, ReportFacts
from yike.sources.pack import Pack, read_pack
from yike.sources.pack_zip import open_pack
from yike.standards.catalogue import types_under
from yike.standards.loader import load_profiles, load_rule_pack, load_supply, load_types
from yike.standards.types import RulePack
from yike.studies.base import Base
from yike.studies.basemap import basemap_of
from yike.studies.notes import study_faults
from yike.studies.policy import choose_columns, services_of, streets_of, typed_in
from yike.studies.streets import Joined, gate_note, join_points, lay_streets
from yike.studies.study import Progress, StudyResult, StudySpec, silent
from yike.studies.watch import Watch

if TYPE_CHECKING:
    from yike.studies.circle_areas import CircleInputs
    from yike.studies.circles import CircleResults

PARTS = ("numpy", "scipy", "numba", "shapely", "pyarrow", "osmium")


def run_study(spec: StudySpec, progress: Progress = silent) -> StudyResult:
    """
    Run one study from pack to facts.

    Parameters
    ----------
    spec
        Pack, rule pack, profile and limits; what is None comes from the pack.
    progress
        Told each stage; a ``KeyboardInterrupt`` raised in it stops the run.

    Returns
    -------
    StudyResult
        The same spec on the same files gives the same facts; only the timings differ.

    Raises
    ------
    InputError
        The pack has errors; all faults come along.
    PolicyFileError
        The rule pack is unknown or wrong.
    """
    watch = Watch(progress)
    with watch.stage("读取城市包"):
        pack = read_pack(spec.pack, at_minute=spec.at_minute)
    rules = rules_of(spec, pack)
    return assess_pack(spec, pack, rules, watch)


def base_of(spec: StudySpec, watch: Watch) -> Base:
    """Read a pack and compute who reaches what: what siting, scenarios and timetables start from."""
    with watch.stage("读取城市包"):
        pack = read_pack(spec.pack, at_minute=spec.at_minute)
    return reach_base(spec, pack, rules_of(spec, pack), watch)


def assess_pack(spec: StudySpec, pack: Pack, rules: RulePack, watch: Watch) -> StudyResult:
    """Everything after reading; call it again with another rule pack to compare side by side."""
    return assess_base(reach_base(spec, pack, rules, watch), watch)


def reach_base(spec: StudySpec, pack: Pack, rules: RulePack, watch: Watch) -> Base:
    """The base of a pack that is read already."""
    profile = profile_of(spec, pack)
    joined, access, services = reach(spec, pack, rules, profile, watch)
    return Base(spec, pack, rules, profile, types_under(load_types(), rules), joined, access, services)


def assess_base(base: Base, watch: Watch) -> StudyResult:
    """Judge the circles of a base and collect the facts."""
    # Late, here and in other places: the access table alone is to start within a second.
    from yike.studies.circles import assess_areas

    with watch.stage("评价生活圈"):
        judged = assess_areas(_circle_inputs(base))
    isochrones: tuple[IsochroneArea, ...] = ()
    if base.spec.with_isochrones:
        with watch.stage("绘制等时圈"):
            isochrones = _isochrones(base)
    siting = {}
    if base.spec.with_siting:
        from yike.studies.siting_curve import siting_of

        siting = {"siting": siting_of(base, judged.gaps, watch)}
    pack = base.pack
    return StudyResult(
        facts=_facts(base, judged, isochrones, siting),
        digests=pack.digests,
        seconds=watch.seconds,
        cpu_seconds=watch.cpu_seconds,
        versions=versions(),
        settings={"rule_pack": base.rules.code, "profile": base.profile.code, "found": pack.report.found},
    )


def reach(
    spec: StudySpec, pack: Pack, rules: RulePack, profile: WalkProfile, watch: Watch
) -> tuple[Joined, AccessTable, tuple[LongArray, IntArray]]:
    """Streets, points on them, and who reaches what."""
    at_minute = spec.at_minute if spec.at_minute is not None else pack.spec.walk.at_minute
    limit_s = limit_of(spec, pack)
    with watch.stage("整理步行路网"):
        streets = lay_streets(pack, profile, at_minute)
    with watch.stage("接入居住点和网点"):
        joined = join_points(pack, streets)
    types = types_under(load_types(), rules)
    columns = choose_columns(types, rules, joined.outlets)
    services = services_of(joined.outlets, types, columns)
    with watch.stage("计算步行可达") as count:
        access = compute_access(
            joined.graph,
            joined.place_attachments,
            joined.outlet_attachments,
            joined.direct,
            *services,
            len(columns),
            type_rows=columns,
            is_open=joined.outlets.status == OutletStatus.OPEN,
            cutoffs_s=pack.spec.study.cutoffs_s,
            limit_s=limit_s,
            max_memory_mb=spec.max_memory_mb,
            n_threads=spec.n_threads,
            progress=count,
        )
    return joined, access, services


def rules_of(spec: StudySpec, pack: Pack) -> RulePack:
    """The rule pack of a run: asked for, else named by the pack."""
    code, own = spec.rule_pack or pack.spec.standards.rule_pack, pack.spec.standards.dir
    if not own:
        return load_rule_pack(code)
    with open_pack(spec.pack) as folder:
        return load_rule_pack(code, (folder / own,))


def limit_of(spec: StudySpec, pack: Pack) -> float:
    """How far the nearest outlet is searched; at least as far as the longest cutoff."""
    keys = pack.spec.study
    limit_s = keys.limit_s if spec.limit_s is None else spec.limit_s
    if limit_s < max(keys.cutoffs_s):
        found, expected = f"{limit_s / 60:g}", f"{max(keys.cutoffs_s) / 60:g}"
        raise InputError("study.limit.short", found=found, expected=expected)
    return limit_s


def profile_of(spec: StudySpec, pack: Pack) -> WalkProfile:
    """The walking profile of a run; raises KeyError's Chinese cousin when nobody knows it."""
    profiles = load_profiles()
    code = spec.profile or pack.spec.walk.profile
    if code not in profiles:
        raise StudyError("study.profile.unknown", found=code, expected="、".join(profiles))
    return profiles[code]


def with_rules(spec: StudySpec, code: str) -> StudySpec:
    """The same study under another rule pack."""
    return replace(spec, rule_pack=code)


def versions() -> dict[str, str]:
    """Versions that can change a result: ours, Python's and the engine's libraries."""
    found = {"yike": __version__, "python": ".".join(map(str, sys.version_info[:3]))}
    return found | {name: version(name) for name in PARTS}


def _circle_inputs(base: Base) -> CircleInputs:
    from yike.studies.circle_areas import CircleInputs
    from yike.studies.option_walks import premises_walks, spot_walks

    spec, pack, rules, joined = base.spec, base.pack, base.rules, base.joined
    return CircleInputs(
        access=base.access,
        places=joined.places,
        outlets=joined.outlets,
        communities=joined.communities,
        circles=joined.circles,
        types=base.types,
        rules=rules,
        supply=load_supply(),
        provenance=pack.provenance,
        profile=base.profile,
        service_ptr=base.services[0],
        service_col=base.services[1],
        premises=pack.premises,
        outlets_from_osm=pack.spec.outlets.source == "osm",
        place_streets=streets_of(joined.network, joined.place_attachments),
        external=typed_in(pack.survey, rules),
        premises_walks=premises_walks(pack.premises, joined, rules, spec),
        spot_walks=spot_walks(joined, rules, spec),
    )


def _isochrones(base: Base) -> tuple[IsochroneArea, ...]:
    from yike.studies.isochrones import circle_isochrones

    joined = base.joined
    return circle_isochrones(
        joined.network, joined.graph, joined.circles, joined.places, joined.place_attachments,
        base.access.cutoffs_s,
    )  # fmt: skip


def _facts(
    base: Base, judged: CircleResults, isochrones: tuple[IsochroneArea, ...], siting: dict[str, Any]
) -> ReportFacts:
    pack, joined = base.pack, base.joined
    return ReportFacts(
        provenance=pack.provenance,
        profile=base.profile,
        types=base.types,
        rules=base.rules,
        network=joined.network,
        graph=joined.graph,
        outlets=joined.outlets,
        places=joined.places,
        communities=joined.communities,
        circles=joined.circles,
        place_attachments=joined.place_attachments,
        outlet_attachments=joined.outlet_attachments,
        access=base.access,
        circle_coverage=judged.circle_coverage,
        community_coverage=judged.community_coverage,
        assessment=judged.assessment,
        gaps=judged.gaps,
        isochrones=isochrones,
        faults=(*pack.report.faults, *study_faults(pack, joined, base.rules)),
        extras={
            **judged.extras,
            "basemap": basemap_of(pack),
            "premises": pack.premises,
            "survey": pack.survey,
            "compounds": gate_note(joined),
            **siting,
        },
        version=__version__,
    )
