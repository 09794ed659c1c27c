"""In which order to build: what gains most comes first."""

from __future__ import annotations

import heapq
from collections.abc import Iterable

import numpy as np

from yike.core.siting.reach import Reach
from yike.core.tables import FloatArray, IntArray


def build_order(
    reach: Reach, weight: FloatArray, sites: Iterable[int], cost: FloatArray | None = None
) -> tuple[IntArray, FloatArray]:
    """
    Order sites so that each next one gains the most (per unit of cost).

    Parameters
    ----------
    reach
        Only the pairs that count: ``reach.within(cutoff_s)``.
    weight : shape (n_demand,)
        Who is not yet served.
    cost : shape (n_candidates,), > 0
        None orders by gain alone.

    Returns
    -------
    order, gained
        Candidate rows, and the weight that each gains when those before it stand; ties to the lowest row.

    Notes
    -----
    Gains only fall as more stands, so a gain that is fresh and still the largest decides (Minoux 1978).
    """
    left = np.array(weight, float)

    def entry(j: int) -> tuple[float, int, float]:
        gain = float(left[reach.demand_of(j)].sum())
        return -gain / (1.0 if cost is None else float(cost[j])), j, gain

    heap = [entry(int(j)) for j in dict.fromkeys(sites)]
    heapq.heapify(heap)
    order: list[int] = []
    gained: list[float] = []
    while heap:
        fresh = entry(heap[0][1])
        if heap[0] < fresh:
            heapq.heapreplace(heap, fresh)
            continue
        heapq.heappop(heap)
        order.append(fresh[1])
        gained.append(fresh[2])
        left[reach.demand_of(fresh[1])] = 0
    return np.array(order, np.int32), np.array(gained, float)
