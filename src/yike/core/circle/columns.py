"""Which access columns an outlet serves: sub-types fold into the row of the form they belong to."""

from __future__ import annotations

import numpy as np

from yike.core.tables import IntArray, LongArray, Outlets


def fold_services(
    service_ptr: LongArray, service_type_idx: IntArray, parent_idx: IntArray, type_rows: IntArray
) -> tuple[LongArray, IntArray]:
    """
    Columns each outlet serves, as CSR: of each of its types and of each of their parents.

    A shoe repairer serves the column "shoe repair", if there is one, and the column "repair". Nothing is
    counted twice: a column appears once per outlet, in ascending order.

    Parameters
    ----------
    service_ptr : shape (n_outlets + 1,)
    service_type_idx
        Types served, as in ``Outlets``; -1 is passed over.
    parent_idx : shape (n_business_types,)
        Type that each type refines, -1 none.
    type_rows : shape (n_cols,)
        Business type of each access column.

    Returns
    -------
    ptr : shape (n_outlets + 1,)
    col : column numbers
    """
    n_outlets = len(service_ptr) - 1
    column = np.full(len(parent_idx) + 1, -1, np.int64)  # the last entry answers index -1
    column[type_rows] = np.arange(len(type_rows))
    outlet = np.repeat(np.arange(n_outlets), np.diff(service_ptr))
    kind = service_type_idx.astype(np.int64)
    pairs: list[np.ndarray] = []
    while len(kind):
        known = column[kind] >= 0
        pairs.append(outlet[known] * len(type_rows) + column[kind[known]])
        has_parent = (kind >= 0) & (parent_idx[kind] >= 0)
        outlet, kind = outlet[has_parent], parent_idx[kind[has_parent]].astype(np.int64)
    key = np.unique(np.concatenate(pairs)) if pairs and len(type_rows) else np.empty(0, np.int64)
    n_cols = max(len(type_rows), 1)
    counts = np.bincount(key // n_cols, minlength=n_outlets)
    ptr = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    return ptr, (key % n_cols).astype(np.int32)


def plain_services(outlets: Outlets, type_rows: IntArray) -> tuple[LongArray, IntArray]:
    """Columns each outlet serves when no type refines another."""
    n_types = max(int(outlets.service_type_idx.max(initial=-1)), int(type_rows.max(initial=-1))) + 1
    orphans = np.full(n_types, -1, np.int32)
    return fold_services(outlets.service_ptr, outlets.service_type_idx, orphans, type_rows)
