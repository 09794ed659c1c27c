"""How near candidates are to public facilities and stops of public transport."""

from __future__ import annotations

import numpy as np

from yike.core.access.access import compute_access
from yike.core.access.pairs import take_rows
from yike.core.geo.projection import LocalProjection
from yike.core.network.compound import STREET_FRONT_M
from yike.core.tables import Attachments, FloatArray, OutletStatus
from yike.errors import message_of
from yike.sources.pack_zip import open_pack
from yike.standards.site_rules import Nearness, load_site_rules
from yike.studies.base import Base
from yike.studies.policy import services_of

ROUNDING_M = 1e-3
"""Walks are whole ticks: back in metres they may exceed a limit by micrometres."""


def near_score(base: Base, at: Attachments) -> tuple[FloatArray, list[str]]:
    """
    How near points are to public facilities (服务、卫生、文化设施、公交站), 0 to 1.

    Share of the points of the factors whose facility lies within the stated walk; factors of which the pack
    knows no facility are left out and named in the notes. Stops come from the pack's OSM file.

    Source: 义政办〔2023〕9号 item 4; the distances are inferred.
    """
    factors = [f for f in load_site_rules().nearness if f.points.value > 0]
    facilities = [_facilities(base, f) for f in factors]
    known = [(f, found) for f, found in zip(factors, facilities, strict=True) if len(found)]
    notes = []
    if len(known) < len(factors):
        names = "、".join(f.label for f, found in zip(factors, facilities, strict=True) if not len(found))
        notes.append(message_of("site_words.near_unknown", {"names": names}))
    score = np.zeros(len(at))
    for factor, found in known:
        limit_m = factor.within_m.value
        score += factor.points.value * (walk_m(base, at, found, limit_m) <= limit_m + ROUNDING_M)
    return score / max(sum(f.points.value for f, _ in known), 1e-9), notes


def _facilities(base: Base, factor: Nearness) -> Attachments:
    """Where the facilities of a factor join the streets; none where the pack knows none."""
    if not factor.types:
        return _transit(base)
    at_code = {t.code: i for i, t in enumerate(base.types)}
    return open_outlets(base, [at_code[code] for code in factor.types if code in at_code])


def open_outlets(base: Base, types: list[int]) -> Attachments:
    """Open outlets that serve any of the types, or one that refines it."""
    joined = base.joined
    serves = np.diff(services_of(joined.outlets, base.types, np.array(types, np.int32))[0]) > 0
    rows = np.flatnonzero(serves & (joined.outlets.status == OutletStatus.OPEN))
    return take_rows(joined.outlet_attachments, rows)


def _transit(base: Base) -> Attachments:
    """Stops of public transport, where the streets come from an OSM file."""
    spec, network = base.pack.spec.network, base.joined.network
    lon, lat = np.empty(0), np.empty(0)
    if spec.is_osm:
        from yike.sources.osm.transit import read_transit

        with open_pack(base.spec.pack) as folder:
            lon, lat = read_transit(folder / spec.file)
    x_m, y_m = LocalProjection(network.origin_lon, network.origin_lat).forward(lon, lat)
    found = base.joined.streets.attach(np.asarray(x_m), np.asarray(y_m), STREET_FRONT_M)
    return take_rows(found, np.flatnonzero(found.is_attached))


def walk_m(base: Base, at: Attachments, targets: Attachments, limit_m: float) -> FloatArray:
    """
    Metres on foot from points to the nearest of some targets.

    Returns
    -------
    shape (n_points,); +inf beyond the limit or where a point is not attached
    """
    joined, n, speed = base.joined, len(targets), base.profile.speed_m_s
    if not n or not len(at):
        return np.full(len(at), np.inf)
    access = compute_access(
        joined.graph, at, targets, joined.streets.direct(at, targets),
        np.arange(n + 1, dtype=np.int64), np.zeros(n, np.int32), 1,
        type_rows=np.zeros(1, np.int32), is_open=np.ones(n, bool),
        cutoffs_s=(limit_m / speed,), limit_s=limit_m / speed,
        max_memory_mb=base.spec.max_memory_mb, n_threads=base.spec.n_threads,
    )  # fmt: skip
    metres = access.nearest_s[:, 0].astype(np.float64) * speed
    return np.where(np.isnan(metres), np.inf, metres)
