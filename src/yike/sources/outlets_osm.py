"""Outlets that OpenStreetMap maps, by the catalogue's tags, in the form of the pack's own list."""

from __future__ import annotations

from dataclasses import replace

from yike.core.tables import Outlets
from yike.sources.duplicates import find_duplicates
from yike.sources.intake import ReadContext
from yike.sources.osm import outlets_table
from yike.sources.outlet_services import pack_services


def read_osm_outlets(ctx: ReadContext) -> Outlets | None:
    """
    Outlets of ``ctx.osm``; None (and a fault) when the file maps none.

    Names that repeat within 50 m are one note for the whole file, since nobody can correct rows of an
    extract.
    """
    osm = ctx.osm.outlets if ctx.osm is not None else None
    file = ctx.spec.outlets.file or ctx.spec.network.file
    if osm is None or not len(osm):
        ctx.add("outlets.osm.none", file=file, level="warning")
        return None
    outlets = outlets_table(osm, ctx.types, ctx.projection)
    n, ends = len(outlets), osm.service_ptr.tolist()
    services = [osm.service_type_idx[ends[i] : ends[i + 1]].tolist() for i in range(n)]
    ptr, service_types = pack_services(ctx.types, osm.type_idx.tolist(), services)
    doubles = find_duplicates(outlets.name, ("",) * n, ("",) * n, outlets.x_m, outlets.y_m)
    if doubles:
        ctx.add("outlets.osm.duplicates", file=file, count=len(doubles), level="note")
    return replace(outlets, service_ptr=ptr, service_type_idx=service_types)
