"""Which business types an outlet counts for: its own, the wider ones it refines, and its services."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from yike.core.tables import IntArray, LongArray
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
