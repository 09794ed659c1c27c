"""Close compounds: cut the network at the walls and find where each gate comes out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from yike.core.network.attach import MAX_ATTACH_M, MIN_COMPONENT, find_feet, make_piece_grid
from yike.core.network.compound_lanes import LANE_REACH_M, Lanes, lay_lanes
from yike.core.network.compound_walls import (
    crossing_vertices,
    cut_at_walls,
    large_public_pieces,
)
from yike.core.network.profile import WalkProfile
from yike.core.network.split import add_pieces, add_vertices, split_pieces
from yike.core.tables import (
    TICKS_PER_S,
    BoolArray,
    FloatArray,
    IntArray,
    LongArray,
    PieceFlag,
    WalkNetwork,
)

DETOUR = 1.3
"""How much longer the way to a gate is than the straight line, where no lanes are mapped (domain.md 10)."""

MINUTES_PER_WEEK = 7 * 24 * 60


class CompoundTable(Protocol):
    """What is asked of a table of compounds."""

    @property
    def polygons_m(self) -> Sequence[Any]:
        """Walls as shapely polygons in the network's local metres."""
        ...


class GateTable(Protocol):
    """What is asked of a table of gates."""

    @property
    def x_m(self) -> FloatArray:
        """Local metres east."""
        ...

    @property
    def y_m(self) -> FloatArray:
        """Local metres north."""
        ...

    @property
    def compound_idx(self) -> IntArray:
        """Row of the compound, -1 none."""
        ...

    @property
    def is_pedestrian(self) -> BoolArray:
        """Whether people on foot may pass."""
        ...

    @property
    def spans(self) -> Sequence[Sequence[tuple[int, int]]]:
        """Open minutes of the week (Monday 0:00 is 0) as (from, to); a span may run over Sunday midnight."""
        ...


@dataclass(frozen=True, eq=False)
class CompoundAccess:
    """
    Compounds closed for one profile: their lanes, and the exits people inside can use.

    ``exit_state`` says per compound "open", "no_gate" (no gate for walkers), "closed" (none open at the
    minute asked) or "no_street" (no street within reach of any gate).
    """

    polygons_m: tuple[Any, ...]
    network: WalkNetwork
    lanes: Lanes | None
    detour: float
    exit_ptr: LongArray  # shape (n_compounds + 1,): slice of the exit columns
    exit_gate_idx: IntArray  # row of the gates
    exit_x_m: FloatArray  # the gate itself
    exit_y_m: FloatArray
    exit_vertex_idx: IntArray  # where it meets the street
    exit_ticks: IntArray  # from the gate to there
    exit_state: tuple[str, ...]
    private_m: float  # metres of street inside compounds


def is_open_at(spans: Sequence[tuple[int, int]], minute: int | None) -> bool:
    """Whether a gate is open at a minute of the week (a minute of the day is Monday's); None: at any time."""
    if minute is None:
        return True
    return any(s <= minute < e or s <= minute + MINUTES_PER_WEEK < e for s, e in spans)


def close_compounds(
    network: WalkNetwork,
    compounds: CompoundTable,
    gates: GateTable,
    profile: WalkProfile,
    *,
    detour: float = DETOUR,
    at_minute: int | None = None,
    max_m: float = MAX_ATTACH_M,
    min_component: int = MIN_COMPONENT,
) -> tuple[WalkNetwork, CompoundAccess]:
    """
    Put walls around compounds: the network to build the street graph from, and how to leave each compound.

    Parameters
    ----------
    network
        Streets and lanes, unaware of walls.
    compounds, gates
        Walls and openings in local metres; gates for cars only do not count.
    profile
        Who walks; inner lanes obey it (steps).
    detour
        Straight metres times this where no lane is mapped.
    at_minute
        Minute of the week (or of the day, then Monday's) at which gates must be open; None: gates' hours are
        not looked at.
    max_m
        Farthest a gate may lie from a street.
    min_component
        Fewest vertices of the part of the street network that a gate may lead to.

    Returns
    -------
    network
        Pieces cut at walls; inside ones PRIVATE, so they leave every through graph; gates without a mapped
        lane get a PRIVATE link to the nearest street. Bridges and tunnels pass over and under walls.
    access
        For ``attach_with_compounds``, with this profile only.
    """
    cut, lane_compound = cut_at_walls(network, compounds.polygons_m)
    usable = _usable_gates(gates, at_minute)
    is_public = large_public_pieces(cut, min_component)
    at_crossing = _gates_at_crossings(cut, lane_compound, is_public, gates, usable)
    cut, lane_compound, vertex, out_m = _gates_to_streets(
        cut, lane_compound, is_public, gates, usable, at_crossing, max_m
    )
    reached = vertex >= 0
    rows = usable[reached]
    order = np.argsort(gates.compound_idx[rows], kind="stable")
    rows, vertex, out_m = rows[order], vertex[reached][order], out_m[reached][order]
    n = len(compounds.polygons_m)
    ptr = np.searchsorted(gates.compound_idx[rows], np.arange(n + 1)).astype(np.int64)
    x, y = gates.x_m[rows].astype(np.float64), gates.y_m[rows].astype(np.float64)
    through = out_m == 0.0
    x[through], y[through] = cut.vertex_x_m[vertex[through]], cut.vertex_y_m[vertex[through]]
    inside = (cut.piece_flags & PieceFlag.PRIVATE) != 0
    access = CompoundAccess(
        polygons_m=tuple(compounds.polygons_m),
        network=cut,
        lanes=lay_lanes(cut, lane_compound, profile),
        detour=detour,
        exit_ptr=ptr,
        exit_gate_idx=rows.astype(np.int32),
        exit_x_m=x,
        exit_y_m=y,
        exit_vertex_idx=vertex,
        exit_ticks=np.rint(out_m / profile.speed_m_s * TICKS_PER_S).astype(np.int32),
        exit_state=_states(n, gates, usable, ptr),
        private_m=float(cut.piece_length_m[inside & (lane_compound >= 0)].sum()),
    )
    return cut, access


