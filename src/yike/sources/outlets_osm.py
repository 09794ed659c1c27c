"""Outlets that OpenStreetMap maps, by the catalogue's tags, in the form of the pack's own list."""

from __future__ import annotations

import numpy as np

from yike.core.tables import Outlets, OutletStatus, Tri
from yike.sources.duplicates import Duplicate, find_duplicates
from yike.sources.intake import ReadContext, fault
from yike.sources.outlet_services import pack_services


def read_osm_outlets(ctx: ReadContext) -> Outlets | None:
    """
    Outlets of ``ctx.osm``; None (and a fault) when the file maps none.

    A brand means a chain, no brand says nothing. Mapped shops are taken to trade; what OSM does not tell
    (staff, capacity) is unknown. Names that repeat within 50 m are one warning for the whole file, since
    nobody can correct rows of an extract.
    """
    osm = ctx.osm.outlets if ctx.osm is not None else None
    file = ctx.spec.outlets.file or ctx.spec.network.file
    if osm is None or not len(osm):
        ctx.add("outlets.osm.none", file=file, level="warning")
        return None
    n = len(osm)
    x_m, y_m = ctx.projection.forward(osm.lon, osm.lat)
    services = [osm.service_type_idx[osm.service_ptr[i] : osm.service_ptr[i + 1]].tolist() for i in range(n)]
    ptr, service_types = pack_services(ctx.types, osm.type_idx.tolist(), services)
    kinds = [ctx.types.types[t] if t >= 0 else None for t in osm.type_idx.tolist()]
    nobody = np.full(n, -1, np.int32)
    _tell_duplicates(ctx, file, find_duplicates(osm.name, ("",) * n, ("",) * n, x_m, y_m))
    return Outlets(
        outlet_id=osm.outlet_id,
        name=osm.name,
        lon=osm.lon,
        lat=osm.lat,
        x_m=x_m,
        y_m=y_m,
        type_idx=osm.type_idx,
        service_ptr=ptr,
        service_type_idx=service_types,
        status=np.full(n, OutletStatus.OPEN, np.uint8),
        is_chain=np.array([Tri.YES if b else Tri.UNKNOWN for b in osm.brand], np.int8),
        is_movable=np.array([k is not None and k.is_movable for k in kinds], np.bool_),
        is_unstaffed=np.array([k is not None and k.is_unstaffed for k in kinds], np.bool_),
        staff=np.full(n, np.nan),
        area_m2=osm.area_m2,
        capacity=np.full(n, np.nan),
        hours=osm.hours,
        source_row=nobody,
        community_idx=nobody.copy(),
        circle_idx=nobody.copy(),
    )


def _tell_duplicates(ctx: ReadContext, file: str, groups: list[Duplicate]) -> None:
    if groups:
        ctx.faults.append(fault("outlets.osm.duplicates", file=file, count=len(groups), level="note"))
