"""What projects can be chosen from: candidates of several types, and the walks to the homes that lack."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from yike.core.access.pairs import take_rows
from yike.core.circle.coverage import within_time
from yike.core.network.compound import STREET_FRONT_M
from yike.core.siting.candidates import Candidates
from yike.core.siting.reach import Reach, reach_of
from yike.core.tables import BoolArray, FloatArray, Gaps, GapState, IntArray, LongArray
from yike.standards.judging import load_siting_limits
from yike.standards.project_policy import load_costs
from yike.standards.site_rules import load_site_rules
from yike.studies.base import Base
from yike.studies.siting_offer import Offers, thinned

_NO_MORE: Mapping[int, tuple[str, ...]] = {}


@dataclass(frozen=True)
class Wish:
    """One gap as a requirement: so many of a circle's people are to reach a type."""

    gap_row: int
    type_row: int  # of the ground
    circle: int
    share: float  # required
    reached: float  # people (or places) within the norm now
    total: float  # attached people (or places) of the circle

    @property
    def missing(self) -> float:
        """People to reach yet; a hair is taken off, so that 80 of 100 meets 0.8 after sums of floats."""
        return max(self.share * self.total - self.reached - 1e-9 * max(self.total, 1.0), 0.0)


@dataclass(frozen=True, eq=False)
class Ground:
    """Candidates, walks and people, over the homes of circles with gaps."""

    type_idx: IntArray  # shape (n_types,)
    cutoff_s: FloatArray
    candidates: Candidates
    is_allowed: BoolArray  # (n_types, n_candidates)
    reach: Reach  # candidate -> rows of ``place_idx``
    place_idx: LongArray  # places that lack one of the types, ascending
    circle_idx: IntArray  # circle of each of these places
    weight: FloatArray  # (n_types, n_rows) people (or 1) who lack the type, in any circle
    weights: str  # "people" | "equal"
    site_cost_fen: LongArray  # middle of the band, or what the list of premises says
    type_cost_fen: LongArray
    area_min_m2: FloatArray  # (n_types,) smallest room by the site rules, 0 none
    room_m2: FloatArray  # (n_candidates,) room of premises; NaN unknown or no matter, as for hosts
    wishes: tuple[Wish, ...]
    n_rejected: int
    reasons: tuple[tuple[str, ...], ...]  # per type: codes for which candidates were rejected, most first

    def pairs(self, candidate: int, type_row: int) -> tuple[IntArray, FloatArray]:
        """Rows within the type's cutoff of a candidate, and the seconds they walk."""
        at = slice(int(self.reach.ptr[candidate]), int(self.reach.ptr[candidate + 1]))
        near = self.reach.walk_s[at] <= self.cutoff_s[type_row]
        return self.reach.demand_idx[at][near], self.reach.walk_s[at][near].astype(np.float64)


