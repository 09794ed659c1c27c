"""A city pack into the register: communities, circles, outlets, idle premises. Repeating it adds nothing."""

from __future__ import annotations

import datetime as dt
import json
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from django.db import transaction
from django.utils.timezone import localdate

from yike.core.tables import Tri
from yike.errors import RefusedError
from yike.sources.pack import Pack
from yike.standards.loader import load_profiles
from yike.studies.streets import join_points, lay_streets
from yike.studies.study import Progress, silent
from yike.web.analyses.outlet_list import write_outlet_list
from yike.web.audit.chain import Who, record
from yike.web.outlets import imports
from yike.web.outlets.intake import bare_community
from yike.web.outlets.models import Premises
from yike.web.outlets.queries import communities_of
from yike.web.outlets.rules import require_keeper
from yike.web.regions.actions import add_profile, create_circle
from yike.web.regions.divisions import load_divisions, official_divisions
from yike.web.regions.models import Area, Circle


@dataclass
class Loaded:
    """What a pack brought."""

    areas: int = 0
    circles: int = 0
    outlets: dict[str, int] = field(default_factory=dict)
    premises: int = 0
    profiles: int = 0
    nameless: list[str] = field(default_factory=list)  # communities of the pack that no area matches


def load_register(
    *, who: Who, pack: Pack, folder: Path, branch: str, now: dt.datetime, progress: Progress = silent
) -> Loaded:
    """
    Put what a pack knows of a branch into the register.

    Parameters
    ----------
    folder
        Of the pack, for the columns of its outlet list that studies do not need.
    branch
        Area code; its official divisions are loaded when it is an official one.

    Raises
    ------
    RefusedError
        No community of the pack is an area of the branch.
    """
    require_keeper(who, branch, localdate(now))
    loaded, pack = Loaded(), located(pack)
    progress("写入区划与社区", 0, 1)
    if branch.ljust(12, "0") in official_divisions():
        loaded.areas = load_divisions(branch, who=who, now=now)
    areas = areas_of(pack, branch)
    loaded.nameless = [n for n, a in zip(pack.communities.name, areas, strict=True) if a is None]
    if areas and not any(areas):
        raise RefusedError(
            "analyses.import.no_community", branch=branch, found="、".join(loaded.nameless[:5])
        )
    loaded.profiles = tell_profiles(who=who, pack=pack, areas=areas, now=now)
    progress("写入生活圈", 0, 1)
    loaded.circles = load_circles(who=who, pack=pack, areas=areas, branch=branch, now=now)
    loaded.outlets = load_outlets(
        who=who, pack=pack, folder=folder, areas=areas, branch=branch, now=now, progress=progress
    )
    progress("写入闲置用房", 0, 1)
    loaded.premises = load_premises(who=who, pack=pack, branch=branch, now=now)
    return loaded


def located(pack: Pack) -> Pack:
    """The pack with its outlets in communities, where only walking tells which: communities are points."""
    by_walk = pack.communities.delineation == "walking_voronoi" or pack.settled.get("outlets_by_walk")
    if not by_walk or not len(pack.outlets):
        return pack
    streets = lay_streets(pack, load_profiles()[pack.spec.walk.profile], pack.spec.walk.at_minute)
    return replace(pack, outlets=join_points(pack, streets).outlets)


def areas_of(pack: Pack, branch: str) -> list[Area | None]:
    """The area of each community of the pack: by its code, else by its name within the branch."""
    known = communities_of(branch)
    by_code = {code.ljust(12, "0"): key for key, code, _ in known}
    by_name: dict[str, list[int]] = {}
    for key, _, name in known:
        by_name.setdefault(bare_community(name), []).append(key)
    single = {name: keys[0] for name, keys in by_name.items() if len(keys) == 1}
    keys = [
        by_code.get(code) or single.get(bare_community(name))
        for code, name in zip(pack.communities.community_id, pack.communities.name, strict=True)
    ]
    areas = Area.objects.in_bulk([k for k in keys if k])
    return [areas[k] if k else None for k in keys]


PROFILE_COLUMNS = {
    "people": "people",
    "households": "households",
    "floor_area_m2": "total_floor_m2",
    "commercial_area_m2": "commercial_floor_m2",
    "service_area_m2": "service_floor_m2",
}
"""Column of a community's profile → of the pack's communities."""


def tell_profiles(*, who: Who, pack: Pack, areas: list[Area | None], now: dt.datetime) -> int:
    """Tell the register what the pack states of communities, as of the pack's day; once."""
    head, made = pack.provenance, 0
    as_of = dt.date.fromisoformat(head.as_of)
    for i, area in enumerate(areas):
        values: dict[str, Any] = {
            column: float(told) if column.endswith("_m2") else int(told)
            for column, name in PROFILE_COLUMNS.items()
            if not np.isnan(told := getattr(pack.communities, name)[i])
        }
        if area is None or not values or area.profiles.filter(as_of=as_of).exists():
            continue
        values |= {"source": head.name, "is_invented": head.is_invented}
        add_profile(who=who, community=area, as_of=as_of, values=values, now=now)
        made += 1
    return made


