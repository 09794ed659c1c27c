"""Small towns for the siting models: reach as a table, homes and sites by lot."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import strategies as st

from naive.siting_mix import reach_from
from yike.core.siting.mix import FacilityMix, TypeDemand
from yike.core.siting.reach import Reach


@st.composite
def reaches(draw, max_sites: int = 6, max_homes: int = 8) -> Reach:
    """A reach with walks of 200, 400 and 700 s, or none."""
    m, n = draw(st.integers(1, max_sites)), draw(st.integers(1, max_homes))
    table = draw(st.lists(st.sampled_from([0, 200, 400, 400, 700]), min_size=m * n, max_size=m * n))
    walks = {(i // n, i % n): float(s) for i, s in enumerate(table) if s}
    return reach_from(walks, m, n)


def numbers(n: int, low: int, high: int):
    """Lists of n whole numbers."""
    return st.lists(st.integers(low, high), min_size=n, max_size=n)


@st.composite
def mixes(draw, max_sites: int = 3, n_types: int = 2) -> FacilityMix:
    """A mix with room, costs, limits; small enough to try every plan."""
    reach = draw(reaches(max_sites, 6))
    m, n = reach.n_candidates, reach.n_demand
    demands = tuple(
        TypeDemand(
            10 + t, np.array(draw(numbers(n, 0, 9)), float), float(draw(st.sampled_from([300, 500, 800]))),
            np.array(draw(st.lists(st.sampled_from([True, True, False]), min_size=m, max_size=m))),
            float(draw(st.integers(0, 30))), draw(st.integers(0, 5)), float(draw(st.sampled_from([1, 1, 2]))),
        )
        for t in range(n_types)
    )  # fmt: skip
    return FacilityMix(
        reach, demands,
        np.array([np.nan if a == 0 else float(a) for a in draw(numbers(m, 0, 50))]),
        np.array(draw(numbers(m, 0, 6)), np.int64),
        draw(st.one_of(st.none(), st.integers(0, m))), draw(st.one_of(st.none(), st.integers(0, 15))),
        draw(st.integers(1, n_types)), draw(st.sampled_from([0.0, 0.25, 1.0])),
        np.array(draw(st.lists(st.booleans(), min_size=m, max_size=m))),
    )  # fmt: skip


def reordered(reach: Reach, sites: np.ndarray, homes: np.ndarray) -> Reach:
    """The same reach with site ``sites[j]`` in row j and home ``homes[i]`` in row i."""
    place = np.empty(reach.n_demand, np.int64)
    place[homes] = np.arange(reach.n_demand)
    walks = {}
    for new, old in enumerate(sites.tolist()):
        for q in range(reach.ptr[old], reach.ptr[old + 1]):
            walks[new, int(place[reach.demand_idx[q]])] = float(reach.walk_s[q])
    return reach_from(walks, len(sites), reach.n_demand, reach.limit_s)


def reordered_mix(problem: FacilityMix, sites: np.ndarray, homes: np.ndarray) -> FacilityMix:
    """The same mix, sites and homes in another order; fewer sites leave the others out."""
    stands = None if problem.is_open is None else problem.is_open[sites]
    return replace(
        problem, reach=reordered(problem.reach, sites, homes),
        demands=tuple(
            replace(d, weight=d.weight[homes], is_allowed=d.is_allowed[sites]) for d in problem.demands
        ),
        site_area_m2=problem.site_area_m2[sites], site_cost_fen=problem.site_cost_fen[sites], is_open=stands,
    )  # fmt: skip
