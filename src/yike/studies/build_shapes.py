"""In which shape each circle of a project list would be built (B43); suggestions for people to confirm."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from yike.core.tables import OutletStatus
from yike.reports import words
from yike.reports.project_facts import CircleShape
from yike.standards.build_shapes import load_shapes
from yike.standards.documents import source_words
from yike.studies.base import Base
from yike.studies.policy import services_of
from yike.studies.project_lines import Line, main_circle

MARKET = "food_market"


def shapes_of(base: Base, lines: Sequence[Line]) -> tuple[CircleShape, ...]:
    """
    The shape of every circle that gets a project, in the order of the circles.

    A circle that fits several shapes is mixed; one that fits none, or of whose communities nobody said
    whether they are new, stays without a suggestion.
    """
    mine: dict[str, list[Line]] = {}
    for line in lines:
        mine.setdefault(main_circle(line.gains), []).append(line)
    circles = base.joined.circles
    return tuple(_shape(base, c, mine[name]) for c, name in enumerate(circles.name) if name in mine)


def _shape(base: Base, circle: int, lines: Sequence[Line]) -> CircleShape:
    policy = load_shapes()
    values = _values(base, circle, lines)
    fits = [s for s in policy.shapes if values[s.measure] >= s.at_least]  # unknown (NaN) never fits
    why = "，".join(s.why.format(share=words.share(values[s.measure])) for s in fits)
    best = policy.mixed if len(fits) > 1 else fits[0] if fits else None
    return CircleShape(
        circle_id=base.joined.circles.circle_id[circle],
        circle=base.joined.circles.name[circle],
        code=best.code if best else "",
        label=best.label if best else "",
        why=why,
        clause=source_words(best.source, base.rules.documents) if best else "",
        projects=tuple(line.project_id for line in lines),
    )


def _values(base: Base, circle: int, lines: Sequence[Line]) -> dict[str, float]:
    communities = base.joined.communities
    kinds = [communities.kind[m] for m in np.flatnonzero(communities.circle_idx == circle)]
    known = [k for k in kinds if k]
    new = sum(k == "new" for k in known) / len(known) if known else math.nan
    return {
        "new_communities_share": new,
        "old_communities_with_market_share": (1.0 - new) if _has_market(base, circle) else 0.0,
        "premises_projects_share": sum(x.mode.sites[0] == "premises" for x in lines) / len(lines),
    }


def _has_market(base: Base, circle: int) -> bool:
    outlets = base.joined.outlets
    rows = np.array([base.types.idx(MARKET)], np.int32)
    serves = np.diff(services_of(outlets, base.types, rows)[0]) > 0
    return bool((serves & (outlets.status == OutletStatus.OPEN) & (outlets.circle_idx == circle)).any())
