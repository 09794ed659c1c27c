"""Streets one can walk, the graph that is searched, and how points join it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, IntFlag

import numpy as np

from yike.core.tables.arrays import (
    BoolArray,
    ByteArray,
    FloatArray,
    IntArray,
    LongArray,
    check_lengths,
    freeze,
)


class PieceFlag(IntFlag):
    """What a street piece is, as bits of ``WalkNetwork.piece_flags``."""

    STEPS = 1
    PRIVATE = 2  # an inner lane: only for trips that start or end in its compound
    OVERLAY = 4  # added by the planner's overlay file
    BRIDGE = 8
    TUNNEL = 16


@dataclass(frozen=True, eq=False)
class WalkNetwork:
    """
    Streets one can walk: vertices (every node of a walkable way) and the pieces between them.

    Parallel pieces and loops are kept. Lengths are metres along the true geometry (haversine for OSM).
    """

    vertex_id: LongArray
    vertex_lon: FloatArray
    vertex_lat: FloatArray
    vertex_x_m: FloatArray
    vertex_y_m: FloatArray
    piece_from_idx: IntArray
    piece_to_idx: IntArray
    piece_length_m: FloatArray
    piece_flags: ByteArray
    piece_kind_idx: ByteArray  # row of ``kinds``: highway class, for drawing
    piece_way_id: LongArray  # outside key of the way or edge, 0 unknown
    piece_name_idx: IntArray  # row of ``names``, -1 unnamed
    kinds: tuple[str, ...]
    names: tuple[str, ...]
    origin_lon: float
    origin_lat: float

    def __post_init__(self) -> None:
        freeze(self)

    @property
    def n_vertices(self) -> int:
        """Number of vertices."""
        return len(self.vertex_id)

    @property
    def n_pieces(self) -> int:
        """Number of street pieces."""
        return len(self.piece_from_idx)

    def validate(self) -> None:
        """Raise ValueError when the columns disagree or an index points outside."""
        check_lengths(self, self.n_vertices, "vertex_lon", "vertex_lat", "vertex_x_m", "vertex_y_m")
        check_lengths(
            self,
            self.n_pieces,
            "piece_to_idx",
            "piece_length_m",
            "piece_flags",
            "piece_kind_idx",
            "piece_way_id",
            "piece_name_idx",
        )
        for name in ("piece_from_idx", "piece_to_idx"):
            idx = getattr(self, name)
            if len(idx) and (idx.min() < 0 or idx.max() >= self.n_vertices):
                raise ValueError(f"WalkNetwork.{name} points outside the vertices")
        if np.any(~(self.piece_length_m >= 0)):
            raise ValueError("WalkNetwork.piece_length_m has a negative or unknown length")


@dataclass(frozen=True, eq=False)
class StreetGraph:
    """
    The network under one walking profile, contracted to junctions, for searching.

    Every vertex of the ``WalkNetwork`` keeps its place on an edge, so nothing is lost: an edge is a chain
    of pieces; offsets count ticks from the edge's start. Loops and parallel edges are kept in the edge
    columns; the CSR columns leave loops out (they shorten no walk between junctions).
    """

    junction_vertex_idx: IntArray  # shape (n_junctions,), in Hilbert order
    indptr: IntArray  # shape (n_junctions + 1,)
    neighbour_idx: IntArray
    neighbour_ticks: IntArray
    edge_from_idx: IntArray  # junction
    edge_to_idx: IntArray  # junction
    edge_ticks: IntArray
    chain_ptr: LongArray  # shape (n_edges + 1,): slice of the chain columns per edge
    chain_vertex_idx: IntArray  # vertices along the edge, both ends included
    chain_ticks: IntArray  # offset of each of them from the edge's start
    piece_edge_idx: IntArray  # shape (n_pieces,): -1 where the profile may not walk
    piece_start_ticks: IntArray  # offset of the piece's end that lies nearer the edge's start
    piece_is_reversed: BoolArray  # the piece runs against its edge
    piece_ticks: IntArray
    component_idx: IntArray  # per junction
    component_size: IntArray  # vertices (of the uncontracted network) per component
    speed_m_s: float
    profile: str

    def __post_init__(self) -> None:
        freeze(self)

    @property
    def n_junctions(self) -> int:
        """Number of junctions."""
        return len(self.junction_vertex_idx)

    @property
    def n_edges(self) -> int:
        """Number of edges."""
        return len(self.edge_from_idx)


class AttachRule(IntEnum):
    """By which rule a point joined the network."""

    NONE = 0  # 未接入
    STREET = 1  # nearest street, no compound known
    GATE_LANES = 2  # through gates, by mapped inner lanes
    GATE_STRAIGHT = 3  # through gates, straight line times the stated detour


@dataclass(frozen=True, eq=False)
class Attachments:
    """
    How points join a ``StreetGraph``: the ends they can walk to, and what that costs.

    ``end_ptr`` gives each point a slice of (junction, ticks) pairs: two for a point on a street (either
    end of its edge, walk to the street included), more for a point behind gates, none when 未接入.
    """

    is_attached: BoolArray
    piece_idx: IntArray  # street piece of the foot point, -1 none (unattached, or reached by gates)
    edge_idx: IntArray
    edge_offset_ticks: IntArray
    access_ticks: IntArray  # straight walk from point to foot point
    distance_m: FloatArray  # the same in metres, NaN unattached
    foot_x_m: FloatArray
    foot_y_m: FloatArray
    end_ptr: LongArray  # shape (n + 1,)
    end_junction_idx: IntArray
    end_ticks: IntArray
    compound_idx: IntArray  # -1 outside compounds
    rule: ByteArray  # AttachRule

    def __post_init__(self) -> None:
        freeze(self)

    def __len__(self) -> int:
        return len(self.is_attached)


@dataclass(frozen=True, eq=False)
class DirectWalks:
    """
    Walks that need no junction: both points on one edge, or both in one compound.

    A place's slice of (outlet, ticks) pairs; the walking time of a pair is the smaller of this and the
    best walk over junctions.
    """

    ptr: LongArray  # shape (n_places + 1,)
    outlet_idx: IntArray  # ascending inside a slice
    ticks: IntArray

    def __post_init__(self) -> None:
        freeze(self)
