"""One reading of an OSM file for everything: streets, outlets, buildings, areas, gates, base map."""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np

from yike.errors import Fault
from yike.sources.osm import areas as a
from yike.sources.osm import buildings, outlets
from yike.sources.osm.convert import read_objects
from yike.sources.osm.extract import OsmExtract
from yike.sources.osm.network import network_of, wanted_for_network
from yike.sources.osm.objects import OsmObjects, Wanted
from yike.sources.osm.outlines import read_outlines
from yike.sources.osm.shapes import Shapes, is_inside
from yike.sources.osm.walkable import WAY_CARRY, WAY_KEYS, classify_ways
from yike.standards.loader import load_types
from yike.standards.types import BusinessTypes

PARTS = ("network", "outlets", "buildings", "areas", "gates", "base")


def _wanted(want: frozenset[str], types: BusinessTypes | None, walls: bool, gates: bool) -> Wanted:
    """Keys that the wanted parts are made of."""
    first = wanted_for_network(walls, gates) if "network" in want else Wanted()
    node, way, carry = set(first.node), set(first.way), set(first.carry)
    area: set[str] = set()
    if types is not None:
        node |= outlets.trigger_keys(types)
        area |= outlets.trigger_keys(types)
        carry |= outlets.CARRY | outlets.catalogue_keys(types)
    if "buildings" in want:
        area |= buildings.KEYS | {"landuse"}
        carry |= buildings.CARRY
    if "areas" in want:
        node |= {"place"}
        area |= a.AREA_KEYS
        carry |= a.AREA_CARRY
    if "gates" in want:
        node |= a.GATE_KEYS
        way |= WAY_KEYS
        carry |= a.GATE_CARRY | WAY_CARRY
    if "base" in want:
        way |= a.WALL_KEYS
        area |= a.BASE_KEYS
        carry |= a.BASE_CARRY
    return Wanted(
        node=frozenset(node),
        way=frozenset(way | area),
        relation=frozenset(area),
        carry=frozenset(carry | {"type"}),
        all_ways=bool(area),
    )


def read_osm(
    path: Path,
    *,
    want: tuple[str, ...] = ("network", "outlets", "buildings", "areas", "gates"),
    types: BusinessTypes | None = None,
    bounds: tuple[float, float, float, float] | None = None,
    walls: bool = False,
    gates: bool = False,
    keep_private: bool = False,
) -> OsmExtract:
    """
    Read an OSM file once for everything that is wanted.

    Parameters
    ----------
    path
        ``.osm.pbf``, ``.osm``, ``.osm.gz`` or ``.osm.bz2``.
    want
        Any of ``PARTS``.
    types
        Catalogue that says which tags are outlets; None: the project's own.
    bounds
        West, south, east, north: keep only outlets, buildings, areas and gates whose point lies inside.
        The network is kept whole, since walks may lead outside.
    walls, gates, keep_private
        For the network, as in ``read_network``.

    Raises
    ------
    UnreadableFileError
        The file cannot be read.
    EmptyNetworkError
        The network is wanted and nothing can be walked.
    ValueError
        ``want`` names an unknown part.
    """
    path = Path(path)
    chosen = frozenset(want)
    if not chosen <= frozenset(PARTS):
        raise ValueError(f"want: {sorted(chosen - frozenset(PARTS))} not among {PARTS}")
    if "outlets" in chosen and types is None:
        types = load_types()
    catalogue = types if "outlets" in chosen else None
    objects = read_objects(path, _wanted(chosen, catalogue, walls, gates))
    out = OsmExtract(path.name, objects.bounds)
    if "network" in chosen:
        options = {"walls": walls, "gates": gates, "keep_private": keep_private}
        network, notes = network_of(objects, path.name, **options)
        out = replace(out, network=network, notes=notes, faults=notes.faults)
    out = _read_parts(out, objects, chosen, catalogue)
    if bounds is not None:
        out = _clip(out, bounds)
    return replace(out, found=_counts(out))


def _read_parts(
    out: OsmExtract, objects: OsmObjects, want: frozenset[str], types: BusinessTypes | None
) -> OsmExtract:
    shapes = Shapes(objects)
    area_keys: frozenset[str] = frozenset()
    area_keys |= outlets.trigger_keys(types) if types is not None else frozenset()
    area_keys |= buildings.KEYS | {"landuse"} if "buildings" in want else frozenset()
    area_keys |= a.AREA_KEYS if "areas" in want else frozenset()
    area_keys |= a.BASE_KEYS if "base" in want else frozenset()
    outlines = read_outlines(objects, shapes, area_keys)
    faults: list[Fault] = []
    if types is not None:
        found, n_repeats = outlets.read_outlets(objects, outlines, types)
        out = replace(out, outlets=found)
        if n_repeats:
            faults.append(
                Fault("osm.outlets.repeated", file=out.file, level="note", facts={"count": n_repeats})
            )
    if "buildings" in want:
        out = replace(out, buildings=buildings.read_buildings(outlines, a.residential_land(outlines)))
    if "areas" in want:
        out = replace(out, areas=a.read_areas(objects, outlines))
    if "gates" in want:
        street_nodes = a.street_node_mask(objects, classify_ways(objects.way_tags)[0])
        out = replace(out, gates=a.read_gates(objects, street_nodes))
    if "base" in want:
        out = replace(out, base=a.read_base(objects, outlines, shapes))
    if shapes.n_cut or shapes.n_lost:
        facts = {"count": shapes.n_cut, "lost": shapes.n_lost}
        faults.append(Fault("osm.areas.cut", file=out.file, level="note", facts=facts))
    return replace(out, faults=(*out.faults, *faults))


def _clip(out: OsmExtract, bounds: tuple[float, float, float, float]) -> OsmExtract:
    """Keep the rows whose point lies in the box."""
    clipped: dict[str, Any] = {}
    for part in ("outlets", "buildings", "areas", "gates"):
        table = getattr(out, part)
        if table is not None:
            clipped[part] = take_rows(table, np.flatnonzero(is_inside(table.lon, table.lat, bounds)))
    return replace(out, **clipped)


def take_rows(table: Any, rows: Any) -> Any:
    """Some rows of a table of this package; slices (``service_ptr``) are re-made."""
    new: dict[str, Any] = {}
    chosen = rows.tolist()
    for f in fields(table):
        value = getattr(table, f.name)
        if f.name == "service_ptr":
            new[f.name] = np.cumsum([0, *np.diff(value)[rows].tolist()], dtype=np.int64)
        elif f.name == "service_type_idx":
            ptr = table.service_ptr
            parts = [value[ptr[i] : ptr[i + 1]] for i in chosen]
            new[f.name] = np.concatenate(parts) if parts else value[:0]
        elif isinstance(value, tuple):
            new[f.name] = tuple(value[i] for i in chosen)
        else:
            new[f.name] = value[rows]
    return type(table)(**new)


def _counts(out: OsmExtract) -> dict[str, int]:
    """How many rows each part has, for reports."""
    counts: dict[str, int] = {}
    if out.network is not None:
        counts |= {"vertices": out.network.n_vertices, "pieces": out.network.n_pieces}
    for part in ("outlets", "buildings", "areas", "gates", "base"):
        if getattr(out, part) is not None:
            counts[part] = len(getattr(out, part))
    if out.buildings is not None:
        counts["residential_buildings"] = int(out.buildings.is_residential.sum())
    return counts
