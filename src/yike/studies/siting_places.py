"""Where a run may put sites of a type: the pack's premises, else points along the streets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from scipy.ndimage import uniform_filter

from yike.core.access.pairs import take_rows
from yike.core.geo.projection import LocalProjection
from yike.core.siting.candidates import Candidates
from yike.core.tables import Attachments, FloatArray, LongArray, PieceFlag, Places
from yike.studies.base import Base
from yike.studies.streets import STREET_FRONT_M


@dataclass(frozen=True, eq=False)
class Offer:
    """The candidates of one kind for one type."""

    candidates: Candidates
    attachments: Attachments
    kind: str  # "premises" | "street_point"
    n_offered: int
    n_rejected: int
    spacing_m: float | None  # of street points
    is_thinned: bool = False


def offer_of(base: Base, type_idx: int, kind: str, spacing_m: float) -> Offer:
    """Candidates of one kind that the site rules of a type allow."""
    code = base.types.types[type_idx].code
    candidates, attachments, n_rejected = _found(base, code, kind, spacing_m)
    n = len(candidates) + n_rejected
    return Offer(candidates, attachments, kind, n, n_rejected, spacing_m if kind == "street_point" else None)


def _found(base: Base, code: str, kind: str, spacing_m: float) -> tuple[Candidates, Attachments, int]:
    """Before the site rules land: premises that allow the type, points along the cumulated streets."""
    if kind == "premises":
        p = base.pack.premises
        rows = np.array([i for i, a in enumerate(p.allowed_types) if not a or code in a], np.int64)
        n = len(rows)
        c = Candidates(
            tuple(p.premises_id[i] for i in rows), tuple(p.name[i] for i in rows), ("premises",) * n,
            p.lon[rows], p.lat[rows], p.x_m[rows], p.y_m[rows], p.area_m2[rows], p.cost_fen[rows],
            tuple(p.allowed_types[i] for i in rows), rows.astype(np.int32), p.source_row[rows],
        )  # fmt: skip
        at = base.joined.streets.attach(c.x_m, c.y_m, STREET_FRONT_M)
        return c, at, len(p) - n
    net, graph = base.joined.network, base.joined.graph
    walkable = np.flatnonzero((graph.piece_edge_idx >= 0) & (net.piece_flags & PieceFlag.PRIVATE == 0))
    end = np.cumsum(net.piece_length_m[walkable])
    along = np.arange(spacing_m / 2, end[-1], spacing_m)
    at_piece = np.searchsorted(end, along)
    piece = walkable[at_piece]
    share = 1 - (end[at_piece] - along) / net.piece_length_m[piece]
    a, b = net.piece_from_idx[piece], net.piece_to_idx[piece]
    x = net.vertex_x_m[a] + share * (net.vertex_x_m[b] - net.vertex_x_m[a])
    y = net.vertex_y_m[a] + share * (net.vertex_y_m[b] - net.vertex_y_m[a])
    lon, lat = LocalProjection(net.origin_lon, net.origin_lat).inverse(x, y)
    n = len(x)
    name_idx = net.piece_name_idx[piece]
    c = Candidates(
        tuple(f"street-{i + 1}" for i in range(n)), tuple(net.names[i] if i >= 0 else "" for i in name_idx),
        ("street_point",) * n, lon, lat, x, y, np.full(n, np.nan), np.full(n, -1, np.int64), ((),) * n,
        np.full(n, -1, np.int32), np.full(n, -1, np.int32),
    )  # fmt: skip
    return c, base.joined.streets.attach(x, y, STREET_FRONT_M), 0


def thinned(
    offer: Offer,
    places: Places,
    rows: LongArray,
    weight: FloatArray,
    radius_m: float,
    limits: Mapping[str, float],
) -> Offer:
    """
    Keep candidates with somebody in need around, and at most ``candidates_max`` of them.

    Of too many, each cell of a grid keeps the one with most people in need within about ``radius_m`` in a
    straight line (more than can walk there), in cells that grow until few enough are left.

    Parameters
    ----------
    rows, weight
        Places in need and their people.
    """
    c, most = offer.candidates, int(limits["candidates_max"])
    around = _people_around(c, places.x_m[rows], places.y_m[rows], weight, radius_m)
    keep = np.flatnonzero(around > 0)
    cell_m = float(limits["spacing_m"])
    is_thinned = len(keep) > most
    kept = keep
    while len(kept) > most:
        kept = _best_of_cells(c, keep, around, cell_m)
        cell_m *= 1.25
    return replace(
        offer,
        candidates=_taken(c, kept),
        attachments=take_rows(offer.attachments, kept),
        is_thinned=is_thinned,
    )


def _people_around(
    c: Candidates, x_m: FloatArray, y_m: FloatArray, weight: FloatArray, radius_m: float
) -> FloatArray:
    """People in the 5 x 5 cells of half a radius around each candidate: they hold the whole circle."""
    if not len(c):
        return np.empty(0)
    cell = max(radius_m / 2, 1.0)
    west, south = float(x_m.min()) - 3 * cell, float(y_m.min()) - 3 * cell
    nx = int((float(x_m.max()) - west) / cell) + 4
    ny = int((float(y_m.max()) - south) / cell) + 4
    people = np.zeros((nx, ny))
    np.add.at(people, (((x_m - west) / cell).astype(int), ((y_m - south) / cell).astype(int)), weight)
    around = np.rint(uniform_filter(people, 5, mode="constant") * 25 * 1e6) / 1e6
    ix, iy = np.floor((c.x_m - west) / cell).astype(int), np.floor((c.y_m - south) / cell).astype(int)
    inside = (ix >= 0) & (iy >= 0) & (ix < nx) & (iy < ny)
    return np.where(inside, around[np.clip(ix, 0, nx - 1), np.clip(iy, 0, ny - 1)], 0.0)


def _best_of_cells(c: Candidates, rows: LongArray, around: FloatArray, cell_m: float) -> LongArray:
    """The candidate with most people around of each cell, the first of equals; rows ascending."""
    ix, iy = (np.floor(v[rows] / cell_m).astype(np.int64) for v in (c.x_m, c.y_m))
    order = np.lexsort((rows, -around[rows], iy, ix))
    new = np.ones(len(order), bool)
    new[1:] = (np.diff(ix[order]) != 0) | (np.diff(iy[order]) != 0)
    return np.sort(rows[order[new]])


def _taken(c: Candidates, rows: LongArray) -> Candidates:
    """Some candidates alone."""
    columns = {
        name: tuple(column[i] for i in rows.tolist()) if isinstance(column, tuple) else column[rows]
        for name, column in vars(c).items()
    }
    return Candidates(**columns)
