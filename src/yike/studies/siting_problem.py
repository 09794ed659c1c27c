"""From a question to one of the models of ``core.siting``."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from yike.core.siting.candidates import Candidates
from yike.core.siting.problems import (
    BudgetCover,
    CapacitatedCover,
    FairCover,
    MaxCover,
    PCenter,
    PMedian,
    SetCover,
)
from yike.core.siting.reach import Reach
from yike.core.tables import BoolArray, FloatArray, LongArray
from yike.errors import InputError, message_of
from yike.reports import words
from yike.standards.loader import load_supply
from yike.studies.base import Base
from yike.studies.candidate_rows import function_cost_fen
from yike.studies.siting_demand import Demand

MODELS = {
    "mclp": "最大覆盖：选 k 处，新增覆盖的人最多",
    "lscp": "集合覆盖：最少几处，够得着的人都覆盖",
    "p_median": "p-中位：选 k 处，大家走的路总和最短",
    "p_center": "p-中心：选 k 处，最远的人走得最近",
    "capacitated": "容量覆盖：每处只能服务这么多人",
    "budget": "预算覆盖：这么多钱，新增覆盖的人最多",
    "equity": "公平优先：先抬高覆盖最低的社区",
    "multi": "多业态：几类业态一起选，一处可以多能",
}
"""Models by name, with what each asks."""

ALIASES = {"fair": "equity", "p-median": "p_median", "p-center": "p_center", "mix": "multi"}

WALK_MODELS = ("p_median", "p_center")
"""Models of walks rather than of coverage: they search farther than the cutoff."""

FAR_S = 1800.0
"""At least so far do models of walks look; whoever is farther counts as if just so far."""


@dataclass(frozen=True)
class SitingSpec:
    """
    One siting question.

    ``cutoff_s`` None is the rule pack's norm of the type (else 900 s). ``type_codes`` names several types for
    the model "multi"; ``type_code`` is then its first. ``capacity`` is what one site can serve, in the unit
    of the weights.
    """

    type_code: str
    k: int = 3
    cutoff_s: float | None = None
    model: str = "mclp"
    kinds: tuple[str, ...] = ("premises",)
    weights: str = "people"
    circle_ids: tuple[str, ...] = ()
    spacing_m: float = 100.0
    near: bool = False
    budget_fen: int | None = None
    time_limit_s: float = 60.0
    seed: int = 0
    type_codes: tuple[str, ...] = ()
    needs: Path | None = None
    capacity: float | None = None
    strict: bool = False
    spaces: tuple[str, ...] = ()  # kinds of idle space, empty: all
    k_max: int | None = None  # how far the curve goes; None: at least 10 sites
    max_types_per_site: int = 3
    shared_area_share: float = 0.0


def check_spec(spec: SitingSpec) -> SitingSpec:
    """The question with its model's proper name; raises InputError where it cannot be asked so."""
    from dataclasses import replace

    model = ALIASES.get(spec.model, spec.model)
    if model not in MODELS:
        raise InputError("site.model.unknown", found=spec.model, expected="、".join(MODELS))
    if spec.k < 1:
        raise InputError("site.k", found=spec.k)
    if spec.cutoff_s is not None and not 1 <= spec.cutoff_s <= 7200:
        raise InputError("site.cutoff", found=f"{spec.cutoff_s:g}")
    if not 10 <= spec.spacing_m <= 2000:
        raise InputError("site.spacing", found=f"{spec.spacing_m:g}")
    if model == "budget" and spec.budget_fen is None:
        raise InputError("site.model.missing", found=model, needs="预算（--budget，万元）")
    if len(spec.type_codes) > 1 and model != "multi":
        if model != "mclp":
            raise InputError("site.model.one_type", found=model)
        model = "multi"  # several types and no word on the model
    return replace(spec, model=model)


def cutoff_of(base: Base, type_code: str, cutoff_s: float | None) -> float:
    """Longest walk that counts: as asked, else the rule pack's norm of the type or of its row, else 900 s."""
    if cutoff_s is not None:
        return float(cutoff_s)
    for i in base.types.with_parents(base.types.idx(type_code)):
        rule = base.rules.rule(base.types.types[i].code)
        if rule is not None and math.isfinite(rule.within_s):
            return float(rule.within_s)
    return 900.0


