"""What is left of a set covering problem when all that needs no search is decided."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from yike.core.siting import _set_cover_kernels as kernels
from yike.core.siting.sets import CoverSets, dominated, take_sets, turned
from yike.core.tables import BoolArray, FloatArray, IntArray


@dataclass(frozen=True, eq=False)
class CoverPart:
    """An independent part: its rows share no candidate with any other part."""

    sets: CoverSets
    cost: FloatArray  # shape (n_candidates,)
    candidate_idx: IntArray  # rows of the sets that were reduced


@dataclass(frozen=True, eq=False)
class ReducedCover:
    """Sites that every best cover may hold, and what is left."""

    essential: IntArray  # rows of the sets that were reduced
    cost_of_essential: float
    parts: tuple[CoverPart, ...]


def reduce_cover(sets: CoverSets, cost: FloatArray) -> ReducedCover:
    """
    Decide what needs no search, over and over until nothing changes.

    A row with one candidate takes it; a row whose candidates include all those of another is covered with
    it; a candidate whose rows another one covers at no greater cost is left out (Toregas and ReVelle 1973).
    """
    live_row = np.ones(sets.n_rows, bool)
    live_cand = np.ones(sets.n_candidates, bool)
    essential: list[int] = []
    while True:
        part, cands = _live(sets, live_row, live_cand)
        before = live_row.sum() + live_cand.sum()
        implied = np.zeros(part.n_rows, bool)
        kernels.mark_implied(part.ptr, part.rows, part.row_ptr, part.cands, implied)
        live_row[np.flatnonzero(live_row)[implied]] = False
        part, cands = _live(sets, live_row, live_cand)
        live_cand[cands[dominated(part, cost[cands])]] = False
        part, cands = _live(sets, live_row, live_cand)
        alone = np.flatnonzero(np.diff(part.row_ptr) == 1)
        for j in cands[np.unique(part.cands[part.row_ptr[alone]])]:
            essential.append(int(j))
            live_cand[j] = False
            live_row[sets.rows[sets.ptr[j] : sets.ptr[j + 1]]] = False
        if live_row.sum() + live_cand.sum() == before:
            break
    taken = np.array(sorted(essential), np.int32)
    return ReducedCover(taken, float(cost[taken].sum()), _parts(part, cost[cands], cands))


def _live(sets: CoverSets, live_row: BoolArray, live_cand: BoolArray) -> tuple[CoverSets, IntArray]:
    """The sets of live rows and candidates, renumbered, and which candidates those are."""
    cands = np.flatnonzero(live_cand).astype(np.int32)
    ptr, rows = take_sets(sets.ptr, sets.rows, cands)
    new_row = np.where(live_row, np.cumsum(live_row) - 1, -1).astype(np.int32)
    keep = live_row[rows]
    ptr = np.concatenate([[0], np.cumsum(keep)])[ptr]
    rows = new_row[rows[keep]]
    n = int(live_row.sum())
    none = np.empty(0, np.int32)
    return CoverSets(ptr, rows, *turned(ptr, rows, n), np.ones(n), none, none), cands


def _parts(sets: CoverSets, cost: FloatArray, cands: IntArray) -> tuple[CoverPart, ...]:
    m, n = sets.n_candidates, sets.n_rows
    if not n:
        return ()
    of = np.repeat(np.arange(m), np.diff(sets.ptr))
    links = csr_array((np.ones(len(of), np.int8), (of, m + sets.rows)), (m + n, m + n))
    label = connected_components(links, directed=False)[1]
    parts = []
    for one in np.unique(label[m:]):
        is_cand, is_row = label[:m] == one, label[m:] == one
        part, mine = _live(sets, is_row, is_cand)
        parts.append(CoverPart(part, cost[mine], cands[mine]))
    return tuple(parts)
