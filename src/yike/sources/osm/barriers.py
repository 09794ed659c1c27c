"""
OSM's own barriers, used only when the pack says so: gates that keep pedestrians out, walls that are crossed.

OSM maps few of them (in Chinese extracts fewer than 15 walls each), so both are off by default.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import shapely

from yike.core.tables import BoolArray, IntArray, PieceFlag, WalkNetwork
from yike.sources.osm.objects import OsmObjects
from yike.sources.osm.tags import TagTable

GATE_KEYS = frozenset({"barrier", "entrance"})
GATE_CARRY = frozenset({"access", "foot", "opening_hours", "name"})
WALL_KEYS = frozenset({"barrier"})

GATE_VALUES = frozenset(
    {
        "bollard",
        "border_control",
        "bump_gate",
        "chain",
        "cycle_barrier",
        "entrance",
        "full-height_turnstile",
        "gate",
        "hampshire_gate",
        "kissing_gate",
        "lift_gate",
        "sally_port",
        "stile",
        "swing_gate",
        "toll_booth",
        "turnstile",
        "wicket_gate",
    }
)
"""Barrier nodes that one can walk through unless the tags say otherwise."""

WALL_VALUES = frozenset({"city_wall", "fence", "hedge", "retaining_wall", "wall"})
"""Barrier lines that nobody walks through."""

GATE_REACH_M = 3.0
"""A street that crosses a wall this near to a gate goes through the gate."""

_DENIED = frozenset({"no", "private"})
_ALLOWED = frozenset({"yes", "designated", "permissive"})


def is_gate(tags: TagTable) -> BoolArray:
    """Nodes that are gates or entrances in a wall."""
    return tags.is_in("barrier", GATE_VALUES)


def is_closed_to_foot(tags: TagTable) -> BoolArray:
    """Barrier nodes that pedestrians may not pass: walls, and gates with no or private access."""
    allowed = tags.is_in("foot", _ALLOWED)
    denied = tags.is_in("foot", _DENIED) | (tags.is_in("access", _DENIED) & ~allowed)
    closed: BoolArray = (tags.has("barrier") & denied) | (tags.is_in("barrier", WALL_VALUES) & ~allowed)
    return closed


def close_gates(network: WalkNetwork, objects: OsmObjects) -> tuple[WalkNetwork, int]:
    """
    Make every closed gate on a street two dead ends.

    The first piece at the gate keeps the vertex; each other piece gets a copy of it (same id and
    coordinates), so no street is lost and nobody passes.
    """
    shut_ids = objects.node_id[is_closed_to_foot(objects.node_tags)]
    at = np.minimum(np.searchsorted(network.vertex_id, shut_ids), network.n_vertices - 1)
    shut = np.zeros(network.n_vertices, np.bool_)
    shut[at[network.vertex_id[at] == shut_ids]] = True
    ends = np.concatenate([network.piece_from_idx, network.piece_to_idx])
    rows = np.flatnonzero(shut[ends])
    rows = rows[np.argsort(ends[rows], kind="stable")]
    is_first = np.ones(len(rows), np.bool_)
    is_first[1:] = ends[rows[1:]] != ends[rows[:-1]]
    copied = rows[~is_first]
    source = ends[copied]
    ends[copied] = network.n_vertices + np.arange(len(copied), dtype=np.int32)
    n = network.n_pieces
    grown: dict[str, Any] = {
        name: np.concatenate([getattr(network, name), getattr(network, name)[source]])
        for name in ("vertex_id", "vertex_lon", "vertex_lat", "vertex_x_m", "vertex_y_m")
    }
    return replace(network, piece_from_idx=ends[:n], piece_to_idx=ends[n:], **grown), int(shut.sum())


def wall_lines(objects: OsmObjects) -> tuple[IntArray, list[shapely.LineString]]:
    """Walls and fences as (way rows, lines in degrees); parts with nodes not in the file are left out."""
    ways = np.flatnonzero(objects.way_tags.is_in("barrier", WALL_VALUES)).astype(np.int32)
    rows, lines = [], []
    for way in ways.tolist():
        refs = objects.way_ref[objects.way_ptr[way] : objects.way_ptr[way + 1]]
        nodes = objects.node_rows(refs)
        nodes = nodes[nodes >= 0]
        if len(nodes) >= 2:
            rows.append(way)
            lines.append(shapely.linestrings(objects.node_lon[nodes], objects.node_lat[nodes]))
    return np.array(rows, np.int32), lines


def cut_at_walls(network: WalkNetwork, objects: OsmObjects) -> tuple[WalkNetwork, int]:
    """
    Drop street pieces that cross a wall away from any gate; bridges and tunnels pass.

    A street that only touches a wall at a common node is an opening and stays.
    """
    _, lines = wall_lines(objects)
    if not lines:
        return network, 0
    ends = np.stack([network.piece_from_idx, network.piece_to_idx], axis=1)
    pieces = shapely.linestrings(np.stack([network.vertex_lon[ends], network.vertex_lat[ends]], axis=2))
    walls = np.array(lines, dtype=object)
    piece, wall = shapely.STRtree(walls).query(pieces, predicate="crosses")
    level = (network.piece_flags[piece] & (PieceFlag.BRIDGE | PieceFlag.TUNNEL)) != 0
    piece, wall = piece[~level], wall[~level]
    crossing = shapely.point_on_surface(shapely.intersection(pieces[piece], walls[wall]))
    blocked = np.unique(piece[~_is_near_gate(crossing, objects)])
    keep = np.ones(network.n_pieces, np.bool_)
    keep[blocked] = False
    return keep_pieces(network, keep), len(blocked)


def _is_near_gate(points: Any, objects: OsmObjects) -> BoolArray:
    tags = objects.node_tags
    open_gate = is_gate(tags) & ~is_closed_to_foot(tags)
    gates = shapely.points(objects.node_lon[open_gate], objects.node_lat[open_gate])
    near = np.zeros(len(points), np.bool_)
    if len(gates) and len(near):
        # a degree of longitude is never longer than one of latitude: the reach errs on the open side
        reach_deg = GATE_REACH_M / 111_195.0
        hit = shapely.STRtree(gates).query(points, predicate="dwithin", distance=reach_deg)
        near[hit[0]] = True
    return near


def keep_pieces(network: WalkNetwork, keep: BoolArray) -> WalkNetwork:
    """The network with some of its pieces; all vertices stay."""
    kept: dict[str, Any] = {
        name: getattr(network, name)[keep] for name in vars(network) if name.startswith("piece_")
    }
    return replace(network, **kept)
