"""
Weekly rounds of moving vendors (流动服务排班): what is given, what is asked, what comes out.

A week has 14 half-days, numbered ``2 * day + half`` (Monday morning is 0, Sunday afternoon 13).
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from yike.core.siting.reach import Reach
from yike.core.tables import BoolArray, FloatArray, IntArray, PlanStatus, freeze

DAYS = 7
HALF_DAYS = 14
MOST_TRADES = 62
"""Trades are bits of a machine word inside the kernels."""

FAIR_MODES = ("lexicographic", "weighted", "none")


def _none() -> IntArray:
    return np.empty(0, np.int32)


def _no_share() -> FloatArray:
    return np.empty(0)


@dataclass(frozen=True, eq=False)
class TimetableProblem:
    """
    Who stands where on which half-day of the week.

    With ``x[v,s,h]`` = 1 when vendor ``v`` is at stop ``s`` on half-day ``h``, and ``w[t,i]`` the people of
    home ``i`` who count for trade ``t``:

    max sum over t, i of w[t,i] * (worth_once * z1[t,i] + worth_twice * z2[t,i])

    subject to: ``z1[t,i] + z2[t,i]`` is at most the number of different days on which some vendor of trade
    ``t`` stands at a stop within reach of ``i``; a vendor is at one stop at a time, only when free, on at
    most ``vendor_most`` half-days; a stop holds at most ``stop_capacity`` vendors at a time, only when it is
    open and only of its trades; the two stops of one day are at most ``most_travel_s`` apart.

    Fairness looks at the share ``r_g`` of each community ``g``: (met before + met at least once) / total,
    over all trades. ``"lexicographic"``: first the highest ``min r_g``, then the most people;
    ``"weighted"``: max (1 - fairness) * people + fairness * all people * ``min r_g``. Communities that no
    stop reaches are left out of the minimum.

    Source: a maximal covering problem (Church and ReVelle 1974) whose sites are (trade, stop) pairs under
    scheduling constraints; the time-expanded form follows periodic routing (Christofides and Beasley 1984).
    """

    reach: Reach  # stops as candidates; every pair counts
    weight: FloatArray  # shape (n_trades, n_demand), >= 0: people who count
    vendor_trades: BoolArray  # shape (n_vendors, n_trades)
    vendor_free: BoolArray  # shape (n_vendors, 14)
    vendor_most: IntArray  # shape (n_vendors,): half-days a week
    stop_trades: BoolArray  # shape (n_stops, n_trades): allowed
    stop_free: BoolArray  # shape (n_stops, 14): open, market days
    stop_capacity: IntArray  # shape (n_stops,): vendors at a time
    travel_s: (
        FloatArray  # shape (n_stops, n_stops): from the morning's to the afternoon's stop; +inf, NaN far
    )
    most_travel_s: float = np.inf
    worth_once: float = 1.0
    worth_twice: float = 0.0  # at most worth_once
    fair: str = "none"
    fairness: float = 0.5
    group_idx: IntArray = field(default_factory=_none)  # shape (n_demand,): community, -1 none
    group_total: FloatArray = field(default_factory=_no_share)  # shape (n_groups,): people x trades
    group_met: FloatArray = field(default_factory=_no_share)  # of these, met before

    def __post_init__(self) -> None:
        freeze(self)
        self.validate()

    @property
    def n_vendors(self) -> int:
        """Number of vendors."""
        return len(self.vendor_most)

    @property
    def n_stops(self) -> int:
        """Number of stops."""
        return len(self.stop_capacity)

    @property
    def n_trades(self) -> int:
        """Number of trades."""
        return int(self.weight.shape[0])

    def validate(self) -> None:
        """Raise ValueError when shapes disagree or a number is out of its range."""
        v, s, t = self.n_vendors, self.n_stops, self.n_trades
        shapes = {
            "weight": (t, self.reach.n_demand), "vendor_trades": (v, t), "vendor_free": (v, HALF_DAYS),
            "stop_trades": (s, t), "stop_free": (s, HALF_DAYS), "travel_s": (s, s),
        }  # fmt: skip
        for name, shape in shapes.items():
            if getattr(self, name).shape != shape:
                raise ValueError(
                    f"TimetableProblem.{name} has shape {getattr(self, name).shape}, not {shape}"
                )
        if self.reach.n_candidates != s:
            raise ValueError(f"reach has {self.reach.n_candidates} stops, expected {s}")
        if t > MOST_TRADES:
            raise ValueError(f"at most {MOST_TRADES} trades")
        if not 0 <= self.worth_twice <= self.worth_once:
            raise ValueError("worth_twice must lie between 0 and worth_once")
        if self.fair not in FAIR_MODES or not 0 <= self.fairness <= 1:
            raise ValueError("fair is one of FAIR_MODES, fairness a share")
        if np.any(~(self.weight >= 0)):
            raise ValueError("weights are known and not negative")
        if self.fair != "none" and len(self.group_idx) != self.reach.n_demand:
            raise ValueError("a fair timetable needs the community of every home")


@dataclass(frozen=True, eq=False)
class TimetablePlan:
    """
    One row per visit, by half-day, stop, vendor; with what proves it.

    ``objective`` and ``bound`` are people x trades, times their worth (the weighted sum where ``fair`` is
    "weighted"); ``worst_share`` is the lowest share of a community, NaN where fairness was not asked for.
    """

    vendor_idx: IntArray
    stop_idx: IntArray
    half_idx: IntArray  # 0..13
    objective: float
    bound: float
    worst_share: float
    worst_bound: float
    worst_group: int  # -1 none
    status: PlanStatus
    stopped_by: str  # "proof" | "time" | "work" | "person"
    method: str
    seconds: float
    seed: int

    def __post_init__(self) -> None:
        freeze(self)

    def __len__(self) -> int:
        return len(self.vendor_idx)

    @property
    def rows(self) -> list[tuple[int, int, int]]:
        """Vendor, stop and half-day of each visit."""
        columns = (self.vendor_idx.tolist(), self.stop_idx.tolist(), self.half_idx.tolist())
        return list(zip(*columns, strict=True))

    @property
    def gap(self) -> float:
        """Distance between objective and bound as a share of the larger; 0 when proven."""
        if self.status is PlanStatus.OPTIMAL or self.objective == self.bound:
            return 0.0
        return abs(self.bound - self.objective) / max(abs(self.bound), abs(self.objective))
