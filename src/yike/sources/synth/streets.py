"""
Streets of a made-up city: bent blocks, lanes inside, walls with gates.

Blocks are the cells of a bent grid. Every block has one to three lanes each way inside; a lane's end either
meets the street (an opening; in a walled block a gate) or stops short (a dead end). All pieces, inner lanes
included, are in one list; ``piece_block_idx`` names the block of an inner lane, -1 for streets.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.random import Generator

from yike.core.tables import BoolArray, FloatArray, IntArray
from yike.sources.synth.spec import CitySpec

STEP_M = 33.0  # distance of shape points
WALL = 0.12  # walls stand so far inside the block, as a share of its side; outlets stand before them
LANE_END = 0.16  # where a lane stops short of the street, as a share of the block
SAME_OPENING_M = 6.0  # lanes of two neighbours that come out this close share one crossing
Openings = dict[tuple[int, int, bool], list[tuple[float, int]]]


@dataclass(frozen=True, eq=False)
class Streets:
    """Nodes, pieces, blocks, openings; coordinates in local metres."""

    x_m: FloatArray
    y_m: FloatArray
    piece_from_idx: IntArray
    piece_to_idx: IntArray
    piece_block_idx: IntArray  # -1 street
    block_corner: FloatArray  # (n_blocks, 4, 2) anticlockwise from the south-west
    block_is_walled: BoolArray
    gate_node_idx: IntArray  # node in the wall where a lane of a walled block comes out
    gate_block_idx: IntArray
    gate_is_car: BoolArray
    n_cols: int
    n_rows: int


class _Drawing:
    """Grows nodes and pieces."""

    def __init__(self) -> None:
        self.x: list[float] = []
        self.y: list[float] = []
        self.pieces: list[tuple[int, int, int]] = []

    def node(self, at: FloatArray) -> int:
        self.x.append(float(at[0]))
        self.y.append(float(at[1]))
        return len(self.x) - 1

    def chain(self, nodes: list[int], block: int) -> None:
        self.pieces += [(a, b, block) for a, b in pairwise(nodes)]

    def walk(self, start: int, end: int, block: int, rng: Generator, bow: float) -> None:
        """Connect two nodes by a slightly bowed line of pieces about ``STEP_M`` long."""
        a, b = np.array([self.x[start], self.y[start]]), np.array([self.x[end], self.y[end]])
        length = float(np.hypot(*(b - a)))
        n_between = max(int(length / STEP_M), 0)
        across = np.array([-(b - a)[1], (b - a)[0]]) * float(rng.normal(0.0, bow))
        inner = [
            self.node(a + (b - a) * t + across * np.sin(np.pi * t))
            for t in (np.arange(n_between) + 1) / (n_between + 1)
        ]
        self.chain([start, *inner, end], block)


def draw_streets(spec: CitySpec, rng: Generator) -> Streets:
    """Draw the whole city; about nine blocks a community, side by side in a nearly square field."""
    n_blocks = spec.n_communities * spec.blocks_per_community
    n_cols = int(np.ceil(np.sqrt(n_blocks * 1.3)))
    n_rows = int(np.ceil(n_blocks / n_cols))
    corners = _bent_grid(spec, n_cols, n_rows, rng)
    drawing = _Drawing()
    crossing = np.array([[drawing.node(corners[i, j]) for j in range(n_rows + 1)] for i in range(n_cols + 1)])
    is_walled = rng.random(n_cols * n_rows) < spec.walled_share
    openings: Openings = {}
    gates: list[tuple[int, int, bool]] = []
    shape = np.empty((n_cols * n_rows, 4, 2))
    for i in range(n_cols):
        for j in range(n_rows):
            block = i * n_rows + j
            shape[block] = corners[[i, i + 1, i + 1, i], [j, j, j + 1, j + 1]]
            for node in _lanes(drawing, openings, shape[block], (i, j, block), bool(is_walled[block]), rng):
                gates.append((node, block, bool(rng.random() < 0.5)))
    _boundaries(drawing, crossing, openings, spec, rng)
    piece = np.array(drawing.pieces, np.int32)
    gate = np.array(gates, dtype=np.int64).reshape(-1, 3)
    return Streets(
        x_m=np.array(drawing.x),
        y_m=np.array(drawing.y),
        piece_from_idx=piece[:, 0].copy(),
        piece_to_idx=piece[:, 1].copy(),
        piece_block_idx=piece[:, 2].copy(),
        block_corner=shape,
        block_is_walled=is_walled,
        gate_node_idx=gate[:, 0].astype(np.int32),
        gate_block_idx=gate[:, 1].astype(np.int32),
        gate_is_car=gate[:, 2].astype(bool),
        n_cols=n_cols,
        n_rows=n_rows,
    )


def _bent_grid(spec: CitySpec, n_cols: int, n_rows: int, rng: Generator) -> FloatArray:
    """Grid points, shifted at random and by one long wave, so that no street is straight."""
    i, j = np.meshgrid(np.arange(n_cols + 1), np.arange(n_rows + 1), indexing="ij")
    side = spec.block_m
    x = i * side + rng.normal(0.0, spec.bend * side, i.shape) + 0.5 * side * np.sin(j / 3.1)
    y = j * side + rng.normal(0.0, spec.bend * side, i.shape) + 0.5 * side * np.sin(i / 2.7)
    return np.stack([x - n_cols * side / 2, y - n_rows * side / 2], axis=2)


def _edge_of(i: int, j: int, side: str) -> tuple[int, int, bool]:
    """Grid edge (from crossing i, j; True runs east) that bounds a block on one side."""
    return {
        "south": (i, j, True), "north": (i, j + 1, True), "west": (i, j, False), "east": (i + 1, j, False),
    }[side]  # fmt: skip


def _inside(corner: FloatArray, u: float, v: float) -> FloatArray:
    """Point of a bent block at (u, v) in 0..1."""
    sw, se, ne, nw = corner
    return np.asarray((sw * (1 - u) + se * u) * (1 - v) + (nw * (1 - u) + ne * u) * v, np.float64)


def _lanes(
    drawing: _Drawing,
    openings: Openings,
    corner: FloatArray,
    at: tuple[int, int, int],
    is_walled: bool,
    rng: Generator,
) -> list[int]:
    """Draw a block's lanes (``at``: column, row, block); returns the gates of a walled block."""
    us = _cuts(int(rng.integers(1, 3)), rng)
    vs = _cuts(int(rng.integers(1, 3)), rng)
    block = at[2]
    cross = [[drawing.node(_inside(corner, u, v)) for v in vs] for u in us]
    for a in range(len(us)):
        for b in range(len(vs)):
            if a + 1 < len(us):
                drawing.walk(cross[a][b], cross[a + 1][b], block, rng, 0.03)
            if b + 1 < len(vs):
                drawing.walk(cross[a][b], cross[a][b + 1], block, rng, 0.03)
    ends = [("south", u, cross[a][0]) for a, u in enumerate(us)]
    ends += [("north", u, cross[a][-1]) for a, u in enumerate(us)]
    ends += [("west", v, cross[0][b]) for b, v in enumerate(vs)]
    ends += [("east", v, cross[-1][b]) for b, v in enumerate(vs)]
    n_open = int(rng.integers(1, 5)) if is_walled else int(np.ceil(len(ends) * 0.55))
    is_open = np.zeros(len(ends), bool)
    is_open[rng.permutation(len(ends))[: min(n_open, len(ends))]] = True
    outs = []
    for (side, share, node), opens in zip(ends, is_open.tolist(), strict=True):
        u, v = _end_of_lane(side, share, 0.0 if opens else LANE_END)
        if opens:
            end = _opening(drawing, openings, _edge_of(at[0], at[1], side), share, _inside(corner, u, v))
            if is_walled:
                gate = drawing.node(_inside(corner, *_end_of_lane(side, share, WALL)))
                drawing.walk(node, gate, block, rng, 0.02)
                drawing.walk(gate, end, -1, rng, 0.0)
                outs.append(gate)
                continue
        elif rng.random() < 0.35:
            continue  # the lane just ends at its last crossing
        else:
            end = drawing.node(_inside(corner, u, v))
        drawing.walk(node, end, block, rng, 0.02)
    return outs


