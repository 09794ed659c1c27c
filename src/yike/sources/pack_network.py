"""The streets of a pack, from whichever kind of file it names, and all of an OSM file that others need."""

from __future__ import annotations

import gzip
from dataclasses import replace
from pathlib import Path

import numpy as np

from yike.core.geo.projection import LocalProjection
from yike.core.network.components import label_parts
from yike.core.tables import WalkNetwork
from yike.errors import EmptyNetworkError, InputError
from yike.sources.intake import ReadContext, take_error
from yike.sources.osm import OsmExtract, read_osm
from yike.sources.pack_keys import OSM_SUFFIXES
from yike.sources.pack_spec import PackSpec

NEEDS_DATUM = (".geojson", ".json", ".csv", ".csv.gz", ".xlsx", ".xls")


def read_streets(ctx: ReadContext) -> None:
    """
    Read the network (and OSM parts) into ``ctx.network``, ``ctx.osm`` and ``ctx.projection``.

    A network that cannot be read leaves ``ctx.network`` None and an error in ``ctx.faults``, so that the
    other files are still read and told about in the same go.
    """
    try:
        network = _read(ctx)
    except (InputError, EmptyNetworkError) as wrong:
        take_error(ctx, wrong)
        network = None
    if network is None:
        ctx.add("pack.network.unread", file="pack.toml", column="[network]")
        return
    if network.n_pieces == 0:
        ctx.add("pack.network.empty", file=ctx.spec.network.file or ctx.spec.network.edges)
    ctx.network = network
    ctx.projection = LocalProjection(network.origin_lon, network.origin_lat)
    _note_found(ctx, network)


def _read(ctx: ReadContext) -> WalkNetwork | None:
    spec = ctx.spec.network
    if spec.is_osm:
        path = ctx.path(spec.file, "network")
        return None if path is None else _from_osm(ctx, path)
    if spec.file:
        return _from_lines(ctx)
    return _from_edges(ctx)


def _from_osm(ctx: ReadContext, path: Path) -> WalkNetwork | None:
    spec = ctx.spec
    want = ("network", "base", *osm_parts(spec))
    osm = read_osm(
        path,
        want=want,
        types=ctx.types,
        walls=spec.network.walls,
        gates=spec.network.gates,
        keep_private=spec.compounds.is_given,  # lanes inside compounds serve the people who live there
    )
    ctx.faults.extend(osm.faults)
    ctx.osm = osm
    other = spec.outlets.file if spec.outlets.source == "osm" else ""
    if other.lower().endswith(OSM_SUFFIXES) and (own := ctx.path(other, "outlets")) is not None:
        ctx.osm = _with_outlets_of(ctx, osm, own)
    return osm.network


def _with_outlets_of(ctx: ReadContext, osm: OsmExtract, path: Path) -> OsmExtract:
    """Outlets out of another OSM file than the streets'."""
    more = read_osm(path, want=("outlets",), types=ctx.types)
    ctx.faults.extend(more.faults)
    return replace(osm, outlets=more.outlets)


def osm_parts(spec: PackSpec) -> tuple[str, ...]:
    """Parts of the OSM file that sections of the pack are made of."""
    parts = []
    if spec.outlets.source == "osm":
        parts.append("outlets")
    if spec.places.source == "osm":
        parts.append("buildings")
    if spec.communities.source == "osm_residential":
        parts.append("areas")
    return tuple(parts)


def _from_lines(ctx: ReadContext) -> WalkNetwork | None:
    from yike.sources.lines import read_lines

    spec = ctx.spec.network
    path = ctx.path(spec.file, "network")
    if path is None or _datum_is_missing(ctx, spec.file):
        return None
    network, faults = read_lines(
        path,
        spec.datum or None,
        crs=spec.crs or None,
        snap_m=spec.snap_m,
        split=spec.split,
        sheet=spec.sheet,
    )
    ctx.faults.extend(faults)
    return network


def _from_edges(ctx: ReadContext) -> WalkNetwork | None:
    from yike.sources.edges import read_edges

    spec = ctx.spec.network
    nodes, edges = ctx.path(spec.nodes, "network"), ctx.path(spec.edges, "network")
    if nodes is None or edges is None or (not _is_planar(nodes) and _datum_is_missing(ctx, spec.nodes)):
        return None
    network, faults = read_edges(
        nodes,
        edges,
        spec.datum or None,
        at=ctx.spec.walk.at_minute,
        crs=spec.crs or None,
        origin=spec.origin,
    )
    ctx.faults.extend(faults)
    return network


def _is_planar(nodes: Path) -> bool:
    """Whether the nodes stand in metres, so that no datum applies."""
    with gzip.open(nodes, "rb") if nodes.suffix == ".gz" else nodes.open("rb") as stream:
        return b"x_m" in stream.readline(4096)


def _datum_is_missing(ctx: ReadContext, file: str) -> bool:
    """Other files are compared with the streets; the streets have nothing to be compared with."""
    spec = ctx.spec.network
    if spec.datum or spec.crs or not file.lower().endswith(NEEDS_DATUM):
        return False
    ctx.add("pack.network.datum", file="pack.toml", column="[network] datum", found="（没有写）")
    return True


def _note_found(ctx: ReadContext, network: WalkNetwork) -> None:
    sizes = component_sizes(network)
    limit = ctx.spec.walk.min_component
    ctx.found["network"] = {
        "vertices": network.n_vertices,
        "pieces": network.n_pieces,
        "length_km": round(float(network.piece_length_m.sum()) / 1000, 3),
        "components": len(sizes),
        "largest_share": round(float(sizes[0] / sizes.sum()), 4) if len(sizes) else None,
    }
    small = int(np.sum(sizes < limit))
    if len(sizes) > 1:
        share = sizes[0] / sizes.sum()
        ctx.add(
            "pack.network.pieces",
            level="warning" if share < 0.9 else "note",
            file=ctx.spec.network.file or ctx.spec.network.edges,
            count=len(sizes),
            share=f"{share:.1%}",
            small=_small_words(small, len(sizes), limit),
        )


def _small_words(small: int, n_all: int, limit: int) -> str:
    if small == n_all:
        return f"每一块都不足 {limit} 个顶点，只能接入最大的一块。"
    return f"不足 {limit} 个顶点的小块有 {small} 个，不接入任何居住点和网点。"


def component_sizes(network: WalkNetwork) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Vertices of each connected part of the streets, largest first."""
    n = network.n_vertices
    if n == 0:
        return np.zeros(0, np.int64)
    part = label_parts(n, network.piece_from_idx, network.piece_to_idx)
    return np.sort(np.bincount(part))[::-1]