def _usable_gates(gates: GateTable, at_minute: int | None) -> IntArray:
    may = np.asarray(gates.is_pedestrian) & (np.asarray(gates.compound_idx) >= 0)
    is_open = np.array([is_open_at(spans, at_minute) for spans in gates.spans], dtype=np.bool_)
    return np.flatnonzero(may & is_open).astype(np.int32)


def _gates_at_crossings(
    network: WalkNetwork, lane_compound: IntArray, is_public: BoolArray, gates: GateTable, usable: IntArray
) -> IntArray:
    """Vertex where a lane crosses the wall near each gate, -1 none; of several the nearest to the gate."""
    compound, vertex = crossing_vertices(network, lane_compound, is_public)
    found = np.full(len(usable), -1, dtype=np.int32)
    starts = np.searchsorted(compound, np.arange(compound.max(initial=-1) + 2))
    for k, gate in enumerate(usable):
        c = gates.compound_idx[gate]
        if c + 1 >= len(starts):
            continue
        own = vertex[starts[c] : starts[c + 1]]
        away = np.hypot(network.vertex_x_m[own] - gates.x_m[gate], network.vertex_y_m[own] - gates.y_m[gate])
        if len(own) and away.min() <= LANE_REACH_M:
            found[k] = own[np.argmin(away)]
    return found


def _gates_to_streets(
    network: WalkNetwork,
    lane_compound: IntArray,
    is_public: BoolArray,
    gates: GateTable,
    usable: IntArray,
    at_crossing: IntArray,
    max_m: float,
) -> tuple[WalkNetwork, IntArray, IntArray, FloatArray]:
    """Exit vertex and metres from each usable gate; gates without a lane get a link to the nearest street."""
    vertex, out_m = at_crossing.copy(), np.zeros(len(usable))
    loose = np.flatnonzero(at_crossing < 0)
    rows = usable[loose]
    feet = find_feet(make_piece_grid(network, is_public), gates.x_m[rows], gates.y_m[rows], max_m)
    hit = feet.piece_idx >= 0
    loose, rows = loose[hit], rows[hit]
    split = split_pieces(network, feet.piece_idx[hit], feet.share[hit])
    grown = add_vertices(split.network, gates.x_m[rows], gates.y_m[rows])
    first = split.network.n_vertices
    flags = np.full(len(rows), PieceFlag.PRIVATE, dtype=np.uint8)
    gate_vertex = np.arange(first, first + len(rows), dtype=np.int32)
    grown = add_pieces(grown, gate_vertex, split.cut_vertex_idx, feet.distance_m[hit], flags)
    vertex[loose], out_m[loose] = split.cut_vertex_idx, feet.distance_m[hit]
    lane_compound = np.concatenate(
        (lane_compound[split.source_piece_idx], np.full(len(rows), -1, dtype=np.int32))
    )
    return grown, lane_compound, vertex, out_m


def _states(n: int, gates: GateTable, usable: IntArray, exit_ptr: LongArray) -> tuple[str, ...]:
    walkers = np.asarray(gates.compound_idx)[np.asarray(gates.is_pedestrian)]
    has_gate = np.isin(np.arange(n), walkers)
    is_open = np.isin(np.arange(n), np.asarray(gates.compound_idx)[usable])
    exits = np.diff(exit_ptr) > 0
    return tuple(
        "open" if exits[c] else "no_street" if is_open[c] else "closed" if has_gate[c] else "no_gate"
        for c in range(n)
    )
