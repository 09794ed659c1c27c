"""Outlets of a made-up city: parents at gates and corners, children along the street."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import shapely
from numpy.random import Generator

from yike.core.tables import BoolArray, FloatArray, IntArray
from yike.sources.synth.spec import (
    CHAIN_SHARE,
    CHAIN_SHARE_OTHERS,
    STAFF,
    STAFF_OTHERS,
    TYPE_WEIGHTS,
    CitySpec,
)
from yike.sources.synth.streets import Streets, wall_polygon

CHILD_REACH_M, OFF_STREET_M = 120.0, (5.0, 18.0)
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
        return np.array([r == row or row in e for r, e in zip(self.row, self.extra, strict=True)], bool)


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


def open_shops(spec: CitySpec, streets: Streets, labels: dict[str, str], rng: Generator) -> Shops:
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
    x_m, y_m = _spots(spec.n_outlets, streets, rng)
    return furnish(x_m, y_m, row, rng, 0, labels)


def _spots(n: int, streets: Streets, rng: Generator) -> tuple[FloatArray, FloatArray]:
    public = public_pieces(streets)
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
    return onto_streets(x, y, streets, public, rng)


def public_pieces(streets: Streets) -> IntArray:
    """Pieces that everybody may walk: streets and the lanes of open blocks."""
    block = streets.piece_block_idx
    return np.asarray(np.flatnonzero((block < 0) | ~streets.block_is_walled[block]), np.int32)


def onto_streets(
    x: FloatArray, y: FloatArray, streets: Streets, public: IntArray, rng: Generator
) -> tuple[FloatArray, FloatArray]:
    """Move points beside the nearest public piece, 5–18 m off its line."""
    u, v = streets.piece_from_idx[public], streets.piece_to_idx[public]
    lines = shapely.linestrings(
        np.stack([np.c_[streets.x_m[u], streets.y_m[u]], np.c_[streets.x_m[v], streets.y_m[v]]], axis=1)
    )
    points = shapely.points(x, y)
    line = lines[shapely.STRtree(lines).nearest(points)]
    foot = shapely.get_coordinates(
        shapely.line_interpolate_point(line, shapely.line_locate_point(line, points))
    )
    ends = shapely.get_coordinates(line).reshape(-1, 2, 2)
    along = ends[:, 1] - ends[:, 0]
    across = np.c_[-along[:, 1], along[:, 0]] / np.maximum(np.hypot(along[:, 0], along[:, 1]), 1e-9)[:, None]
    off = rng.uniform(*OFF_STREET_M, len(x)) * np.where(rng.random(len(x)) < 0.5, 1.0, -1.0)
    walls = shapely.STRtree(
        [shapely.Polygon(wall_polygon(c)) for c in streets.block_corner[streets.block_is_walled]]
    )
    for _ in range(6):
        # Where a lane comes out of its gate, off the line may be behind the wall: come closer, or cross over.
        at = foot + across * off[:, None]
        behind = np.unique(walls.query(shapely.points(at), predicate="intersects")[0])
        if not len(behind):
            break
        off[behind] *= -0.6
    return at[:, 0].copy(), at[:, 1].copy()


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
    if brand:
        return f"{brand}{label}（{number + 1}号店）"
    who = SURNAMES[int(rng.integers(0, len(SURNAMES)))] + GIVEN[int(rng.integers(0, len(GIVEN)))]
    return f"{who}记{label}{number + 1}"