def search_s(spec: SitingSpec, cutoff_s: float) -> float:
    """How far the model looks."""
    return min(max(2 * cutoff_s, FAR_S), 7200.0) if spec.model in WALK_MODELS else cutoff_s


def problem_of(
    base: Base, spec: SitingSpec, candidates: Candidates, reach: Reach, demand: Demand, cutoff_s: float
) -> tuple[Any, list[str]]:
    """
    The model, and what has to be said of how it was filled.

    Raises
    ------
    InputError
        Nobody knows what one site can serve.
    """
    k = min(spec.k, len(candidates))
    weight, notes = demand.weight, list[str]()
    if spec.model == "lscp":
        must = _can_be_served(reach, cutoff_s) & (weight > 0)
        left = math.fsum(weight[~must])
        if left > 0:
            notes.append(message_of("site_words.must_left", {"people": words.count(left)}))
        return SetCover(reach, must, cutoff_s), notes
    if spec.model == "p_median":
        start = np.where(np.isnan(demand.nearest_s), np.inf, demand.nearest_s)
        return PMedian(reach, demand.everybody, k, reach.limit_s, start), notes
    if spec.model == "p_center":
        must = _can_be_served(reach, reach.limit_s) & (weight > 0)
        start = np.where(np.isnan(demand.nearest_s), np.inf, demand.nearest_s)
        return PCenter(reach, must, k, start), notes
    if spec.model == "capacitated":
        capacity, said = capacity_of(base, spec)
        return CapacitatedCover(reach, weight, cutoff_s, k, np.full(len(candidates), capacity)), said
    if spec.model == "budget":
        cost, said = costs_of(base, spec.type_code, candidates)
        return BudgetCover(reach, weight, cutoff_s, cost, int(spec.budget_fen or 0)), said
    if spec.model == "equity":
        group, total = _groups(base, demand.everybody)
        return FairCover(reach, weight, cutoff_s, k, group, total), notes
    return MaxCover(reach, weight, cutoff_s, k), notes


def _can_be_served(reach: Reach, cutoff_s: float) -> BoolArray:
    can = np.zeros(reach.n_demand, bool)
    can[reach.within(cutoff_s).demand_idx] = True
    return can


def _groups(base: Base, everybody: FloatArray) -> tuple[Any, FloatArray]:
    """Communities, or circles where no community is known, and how many of each count."""
    places, n = base.joined.places, len(base.joined.communities)
    group = places.community_idx if n else places.circle_idx
    n = n or len(base.joined.circles)
    inside = group >= 0
    total = np.bincount(group[inside], everybody[inside], minlength=n)
    return group, np.asarray(total, np.float64)


def capacity_of(base: Base, spec: SitingSpec) -> tuple[float, list[str]]:
    """What one site can serve: as asked, else from the outlets per 1,000 people usually seen (推定)."""
    if spec.capacity is not None:
        return float(spec.capacity), []
    type_idx = base.types.idx(spec.type_code)
    supply = {s.code: s.per_1000 for s in load_supply()}
    for i in base.types.with_parents(type_idx):
        if (per_1000 := supply.get(base.types.types[i].code, 0.0)) > 0:
            served = 1000.0 / per_1000
            return served, [message_of("site_words.capacity_rule", {"count": words.count(served)})]
    raise InputError("site.capacity", type=base.types.types[type_idx].label)


def costs_of(base: Base, type_code: str, candidates: Candidates) -> tuple[LongArray, list[str]]:
    """Costs in fen, the middle of the type's band where the list gives none (推定); never 0."""
    type_idx = base.types.idx(type_code)
    cost, unknown = candidates.cost_fen.copy(), candidates.cost_fen < 0
    for i in np.flatnonzero(unknown).tolist():
        cost[i] = function_cost_fen(base, type_idx, candidates.kind[i])
    notes = []
    if unknown.any():
        notes.append(message_of("site_words.cost_unknown", {"count": int(unknown.sum())}))
    if len(base.pack.premises) and (base.pack.premises.rent_fen == base.pack.premises.cost_fen).all() and (
        base.pack.premises.rent_fen >= 0
    ).any():  # fmt: skip
        notes.append(message_of("site_words.rent_as_cost", {}))
    return np.maximum(cost, 1), notes
