"""Where vendors and stops of a timetable come from: a file, the pack, or made from what the pack has."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from yike.core.geo.projection import LocalProjection
from yike.core.siting.timetable import HALF_DAYS
from yike.core.tables import FloatArray
from yike.errors import InputError, NoCandidatesError, message_of
from yike.sources.intake import ReadContext
from yike.sources.vendors import Stops, Vendors, read_stop_file, read_vendor_file
from yike.studies.base import Base

if TYPE_CHECKING:
    from yike.studies.timetable import TimetableSpec

SOURCES = ("premises", "communities", "movable")


def vendors_for(base: Base, spec: TimetableSpec) -> Vendors:
    """Vendors of the file asked for, else of the pack."""
    if spec.vendors is not None:
        return read_vendor_file(spec.vendors, _context(base))
    if base.pack.vendors is None or not len(base.pack.vendors):
        raise NoCandidatesError("timetable.vendors.none", name=base.pack.provenance.name)
    return base.pack.vendors


def stops_for(base: Base, spec: TimetableSpec) -> tuple[Stops, str]:
    """Stops and where they are from; made up only when asked for, which the notes tell."""
    if spec.stops is not None:
        return read_stop_file(spec.stops, _context(base), spec.datum or _usual_datum(base)), "file"
    if spec.stops_from:
        return _made(base, spec.stops_from), spec.stops_from
    if base.pack.stops is None or not len(base.pack.stops):
        raise NoCandidatesError("timetable.stops.none", name=base.pack.provenance.name)
    return base.pack.stops, "pack"


def _usual_datum(base: Base) -> str:
    spec = base.pack.spec
    return spec.stops.datum or spec.outlets.datum or spec.places.datum or "wgs84"


def _context(base: Base) -> ReadContext:
    network = base.pack.network
    here = LocalProjection(network.origin_lon, network.origin_lat)
    return ReadContext(base.spec.pack, base.pack.spec, base.types, here, network=network)


def _made(base: Base, source: str) -> Stops:
    if source not in SOURCES:
        raise InputError("timetable.stops.from", found=source, expected="、".join(SOURCES))
    made = {"premises": _premises, "communities": _communities, "movable": _movable}[source](base)
    if not len(made):
        raise NoCandidatesError("timetable.stops.generated_none", found=source)
    return made


def _premises(base: Base) -> Stops:
    p = base.pack.premises
    known = {t.code: i for i, t in enumerate(base.types.types)}
    trades = tuple(tuple(known.get(c, -1) for c in codes) for codes in p.allowed_types)
    made = _stops(p.premises_id, p.name, p.lon, p.lat, p.x_m, p.y_m)
    return replace(made, trades=trades, source_row=p.source_row)


def _communities(base: Base) -> Stops:
    """One stop a community: the home nearest to the middle of its people."""
    places, communities = base.joined.places, base.joined.communities
    people = np.nan_to_num(places.people, nan=0.0)
    attached = base.joined.place_attachments.is_attached
    rows, groups = [], []
    for g in range(len(communities)):
        mine = np.flatnonzero((places.community_idx == g) & attached)
        if len(mine):
            weight = people[mine] if people[mine].sum() > 0 else np.ones(len(mine))
            x_m, y_m = (np.average(a[mine], weights=weight) for a in (places.x_m, places.y_m))
            rows.append(int(mine[np.hypot(places.x_m[mine] - x_m, places.y_m[mine] - y_m).argmin()]))
            groups.append(g)
    at = np.array(rows, np.int64)
    names = tuple(message_of("timetable_words.community_stop", {"name": communities.name[g]}) for g in groups)
    ids = tuple(f"community-{communities.community_id[g]}" for g in groups)
    return _stops(ids, names, places.lon[at], places.lat[at], places.x_m[at], places.y_m[at])


def _movable(base: Base) -> Stops:
    outlets = base.joined.outlets
    at = np.flatnonzero(outlets.is_movable)
    ids, names = (tuple(column[i] for i in at) for column in (outlets.outlet_id, outlets.name))
    return _stops(ids, names, outlets.lon[at], outlets.lat[at], outlets.x_m[at], outlets.y_m[at])


def _stops(
    ids: tuple[str, ...], names: tuple[str, ...], lon: FloatArray, lat: FloatArray, x_m: FloatArray,
    y_m: FloatArray,
) -> Stops:  # fmt: skip
    """Stops that hold one vendor of any trade at any time."""
    n = len(ids)
    name = tuple(given or key for given, key in zip(names, ids, strict=True))
    return Stops(
        ids, name, ("",) * n, lon, lat, x_m, y_m, np.ones(n, np.int32), ((),) * n,
        np.ones((n, HALF_DAYS), np.bool_), np.full(n, -1, np.int32),
    )  # fmt: skip
