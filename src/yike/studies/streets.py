"""The walking part of a run: streets under a profile, planner's edits, compounds, points joined."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import Any, cast

import numpy as np

from yike.core.circle.delineate import walking_voronoi
from yike.core.geo.projection import LocalProjection
from yike.core.network.attach import attach_points, direct_walks
from yike.core.network.compound import (
    STREET_FRONT_M,
    attach_with_compounds,
    close_compounds,
    direct_walks_with_compounds,
)
from yike.core.network.compound_gates import CompoundAccess
from yike.core.network.contract import build_graph
from yike.core.network.overlay import apply_overlay
from yike.core.network.profile import WalkProfile
from yike.core.tables import (
    Attachments,
    AttachRule,
    Circles,
    Communities,
    DirectWalks,
    FloatArray,
    IntArray,
    Outlets,
    Places,
    StreetGraph,
    WalkNetwork,
)
from yike.errors import EmptyNetworkError
from yike.sources.pack import Pack
from yike.sources.pack_spec import WalkSpec
from yike.sources.spread import respread

VORONOI_LIMIT_S = 7200.0
"""A home more than two hours from every community's point belongs to none of them."""


@dataclass(frozen=True, eq=False)
class Streets:
    """The network of a run and how points join it."""

    network: WalkNetwork
    graph: StreetGraph
    walls: CompoundAccess | None  # None where the pack has no compounds
    walk: WalkSpec

    def attach(self, x_m: FloatArray, y_m: FloatArray, front_m: float = 0.0) -> Attachments:
        """Join points by the attachment rule; behind walls through gates, shops in the wall to the street."""
        max_m, min_component = self.walk.max_snap_m, self.walk.min_component
        if self.walls is None:
            return attach_points(self.network, self.graph, x_m, y_m, max_m=max_m, min_component=min_component)
        return attach_with_compounds(
            self.graph, self.walls, x_m, y_m, max_m=max_m, min_component=min_component, front_m=front_m
        )

    def direct(self, places: Attachments, outlets: Attachments) -> DirectWalks:
        """Walks along one street or inside one compound."""
        if self.walls is not None:
            return direct_walks_with_compounds(self.graph, self.walls, places, outlets)
        return direct_walks(self.graph, places, outlets)


@dataclass(frozen=True, eq=False)
class Joined:
    """Places and outlets on the streets of one profile, areas filled in."""

    streets: Streets
    places: Places
    outlets: Outlets
    communities: Communities
    circles: Circles
    place_attachments: Attachments
    outlet_attachments: Attachments
    direct: DirectWalks

    @property
    def network(self) -> WalkNetwork:
        """The network with edits and walls."""
        return self.streets.network

    @property
    def graph(self) -> StreetGraph:
        """Its graph under the profile."""
        return self.streets.graph


def lay_streets(pack: Pack, profile: WalkProfile, at_minute: int | None) -> Streets:
    """
    Streets of a run: the pack's network, the planner's edits, walls, one profile.

    Raises
    ------
    EmptyNetworkError
        Nothing to walk on.
    """
    walk = pack.spec.walk
    network = apply_overlay(pack.network, pack.overlay) if pack.overlay else pack.network
    walls = None
    if len(pack.compounds):
        network, walls = close_compounds(
            network, pack.compounds, pack.gates, profile, detour=walk.detour, at_minute=at_minute,
            max_m=walk.max_snap_m, min_component=walk.min_component,
        )  # fmt: skip
    graph = build_graph(network, profile)
    if not graph.n_edges:
        raise EmptyNetworkError("study.network.empty", name=pack.provenance.name)
    return Streets(network, graph, walls, walk)


def join_points(pack: Pack, streets: Streets) -> Joined:
    """Attach places and outlets, find direct walks, give homes to communities known by a point."""
    places, outlets = pack.places, pack.outlets
    place_at = streets.attach(places.x_m, places.y_m)
    outlet_at = streets.attach(outlets.x_m, outlets.y_m, STREET_FRONT_M)
    places = settle_places(pack, streets, places, place_at)
    outlets = settle_outlets(pack, streets, places, place_at, outlets, outlet_at)
    return Joined(
        streets=streets,
        places=places,
        outlets=outlets,
        communities=pack.communities,
        circles=pack.circles,
        place_attachments=place_at,
        outlet_attachments=outlet_at,
        direct=streets.direct(place_at, outlet_at),
    )


