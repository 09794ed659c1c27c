"""Who gains by each project when those before it stand: people, minutes, communities, age bands."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from yike.core.tables import BoolArray, FloatArray, Gaps, IntArray, LongArray
from yike.reports.project_facts import CommunityGain, TypeGain
from yike.standards.documents import source_words
from yike.standards.loader import AGE_LABELS
from yike.studies.base import Base
from yike.studies.project_ground import Ground

MOST_NAMED = 3
"""Places named for each community."""


@dataclass(frozen=True, eq=False)
class SiteChoice:
    """One site with its types, as rows of the ground."""

    site: int
    type_rows: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Gained:
    """What the sites do, one after the other, and who is covered in the end."""

    gains: tuple[tuple[TypeGain, ...], ...]  # per site, in building order
    covered: BoolArray  # (n_types, n_rows)


def in_order(sites: Sequence[int], type_rows: Sequence[int]) -> list[SiteChoice]:
    """(site, type) pairs gathered by site, sites in the order of their first pair."""
    found: dict[int, list[int]] = {}
    for site, row in zip(sites, type_rows, strict=True):
        found.setdefault(site, []).append(row)
    return [SiteChoice(site, tuple(rows)) for site, rows in found.items()]


def gains_of(base: Base, gaps: Gaps, ground: Ground, order: Sequence[SiteChoice]) -> Gained:
    """Go through the sites in order; a home counts for the first that brings it the type."""
    covered = np.zeros((len(ground.type_idx), len(ground.place_idx)), bool)
    gains = []
    for choice in order:
        of_site = []
        for row in choice.type_rows:
            near, walk_s = ground.pairs(choice.site, row)
            new = (ground.weight[row][near] > 0) & ~covered[row][near]
            covered[row][near] = True
            of_site.append(_type_gain(base, gaps, ground, row, near[new], walk_s[new]))
        gains.append(tuple(of_site))
    return Gained(tuple(gains), covered)


def _type_gain(
    base: Base, gaps: Gaps, ground: Ground, row: int, rows: IntArray, walk_s: FloatArray
) -> TypeGain:
    kind = base.types.types[int(ground.type_idx[row])]
    places, weight = ground.place_idx[rows], ground.weight[row][rows]
    before = base.access.nearest_s[places, base.access.column_of(int(ground.type_idx[row]))].astype(float)
    reached = np.isfinite(before)
    capped = np.where(reached, before, base.access.limit_s)
    rule = base.rules.rule(kind.code)
    circles = set(ground.circle_idx[rows].tolist())
    return TypeGain(
        type_code=kind.code,
        type_label=kind.label,
        form_row=kind.form_row,
        norm_s=float(ground.cutoff_s[row]),
        people=math.fsum(weight) if ground.weights == "people" else math.nan,
        places=len(rows),
        bands=_bands(base, places),
        before_s=_mean(before[reached], weight[reached]),
        out_of_reach=math.fsum(weight[~reached]),
        after_s=_mean(walk_s, weight),
        person_minutes=math.fsum(weight * (capped - walk_s)) / 60.0,
        communities=_communities(base, places, weight, ground.weights),
        clause=source_words(rule.within_source, base.rules.documents) if rule else "",
        gap_rows=tuple(w.gap_row for w in ground.wishes if w.type_row == row and w.circle in circles),
    )


def _mean(values: FloatArray, weight: FloatArray) -> float:
    total = math.fsum(weight)
    return math.fsum(values * weight) / total if total > 0 else math.nan


def _bands(base: Base, places: LongArray) -> dict[str, float]:
    """People by age band among these places; bands that nobody knows are left out."""
    people = base.joined.places.people_by_band[places]
    sums = {
        AGE_LABELS.get(band, band): math.fsum(np.nan_to_num(people[:, k]))
        for k, band in enumerate(base.joined.places.bands)
    }
    return {label: n for label, n in sums.items() if n > 0}


def _communities(
    base: Base, places: LongArray, weight: FloatArray, weights: str
) -> tuple[CommunityGain, ...]:
    """Communities with people newly served, those with most first."""
    table, names = base.joined.places, base.joined.communities.name
    of_place = table.community_idx[places]
    found = []
    for community in np.unique(of_place).tolist():
        mine = of_place == community
        people = math.fsum(weight[mine])
        first = places[mine][np.argsort(-weight[mine], kind="stable")]
        circle = int(table.circle_idx[first[0]])
        found.append((
            -people,
            community,
            CommunityGain(
                community=names[community] if community >= 0 else "",
                circle=base.joined.circles.name[circle] if circle >= 0 else "",
                people=people if weights == "people" else math.nan,
                places=int(mine.sum()),
                named=tuple(table.name[p] or table.place_id[p] for p in first[:MOST_NAMED].tolist()),
            ),
        ))  # fmt: skip
    return tuple(row for _, _, row in sorted(found, key=lambda f: f[:2]))
