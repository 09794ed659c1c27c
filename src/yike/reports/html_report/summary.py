"""The headline figures of the page, and the sentences on origin."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from yike.core.tables import BoolArray, Gaps, GapState, OutletStatus
from yike.reports.facts import ReportFacts

MANY_CIRCLES = 120
"""Beyond this many the page keeps short: asked types only, no themes, no rows behind indicators."""


def is_short(facts: ReportFacts) -> bool:
    """Whether the page leaves out what is for information only, to stay small."""
    return len(facts.circle_coverage.area_ids) > MANY_CIRCLES


@dataclass(frozen=True)
class Headline:
    """What the first line says."""

    n_circles: int
    people: float  # known residents, NaN when none is known
    n_gaps: int
    can_tell: bool  # some asked type of some circle could be judged at all
    n_types: int  # business types with a gap somewhere
    n_gap_circles: int
    people_affected: float  # residents beyond the norm of at least one type that their circle lacks
    n_outlets: int
    n_places: int
    n_unattached: int
    people_unattached: float
    n_people_unknown: int


def headline_of(facts: ReportFacts) -> Headline:
    """Count circles, people, gaps, and the residents whom at least one gap concerns."""
    people = facts.places.people
    is_gap = facts.gaps.state == GapState.GAP
    known = ~np.isnan(people)
    attached = facts.access.is_attached
    return Headline(
        n_circles=len(facts.circle_coverage.area_ids),
        people=float(people[known].sum()) if known.any() else float("nan"),
        n_gaps=int(is_gap.sum()),
        can_tell=bool(np.isin(facts.gaps.state, (GapState.GAP, GapState.MET)).any()),
        n_types=len(np.unique(facts.gaps.type_idx[is_gap])),
        n_gap_circles=len(np.unique(facts.gaps.circle_idx[is_gap])),
        people_affected=_people_in_gaps(facts.gaps, is_gap, people),
        n_outlets=int(facts.outlets.first_of_units(facts.outlets.status == OutletStatus.OPEN).sum()),
        n_places=len(facts.places),
        n_unattached=int((~attached).sum()),
        people_unattached=float(people[~attached & known].sum()),
        n_people_unknown=int((~known).sum()),
    )


def _people_in_gaps(gaps: Gaps, is_gap: BoolArray, people: np.ndarray) -> float:
    concerned = np.zeros(len(people), bool)
    for row in np.flatnonzero(is_gap):
        concerned[gaps.place_idx[gaps.place_ptr[row] : gaps.place_ptr[row + 1]]] = True
    return float(np.nansum(people[concerned])) if len(people) else float("nan")


def attribution_of(facts: ReportFacts) -> str:
    """The credit line of the map: every source's attribution once."""
    credits = [s.attribution or s.name for s in facts.provenance.sources]
    return " · ".join(dict.fromkeys(credits))