def ground_of(
    base: Base,
    gaps: Gaps,
    rows: LongArray,
    kinds: tuple[str, ...],
    spacing_m: float,
    *,
    more: Mapping[int, tuple[str, ...]] = _NO_MORE,
    any_area: bool = False,
) -> Ground:
    """
    Gather the candidates of all types that the gap rows name, and search from them once.

    Parameters
    ----------
    rows
        Rows of ``gaps`` that projects are to answer.
    kinds
        Kinds of candidates for every type.
    more
        Further kinds for some types (rows of BusinessTypes).
    any_area
        Whether premises smaller than the site rules hold good (推定) may be chosen too.
    """
    type_idx = np.array(list(dict.fromkeys(gaps.type_idx[rows].tolist())), np.int32)
    weight_of_place, weights = people_of(base)
    lacking = np.stack([_lacking(base, gaps, rows, int(t), weight_of_place) for t in type_idx])
    place_idx = np.flatnonzero(lacking.any(axis=0))
    weight = lacking[:, place_idx]
    in_gap = np.stack([_in_gap(gaps, rows, int(t), len(weight_of_place)) for t in type_idx])[:, place_idx]
    cutoff_s = np.array([gaps.norm_s[gaps.type_idx == t][0] for t in type_idx], np.float64)
    offers = Offers(base, spacing_m)
    listed = [
        _listed(
            base,
            offers,
            int(t),
            (*kinds, *more.get(int(t), ())),
            weight[k] * in_gap[k],
            place_idx,
            float(cutoff_s[k]),
        )
        for k, t in enumerate(type_idx)
    ]
    candidates, is_allowed = _together([found for found, _ in listed])
    area_min = np.array([0.0 if any_area else _area_min(base, int(t)) for t in type_idx])
    room = np.where(np.array(candidates.kind, object) == "premises", candidates.area_m2, np.nan)
    too_small = is_allowed & (room[None, :] < area_min[:, None])
    is_allowed &= ~too_small
    reach = _reach(base, candidates, place_idx, float(cutoff_s.max()))
    costs = load_costs()
    return Ground(
        type_idx=type_idx,
        cutoff_s=cutoff_s,
        candidates=candidates,
        is_allowed=is_allowed,
        reach=reach,
        place_idx=place_idx,
        circle_idx=base.joined.places.circle_idx[place_idx],
        weight=weight,
        weights=weights,
        site_cost_fen=_site_costs(candidates),
        type_cost_fen=np.array(
            [costs.of_type(base.types.types[int(t)].code).middle_fen for t in type_idx], np.int64
        ),
        area_min_m2=area_min,
        room_m2=room.astype(np.float64),
        wishes=tuple(_wish(base, gaps, int(r), type_idx, weight_of_place) for r in rows),
        n_rejected=sum(len(codes) for _, codes in listed) + int(too_small.sum()),
        reasons=tuple(_most_first(codes) for _, codes in listed),
    )


def people_of(base: Base) -> tuple[FloatArray, str]:
    """People of each attached place; 1 for each where nobody's number is known."""
    people = base.joined.places.people
    is_known = bool((np.nan_to_num(people) > 0).any())
    weight = np.nan_to_num(people, nan=0.0) if is_known else np.ones(len(people))
    return weight * base.access.is_attached, "people" if is_known else "equal"


def _lacking(base: Base, gaps: Gaps, rows: LongArray, type_idx: int, weight: FloatArray) -> FloatArray:
    """Weight of the places beyond the norm, those of circles without a gap of the type too."""
    norm_s = float(gaps.norm_s[rows[gaps.type_idx[rows] == type_idx][0]])
    everywhere = np.arange(len(weight), dtype=np.int32)
    near = within_time(base.access, everywhere, base.access.column_of(type_idx), norm_s)
    return np.asarray(weight * ~near, np.float64)


def _in_gap(gaps: Gaps, rows: LongArray, type_idx: int, n_places: int) -> BoolArray:
    """Places without the type in those circles that have a gap of it: candidates are to serve them."""
    out = np.zeros(n_places, bool)
    for row in rows[gaps.type_idx[rows] == type_idx].tolist():
        out[unserved(gaps, row)] = True
    return out


def unserved(gaps: Gaps, row: int) -> IntArray:
    """Places of a gap that are beyond the norm."""
    return gaps.place_idx[gaps.place_ptr[row] : gaps.place_ptr[row + 1]]


def _listed(
    base: Base,
    offers: Offers,
    type_idx: int,
    kinds: tuple[str, ...],
    weight: FloatArray,
    place_idx: LongArray,
    cutoff_s: float,
) -> tuple[list[Candidates], list[str]]:
    """Candidates of one type with somebody in need around, and why others were rejected."""
    limits = {name: v.value for name, v in load_siting_limits().items()}
    rows = np.flatnonzero(weight > 0)
    radius_m = cutoff_s * base.profile.speed_m_s
    found, codes = [], []
    for kind in kinds:
        offer = offers.of(type_idx, kind)
        codes += [r.code for r in offer.found.rejected]
        if len(offer.found):
            kept = thinned(offer, base.joined.places, place_idx[rows], weight[rows], radius_m, limits)
            found.append(kept.found.candidates)
    return found, codes


