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
from yike.sources.synth.kerb import Kerb
from yike.sources.synth.people import Residents
from yike.sources.synth.shops import Shops, furnish, join
from yike.sources.synth.spec import CitySpec
from yike.sources.synth.truth import TrueWalks

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
        kerb: Kerb,
        residents: Residents,
        walks: TrueWalks,
        labels: dict[str, str],
        rng: Generator,
    ) -> None:
        self.spec, self.kerb, self.residents, self.walks = spec, kerb, residents, walks
        self.labels, self.rng = labels, rng
        self.streets = walks.streets
        self.homes = walks.feet(residents.x_m, residents.y_m, residents.block_idx)
        self.circle = residents.circle_of_community[residents.community_idx]
        self.n_circles = int(residents.circle_of_community.max()) + 1
        self.homes_of = [np.flatnonzero(self.circle == c) for c in range(self.n_circles)]
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

    def times(self, shops: Shops, asked: AskedRow) -> FloatArray:
        """Seconds from every home to the nearest outlet serving a row, +inf beyond the norm."""
        which = shops.serves(asked.row)
        return self.walks.nearest_s(
            self.walks.feet(shops.x_m[which], shops.y_m[which]), self.homes, asked.within_s
        )

    def times_in(self, shops: Shops, asked: AskedRow, circle: int) -> FloatArray:
        """The same for the homes of one circle, from the outlets that could be near enough."""
        mine = self.homes_of[circle]
        which = shops.serves(asked.row) & self._near(shops.x_m, shops.y_m, asked, circle)
        feet = self.walks.feet(shops.x_m[which], shops.y_m[which])
        return self.walks.nearest_s(feet, self.homes.only(mine), asked.within_s)

    def _share_in(self, shops: Shops, asked: AskedRow, circle: int) -> float:
        mine = self.homes_of[circle]
        reached = self.people[mine] * (self.times_in(shops, asked, circle) <= asked.within_s)
        return float(reached.sum() / self.total[circle])

    def _near(self, x_m: FloatArray, y_m: FloatArray, asked: AskedRow, circle: int) -> BoolArray:
        """Points from which a walk within the norm could end at a home of the circle."""
        r, mine = self.residents, self.homes_of[circle]
        walk_m = asked.within_s * self.walks.speed_m_s
        x, y = r.x_m[mine], r.y_m[mine]
        return np.asarray(
            (x_m >= x.min() - walk_m) & (x_m <= x.max() + walk_m)
            & (y_m >= y.min() - walk_m) & (y_m <= y.max() + walk_m),
            bool,
        )  # fmt: skip

    def _settle(self, shops: Shops, asked: AskedRow, empty: list[int]) -> Shops | None:
        """Empty these circles of one row, then supply all others; None when both cannot be had."""
        self._bad_spots = np.empty((0, 2))
        for circle in empty:
            emptied = self._empty(shops, asked, circle)
            if emptied is None:
                return None
            shops = emptied
        times = self.times(shops, asked)
        share = self.shares(times, asked.within_s)
        stuck: set[int] = set()
        for _ in range(MOST_ROUNDS):
            lacking = [c for c in np.flatnonzero(share < asked.share + MARGIN_MET).tolist() if c not in empty]
            if not lacking:
                return shops
            shops = self._supply(shops, asked, lacking, empty, stuck, times)
            before = share[lacking]
            # More outlets never lower a share: only the circles that lacked can have changed sides.
            for c in lacking:
                times[self.homes_of[c]] = self.times_in(shops, asked, c)
            share[lacking] = self.shares(times, asked.within_s)[lacking]
            stuck = set(np.array(lacking)[share[lacking] <= before].tolist())
        return None

    def _empty(self, shops: Shops, asked: AskedRow, circle: int) -> Shops | None:
        away = np.hypot(shops.x_m - self.centre[circle, 0], shops.y_m - self.centre[circle, 1])
        for radius in np.arange(100.0, 3000.0, 100.0):
            kept = shops.without(asked.row, away < radius)
            if self._share_in(kept, asked, circle) < asked.share - 2 * MARGIN_GAP:
                return kept
        return None

    def _supply(
        self,
        shops: Shops,
        asked: AskedRow,
        lacking: list[int],
        empty: list[int],
        stuck: set[int],
        times: FloatArray,
    ) -> Shops:
        """
        One new outlet for each lacking circle, where most unserved live, away from empty circles.

        Where the last one helped nobody (``stuck``: the street nearest to them is behind their wall) the
        next one goes to their gate.
        """
        lacks = times > asked.within_s
        spots = [s for c in lacking if (s := self._spot(c, lacks, empty, c in stuck)) is not None]
        for spot in spots:
            x_m, y_m = self.kerb.beside(np.array([spot[0]]), np.array([spot[1]]), self.rng)
            more = join(shops, furnish(x_m, y_m, (asked.row,), self.rng, len(shops), self.labels))
            touched = [c for c in empty if self._near(x_m, y_m, asked, c)[0]]
            if any(self._share_in(more, asked, c) > asked.share - MARGIN_GAP for c in touched):
                self._avoid(spot)
                continue
            shops = more
        return shops

    def _avoid(self, spot: FloatArray) -> None:
        self._bad_spots = np.vstack([self._bad_spots, spot])

    def _spot(self, circle: int, lacks: BoolArray, empty: list[int], at_gate: bool) -> FloatArray | None:
        mine = self.homes_of[circle][lacks[self.homes_of[circle]]]
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
        chosen = int(np.argmax(load))
        return np.asarray(self._gate_of(int(mine[chosen])) if at_gate else at[chosen], np.float64)

    def _gate_of(self, home: int) -> FloatArray:
        """The gate of the home's compound that is nearest to it; the home itself where there is no wall."""
        r, s = self.residents, self.streets
        here = np.array([r.x_m[home], r.y_m[home]])
        gate = s.gate_node_idx[s.gate_block_idx == r.block_idx[home]]
        if not len(gate):
            return here
        at = np.c_[s.x_m[gate], s.y_m[gate]]
        return np.asarray(at[np.argmin(np.hypot(*(at - here).T))], np.float64)


