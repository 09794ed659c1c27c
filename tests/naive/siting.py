"""Siting by looking at every subset of candidates, with sets and loops."""

from itertools import combinations

import numpy as np

from yike.core.siting.reach import Reach


def reach_from(walks, limit_s):
    """Reach from a table, one row a candidate: seconds to each demand point, None beyond the search."""
    ptr, idx, walk_s = [0], [], []
    for row in walks:
        for i, walk in enumerate(row):
            if walk is not None and walk <= limit_s:
                idx.append(i)
                walk_s.append(walk)
        ptr.append(len(idx))
    n = len(walks[0]) if walks else 0
    return Reach(np.array(ptr), np.array(idx, np.int32), np.array(walk_s, np.float32), n, float(limit_s))


def walk_of(reach, j, i):
    """Seconds from candidate to demand point, infinity beyond the search."""
    for at in range(reach.ptr[j], reach.ptr[j + 1]):
        if reach.demand_idx[at] == i:
            return float(reach.walk_s[at])
    return float("inf")


def choices(reach, k, fixed=()):
    """Every set of at most k candidates that holds the fixed ones."""
    for size in range(min(k, reach.n_candidates) + 1):
        for chosen in combinations(range(reach.n_candidates), size):
            if set(fixed) <= set(chosen):
                yield chosen


def covered(reach, chosen, cutoff_s):
    """Demand points within the cutoff of somebody chosen."""
    return {i for i in range(reach.n_demand) if any(walk_of(reach, j, i) <= cutoff_s for j in chosen)}


def most_covered(reach, weight, cutoff_s, k, fixed=()):
    """Objective of the MCLP."""
    return max(sum(weight[i] for i in covered(reach, c, cutoff_s)) for c in choices(reach, k, fixed))


def cheapest_cover(reach, must, cutoff_s, cost=None):
    """Objective of the LSCP; None when nobody can."""
    wanted = {i for i in range(reach.n_demand) if must[i]}
    spent = [
        sum(1 if cost is None else cost[j] for j in c)
        for c in choices(reach, reach.n_candidates)
        if wanted <= covered(reach, c, cutoff_s)
    ]
    return min(spent) if spent else None


def walks_now(reach, chosen, limit_s, start_s=None):
    """Each demand point's walk when the chosen stand."""
    return [
        min(
            [
                limit_s,
                float("inf") if start_s is None else start_s[i],
                *(walk_of(reach, j, i) for j in chosen),
            ]
        )
        for i in range(reach.n_demand)
    ]


def least_walk(reach, weight, k, limit_s, start_s=None, fixed=()):
    """Objective of the p-median."""
    return min(
        sum(w * d for w, d in zip(weight, walks_now(reach, c, limit_s, start_s), strict=True))
        for c in choices(reach, k, fixed)
    )


def shortest_longest(reach, must, k, start_s=None, fixed=()):
    """Objective of the p-center."""
    return min(
        max(
            (d for d, m in zip(walks_now(reach, c, float("inf"), start_s), must, strict=True) if m),
            default=0.0,
        )
        for c in choices(reach, k, fixed)
    )
