"""Outlets of a made-up city: parents at gates and corners, children along the street."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.random import Generator

from yike.core.tables import BoolArray, FloatArray, IntArray
from yike.sources.synth.kerb import Kerb
from yike.sources.synth.spec import (
    CHAIN_SHARE,
    CHAIN_SHARE_OTHERS,
    STAFF,
    STAFF_OTHERS,
    TYPE_WEIGHTS,
    CitySpec,
)
from yike.sources.synth.streets import Streets

CHILD_REACH_M = 120.0
PARENTS_PER_OUTLET = 0.16
SCATTERED_SHARE = 0.25
SURNAMES = "王李张刘陈杨赵黄周吴徐孙马朱胡郭何高林罗"
GIVEN = "建国丽华秀英志强海燕明芳军平玉兰春梅小红"
HOURS = {"B05": "05:30-10:30", "B01": "07:00-22:30", "B10": "08:00-21:30", "B03": "05:00-19:00"}
HOURS_OTHERS = "08:30-20:30"


@dataclass(frozen=True, eq=False)
class Shops:
    """Outlets; ``row`` is the annex-5 row, ``extra`` rows of functions added (一店多能)."""

    x_m: FloatArray
    y_m: FloatArray
    row: tuple[str, ...]
    extra: tuple[tuple[str, ...], ...]
    name: tuple[str, ...]
    brand: tuple[str, ...]
    is_chain: BoolArray
    staff: IntArray
    area_m2: IntArray
    hours: tuple[str, ...]
    _serving: dict[str, BoolArray] = field(default_factory=dict, init=False, repr=False)

    def __len__(self) -> int:
        return len(self.row)

    def keep(self, which: BoolArray) -> Shops:
        """Only the marked outlets."""
        rows = np.flatnonzero(which).tolist()
        return Shops(
            x_m=self.x_m[which],
            y_m=self.y_m[which],
            row=tuple(self.row[i] for i in rows),
            extra=tuple(self.extra[i] for i in rows),
            name=tuple(self.name[i] for i in rows),
            brand=tuple(self.brand[i] for i in rows),
            is_chain=self.is_chain[which],
            staff=self.staff[which],
            area_m2=self.area_m2[which],
            hours=tuple(self.hours[i] for i in rows),
        )

    def without(self, row: str, where: BoolArray) -> Shops:
        """Take a function away from the marked outlets: shops of that row close, added functions end."""
        extra = tuple(
            tuple(r for r in e if r != row) if w else e
            for e, w in zip(self.extra, where.tolist(), strict=True)
        )
        is_main = np.array([r == row for r in self.row], bool)
        return replace(self, extra=extra).keep(~(is_main & where))

    def serves(self, row: str) -> BoolArray:
        """Outlets that offer a row's function, mainly or besides."""
        if row not in self._serving:  # asked again and again while planting: 25 s of 80 in the large city
            serving = [r == row or row in e for r, e in zip(self.row, self.extra, strict=True)]
            self._serving[row] = np.array(serving, bool)
        return self._serving[row]


def join(a: Shops, b: Shops) -> Shops:
    """Both lists, one after the other."""
    return Shops(
        x_m=np.concatenate([a.x_m, b.x_m]),
        y_m=np.concatenate([a.y_m, b.y_m]),
        row=a.row + b.row,
        extra=a.extra + b.extra,
        name=a.name + b.name,
        brand=a.brand + b.brand,
        is_chain=np.concatenate([a.is_chain, b.is_chain]),
        staff=np.concatenate([a.staff, b.staff]),
        area_m2=np.concatenate([a.area_m2, b.area_m2]),
        hours=a.hours + b.hours,
    )


def open_shops(spec: CitySpec, streets: Streets, kerb: Kerb, labels: dict[str, str], rng: Generator) -> Shops:
    """
    Place the outlets: a parent-child process along streets (nearest-neighbour ratio 0.4–0.75).

    Parameters
    ----------
    labels
        Chinese label per annex-5 row, for names.
    """
    rows = np.array(list(TYPE_WEIGHTS))
    weights = np.array(list(TYPE_WEIGHTS.values()))
    row = tuple(rng.choice(rows, spec.n_outlets, p=weights / weights.sum()).tolist())
    x_m, y_m = _spots(spec.n_outlets, streets, kerb, rng)
    return furnish(x_m, y_m, row, rng, 0, labels)


def _spots(n: int, streets: Streets, kerb: Kerb, rng: Generator) -> tuple[FloatArray, FloatArray]:
    public = kerb.public
    corner = np.concatenate([streets.gate_node_idx, streets.piece_from_idx[public]])
    likely = np.concatenate([np.full(len(streets.gate_node_idx), 6.0), np.ones(len(public))])
    n_parents = max(int(n * PARENTS_PER_OUTLET), 1)
    parent = corner[rng.choice(len(corner), n_parents, p=likely / likely.sum())]
    popularity = rng.pareto(1.6, n_parents) + 0.4
    child = parent[rng.choice(n_parents, n, p=popularity / popularity.sum())]
    x = streets.x_m[child] + rng.normal(0.0, CHILD_REACH_M / 2, n)
    y = streets.y_m[child] + rng.normal(0.0, CHILD_REACH_M / 2, n)
    loose = rng.random(n) < SCATTERED_SHARE
    piece = public[rng.integers(0, len(public), n)]
    start = streets.piece_from_idx[piece[loose]]
    x[loose], y[loose] = streets.x_m[start], streets.y_m[start]
    return kerb.beside(x, y, rng)


def furnish(
    x_m: FloatArray,
    y_m: FloatArray,
    row: tuple[str, ...],
    rng: Generator,
    number: int,
    labels: dict[str, str] | None = None,
) -> Shops:
    """Give outlets names, chains, staff, areas, hours and some an added function."""
    n = len(row)
    chain = rng.random(n) < np.array([CHAIN_SHARE.get(r, CHAIN_SHARE_OTHERS) for r in row])
    staff = np.array([rng.integers(*STAFF.get(r, STAFF_OTHERS)) for r in row], np.int32)
    brand = tuple(f"虚构连锁{rng.integers(1, 9)}" if c else "" for c in chain)
    names = tuple(
        _name(r, b, number + i, rng, (labels or {}).get(r, ""))
        for i, (r, b) in enumerate(zip(row, brand, strict=True))
    )
    return Shops(
        x_m=np.asarray(x_m, np.float64),
        y_m=np.asarray(y_m, np.float64),
        row=row,
        extra=tuple(() for _ in row),
        name=names,
        brand=brand,
        is_chain=chain,
        staff=staff,
        area_m2=(rng.lognormal(3.7, 0.7, n)).astype(np.int32) + 6,
        hours=tuple(HOURS.get(r, HOURS_OTHERS) for r in row),
    )


def _name(row: str, brand: str, number: int, rng: Generator, label: str) -> str:
    if label == row:  # 其他: the row has no type of its own to be named after
        label = "综合服务部"
    if brand:
        return f"{brand}{label}{number + 1}号店"
    who = SURNAMES[int(rng.integers(0, len(SURNAMES)))] + GIVEN[int(rng.integers(0, len(GIVEN)))]
    return f"{who}记{label}{number + 1}"
