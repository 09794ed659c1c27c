"""
Planted gaps: some types are taken away around chosen circles, every other circle is supplied.

The result is checked by ``truth.TrueWalks`` and leaves a margin on both sides of the required share, so that
a correct engine finds every planted gap and no other, whatever its rounding.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from yike.core.tables import BoolArray, FloatArray, IntArray
from yike.sources.synth.people import Residents
from yike.sources.synth.shops import Shops, furnish, join, onto_streets, public_pieces
from yike.sources.synth.spec import CitySpec
from yike.sources.synth.streets import Streets
from yike.sources.synth.truth import Feet, TrueWalks

MARGIN_MET, MARGIN_GAP = 0.05, 0.12
MOST_ROUNDS = 40
NEAR_M = 320.0  # a new outlet goes where most unserved residents live so near


@dataclass(frozen=True)
class AskedRow:
    """What the rule pack asks of one row."""

    row: str
    within_s: float
    share: float


class Planting:
    """Supplies and empties circles until exactly the planted gaps are left."""

    def __init__(
        self,
        spec: CitySpec,
        streets: Streets,
        residents: Residents,
        walks: TrueWalks,
        labels: dict[str, str],
        rng: Generator,
    ) -> None:
        self.spec, self.streets, self.residents, self.walks = spec, streets, residents, walks
        self.labels, self.rng = labels, rng
        self.public = public_pieces(streets)
        self.homes = walks.feet(residents.x_m, residents.y_m, residents.block_idx)
        self.circle = residents.circle_of_community[residents.community_idx]
        self.n_circles = int(residents.circle_of_community.max()) + 1
        self.people = residents.people.astype(np.float64)
        total = np.bincount(self.circle, self.people, self.n_circles)
        self.centre = np.stack([
            np.bincount(self.circle, self.people * xy, self.n_circles) / total
            for xy in (residents.x_m, residents.y_m)
        ], axis=1)  # fmt: skip
        self.total = total
        far = np.argsort(-np.hypot(*(self.centre - self.centre.mean(axis=0)).T), kind="stable")
        self.edge_first: list[int] = far.tolist()
        self.used: set[int] = set()
        self._bad_spots: FloatArray = np.empty((0, 2))

    def rows_to_empty(self, asked: list[AskedRow]) -> dict[str, int]:
        """How many circles to empty of each row: rows whose norm is short, each once while rows last."""
        short = [a.row for a in asked if a.within_s <= 600.0] or [a.row for a in asked]
        rows = [short[k] for k in self.rng.permutation(len(short))]
        numbers: dict[str, int] = {}
        for k in range(self.spec.n_planted):
            numbers[rows[k % len(rows)]] = numbers.get(rows[k % len(rows)], 0) + 1
        return numbers

    def plant(self, shops: Shops, asked: AskedRow, n_empty: int) -> tuple[Shops, list[int]]:
        """Empty so many circles of one row, supply all others; pass over a circle that will not do."""
        emptied: list[int] = []
        supplied = self._settle(shops, asked, [])
        if supplied is None:
            raise RuntimeError(f"row {asked.row}: the city cannot be supplied")
        shops = supplied
        for circle in self.edge_first:
            if len(emptied) == n_empty:
                break
            if circle in self.used:
                continue
            tried = self._settle(shops, asked, [*emptied, circle])
            if tried is not None:
                shops = tried
                emptied.append(circle)
                self.used.add(circle)
        return shops, emptied

    def shares(self, times: FloatArray, within_s: float) -> FloatArray:
        """Share of each circle's residents within the norm."""
        reached = np.bincount(self.circle, self.people * (times <= within_s), self.n_circles)
        return np.asarray(reached / self.total, np.float64)

    def feet_of(self, shops: Shops, which: BoolArray) -> Feet:
        """Feet of the marked outlets."""
        return self.walks.feet(shops.x_m[which], shops.y_m[which])

    def times(self, shops: Shops, row: str) -> FloatArray:
        """Seconds from every home to the nearest outlet serving a row."""
        return self.walks.nearest_s(self.feet_of(shops, shops.serves(row)), self.homes)

    def _settle(self, shops: Shops, asked: AskedRow, empty: list[int]) -> Shops | None:
        """Empty these circles of one row, then supply all others; None when both cannot be had."""
        self._bad_spots = np.empty((0, 2))
        for circle in empty:
            emptied = self._empty(shops, asked, circle)
            if emptied is None:
                return None
            shops = emptied
        for _ in range(MOST_ROUNDS):
            times = self.times(shops, asked.row)
            share = self.shares(times, asked.within_s)
            lacking = [c for c in np.flatnonzero(share < asked.share + MARGIN_MET).tolist() if c not in empty]
            if not lacking:
                return shops
            shops = self._supply(shops, asked, lacking, empty, times)
        return None

    def _empty(self, shops: Shops, asked: AskedRow, circle: int) -> Shops | None:
        away = np.hypot(shops.x_m - self.centre[circle, 0], shops.y_m - self.centre[circle, 1])
        for radius in np.arange(100.0, 3000.0, 100.0):
            kept = shops.without(asked.row, away < radius)
            if (
                self.shares(self.times(kept, asked.row), asked.within_s)[circle]
                < asked.share - 2 * MARGIN_GAP
            ):
                return kept
        return None

    def _supply(
        self, shops: Shops, asked: AskedRow, lacking: list[int], empty: list[int], times: FloatArray
    ) -> Shops:
        """One new outlet for each lacking circle, where most unserved live, away from empty circles."""
        spots = [s for c in lacking if (s := self._spot(c, times > asked.within_s, empty)) is not None]
        for spot in spots:
            at = onto_streets(np.array([spot[0]]), np.array([spot[1]]), self.streets, self.public, self.rng)
            more = join(shops, furnish(at[0], at[1], (asked.row,), self.rng, len(shops), self.labels))
            if empty and not self._still_empty(more, asked, empty):
                self._avoid(spot)
                continue
            shops = more
        return shops

    def _still_empty(self, shops: Shops, asked: AskedRow, empty: list[int]) -> bool:
        share = self.shares(self.times(shops, asked.row), asked.within_s)
        return bool((share[empty] <= asked.share - MARGIN_GAP).all())

    def _avoid(self, spot: FloatArray) -> None:
        self._bad_spots = np.vstack([self._bad_spots, spot])

    def _spot(self, circle: int, unserved: BoolArray, empty: list[int]) -> FloatArray | None:
        mine = np.flatnonzero((self.circle == circle) & unserved)
        at = np.c_[self.residents.x_m[mine], self.residents.y_m[mine]]
        for bad in self._bad_spots:
            clear = np.hypot(*(at - bad).T) > 90.0
            mine, at = mine[clear], at[clear]
        if not len(mine):
            self._bad_spots = np.empty((0, 2))
            return None
        away = np.hypot(at[:, None, 0] - at[None, :, 0], at[:, None, 1] - at[None, :, 1])
        load = ((away < NEAR_M) * self.people[mine]).sum(axis=1)
        for other in empty:
            load = load * np.hypot(*(at - self.centre[other]).T) ** 2
        return np.asarray(at[int(np.argmax(load))], np.float64)


