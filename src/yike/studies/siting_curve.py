"""What a run says on siting: for each type that somebody lacks, the best 1, 2, … K sites and their bounds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from yike.core.access.pairs import take_rows
from yike.core.siting.candidates import Candidates
from yike.core.siting.cover_plans import cover_plans
from yike.core.siting.options import SolveOptions
from yike.core.siting.problems import MaxCover
from yike.core.siting.reach import Reach, reach_of
from yike.core.siting.solve import solve
from yike.core.tables import Attachments, FloatArray, Gaps, GapState, IntArray, LongArray
from yike.standards.judging import load_siting_limits
from yike.studies.base import Base
from yike.studies.site_rating import warnings_of
from yike.studies.siting_offer import Offer, Offers, thinned
from yike.studies.watch import Watch

STAGE = "推荐选址"
NO_CLOCK = SolveOptions(time_limit_s=float("inf"), clock=lambda: 0.0)
"""Only work limits a search here, so that a run gives the same bytes on every machine."""

PROVEN = 1e-9
"""A plan within this share of its bound is the best: sums of people differ in their last digits."""


@dataclass(frozen=True, eq=False)
class _Lack:
    """Who does not reach a type yet."""

    type_idx: int
    column: int
    cutoff_s: float
    rows: LongArray  # places, ascending
    weight: FloatArray  # people (or 1 for each place) of ``rows``


def siting_of(base: Base, gaps: Gaps, watch: Watch) -> dict[str, Any]:
    """
    Sites for every type with gaps, worst type first.

    Parameters
    ----------
    gaps
        Of the same base; only types with a GAP row are sited: what nobody looked for is not lacking.

    Returns
    -------
    dict
        ``types`` (see ``docs/reference/outputs.md``, siting.json), ``left_out`` (types with gaps and no
        sites, with the reason), ``weights`` ("people" or "equal": places alike, 估算), ``limits``.
        Where nothing can be sited ``reason`` says why: "not_surveyed", "unknown" or "no_gaps".
    """
    limits = {code: v.value for code, v in load_siting_limits().items()}
    with watch.stage(STAGE) as count:
        wanted = _types_in_need(gaps)
        weight, weights = _weights(base)
        types, left_out = [], [_left(base, t, "types_max") for t in wanted[int(limits["types_max"]) :]]
        wanted = wanted[: int(limits["types_max"])]
        offers = Offers(base, limits["spacing_m"])
        for done, type_idx in enumerate(wanted):
            count(done, len(wanted))
            found = _site(offers, _lack(base, gaps, type_idx, weight), limits)
            (left_out.append(_left(base, type_idx, found)) if isinstance(found, str) else types.append(found))
    return {
        "types": types,
        "left_out": sorted(left_out, key=lambda x: int(x["type_idx"])),
        "reason": "" if wanted else _why_none(gaps),
        "weights": weights,
        "is_estimate": weights == "equal" or bool(base.joined.places.is_estimated.any()),
        "limits": limits,
    }


def _types_in_need(gaps: Gaps) -> list[int]:
    """Types with a gap somewhere, the type of the worst gap first."""
    rows = np.flatnonzero(gaps.state == GapState.GAP)
    rows = rows[np.argsort(gaps.rank[rows], kind="stable")]
    return list(dict.fromkeys(gaps.type_idx[rows].tolist()))


def _why_none(gaps: Gaps) -> str:
    """Why no type is in need; that somebody looked is what makes a zero."""
    if (gaps.state == GapState.MET).any():
        return "no_gaps"
    for state in (GapState.NOT_SURVEYED, GapState.DATA_MISSING):
        if (gaps.state == state).any():
            return "not_surveyed"
    return "unknown"


def _weights(base: Base) -> tuple[FloatArray, str]:
    """People of each place; one for each where nobody's number is known; 0 where it does not count."""
    people = base.joined.places.people
    is_known = bool((~np.isnan(people)).any())
    weight = np.nan_to_num(people, nan=0.0) if is_known else np.ones(len(people))
    return weight * base.access.is_attached, "people" if is_known else "equal"


def _lack(base: Base, gaps: Gaps, type_idx: int, weight: FloatArray) -> _Lack:
    column = base.access.column_of(type_idx)
    cutoff_s = float(gaps.norm_s[gaps.type_idx == type_idx][0])
    late = base.access.nearest_s[:, column] > cutoff_s
    rows = np.flatnonzero(late & (weight > 0))
    return _Lack(type_idx, column, cutoff_s, rows, weight[rows])


def _left(base: Base, type_idx: int, reason: str) -> dict[str, Any]:
    return {"type_idx": type_idx, "type_code": base.types.types[type_idx].code, "reason": reason}


def _site(offers: Offers, lack: _Lack, limits: dict[str, float]) -> dict[str, Any] | str:
    """Sites of one type, or the reason why there are none."""
    base = offers.base
    if not len(lack.rows):
        return "nobody"
    for kind in ("premises", "street_point"):
        offer = offers.of(lack.type_idx, kind)
        offer = thinned(
            offer, base.joined.places, lack.rows, lack.weight, lack.cutoff_s * base.profile.speed_m_s, limits
        )
        reach = _reach(base, lack, offer.found.attachments)
        useful = np.flatnonzero(np.diff(reach.ptr) > 0)
        if len(useful):
            return _told(base, lack, offer, useful, _rows_of(reach, useful), limits)
    return "no_candidates"


