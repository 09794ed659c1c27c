"""The walking part of a run: streets under a profile, planner's edits, compounds, points joined."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from yike.core.circle.delineate import walking_voronoi
from yike.core.network.attach import attach_points, direct_walks
from yike.core.network.contract import build_graph
from yike.core.network.profile import WalkProfile
from yike.core.tables import (
    Attachments,
    Circles,
    Communities,
    DirectWalks,
    FloatArray,
    Outlets,
    Places,
    StreetGraph,
    WalkNetwork,
)
from yike.errors import EmptyNetworkError
from yike.sources.pack import Pack
from yike.studies.compounds import Walls, attach_behind_walls, direct_behind_walls, raise_walls

VORONOI_LIMIT_S = 7200.0
"""A home more than two hours from every community's point belongs to none of them."""


@dataclass(frozen=True, eq=False)
class Joined:
    """Places and outlets on the streets of one profile, areas filled in."""

    network: WalkNetwork
    graph: StreetGraph
    walls: Walls | None
    places: Places
    outlets: Outlets
    communities: Communities
    circles: Circles
    place_attachments: Attachments
    outlet_attachments: Attachments
    direct: DirectWalks


def lay_streets(
    pack: Pack, profile: WalkProfile, at_minute: int | None
) -> tuple[WalkNetwork, StreetGraph, Walls | None]:
    """
    Streets of a run: the pack's network, the planner's edits, walls, one profile.

    Raises
    ------
    EmptyNetworkError
        Nothing to walk on.
    """
    network = _edited(pack)
    walls = raise_walls(pack, network, at_minute) if len(pack.compounds) else None
    network = walls.network if walls else network
    graph = build_graph(network, profile)
    if not graph.n_edges:
        raise EmptyNetworkError("network.empty", name=pack.provenance.name)
    return network, graph, walls


def _edited(pack: Pack) -> WalkNetwork:
    if not pack.overlay:
        return pack.network
    from yike.core.network.overlay import apply_overlay

    return apply_overlay(pack.network, pack.overlay)


def join_points(pack: Pack, network: WalkNetwork, graph: StreetGraph, walls: Walls | None) -> Joined:
    """Attach places and outlets, find direct walks, give homes to communities known by a point."""
    places, outlets = pack.places, pack.outlets
    place_at = _attach(pack, network, graph, walls, places.x_m, places.y_m)
    outlet_at = _attach(pack, network, graph, walls, outlets.x_m, outlets.y_m)
    direct = (
        direct_behind_walls(walls, graph, place_at, outlet_at)
        if walls
        else direct_walks(graph, place_at, outlet_at)
    )
    communities, circles = pack.communities, pack.circles
    if communities.delineation == "walking_voronoi":
        places, outlets = _delineate(pack, network, graph, walls, place_at, outlet_at)
    return Joined(network, graph, walls, places, outlets, communities, circles, place_at, outlet_at, direct)


def _attach(
    pack: Pack,
    network: WalkNetwork,
    graph: StreetGraph,
    walls: Walls | None,
    x_m: FloatArray,
    y_m: FloatArray,
) -> Attachments:
    walk = pack.spec.walk
    if walls:
        return attach_behind_walls(walls, graph, x_m, y_m, walk)
    return attach_points(network, graph, x_m, y_m, max_m=walk.max_snap_m, min_component=walk.min_component)


def _delineate(
    pack: Pack,
    network: WalkNetwork,
    graph: StreetGraph,
    walls: Walls | None,
    place_at: Attachments,
    outlet_at: Attachments,
) -> tuple[Places, Outlets]:
    """Walking-time Voronoi around the communities' points; what is already assigned stays."""
    from yike.core.geo.projection import LocalProjection

    points = pack.settled["community_points"]
    x_m, y_m = LocalProjection(network.origin_lon, network.origin_lat).forward(points.lon, points.lat)
    seeds = _attach(pack, network, graph, walls, np.asarray(x_m), np.asarray(y_m))
    circle_of = np.append(pack.communities.circle_idx, np.int32(-1))
    filled = []
    for table, at in ((pack.places, place_at), (pack.outlets, outlet_at)):
        nearest = walking_voronoi(graph, seeds, at, VORONOI_LIMIT_S)
        community = np.where(table.community_idx >= 0, table.community_idx, nearest).astype(np.int32)
        circle = np.where(table.circle_idx >= 0, table.circle_idx, circle_of[community]).astype(np.int32)
        filled.append(replace(table, community_idx=community, circle_idx=circle))
    return filled[0], filled[1]  # type: ignore[return-value]