def _area_min(base: Base, type_idx: int) -> float:
    least = load_site_rules().rule(base.types, type_idx).area_min_m2
    return least.value if least else 0.0


def _most_first(codes: list[str]) -> tuple[str, ...]:
    return tuple(sorted(set(codes), key=lambda c: (-codes.count(c), c)))


def _together(listed: list[list[Candidates]]) -> tuple[Candidates, BoolArray]:
    """Every candidate once, and which type may go where."""
    at: dict[tuple[str, str], int] = {}
    first: list[tuple[Candidates, int]] = []
    pairs: list[tuple[int, int]] = []
    for t, tables in enumerate(listed):
        for table in tables:
            for i, key in enumerate(zip(table.kind, table.candidate_id, strict=True)):
                if key not in at:
                    at[key] = len(first)
                    first.append((table, i))
                pairs.append((t, at[key]))
    is_allowed = np.zeros((len(listed), len(first)), bool)
    for t, j in pairs:
        is_allowed[t, j] = True
    return _gathered(first), is_allowed


def _gathered(rows: list[tuple[Candidates, int]]) -> Candidates:
    def column(name: str) -> tuple[object, ...]:
        return tuple(getattr(table, name)[i] for table, i in rows)

    texts = {n: column(n) for n in ("candidate_id", "name", "kind", "allowed_types")}
    floats = {n: np.array(column(n), np.float64) for n in ("lon", "lat", "x_m", "y_m", "area_m2")}
    whole = {n: np.array(column(n), np.int32) for n in ("origin_idx", "source_row")}
    cost = np.array(column("cost_fen"), np.int64)
    return Candidates(**texts, **floats, **whole, cost_fen=cost)  # type: ignore[arg-type]


def _reach(base: Base, candidates: Candidates, place_idx: LongArray, limit_s: float) -> Reach:
    joined = base.joined
    at = joined.streets.attach(candidates.x_m, candidates.y_m, STREET_FRONT_M)
    homes = take_rows(joined.place_attachments, place_idx)
    direct = joined.streets.direct(at, homes)
    return reach_of(
        joined.graph, at, homes, direct, limit_s,
        max_memory_mb=base.spec.max_memory_mb, n_threads=base.spec.n_threads,
    )  # fmt: skip


def _site_costs(candidates: Candidates) -> LongArray:
    costs = load_costs()
    band = [costs.of_site(kind).middle_fen for kind in candidates.kind]
    known = (candidates.cost_fen >= 0) & (np.array(candidates.kind, object) == "premises")
    return np.where(known, candidates.cost_fen, np.array(band, np.int64)).astype(np.int64)


def _wish(base: Base, gaps: Gaps, row: int, type_idx: IntArray, weight: FloatArray) -> Wish:
    circle = int(gaps.circle_idx[row])
    mine = (base.joined.places.circle_idx == circle) & base.access.is_attached
    total = math.fsum(weight[mine])
    return Wish(
        gap_row=row,
        type_row=int(np.flatnonzero(type_idx == gaps.type_idx[row])[0]),
        circle=circle,
        share=float(gaps.share_required[row]),
        reached=total - math.fsum(weight[unserved(gaps, row)]),
        total=total,
    )


def gap_rows(gaps: Gaps, type_idx: tuple[int, ...] = ()) -> LongArray:
    """Rows of real gaps, the worst first; of some types only when any are named."""
    rows = np.flatnonzero(gaps.state == GapState.GAP)
    if type_idx:
        rows = rows[np.isin(gaps.type_idx[rows], type_idx)]
    return np.asarray(rows[np.argsort(gaps.rank[rows], kind="stable")], np.int64)
