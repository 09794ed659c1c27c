"""Which communities or circles are ready to be pilots (B27): measures of readiness as ranges."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from yike.core.access.access import compute_access
from yike.core.access.pairs import take_rows
from yike.core.circle.presence import Presence
from yike.core.circle.shares import AreaShares
from yike.core.network.compound import STREET_FRONT_M
from yike.core.tables import BoolArray, Coverage, FloatArray, IntArray, Tri
from yike.reports.facts import ReportFacts
from yike.studies.base import Base
from yike.studies.option_walks import idle_ones
from yike.studies.policy import counted_outlets

Span = tuple[FloatArray, FloatArray]
"""Smallest and largest value of each area."""


@dataclass(frozen=True, eq=False)
class Areas:
    """Communities or circles side by side."""

    base: Base
    facts: ReportFacts
    ids: tuple[str, ...]
    names: tuple[str, ...]
    coverage: Coverage
    presence: Presence
    of_place: IntArray
    of_outlet: IntArray

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def asked(self) -> BoolArray:
        """Access columns of the types that the rule pack requires."""
        needed = {r.code for r in self.facts.rules.types if r.is_required}
        codes = [self.facts.types.types[int(i)].code for i in self.facts.access.type_rows]
        return np.array([code in needed for code in codes], bool)

    @property
    def share_required(self) -> FloatArray:
        """Share of residents that each column asks for, NaN where the rule pack does not name it."""
        rules, types = self.facts.rules, self.facts.types
        found = [rules.rule(types.types[int(i)].code) for i in self.facts.access.type_rows]
        return np.array([np.nan if r is None else r.share for r in found])


def areas_of(base: Base, facts: ReportFacts, of: str) -> Areas:
    """All communities (``"communities"``) or circles (``"circles"``) of a judged base."""
    if of == "circles":
        c = facts.circles
        return Areas(base, facts, c.circle_id, c.name, facts.circle_coverage,
                     facts.extras["circle_presence"], facts.places.circle_idx,
                     facts.outlets.circle_idx)  # fmt: skip
    m = facts.communities
    return Areas(base, facts, m.community_id, m.name, facts.community_coverage,
                 facts.extras["community_presence"], facts.places.community_idx,
                 facts.outlets.community_idx)  # fmt: skip


def spans_of(areas: Areas, measure: str, params: Mapping[str, float]) -> Span:
    """The values of one measure, each between what is certain and what is possible."""
    return _MEASURES[measure](areas, params)


def _required_types(areas: Areas, _: Mapping[str, float]) -> Span:
    present = areas.presence.is_present[:, areas.asked]
    n = max(present.shape[1], 1)
    yes, maybe = (present == Tri.YES).sum(axis=1), (present == Tri.UNKNOWN).sum(axis=1)
    return yes / n, (yes + maybe) / n


def _mean_reached(areas: Areas, _: Mapping[str, float]) -> Span:
    share = areas.coverage.share_in_norm[:, areas.asked]
    return _mean(np.nan_to_num(share, nan=0.0)), _mean(np.nan_to_num(share, nan=1.0))


def _mean_shortfall(areas: Areas, _: Mapping[str, float]) -> Span:
    wanted = areas.share_required[areas.asked]
    missing = np.maximum(wanted - areas.coverage.share_in_norm[:, areas.asked], 0.0)
    return _mean(np.nan_to_num(missing, nan=0.0)), _mean(np.where(np.isnan(missing), wanted, missing))


def _mean(table: FloatArray) -> FloatArray:
    return table.mean(axis=1) if table.shape[1] else np.zeros(len(table))


def _people(areas: Areas, _: Mapping[str, float]) -> Span:
    people = areas.coverage.people
    return np.where(np.isnan(people), -np.inf, people), np.where(np.isnan(people), np.inf, people)


def _chain(areas: Areas, _: Mapping[str, float]) -> Span:
    outlets, n = areas.facts.outlets, len(areas)
    here = counted_outlets(outlets, areas.facts.types) & (areas.of_outlet >= 0)
    here &= outlets.first_of_units(here, areas.of_outlet)

    def count(which: BoolArray) -> IntArray:
        return np.bincount(areas.of_outlet[which], minlength=n).astype(np.int32)

    whole, yes = count(here), count(here & (outlets.is_chain == Tri.YES))
    maybe = count(here & (outlets.is_chain == Tri.UNKNOWN))
    scale = np.maximum(whole, 1)
    return yes / scale, np.where(whole > 0, (yes + maybe) / scale, 1.0)


def _near_premises(areas: Areas, params: Mapping[str, float]) -> Span:
    base, premises = areas.base, areas.base.pack.premises
    n, within_s = len(areas), params.get("within_s", 600.0)
    if not len(premises):
        return np.zeros(n), np.ones(n)
    rows = np.flatnonzero(idle_ones(premises))
    joined = base.joined
    at = take_rows(joined.streets.attach(premises.x_m, premises.y_m, STREET_FRONT_M), rows)
    homes, k = joined.place_attachments, len(rows)
    walks = compute_access(
        joined.graph, homes, at, joined.streets.direct(homes, at),
        np.arange(k + 1, dtype=np.int64), np.zeros(k, np.int32), 1,
        type_rows=np.zeros(1, np.int32), is_open=np.ones(k, bool), cutoffs_s=(within_s,), limit_s=within_s,
        max_memory_mb=base.spec.max_memory_mb, n_threads=base.spec.n_threads,
    )  # fmt: skip
    near = walks.nearest_s[:, :1] <= within_s
    share = AreaShares(joined.places, homes.is_attached, areas.of_place, n).of(near)[:, 0]
    return np.nan_to_num(share, nan=0.0), np.nan_to_num(share, nan=1.0)


_MEASURES: dict[str, Callable[[Areas, Mapping[str, float]], Span]] = {
    "required_types_share": _required_types,
    "mean_reached_share": _mean_reached,
    "mean_shortfall_share": _mean_shortfall,
    "people": _people,
    "chain_share": _chain,
    "near_premises_share": _near_premises,
}
