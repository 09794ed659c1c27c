"""True walks for the options of gaps: from idle premises, and from spots where something new could stand."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np

from yike.core.access.pairs import take_rows
from yike.core.access.times import walk_times
from yike.core.network.compound import STREET_FRONT_M
from yike.core.tables import Attachments, BoolArray, IntArray, LongArray, Premises, WalkTimes
from yike.errors import StudyError
from yike.standards.site_rules import load_site_rules
from yike.standards.types import BusinessTypes, RulePack
from yike.studies.streets import Joined
from yike.studies.study import StudySpec


def longest_norm_s(rules: RulePack) -> float:
    """The longest walk that the rule pack asks for."""
    return max((r.within_s for r in rules.types if math.isfinite(r.within_s)), default=900.0)


def premises_walks(premises: Premises, joined: Joined, rules: RulePack, spec: StudySpec) -> WalkTimes | None:
    """Walks from premises to homes, None without premises or where the pairs do not fit the memory."""
    if not len(premises):
        return None
    at = joined.streets.attach(premises.x_m, premises.y_m, STREET_FRONT_M)
    return _to_homes(at, joined, longest_norm_s(rules), spec)


def spot_walks(joined: Joined, rules: RulePack, spec: StudySpec) -> Callable[[LongArray], WalkTimes | None]:
    """A search from some homes to all others; its answer is None where the pairs do not fit the memory."""

    def search(rows: LongArray) -> WalkTimes | None:
        return _to_homes(take_rows(joined.place_attachments, rows), joined, longest_norm_s(rules), spec)

    return search


def _to_homes(at: Attachments, joined: Joined, limit_s: float, spec: StudySpec) -> WalkTimes | None:
    homes = joined.place_attachments
    try:
        return walk_times(
            joined.graph, at, homes, joined.streets.direct(at, homes), limit_s, is_open=homes.is_attached,
            max_memory_mb=spec.max_memory_mb, n_threads=spec.n_threads,
        )  # fmt: skip
    except StudyError:
        return None  # too many pairs: the options fall back to straight lines, and say so


def premises_may(premises: Premises, types: BusinessTypes, type_rows: IntArray) -> BoolArray:
    """Which premises can be had for which types: idle, and allowed, shape (n_premises, n_types)."""
    table = np.array([allowed_for(premises.allowed_types, types, int(t)) for t in type_rows], bool)
    return table.reshape(len(type_rows), len(premises)).T & idle_ones(premises)[:, None]


def idle_ones(premises: Premises) -> BoolArray:
    """Premises that stand idle, as far as the list says."""
    rules = load_site_rules()
    return np.array([rules.is_idle(words) for words in premises.state], bool)


def allowed_for(allowed_types: Sequence[tuple[str, ...]], types: BusinessTypes, type_idx: int) -> BoolArray:
    """
    Rooms that may take a type, by the codes that each allows (none: any).

    A room for a shoe repairer takes 维修点, for a shoe repairer is one, and a room for 维修点 takes him too.
    """
    at = {t.code: i for i, t in enumerate(types)}
    line = set(types.with_parents(type_idx))
    fits = {t.code for t in types if at[t.code] in line or type_idx in types.with_parents(at[t.code])}
    return np.array([not allowed or bool(fits & set(allowed)) for allowed in allowed_types], bool)
