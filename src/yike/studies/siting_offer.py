"""Where a run may put sites of a type: the pack's premises, else points along the streets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from scipy.ndimage import uniform_filter

from yike.core.siting.candidates import Candidates
from yike.core.tables import FloatArray, LongArray, Places
from yike.studies.base import Base
from yike.studies.candidates import CandidateList, find_candidates, take_candidates


@dataclass(frozen=True, eq=False)
class Offer:
    """The candidates of one kind for one type."""

    found: CandidateList
    kind: str  # "premises" | "street_point"
    n_offered: int
    n_rejected: int
    spacing_m: float | None  # of street points
    is_thinned: bool = False


class Offers:
    """The candidates of one base, kind by kind; street points suit every type and are made once."""

    def __init__(self, base: Base, spacing_m: float) -> None:
        self.base = base
        self.spacing_m = spacing_m
        self._street: Offer | None = None

    def of(self, type_idx: int, kind: str) -> Offer:
        """Candidates of one kind that the site rules of a type allow."""
        if kind != "street_point":
            return _offer(self.base, type_idx, kind, self.spacing_m)
        if self._street is None:
            self._street = _offer(self.base, type_idx, kind, self.spacing_m)
        return self._street


def _offer(base: Base, type_idx: int, kind: str, spacing_m: float) -> Offer:
    found = find_candidates(base, base.types.types[type_idx].code, (kind,), spacing_m=spacing_m)
    n_rejected = len(found.rejected)
    spacing = spacing_m if kind == "street_point" else None
    return Offer(found, kind, len(found) + n_rejected, n_rejected, spacing)


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
    c, most = offer.found.candidates, int(limits["candidates_max"])
    around = _people_around(c, places.x_m[rows], places.y_m[rows], weight, radius_m)
    keep = np.flatnonzero(around > 0)
    cell_m = float(limits["spacing_m"])
    is_thinned = len(keep) > most
    kept = keep
    while len(kept) > most:
        kept = _best_of_cells(c, keep, around, cell_m)
        cell_m *= 1.25
    return replace(offer, found=take_candidates(offer.found, kept), is_thinned=is_thinned)


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
