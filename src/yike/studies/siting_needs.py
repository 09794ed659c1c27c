"""Voices of residents (需求清单) as weights: spread over those of the area who are not reached."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np

from yike.core.tables import FloatArray, LongArray
from yike.errors import Fault, InputError, message_of
from yike.sources.names import match_name
from yike.sources.numbers import parse_number
from yike.sources.tabular import Table, read_table
from yike.standards.classify import classify
from yike.studies.base import Base

FIELDS = {"area": "生活圈（或社区）", "type": "业态", "votes": "票数"}


def voices_of(
    base: Base, type_idx: int, not_reached: FloatArray, needs: Path | None
) -> tuple[FloatArray, list[str]]:
    """
    Weight of each place in voices: those of its circle or community, by people who are not reached.

    Parameters
    ----------
    not_reached : shape (n_places,)
        People who do not reach the type yet.
    needs
        Table with 生活圈 or 社区, 业态 and 票数; rows of other types are passed over.

    Returns
    -------
    weight : shape (n_places,)
    notes : voices of areas where everybody is reached

    Raises
    ------
    InputError
        No list, no row of the type, or rows that cannot be used (all of them as faults).
    """
    if needs is None:
        raise InputError("site.needs.missing")
    table = read_table(needs, kind="needs")
    missing = [label for name, label in FIELDS.items() if not table.has(name)]
    if missing:
        raise InputError("site.needs.columns", file=table.file, found="、".join(missing))
    faults: list[Fault] = []
    weight, notes, n_rows = np.zeros(len(not_reached)), list[str](), 0
    for i in range(len(table)):
        if not _is_asked(base, type_idx, table.text("type")[i]):
            continue
        n_rows += 1
        rows, votes = _row(base, table, i, faults)
        here = not_reached[rows]
        total = math.fsum(here)
        if total > 0:
            weight[rows] += votes * here / total
        elif votes > 0:
            facts = {"area": table.text("area")[i], "votes": f"{votes:g}"}
            notes.append(message_of("site_words.needs_none_left", facts))
    if faults:
        raise InputError("site.needs.faults", tuple(faults), file=table.file, count=len(faults))
    if not n_rows:
        raise InputError("site.needs.none", type=base.types.types[type_idx].label)
    return weight, notes


def _is_asked(base: Base, type_idx: int, words: str) -> bool:
    """Voices for a sub-type ask for the type too: who wants 修鞋 wants 维修点."""
    match = classify(words, base.types)
    return match.type_idx >= 0 and type_idx in base.types.with_parents(match.type_idx)


def _row(base: Base, table: Table, i: int, faults: list[Fault]) -> tuple[LongArray, float]:
    """Places of the row's area, and its voices."""
    joined, area = base.joined, table.text("area")[i]
    number = parse_number(table.text("votes")[i])
    if number.how in ("bad", "blank") or number.value < 0:
        faults.append(table.fault("site.needs.votes", i, "votes", found=table.text("votes")[i]))
    circle = match_name(area, joined.circles.name, joined.circles.circle_id)
    community = match_name(area, joined.communities.name, joined.communities.community_id)
    if circle.idx >= 0:
        rows = np.flatnonzero(joined.places.circle_idx == circle.idx)
    elif community.idx >= 0:
        rows = np.flatnonzero(joined.places.community_idx == community.idx)
    else:
        near = "、".join((*circle.suggestions, *community.suggestions, *joined.circles.name)[:4])
        faults.append(table.fault("site.needs.area", i, "area", found=area, expected=near))
        rows = np.empty(0, np.int64)
    return rows, number.value if math.isfinite(number.value) else 0.0