def load_circles(*, who: Who, pack: Pack, areas: list[Area | None], branch: str, now: dt.datetime) -> int:
    """Make the pack's circles that the register lacks."""
    circles, made = pack.circles, 0
    there = set(Circle.objects.filter(code__startswith=f"{branch}-").values_list("code", flat=True))
    for i in range(len(circles)):
        code = f"{branch}-{circles.circle_id[i]}"[:32]
        rows = np.flatnonzero(pack.communities.circle_idx == i).tolist()
        members = [a for k in rows if (a := areas[k]) is not None]
        if code in there or not members or _is_busy(members):
            continue
        create_circle(
            who=who, code=code, name=circles.name[i], communities=members, lead=members[0], now=now,
            fields=_facts(pack, i, rows),
        )  # fmt: skip
        made += 1
    return made


def _is_busy(members: list[Area]) -> bool:
    """Whether a community is in a circle already: the register's own circles stay."""
    return any(a.circle_memberships.filter(ends_on__isnull=True).exists() for a in members)


def _facts(pack: Pack, i: int, rows: list[int]) -> Mapping[str, object]:
    """What the pack says of a circle; what it does not say is left out."""
    circles, communities = pack.circles, pack.communities
    facts: dict[str, object] = {"is_invented": pack.provenance.is_invented}
    if circles.build_year[i] >= 0:
        facts["build_year"] = int(circles.build_year[i])
    if circles.has_platform[i] != Tri.UNKNOWN:
        facts["has_platform"] = bool(circles.has_platform[i] == Tri.YES)
    for name in ("people", "households"):
        told = getattr(communities, name)[rows]
        if not np.isnan(told).any():
            facts[name] = int(told.sum())
    shape = circles.polygons[i] or _union([communities.polygons[k] for k in rows])
    if shape is not None:
        facts["boundary"] = json.loads(shapely.to_geojson(shapely.set_precision(shape, 1e-7)))
    return facts


def _union(shapes: list[object]) -> object | None:
    return shapely.union_all(shapes) if shapes and all(s is not None for s in shapes) else None


def load_outlets(
    *,
    who: Who,
    pack: Pack,
    folder: Path,
    areas: list[Area | None],
    branch: str,
    now: dt.datetime,
    progress: Progress,
) -> dict[str, int]:
    """Put the pack's outlets in as one batch of imports, which can be looked at and taken back."""
    if not len(pack.outlets):
        return {}
    codes = [a.code if a is not None else "" for a in areas]
    with tempfile.TemporaryDirectory() as half:
        path = Path(half) / f"{pack.provenance.code}-outlets.csv"
        datum = write_outlet_list(pack, folder, codes, path)
        with path.open("rb") as stream:
            batch = imports.upload(
                who=who, stream=stream, name=path.name, area_code=branch, datum=datum, now=now,
                is_invented=pack.provenance.is_invented,
            )  # fmt: skip
    imports.preview(who=who, batch=batch, now=now, progress=progress)
    batch.refresh_from_db()
    if not batch.counts.get("new") and not batch.counts.get("changed"):
        imports.drop(who=who, batch=batch, now=now)
        return {k: v for k, v in batch.counts.items() if isinstance(v, int)}
    imports.apply(who=who, batch=batch, now=now, good_rows_only=True, progress=progress)
    batch.refresh_from_db()
    return {k: v for k, v in batch.counts.items() if isinstance(v, int)}


def load_premises(*, who: Who, pack: Pack, branch: str, now: dt.datetime) -> int:
    """Put idle premises in that the register lacks, by their number."""
    rooms = pack.premises
    there = set(Premises.objects.filter(area_code__startswith=branch).values_list("code", flat=True))
    fresh = [i for i in range(len(rooms)) if rooms.premises_id[i] not in there]
    if not fresh:
        return 0
    with transaction.atomic():
        Premises.objects.bulk_create(_premises(pack, i, branch) for i in fresh)
        record(
            who, "premises.load", "area", branch, now=now, area_code=branch, after={"added": len(fresh)},
            note=pack.provenance.name,
        )  # fmt: skip
    return len(fresh)


def _premises(pack: Pack, i: int, branch: str) -> Premises:
    rooms = pack.premises
    return Premises(
        area_code=branch,
        code=rooms.premises_id[i],
        name=rooms.name[i] or rooms.kind[i],
        kind_code=rooms.kind_code[i],
        lon=float(rooms.lon[i]),
        lat=float(rooms.lat[i]),
        source=pack.provenance.name,
        area_m2=None if np.isnan(rooms.area_m2[i]) else float(rooms.area_m2[i]),
        owner=rooms.owner[i],
        state=rooms.state[i],
        allowed_types=list(rooms.allowed_types[i]),
        cost_fen=int(rooms.cost_fen[i]) if rooms.cost_fen[i] >= 0 else None,
        rent_fen=int(rooms.rent_fen[i]) if rooms.rent_fen[i] >= 0 else None,
        hours=rooms.hours[i],
        is_invented=pack.provenance.is_invented,
    )
