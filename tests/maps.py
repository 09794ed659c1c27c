"""
Towns drawn as text: every character is a cell, and its place in the drawing is its place on the ground.

::

    - | +   street cells: east-west, north-south, crossing or corner (open to all four sides)
    = :     steps, east-west and north-south
    ~ ;     private inner lanes, east-west and north-south
    #       a gate on a street: a crossing that is also listed in ``town.gates``
    a..Z    points of interest: on the street where a street meets them, else standing free

Neighbouring cells that open to each other are joined by one piece of exactly ``metres_per_cell``; the first
line is the northernmost; x grows to the right and y upwards from the lower left corner of the drawing.
"""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import dedent

import numpy as np
from shapely import Polygon, box

from yike.core.geo.projection import LocalProjection
from yike.core.network.attach import attach_points, direct_walks
from yike.core.network.build import make_network
from yike.core.network.contract import build_graph
from yike.core.network.profile import WalkProfile
from yike.core.network.search import vertex_ticks
from yike.core.tables import TICKS_PER_S, Attachments, PieceFlag, StreetGraph, WalkNetwork

ORIGIN = (116.3, 39.9)
_EAST_WEST, _NORTH_SOUTH, _BOTH = "-=~", "|:;", "+#"


@dataclass(frozen=True)
class Town:
    """A drawn town: its network, and where the letters and gates lie (local metres)."""

    network: WalkNetwork
    points: dict[str, tuple[float, float]]
    gates: tuple[tuple[float, float], ...]
    metres_per_cell: float
    n_rows: int

    def profile(self, speed_m_s: float = 1.0, **settings: object) -> WalkProfile:
        """Somebody who walks one metre a second, so that metres read as seconds."""
        return WalkProfile("test", "测试", speed_m_s, **settings)

    def graph(self, profile: WalkProfile | None = None) -> StreetGraph:
        """The town's street graph; by default at 1 m/s."""
        return build_graph(self.network, profile or self.profile())

    def xy(self, names: str) -> tuple[np.ndarray, np.ndarray]:
        """Local metres of letters, in the order named."""
        xy = np.array([self.points[name] for name in names], dtype=float).reshape(-1, 2)
        return xy[:, 0], xy[:, 1]

    def attach(self, names: str, graph: StreetGraph | None = None, **settings: object) -> Attachments:
        """Attach letters; small towns count (``min_component=1``)."""
        graph = graph or self.graph()
        return attach_points(self.network, graph, *self.xy(names), **{"min_component": 1, **settings})

    def vertex(self, name: str) -> int:
        """Vertex at a letter that lies on the street."""
        x, y = self.points[name]
        hit = np.flatnonzero((self.network.vertex_x_m == x) & (self.network.vertex_y_m == y))
        return int(hit[0])

    def seconds(self, start: str, end: str, profile: WalkProfile | None = None) -> float:
        """Walking time between two letters on the street; infinity when there is no way."""
        limit = 20_000 * TICKS_PER_S
        graph = self.graph(profile)
        ticks = vertex_ticks(
            self.network, graph, np.array([self.vertex(start)]), np.zeros(1, np.int32), limit
        )[self.vertex(end)]
        return float(ticks) / TICKS_PER_S if ticks <= limit else float("inf")

    def box(self, left: float, top: float, right: float, bottom: float) -> Polygon:
        """Rectangle in WGS-84 degrees from cell columns and rows; halves lie between cells."""
        m = self.metres_per_cell
        x = np.array([left, right]) * m
        y = (self.n_rows - 1 - np.array([bottom, top])) * m
        lon, lat = LocalProjection(*ORIGIN).inverse(x, y)
        return box(lon[0], lat[0], lon[1], lat[1])

    def sum_within(self, *, home: str, worth: dict[str, int], cutoff_s: float, speed_m_s: float = 1.0) -> int:
        """Sum of what the letters reached from ``home`` in time are worth (powers of two say which)."""
        from yike.core.access.access import compute_access

        graph = self.graph(self.profile(speed_m_s))
        places, outlets = self.attach(home, graph), self.attach("".join(worth), graph)
        n = len(worth)
        table = compute_access(
            graph,
            places,
            outlets,
            direct_walks(graph, places, outlets),
            np.arange(n + 1, dtype=np.int64),
            np.arange(n, dtype=np.int32),
            n,
            type_rows=np.arange(n, dtype=np.int32),
            is_open=np.ones(n, dtype=np.bool_),
            cutoffs_s=(cutoff_s,),
            limit_s=max(cutoff_s, 1.0),
        )
        return sum(value * int(table.count[0, i, 0]) for i, value in enumerate(worth.values()))


def walk_map(drawing: str, *, metres_per_cell: float = 50.0) -> Town:
    """Read a drawing into a town; see the module's text for the characters."""
    lines = dedent(drawing.replace("\t", "    ")).strip("\n").rstrip().split("\n")
    cells = {(r, c): ch for r, line in enumerate(lines) for c, ch in enumerate(line) if ch != " "}
    ways = _ways(cells)
    used = sorted({cell for way in ways for cell in way[:2]})
    row_of = {cell: i for i, cell in enumerate(used)}

    def at(cell: tuple[int, int]) -> tuple[float, float]:
        return cell[1] * metres_per_cell, (len(lines) - 1 - cell[0]) * metres_per_cell

    xy = np.array([at(cell) for cell in used], dtype=float).reshape(-1, 2)
    network = make_network(
        np.arange(1, len(used) + 1),
        None,
        None,
        np.array([row_of[a] for a, _, _ in ways], dtype=np.int32),
        np.array([row_of[b] for _, b, _ in ways], dtype=np.int32),
        np.full(len(ways), float(metres_per_cell)),
        flags=np.array([flags for _, _, flags in ways], dtype=np.uint8),
        way_id=np.arange(1, len(ways) + 1),
        origin=ORIGIN,
        x_m=xy[:, 0],
        y_m=xy[:, 1],
    )
    letters = [(ch, cell) for cell, ch in cells.items() if ch.isalpha()]
    assert len({ch for ch, _ in letters}) == len(letters), "a letter may be drawn once"
    gates = tuple(at(cell) for cell, ch in cells.items() if ch == "#")
    return Town(network, {ch: at(cell) for ch, cell in letters}, gates, metres_per_cell, len(lines))


def _ways(
    cells: dict[tuple[int, int], str],
) -> list[tuple[tuple[int, int], tuple[int, int], int]]:
    found = []
    for (r, c), ch in cells.items():
        for other, along in (((r, c + 1), _EAST_WEST), ((r + 1, c), _NORTH_SOUTH)):
            pair = ch + cells.get(other, " ")
            if all(one in along or one in _BOTH or one.isalpha() for one in pair):
                found.append(((r, c), other, _flags(pair)))
    return found


def _flags(pair: str) -> int:
    flags = 0
    if any(one in "=:" for one in pair):
        flags |= PieceFlag.STEPS
    if any(one in "~;" for one in pair):
        flags |= PieceFlag.PRIVATE
    return int(flags)
