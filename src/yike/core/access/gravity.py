"""Gravity access: all outlets count, the near ones more."""

from __future__ import annotations

import numpy as np

from yike.core.access.decay import DecayFunction
from yike.core.access.inputs import check_reach
from yike.core.access.pairs import place_of_pair, unknown_where_unattached
from yike.core.tables import BoolArray, FloatArray, IntArray, WalkTimes


def gravity_access(
    times: WalkTimes,
    type_idx: IntArray,
    n_types: int,
    decay: DecayFunction,
    weight: FloatArray | None = None,
    is_attached: BoolArray | None = None,
) -> FloatArray:
    """
    Sum the weights of the outlets of each type, faded by the walk to them.

    ``A[i, t] = sum over outlets j of type t of weight[j] * decay(walk[i, j])``.

    Parameters
    ----------
    times
        Walking times, place to outlet; pairs beyond the search limit are absent.
    type_idx : shape (n_outlets,)
        Business type of each outlet, 0 .. n_types - 1; -1 counts nowhere.
    decay
        Weight of a walk; its reach must lie within the search.
    weight : shape (n_outlets,)
        What each outlet is worth (floor area, capacity); None: 1 each. An unknown (NaN) weight makes the
        sums of the places that reach it unknown.
    is_attached : shape (n_places,)
        Places that are not attached get NaN; None: all are.

    Returns
    -------
    shape (n_places, n_types), float64
        0 where nothing is reached.

    Raises
    ------
    CutoffBeyondSearchError
        The decay function reaches farther than the search.

    Notes
    -----
    Adding an outlet never lowers a sum. Time O(n_pairs). Source: Hansen (1959).
    """
    check_reach(decay.reach_s, times.limit_s)
    row, col = place_of_pair(times), np.asarray(type_idx)[times.outlet_idx]
    worth = decay(times.walk_s.astype(np.float64))
    if weight is not None:
        worth = np.where(worth > 0, worth * np.asarray(weight, np.float64)[times.outlet_idx], 0.0)
    known = col >= 0
    n_places = len(times.ptr) - 1
    flat = np.bincount(row[known] * n_types + col[known], worth[known], minlength=n_places * n_types)
    return unknown_where_unattached(flat.reshape(n_places, n_types), is_attached)
