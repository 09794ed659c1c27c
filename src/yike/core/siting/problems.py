"""
The siting problems with one type: what is given and what is asked. ``solve`` answers each of them.

Symbols: candidates ``j`` with ``x_j`` = 1 when chosen, demand points ``i`` with weight ``w_i`` and
``N_i`` = the candidates within the cutoff of ``i``, ``d_ij`` the walk in seconds. Who is served by what
stands already has weight 0 (coverage) or its present walk in ``start_s`` (medians, centres).
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from yike.core.siting.reach import Reach
from yike.core.tables import BoolArray, FloatArray, IntArray, LongArray, freeze


def _no_rows() -> IntArray:
    return np.empty(0, np.int32)


@dataclass(frozen=True, eq=False)
class MaxCover:
    """
    Maximal covering location problem (MCLP): with ``k`` sites, cover the most weight.

    max sum w_i z_i  subject to  z_i <= sum over N_i of x_j,  sum x_j = k,  x, z in {0, 1}.
    Source: Church and ReVelle (1974).
    """

    reach: Reach
    weight: FloatArray  # shape (n_demand,), >= 0
    cutoff_s: float
    k: int
    fixed: IntArray = field(default_factory=_no_rows)  # candidates that are part of every plan; count in k

    def __post_init__(self) -> None:
        freeze(self)


@dataclass(frozen=True, eq=False)
class SetCover:
    """
    Location set covering problem (LSCP): the fewest sites, or the cheapest, that cover everyone who must be.

    min sum c_j x_j  subject to  sum over N_i of x_j >= 1 for every i in ``must``.
    Source: Toregas, Swain, ReVelle and Bergman (1971).
    """

    reach: Reach
    must: BoolArray  # shape (n_demand,)
    cutoff_s: float
    cost: FloatArray | None = None  # shape (n_candidates,), > 0; None counts sites

    def __post_init__(self) -> None:
        freeze(self)


@dataclass(frozen=True, eq=False)
class PMedian:
    """
    P-median: with ``k`` sites, the least total walk, weighted.

    min sum w_i min(start_i, d_ij over chosen j); a walk beyond ``limit_s`` counts as ``limit_s``.
    Source: Hakimi (1964); ReVelle and Swain (1970).
    """

    reach: Reach
    weight: FloatArray
    k: int
    limit_s: float
    start_s: FloatArray | None = None  # shape (n_demand,): walk to what stands already, +inf none
    fixed: IntArray = field(default_factory=_no_rows)

    def __post_init__(self) -> None:
        freeze(self)


@dataclass(frozen=True, eq=False)
class PCenter:
    """
    P-center: with ``k`` sites, the shortest longest walk of those who must be served.

    min max over i in ``must`` of min(start_i, d_ij over chosen j); +inf where somebody stays beyond the
    search. Source: Hakimi (1964); solved as a search over cutoffs (Daskin 1995).
    """

    reach: Reach
    must: BoolArray
    k: int
    start_s: FloatArray | None = None
    fixed: IntArray = field(default_factory=_no_rows)

    def __post_init__(self) -> None:
        freeze(self)


@dataclass(frozen=True, eq=False)
class CapacitatedCover:
    """
    Capacitated covering: each site serves at most ``capacity_j``; the most weight that can be assigned.

    max sum w_i y_ij  subject to  sum over j of y_ij <= 1,  sum over i of w_i y_ij <= C_j x_j,  sum x_j = k,
    y >= 0 (a home may be split between sites). Source: Current and Storbeck (1988).
    """

    reach: Reach
    weight: FloatArray
    cutoff_s: float
    k: int
    capacity: FloatArray  # shape (n_candidates,), in the unit of the weights
    fixed: IntArray = field(default_factory=_no_rows)

    def __post_init__(self) -> None:
        freeze(self)


@dataclass(frozen=True, eq=False)
class BudgetCover:
    """
    Budgeted maximal covering: the most weight for the money.

    max sum w_i z_i  subject to  sum c_j x_j <= B. Source: Khuller, Moss and Naor (1999).
    """

    reach: Reach
    weight: FloatArray
    cutoff_s: float
    cost_fen: LongArray  # shape (n_candidates,), > 0
    budget_fen: int
    fixed: IntArray = field(default_factory=_no_rows)

    def __post_init__(self) -> None:
        freeze(self)


@dataclass(frozen=True, eq=False)
class FairCover:
    """
    Covering that lifts the worst-served group (community, circle) first.

    With ``r_g`` the share of group ``g`` that is served, what stands already included:
    ``mode = "lexicographic"``: max min r_g, then the second lowest, ..., then the weight covered;
    ``mode = "weighted"``: max (1 - fairness) * share of all served + fairness * min r_g.
    Source: Rawlsian max-min as in Marsh and Schilling (1994).
    """

    reach: Reach
    weight: FloatArray  # not yet served
    cutoff_s: float
    k: int
    group_idx: IntArray  # shape (n_demand,), -1 in no group
    group_total: FloatArray  # shape (n_groups,): all people of the group who count
    mode: str = "lexicographic"
    fairness: float = 0.5
    fixed: IntArray = field(default_factory=_no_rows)

    def __post_init__(self) -> None:
        freeze(self)


Problem = MaxCover | SetCover | PMedian | PCenter | CapacitatedCover | BudgetCover | FairCover