def _reach(base: Base, lack: _Lack, candidates: Attachments) -> Reach:
    """From every candidate to the homes that lack the type."""
    joined = base.joined
    homes = take_rows(joined.place_attachments, lack.rows)
    direct = joined.streets.direct(candidates, homes)
    return reach_of(
        joined.graph, candidates, homes, direct, lack.cutoff_s,
        max_memory_mb=base.spec.max_memory_mb, n_threads=base.spec.n_threads,
    )  # fmt: skip


def _rows_of(reach: Reach, rows: LongArray) -> Reach:
    """The reach of some candidates alone."""
    n = np.diff(reach.ptr)[rows]
    ptr = np.concatenate([[0], np.cumsum(n)]).astype(np.int64)
    pairs = np.repeat(reach.ptr[rows] - ptr[:-1], n) + np.arange(ptr[-1])
    return Reach(ptr, reach.demand_idx[pairs], reach.walk_s[pairs], reach.n_demand, reach.limit_s)


def _told(
    base: Base, lack: _Lack, offer: Offer, useful: LongArray, reach: Reach, limits: dict[str, float]
) -> dict[str, Any]:
    plans = _plans(reach, lack, int(limits["sites_max"]), int(limits["exact_up_to"]))
    used = sorted({j for plan in plans for j in plan["sites"]})
    at = {j: i for i, j in enumerate(used)}
    sites = [_site_row(base, lack, offer.found.candidates, int(useful[j]), reach, j) for j in used]
    for site, said in zip(sites, _warnings(base, lack, offer, useful[used]), strict=True):
        site["warnings"] = said
    for plan in plans:
        plan["sites"] = [at[j] for j in plan["sites"]]
        costs = [sites[i]["cost_fen"] for i in plan["sites"]]
        plan["cost_fen"] = None if None in costs else sum(costs)
    return {
        "type_idx": lack.type_idx,
        "type_code": base.types.types[lack.type_idx].code,
        "column": lack.column,
        "cutoff_s": lack.cutoff_s,
        "kind": offer.kind,
        "spacing_m": offer.spacing_m,
        "n_offered": offer.n_offered,
        "n_rejected": offer.n_rejected,
        "n_candidates": len(useful),
        "is_thinned": offer.is_thinned,
        "not_reached": float(lack.weight.sum()),
        "homes_not_reached": len(lack.rows),
        "sites": sites,
        "plans": plans,
        "has_costs": all(plan["cost_fen"] is not None for plan in plans),
    }


def _warnings(base: Base, lack: _Lack, offer: Offer, rows: LongArray) -> list[list[dict[str, str]]]:
    """What the site rules say against chosen candidates; glut is told on the circles' own cards."""
    at = take_rows(offer.found.attachments, rows)
    no_glut = np.zeros(len(base.joined.circles), bool)
    return warnings_of(base, lack.type_idx, offer.found.candidates, at, rows, no_glut)


def _site_row(
    base: Base, lack: _Lack, candidates: Candidates, row: int, reach: Reach, j: int
) -> dict[str, Any]:
    """One site that some plan uses, with the homes it could newly serve."""
    pairs = slice(int(reach.ptr[j]), int(reach.ptr[j + 1]))
    cost = int(candidates.cost_fen[row])
    return {
        "id": candidates.candidate_id[row],
        "name": candidates.name[row],
        "kind": candidates.kind[row],
        "premises_kind": base.pack.premises.kind[int(candidates.origin_idx[row])]
        if candidates.kind[row] == "premises"
        else "",
        "lon": float(candidates.lon[row]),
        "lat": float(candidates.lat[row]),
        "x_m": float(candidates.x_m[row]),
        "y_m": float(candidates.y_m[row]),
        "area_m2": float(candidates.area_m2[row]),
        "cost_fen": cost if cost >= 0 else None,
        "source_row": int(candidates.source_row[row]),
        "place_idx": lack.rows[reach.demand_idx[pairs]],
        "walk_s": np.ceil(reach.walk_s[pairs].astype(np.float64)).astype(np.int32),
    }


def _plans(reach: Reach, lack: _Lack, sites_max: int, exact_up_to: int) -> list[dict[str, Any]]:
    """The best plan for each number of sites, as far as one more site serves anybody."""
    if reach.n_candidates <= exact_up_to:
        found = [_exact(reach, lack, k) for k in range(1, min(sites_max, reach.n_candidates) + 1)]
    else:
        found = [
            _plan(p.sites, p.gained, p.bound)
            for p in cover_plans(reach, lack.weight, lack.cutoff_s, sites_max)
        ]
    plans: list[dict[str, Any]] = []
    for plan in found:
        if plans and plan["people"] <= plans[-1]["people"] * (1 + PROVEN):
            break
        plan["k"] = len(plan["sites"])
        plan["share"] = plan["people"] / float(lack.weight.sum())
        plan["status"] = "optimal" if plan["people"] >= plan["bound"] * (1 - PROVEN) else "bounded"
        plans.append(plan)
    return plans


def _exact(reach: Reach, lack: _Lack, k: int) -> dict[str, Any]:
    """The proven best k sites, in building order."""
    plan = solve(MaxCover(reach, lack.weight, lack.cutoff_s, k), NO_CLOCK)
    return _plan(plan.site_idx, plan.people_gained, max(plan.bound, plan.objective))


def _plan(sites: IntArray, gained: FloatArray, bound: float) -> dict[str, Any]:
    people = float(np.sum(gained))
    return {
        "sites": [int(j) for j in sites],
        "gained": [float(g) for g in gained],
        "people": people,
        "bound": max(float(bound), people),
    }
