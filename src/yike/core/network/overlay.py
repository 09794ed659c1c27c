"""
Planners' edits on top of a network: missing footpaths, closures, gates. The source stays as it is.

Edits are applied one after another, in the order given; what they add carries the OVERLAY flag.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from yike.core.geo.projection import LocalProjection
from yike.core.network.attach import find_feet, make_piece_grid
from yike.core.network.components import label_parts
from yike.core.network.split import add_pieces, add_vertices, keep_pieces, split_pieces
from yike.core.tables import BoolArray, FloatArray, IntArray, PieceFlag, WalkNetwork
from yike.errors import Fault, InputError

PATH_KIND = "footway"
_TOUCH_M = 1.0


@dataclass(frozen=True)
class AddPath:
    """
    A footpath that the source lacks, as a line in WGS-84 degrees.

    Each end joins the nearest street within ``join_m``; a drawn vertex between joins a street it touches
    (within 1 m). An end farther off stays a dead end, but one end at least must join.
    """

    lon: tuple[float, ...]
    lat: tuple[float, ...]
    name: str = ""
    is_steps: bool = False
    join_m: float = 10.0


@dataclass(frozen=True)
class CloseStreet:
    """
    A street nobody may walk: every piece of ``way_id``, or the piece nearest to a point.

    ``way_id`` 0 means the point decides; the piece must lie within ``within_m``.
    """

    way_id: int = 0
    lon: float = float("nan")
    lat: float = float("nan")
    within_m: float = 15.0
    name: str = ""


@dataclass(frozen=True)
class OpenGate:
    """A passage at a point: streets within ``within_m`` that do not meet there are joined through it."""

    lon: float
    lat: float
    within_m: float = 15.0
    name: str = ""


Edit = AddPath | CloseStreet | OpenGate


def apply_overlay(network: WalkNetwork, edits: Sequence[Edit]) -> WalkNetwork:
    """
    The network with planners' edits.

    Parameters
    ----------
    network
        Streets as read; left as it is.
    edits
        Applied in order.

    Raises
    ------
    InputError
        An edit finds no street to join, close or open; all such edits come along as faults.
    """
    faults: list[Fault] = []
    for row, edit in enumerate(edits, start=1):
        changed: WalkNetwork | None
        if isinstance(edit, AddPath):
            changed = _add_path(network, edit)
        elif isinstance(edit, CloseStreet):
            changed = _close_street(network, edit)
        else:
            changed = _open_gate(network, edit)
        if changed is None:
            code = {AddPath: "path", CloseStreet: "close", OpenGate: "gate"}[type(edit)]
            faults.append(Fault(f"network.overlay.{code}", row=row, facts={"name": edit.name or f"#{row}"}))
        else:
            network = changed
    if faults:
        raise InputError("network.overlay.unmatched", tuple(faults), count=len(faults))
    return network


def _add_path(network: WalkNetwork, edit: AddPath) -> WalkNetwork | None:
    x, y = _local(network, edit.lon, edit.lat)
    tolerance = np.full(len(x), _TOUCH_M)
    tolerance[[0, -1]] = edit.join_m
    piece, share = _nearest(network, x, y, tolerance)
    joins = piece >= 0
    if len(x) < 2 or not (joins[0] or joins[-1]):
        return None
    split = split_pieces(network, piece[joins], share[joins])
    vertex = np.empty(len(x), dtype=np.int32)
    vertex[joins] = split.cut_vertex_idx
    vertex[~joins] = split.network.n_vertices + np.arange(np.count_nonzero(~joins))
    grown = add_vertices(split.network, x[~joins], y[~joins])
    return _link(grown, vertex[:-1], vertex[1:], edit.name, PieceFlag.STEPS if edit.is_steps else 0)


def _close_street(network: WalkNetwork, edit: CloseStreet) -> WalkNetwork | None:
    if edit.way_id:
        closed = network.piece_way_id == edit.way_id
    else:
        x, y = _local(network, (edit.lon,), (edit.lat,))
        piece, _ = _nearest(network, x, y, np.array([edit.within_m]))
        closed = (np.arange(network.n_pieces) == piece[0]) & (piece[0] >= 0)
    return keep_pieces(network, ~closed) if closed.any() else None


def _open_gate(network: WalkNetwork, edit: OpenGate) -> WalkNetwork | None:
    x, y = _local(network, (edit.lon,), (edit.lat,))
    near = np.flatnonzero(_pieces_near(network, x, y, edit.within_m)).astype(np.int32)
    feet = [_nearest_of(network, int(piece), x, y) for piece in near]
    reach = [k for k, (_, away) in enumerate(feet) if away <= edit.within_m]
    if not reach:
        return None
    split = split_pieces(network, near[reach], np.array([feet[k][0] for k in reach]))
    ends = _one_per_part(split.network, split.cut_vertex_idx, float(x[0]), float(y[0]), edit.within_m)
    if len(ends) < 2:
        return network  # the streets meet here already
    gate = split.network.n_vertices
    grown = add_vertices(split.network, x, y)
    return _link(grown, np.full(len(ends), gate, dtype=np.int32), ends, edit.name)


def _one_per_part(network: WalkNetwork, vertices: IntArray, x: float, y: float, within_m: float) -> IntArray:
    """The vertex nearest to a point in each part of the network that is connected within the radius."""
    away = np.hypot(network.vertex_x_m - x, network.vertex_y_m - y)
    inside = away <= within_m + _TOUCH_M
    kept = inside[network.piece_from_idx] & inside[network.piece_to_idx]
    a, b = network.piece_from_idx[kept], network.piece_to_idx[kept]
    part = label_parts(network.n_vertices, a, b)
    unique = np.unique(vertices)
    order = unique[np.lexsort((unique, away[unique]))]
    _, first = np.unique(part[order], return_index=True)
    nearest: IntArray = order[np.sort(first)].astype(np.int32)
    return nearest


def _link(network: WalkNetwork, a: IntArray, b: IntArray, name: str, flags: int = 0) -> WalkNetwork:
    length = np.hypot(
        network.vertex_x_m[a] - network.vertex_x_m[b], network.vertex_y_m[a] - network.vertex_y_m[b]
    )
    column = np.full(len(a), PieceFlag.OVERLAY | flags, dtype=np.uint8)
    return add_pieces(network, a, b, length, column, kind=PATH_KIND, name=name)


def _local(
    network: WalkNetwork, lon: tuple[float, ...], lat: tuple[float, ...]
) -> tuple[FloatArray, FloatArray]:
    return LocalProjection(network.origin_lon, network.origin_lat).forward(np.array(lon), np.array(lat))


def _nearest(
    network: WalkNetwork, x: FloatArray, y: FloatArray, tolerance: FloatArray
) -> tuple[IntArray, FloatArray]:
    """Nearest piece of each point within its tolerance, -1 none, and the share along it."""
    limit = float(tolerance.max())
    feet = find_feet(make_piece_grid(network, _pieces_near(network, x, y, limit)), x, y, limit)
    is_near = (feet.piece_idx >= 0) & (np.nan_to_num(feet.distance_m, nan=np.inf) <= tolerance)
    return np.where(is_near, feet.piece_idx, np.int32(-1)), feet.share


def _pieces_near(network: WalkNetwork, x: FloatArray, y: FloatArray, limit_m: float) -> BoolArray:
    """Pieces whose bounding box comes within the limit of the points' bounding box."""
    a, b = network.piece_from_idx, network.piece_to_idx
    near = np.ones(network.n_pieces, dtype=np.bool_)
    for at, points in ((network.vertex_x_m, x), (network.vertex_y_m, y)):
        low, high = np.minimum(at[a], at[b]), np.maximum(at[a], at[b])
        near &= (high >= points.min() - limit_m) & (low <= points.max() + limit_m)
    return near


def _nearest_of(network: WalkNetwork, piece: int, x: FloatArray, y: FloatArray) -> tuple[float, float]:
    """Share along one piece of the point on it nearest to (x, y), and the metres between."""
    a, b = network.piece_from_idx[piece], network.piece_to_idx[piece]
    ax, ay = network.vertex_x_m[a], network.vertex_y_m[a]
    dx, dy = network.vertex_x_m[b] - ax, network.vertex_y_m[b] - ay
    length2 = dx * dx + dy * dy
    t = 0.0 if length2 == 0 else float(np.clip(((x[0] - ax) * dx + (y[0] - ay) * dy) / length2, 0.0, 1.0))
    return t, float(np.hypot(ax + t * dx - x[0], ay + t * dy - y[0]))