def _end_of_lane(side: str, share: float, reach: float) -> tuple[float, float]:
    across = {"south": reach, "west": reach, "north": 1 - reach, "east": 1 - reach}[side]
    return (share, across) if side in ("south", "north") else (across, share)


def _opening(
    drawing: _Drawing, openings: Openings, edge: tuple[int, int, bool], share: float, at: FloatArray
) -> int:
    """Node where a lane meets the street; an opening of the other side close by is shared."""
    for _, node in openings.get(edge, []):
        if np.hypot(drawing.x[node] - at[0], drawing.y[node] - at[1]) < SAME_OPENING_M:
            return node
    node = drawing.node(at)
    openings.setdefault(edge, []).append((share, node))
    return node


def wall_polygon(corner: FloatArray) -> FloatArray:
    """Ring of a block's wall, shape (4, 2)."""
    return np.array(
        [
            _inside(corner, u, v)
            for u, v in ((WALL, WALL), (1 - WALL, WALL), (1 - WALL, 1 - WALL), (WALL, 1 - WALL))
        ]
    )


def _cuts(n: int, rng: Generator) -> FloatArray:
    return np.asarray((np.arange(n) + 1) / (n + 1) + rng.normal(0.0, 0.05, n), np.float64).clip(0.25, 0.75)


def _boundaries(
    drawing: _Drawing,
    crossing: IntArray,
    openings: Openings,
    spec: CitySpec,
    rng: Generator,
) -> None:
    """Draw the streets between blocks through their openings; a few streets are missing."""
    n_cols, n_rows = crossing.shape[0] - 1, crossing.shape[1] - 1
    for i in range(n_cols + 1):
        for j in range(n_rows + 1):
            for east in (True, False):
                if (east and i == n_cols) or (not east and j == n_rows):
                    continue
                other = crossing[i + 1, j] if east else crossing[i, j + 1]
                on_edge = sorted(openings.get((i, j, east), []))
                if not on_edge and rng.random() < spec.missing_street_share * 3:
                    continue
                stops = [int(crossing[i, j]), *[node for _, node in on_edge], int(other)]
                for start, end in pairwise(stops):
                    drawing.walk(start, end, -1, rng, 0.0)
