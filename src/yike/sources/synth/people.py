"""Communities, buildings and people of a made-up city."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from importlib.resources import files

import numpy as np
from numpy.random import Generator
from scipy.spatial import cKDTree

from yike.core.geo.hilbert import hilbert_order
from yike.core.tables import BoolArray, FloatArray, IntArray
from yike.sources.synth.spec import CitySpec
from yike.sources.synth.streets import Streets

SIGMA_COMMUNITY, SIGMA_BUILDING = 0.45, 0.6
FROM_STREET = 0.2  # buildings stand at least so far inside their block, as a share of its side


@dataclass(frozen=True, eq=False)
class Residents:
    """Communities, circles and residential buildings; people are whole numbers that add up exactly."""

    community_id: tuple[str, ...]
    community_name: tuple[str, ...]
    community_street: tuple[str, ...]
    community_is_new: BoolArray
    community_of_block: IntArray
    circle_of_community: IntArray
    circle_name: tuple[str, ...]
    x_m: FloatArray
    y_m: FloatArray
    block_idx: IntArray
    community_idx: IntArray
    people: IntArray
    households: IntArray
    children: IntArray  # 0-3
    old: IntArray  # 60+
    levels: IntArray


def settle(spec: CitySpec, streets: Streets, rng: Generator) -> Residents:
    """Divide the blocks into communities, group them into circles, put people into buildings."""
    community_of_block = _communities(spec, streets, rng)
    ids, names, offices = _names(spec)
    circle = _circles(spec, rng)
    size = rng.lognormal(0.0, SIGMA_COMMUNITY, spec.n_communities)
    total = whole_parts(size, spec.people)
    x_m, y_m, block = _buildings(spec, streets, rng)
    community = community_of_block[block]
    is_new = rng.random(spec.n_communities) < 0.35
    levels = np.where(is_new[community], rng.integers(11, 34, len(block)), rng.integers(2, 7, len(block)))
    floor = levels * rng.lognormal(0.0, SIGMA_BUILDING, len(block))
    people = np.zeros(len(block), np.int64)
    for k in range(spec.n_communities):
        mine = np.flatnonzero(community == k)
        people[mine] = whole_parts(floor[mine], int(total[k]))
    old_share = rng.uniform(0.15, 0.25, spec.n_communities)[community]
    child_share = rng.uniform(0.02, 0.04, spec.n_communities)[community]
    return Residents(
        community_id=ids,
        community_name=names,
        community_street=offices,
        community_is_new=is_new,
        community_of_block=community_of_block,
        circle_of_community=circle,
        circle_name=_circle_names(names, circle),
        x_m=x_m,
        y_m=y_m,
        block_idx=block,
        community_idx=community,
        people=people.astype(np.int32),
        households=np.maximum(np.rint(people / 2.6), people > 0).astype(np.int32),
        children=rng.binomial(people, child_share).astype(np.int32),
        old=np.minimum(rng.binomial(people, old_share), people).astype(np.int32),
        levels=levels.astype(np.int32),
    )


def whole_parts(weight: FloatArray, total: int) -> IntArray:
    """Whole numbers in proportion to weights that add up to ``total`` (largest remainders)."""
    exact = weight / weight.sum() * total
    parts: IntArray = np.floor(exact).astype(np.int32)
    rest = int(total - parts.sum())
    parts[np.argsort(-(exact - parts), kind="stable")[:rest]] += 1
    return np.asarray(parts, np.int32)


def _communities(spec: CitySpec, streets: Streets, rng: Generator) -> IntArray:
    """Voronoi of blocks around seeds, evened out a few times; seeds numbered along a Hilbert curve."""
    centre = streets.block_corner.mean(axis=1)
    seed = centre[rng.permutation(len(centre))[: spec.n_communities]]
    for _ in range(8):
        nearest = cKDTree(seed).query(centre)[1]
        for k in range(len(seed)):
            if np.any(nearest == k):
                seed[k] = centre[nearest == k].mean(axis=0)
    seed = seed[hilbert_order(seed[:, 0].copy(), seed[:, 1].copy())]
    nearest = cKDTree(seed).query(centre)[1]
    for k in np.flatnonzero(np.bincount(nearest, minlength=len(seed)) == 0).tolist():
        crowded = np.flatnonzero(np.bincount(nearest, minlength=len(seed))[nearest] > 1)
        nearest[crowded[np.argmin(np.hypot(*(centre[crowded] - seed[k]).T))]] = k
    return np.asarray(nearest, np.int32)


def _names(spec: CitySpec) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    if spec.code == "yima":
        text = (files("yike.sources.synth") / "yima_communities.csv").read_text("utf-8")
        rows = list(csv.DictReader(text.splitlines()))
        ids, names, offices = zip(*((r["community_id"], r["name"], r["street"]) for r in rows), strict=True)
        return ids, names, offices
    numbers = range(spec.n_communities)
    ids = tuple(f"{spec.division}9{k // 9 % 100:02d}{k % 1000:03d}" for k in numbers)
    return (
        ids,
        tuple(f"虚构{k + 1:04d}社区" for k in numbers),
        tuple(f"虚构{k // 9 + 1:03d}街道" for k in numbers),
    )


def _circles(spec: CitySpec, rng: Generator) -> IntArray:
    """Neighbouring communities (in their order along the curve) form circles of one to three."""
    low, high = spec.communities_per_circle
    circle = np.empty(spec.n_communities, np.int32)
    at = number = 0
    while at < spec.n_communities:
        n = int(rng.integers(low, high + 1))
        circle[at : at + n] = number
        at, number = at + n, number + 1
    return circle


def _circle_names(names: tuple[str, ...], circle: IntArray) -> tuple[str, ...]:
    first = [int(np.flatnonzero(circle == k)[0]) for k in range(int(circle.max()) + 1)]
    return tuple(f"{names[i].removesuffix('社区')}便民生活圈" for i in first)


def _buildings(spec: CitySpec, streets: Streets, rng: Generator) -> tuple[FloatArray, FloatArray, IntArray]:
    low, high = spec.buildings_per_block
    per_block = rng.integers(low, high + 1, len(streets.block_corner))
    block = np.repeat(np.arange(len(per_block)), per_block).astype(np.int32)
    u = rng.uniform(FROM_STREET, 1 - FROM_STREET, len(block))[:, None]
    v = rng.uniform(FROM_STREET, 1 - FROM_STREET, len(block))[:, None]
    sw, se, ne, nw = (streets.block_corner[block, k] for k in range(4))
    at = (sw * (1 - u) + se * u) * (1 - v) + (nw * (1 - u) + ne * u) * v
    return at[:, 0].copy(), at[:, 1].copy(), block
