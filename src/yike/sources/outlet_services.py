"""Which business types an outlet counts for: its own, the wider ones it refines, and its services."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from yike.core.tables import IntArray, LongArray
from yike.standards.osm_tags import add_by_hours, hours_rules
from yike.standards.types import BusinessTypes


def pack_services(
    types: BusinessTypes, type_idx: Sequence[int], services: Sequence[Sequence[int]]
) -> tuple[LongArray, IntArray]:
    """
    CSR of every type each outlet serves.

    Parameters
    ----------
    types
        The catalogue; a shoe repair (修鞋) is a repair (维修点) too.
    type_idx : length n
        Main type, -1 unmatched.
    services : length n
        Further types of each outlet.

    Returns
    -------
    Pointer of shape (n + 1,) and the types, ascending, without repeats.
    """
    family = [types.with_parents(t) for t in range(len(types))]
    rows = [
        sorted({t for own in (main, *more) if own >= 0 for t in family[own]})
        for main, more in zip(type_idx, services, strict=True)
    ]
    ptr = np.zeros(len(rows) + 1, np.int64)
    np.cumsum([len(r) for r in rows], out=ptr[1:])
    return ptr, np.array([t for r in rows for t in r], np.int32)


def add_early(
    types: BusinessTypes, ptr: LongArray, service_types: IntArray, is_early: Sequence[bool]
) -> tuple[LongArray, IntArray, int]:
    """
    Let dining places that open before 08:00 serve breakfast too, by the catalogue's ``early_hours_of``.

    Parameters
    ----------
    ptr, service_types
        From ``pack_services``.
    is_early : length n
        Whether each outlet is known to open before 08:00.

    Returns
    -------
    The same two arrays with the added types, and the number of outlets that got one.
    """
    rules, ends = hours_rules(types), ptr.tolist()
    rows = [tuple(service_types[ends[i] : ends[i + 1]].tolist()) for i in range(len(ends) - 1)]
    more = [add_by_hours(row, rules, early) for row, early in zip(rows, is_early, strict=True)]
    added = sum(len(m) > len(r) for m, r in zip(more, rows, strict=True))
    none = [-1] * len(rows)
    return (*pack_services(types, none, more), added)


def without_early(types: BusinessTypes) -> BusinessTypes:
    """The catalogue without that rule, for packs that switch it off."""
    return replace(types, types=tuple(replace(t, early_hours_of=()) for t in types))