def all_shares(planting: Planting, shops: Shops, asked: list[AskedRow]) -> dict[str, FloatArray]:
    """True share within the norm, per row and circle."""
    return {a.row: planting.shares(planting.times(shops, a), a.within_s) for a in asked}


def best_sites(
    planting: Planting, shops: Shops, asked: dict[str, AskedRow], x_m: FloatArray, y_m: FloatArray
) -> dict[str, tuple[int, int]]:
    """
    Which premises gains most residents for each row, and how many, by trying every one.

    Ties go to the lowest row of the premises. Each premises is searched from once, for all rows.
    """
    limit_s = max(a.within_s for a in asked.values())
    reach = planting.walks.each_s(planting.walks.feet(x_m, y_m), planting.homes, limit_s)
    best = {}
    for row, asks in sorted(asked.items()):
        lacks = planting.people * (planting.times(shops, asks) > asks.within_s)
        gains = np.array([lacks[near[s <= asks.within_s]].sum() for near, s in reach])
        best[row] = int(np.argmax(gains)), int(gains.max())
    return best


def premises_spots(planting: Planting, per_circle: int) -> tuple[FloatArray, FloatArray, IntArray]:
    """Idle premises: a few homes' streets in every circle."""
    chosen = np.concatenate([
        planting.rng.permutation(np.flatnonzero(planting.circle == c))[:per_circle]
        for c in range(planting.n_circles)
    ])  # fmt: skip
    r = planting.residents
    x_m, y_m = planting.kerb.beside(r.x_m[chosen], r.y_m[chosen], planting.rng)
    return x_m, y_m, planting.circle[chosen].astype(np.int32)