def settle_places(pack: Pack, streets: Streets, places: Places, place_at: Attachments) -> Places:
    """Homes with the community they walk to, where communities are known by a point."""
    if pack.communities.delineation != "walking_voronoi":
        return places
    seeds = _seeds(pack, streets)
    return respread(_delineated(pack, streets, seeds, places, place_at), pack.communities)


def settle_outlets(
    pack: Pack,
    streets: Streets,
    places: Places,
    place_at: Attachments,
    outlets: Outlets,
    outlet_at: Attachments,
) -> Outlets:
    """Outlets with the area they walk to, where no border and no column gives them one; any of them."""
    if pack.communities.delineation == "walking_voronoi":
        return cast(Outlets, _delineated(pack, streets, _seeds(pack, streets), outlets, outlet_at))
    if pack.settled.get("outlets_by_walk"):
        return _with_homes(streets, places, place_at, outlets, outlet_at)
    return outlets


def _with_homes(
    streets: Streets, places: Places, place_at: Attachments, outlets: Outlets, outlet_at: Attachments
) -> Outlets:
    """Outlets that nothing puts into a circle, in that of the home nearest on foot."""
    home = walking_voronoi(streets.graph, place_at, outlet_at, VORONOI_LIMIT_S)
    circle_of, community_of = (
        np.append(a, np.int32(-1))[home] for a in (places.circle_idx, places.community_idx)
    )
    left = outlets.circle_idx < 0
    community = np.where(left & (outlets.community_idx < 0), community_of, outlets.community_idx)
    circle = np.where(left, circle_of, outlets.circle_idx)
    return replace(outlets, circle_idx=circle.astype(np.int32), community_idx=community.astype(np.int32))


def _seeds(pack: Pack, streets: Streets) -> Attachments:
    points = pack.settled["community_points"]
    here = LocalProjection(streets.network.origin_lon, streets.network.origin_lat)
    x_m, y_m = here.forward(points.lon, points.lat)
    return streets.attach(np.asarray(x_m), np.asarray(y_m))


def _delineated(pack: Pack, streets: Streets, seeds: Attachments, table: Any, at: Attachments) -> Any:
    """Places or outlets with communities by walking-time Voronoi; what is already assigned stays."""
    circle_of = np.append(pack.communities.circle_idx, np.int32(-1))
    nearest = walking_voronoi(streets.graph, seeds, at, VORONOI_LIMIT_S)
    community: IntArray = np.where(table.community_idx >= 0, table.community_idx, nearest).astype(np.int32)
    circle = np.where(table.circle_idx >= 0, table.circle_idx, circle_of[community]).astype(np.int32)
    return replace(table, community_idx=community, circle_idx=circle)


def gate_note(joined: Joined) -> dict[str, Any]:
    """
    How people come out of their homes, for the report: by rule, and the share under the default.

    The default – straight to the nearest street – is what holds where no compound is known.
    """
    people = np.nan_to_num(joined.places.people, nan=0.0)
    weight = people if people.sum() > 0 else np.ones(len(people))
    rule = joined.place_attachments.rule
    total = float(weight.sum())
    shares = {r.name.lower(): float(weight[rule == r].sum()) / total if total else None for r in AttachRule}
    walls = joined.streets.walls
    return {
        "has_compounds": walls is not None,
        "n_compounds": len(walls.polygons_m) if walls else 0,
        "exit_state": dict(sorted(Counter(walls.exit_state).items())) if walls else {},
        "share_by_rule": shares,
        "share_under_default": shares[AttachRule.STREET.name.lower()],
        "weights": "people" if people.sum() > 0 else "equal",
        "detour": joined.streets.walk.detour,
    }