def all_shares(planting: Planting, shops: Shops, asked: list[AskedRow]) -> dict[str, FloatArray]:
    """True share within the norm, per row and circle."""
    return {a.row: planting.shares(planting.times(shops, a.row), a.within_s) for a in asked}


def best_sites(
    planting: Planting, shops: Shops, asked: AskedRow, x_m: FloatArray, y_m: FloatArray
) -> tuple[int, FloatArray]:
    """Which premises gains most residents for one row, by trying every one; ties to the lowest."""
    already = planting.times(shops, asked.row) <= asked.within_s
    gains = np.zeros(len(x_m))
    feet = planting.walks.feet(x_m, y_m)
    for k in range(len(x_m)):
        one = Feet(feet.piece_idx[k : k + 1], feet.along_m[k : k + 1], feet.away_m[k : k + 1])
        reached = planting.walks.nearest_s(one, planting.homes, asked.within_s) <= asked.within_s
        gains[k] = planting.people[reached & ~already].sum()
    return int(np.argmax(gains)), gains


def premises_spots(planting: Planting, per_circle: int) -> tuple[FloatArray, FloatArray, IntArray]:
    """Idle premises: a few homes' streets in every circle."""
    chosen = np.concatenate([
        planting.rng.permutation(np.flatnonzero(planting.circle == c))[:per_circle]
        for c in range(planting.n_circles)
    ])  # fmt: skip
    x_m, y_m = onto_streets(
        planting.residents.x_m[chosen],
        planting.residents.y_m[chosen],
        planting.streets,
        planting.public,
        planting.rng,
    )
    return x_m, y_m, planting.circle[chosen].astype(np.int32)
