"""
A city pack (城市包): ``pack.toml`` and the files it names, read into the core tables in one go.

Every reader puts its faults into one list; only when all files have been looked at does an error stop
the reading, and it carries them all.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from yike.core.geo.projection import LocalProjection
from yike.core.network.overlay import Edit
from yike.core.tables import (
    Circles,
    Communities,
    Outlets,
    Places,
    Premises,
    Provenance,
    Survey,
    WalkNetwork,
)
from yike.errors import InputError, PolicyFileError
from yike.sources.areas import no_communities, read_communities
from yike.sources.circles import CircleMembers, read_circles
from yike.sources.compounds import Compounds, Gates, read_compounds, read_gates
from yike.sources.intake import IntakeReport, ReadContext, input_error, take_error
from yike.sources.osm import OsmExtract
from yike.sources.outlet_services import without_early
from yike.sources.outlets import no_outlets, read_outlets
from yike.sources.overlay import read_overlay
from yike.sources.pack_join import join_outlets, points_outside
from yike.sources.pack_network import read_streets
from yike.sources.pack_parse import PACK_FILE, read_pack_toml
from yike.sources.pack_spec import FileSpec, PackSpec
from yike.sources.pack_zip import open_pack
from yike.sources.places import read_places
from yike.sources.population import empty_places
from yike.sources.premises import no_premises, read_premises
from yike.sources.survey import no_survey, read_survey
from yike.sources.vendors import Stops, Vendors, read_stops, read_vendors
from yike.standards.classify import classify
from yike.standards.loader import list_rule_packs, load_profiles, load_rule_pack, load_types
from yike.standards.types import RulePack

T = TypeVar("T")
Progress = Callable[[str, int, int], None]

OUTSIDE_M = 1_000.0
"""Farther than this beyond the box of the streets, a point lies outside the network."""


@dataclass(frozen=True, eq=False)
class Pack:
    """Everything a city pack holds, as core tables."""

    spec: PackSpec
    provenance: Provenance
    network: WalkNetwork
    outlets: Outlets
    places: Places
    communities: Communities
    circles: Circles
    premises: Premises
    compounds: Compounds
    gates: Gates
    overlay: tuple[Edit, ...]  # for ``core.network.overlay.apply_overlay``; not applied to ``network``
    report: IntakeReport
    digests: dict[str, str]  # file -> sha256
    osm: OsmExtract | None = None  # what the OSM file gave beside the streets; base map shapes among it
    settled: dict[str, Any] = field(default_factory=dict)  # further findings, e.g. "community_points"
    survey: Survey | None = None  # None where the pack has no survey
    vendors: Vendors | None = None  # moving vendors and where they may stand; None where the pack names none
    stops: Stops | None = None


def read_pack(
    path: Path,
    *,
    strict: bool = False,
    progress: Progress | None = None,
    at_minute: int | None = None,
) -> Pack:
    """
    Read a city pack.

    Parameters
    ----------
    path
        Folder, its ``pack.toml``, or a zip of the folder.
    strict
        Stop at warnings too.
    at_minute
        Minute of the day for timed closures, instead of the pack's own ``[walk] at``.
    progress
        Called with (stage in Chinese, done, total).

    Returns
    -------
    Pack
        ``report`` holds what was found, and every warning and note.

    Raises
    ------
    InputError
        At least one fault of level "error" (with ``strict``: or "warning"); ``faults`` holds them all.
    CoordinateSystemError
        The only errors are files whose datum is not declared; each names the best guess and the line to add.
    UnreadableFileError
        There is no pack, or ``pack.toml`` is not TOML.
    """
    with open_pack(Path(path)) as folder:
        spec, notes = read_pack_toml(folder / PACK_FILE)
        if at_minute is not None:
            spec = replace(spec, walk=replace(spec.walk, at_minute=at_minute))
        ctx = start_context(folder, spec)
        ctx.faults.extend(notes)
        pack = _read_all(ctx, progress or _silent)
    bad = ("error", "warning") if strict else ("error",)
    if any(f.level in bad for f in ctx.faults):
        raise input_error(ctx.faults)
    if pack is None:
        raise InputError("pack.network.unread")
    return pack


def inspect_pack(path: Path, *, progress: Progress | None = None) -> tuple[IntakeReport, Pack | None]:
    """
    Read a pack to the end whatever is wrong with it, for ``yike pack check``.

    Returns
    -------
    The report with every fault, and the pack when it is usable.

    Raises
    ------
    UnreadableFileError
        There is no pack at that path.
    """
    with open_pack(Path(path)) as folder:
        try:
            spec, notes = read_pack_toml(folder / PACK_FILE)
        except InputError as wrong:
            return IntakeReport({}, _own_faults(wrong)), None
        ctx = start_context(folder, spec)
        ctx.faults.extend(notes)
        pack = _read_all(ctx, progress or _silent)
        ctx.found["files"] = dict(sorted(ctx.digests.items()))
    report = IntakeReport(ctx.found, ctx.faults)
    return report, None if report.errors else pack


def start_context(folder: Path, spec: PackSpec) -> ReadContext:
    """Context for the readers of a pack; the projection is provisional until the streets are read."""
    # The middle of China: positions are only used for duplicates when there are no streets to centre on.
    types = load_types() if spec.outlets.breakfast_by_hours else without_early(load_types())
    return ReadContext(dir=folder, spec=spec, types=types, projection=LocalProjection(105.0, 35.0))


def _silent(stage: str, done: int, total: int) -> None:
    pass


def _own_faults(wrong: InputError) -> list[Any]:
    from yike.sources.intake import faults_of

    return faults_of(wrong)


def _take(ctx: ReadContext, read: Callable[[], T], instead: T) -> T:
    """What a reader gives; an error it raises joins the other faults and ``instead`` stands in."""
    try:
        return read()
    except InputError as wrong:
        take_error(ctx, wrong)
        return instead


def _read_all(ctx: ReadContext, progress: Progress) -> Pack | None:
    spec = ctx.spec
    _check_settings(ctx)
    rules = _rules_of(ctx)
    progress("读取路网", 0, 7)
    read_streets(ctx)
    progress("读取小区与门", 1, 7)
    compounds = _take(ctx, lambda: read_compounds(spec.compounds, ctx), None)
    ctx.compounds = compounds = compounds or read_compounds(FileSpec(), ctx)
    gates = _take(ctx, lambda: read_gates(spec.gates, ctx, compounds), None)
    progress("读取社区", 2, 7)
    communities = _take(ctx, lambda: read_communities(spec.communities, ctx), no_communities())
    ctx.communities = communities
    progress("读取居住点", 3, 7)
    places = _take(ctx, lambda: read_places(spec.places, ctx), empty_places())
    progress("读取生活圈", 4, 7)
    members = _take(ctx, lambda: read_circles(spec.circles, ctx, communities, places), None)
    if members is None:
        members = CircleMembers(
            no_circles(),
            np.full(len(communities), -1, np.int32),
            np.full(len(places), -1, np.int32),
            communities,
        )
    progress("读取网点", 5, 7)
    outlets = _take(ctx, lambda: read_outlets(spec.outlets, ctx), no_outlets())
    outlets = join_outlets(ctx, outlets, communities, members.circles, members.circle_of_community)
    progress("读取闲置用房与补充路网", 6, 7)
    premises = _take(ctx, lambda: read_premises(spec.premises, ctx), no_premises())
    nothing: tuple[Edit, ...] = ()
    overlay = _take(ctx, lambda: read_overlay(spec.overlay, ctx), nothing)
    survey = _survey(ctx, members.circles, rules) if spec.survey.is_given else None
    vendors = _take(ctx, lambda: read_vendors(spec.vendors, ctx), None)
    stops = _take(ctx, lambda: read_stops(spec.stops, ctx), None)
    _check_coverage(ctx, places, outlets)
    progress("读取完毕", 7, 7)
    if ctx.network is None:
        return None
    return Pack(
        spec=spec,
        provenance=_provenance(ctx),
        network=ctx.network,
        outlets=outlets,
        places=replace(places, circle_idx=members.circle_of_place),
        communities=replace(members.communities, circle_idx=members.circle_of_community),
        circles=members.circles,
        premises=premises,
        compounds=compounds,
        gates=gates or read_gates(FileSpec(), ctx, compounds),
        overlay=overlay,
        report=IntakeReport(ctx.found, ctx.faults),
        digests=dict(sorted(ctx.digests.items())),
        osm=ctx.osm,
        settled=ctx.settled,
        survey=survey,
        vendors=vendors,
        stops=stops,
    )


def _rules_of(ctx: ReadContext) -> RulePack | None:
    """The rule pack the pack names; None, and a fault, when it is unknown or wrong."""
    spec = ctx.spec.standards
    extra = (ctx.dir / spec.dir,) if spec.dir and (ctx.dir / spec.dir).is_dir() else ()
    try:
        known = list_rule_packs(extra)
        if spec.rule_pack in known:
            return load_rule_pack(spec.rule_pack, extra)
    except PolicyFileError as wrong:
        take_error(ctx, wrong)
        return None
    near = "、".join(difflib.get_close_matches(spec.rule_pack, known, n=1, cutoff=0.3) or known)
    ctx.add(
        "pack.standards.rule_pack_unknown", file=PACK_FILE, column="[standards] rule_pack",
        found=spec.rule_pack, near=near,
    )  # fmt: skip
    return None


def _survey(ctx: ReadContext, circles: Circles, rules: RulePack | None) -> Survey:
    """Answers of residents; how many samples are enough is said by the rule pack."""
    wanted = [i.at_least for i in rules.indicators if i.measure == "samples"] if rules else []
    at_least = max((w for w in wanted if w is not None), default=None)
    nobody = no_survey(len(circles))
    return _take(ctx, lambda: read_survey(ctx.spec.survey, ctx, circles, at_least), nobody)


def no_circles() -> Circles:
    """No circle at all, where the list could not be read."""
    none = np.zeros(0, np.int32)
    return Circles((), (), (), none, (), none, (), (), np.zeros(0, np.int8))


def _check_settings(ctx: ReadContext) -> None:
    """Settings that need more than their own section to be judged."""
    spec = ctx.spec
    here: dict[str, Any] = {"file": PACK_FILE}
    if spec.pack.is_invented:
        ctx.add("pack.invented", level="warning", column="[pack] invented", **here)
    if spec.walk.profile not in load_profiles():
        near = "、".join(sorted(load_profiles()))
        ctx.add(
            "pack.walk.profile_unknown", column="[walk] profile", found=spec.walk.profile, near=near, **here
        )
    if spec.study.limit_s < max(spec.study.cutoffs_s):
        found, expected = spec.study.limit_s / 60, max(spec.study.cutoffs_s) / 60
        ctx.add(
            "pack.study.limit_short",
            column="[study] limit",
            found=f"{found:g}",
            expected=f"{expected:g}",
            **here,
        )
    if spec.standards.dir and not (ctx.dir / spec.standards.dir).is_dir():
        ctx.add("pack.standards.dir_missing", column="[standards] dir", found=spec.standards.dir, **here)
    for word in spec.outlets.surveyed_types:
        if classify(word, ctx.types).type_idx < 0:
            ctx.add("pack.outlets.surveyed", column="[outlets] surveyed", found=word, **here)


def _check_coverage(ctx: ReadContext, places: Places, outlets: Outlets) -> None:
    if ctx.spec.outlets.source == "none":
        ctx.add("outlets.none", level="warning", file=PACK_FILE, column="[outlets]")
    if ctx.network is None:
        return
    far = points_outside(ctx.network, places.x_m, places.y_m, OUTSIDE_M)
    if len(far):
        ctx.add(
            "pack.places.outside", level="warning", file=ctx.spec.places.file or ctx.spec.network.file,
            count=len(far), found=places.name[far[0]] or places.place_id[far[0]],
        )  # fmt: skip
    far = points_outside(ctx.network, outlets.x_m, outlets.y_m, OUTSIDE_M)
    if len(far):
        rows = "、".join(str(outlets.source_row[i]) for i in far[:8])
        file = ctx.spec.outlets.file or ctx.spec.network.file
        ctx.add("outlets.outside", level="warning", file=file, count=len(far), rows=rows)


def _provenance(ctx: ReadContext) -> Provenance:
    spec = ctx.spec
    surveyed = [classify(w, ctx.types).type_idx for w in spec.outlets.surveyed_types]
    return Provenance(
        code=spec.pack.code,
        name=spec.pack.name,
        division=spec.pack.division,
        as_of=spec.pack.as_of,
        is_invented=spec.pack.is_invented,
        sources=spec.sources,
        estimates=tuple(ctx.estimates),
        map_review_no=spec.pack.map_review_no,
        is_surveyed=spec.outlets.is_surveyed,
        settings={
            "services_count": spec.outlets.services_count,
            "surveyed_types": tuple(ctx.types.types[t].code for t in surveyed if t >= 0),
            "outlets_source": spec.outlets.source,
            "places_source": spec.places.source,
            "detour": spec.walk.detour,
            "max_snap_m": spec.walk.max_snap_m,
            "min_component": spec.walk.min_component,
        },
    )
