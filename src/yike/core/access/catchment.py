"""Floating catchments: supply shared among all who can walk to it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from yike.core.access.decay import DecayFunction
from yike.core.access.gravity import gravity_access
from yike.core.access.inputs import check_reach
from yike.core.access.pairs import place_of_pair
from yike.core.tables import BoolArray, FloatArray, IntArray, WalkTimes


@dataclass(frozen=True, eq=False)
class FloatingCatchment:
    """Capacity per head: at each outlet, and summed up at each place."""

    outlet_ratio: FloatArray  # shape (n_outlets,), NaN where the capacity is unknown or nobody comes
    access: FloatArray  # shape (n_places, n_types), capacity per head; NaN where not attached
    n_unknown: IntArray  # shape (n_types,): outlets left out because their capacity is unknown


def two_step_floating_catchment(
    times: WalkTimes,
    type_idx: IntArray,
    n_types: int,
    decay: DecayFunction,
    capacity: FloatArray,
    people: FloatArray,
    is_attached: BoolArray | None = None,
) -> FloatingCatchment:
    """
    Share each outlet's capacity among the people who can walk to it, then sum the shares at each place.

    ``R[j] = capacity[j] / sum over places k of people[k] * decay(walk[k, j])``, then
    ``A[i, t] = sum over outlets j of type t of R[j] * decay(walk[i, j])``. With ``Step`` this is 2SFCA, with
    ``Zones`` the enhanced one (E2SFCA), with ``Gaussian`` the Gaussian one.

    Parameters
    ----------
    times, type_idx, n_types, decay
        As in ``gravity_access``.
    capacity : shape (n_outlets,)
        Supply (seats, square metres, staff); NaN unknown: left out, and counted in ``n_unknown``.
    people : shape (n_places,)
        Demand; NaN unknown: adds no demand.
    is_attached : shape (n_places,)
        Places that are not attached get NaN; None: all are.

    Returns
    -------
    FloatingCatchment
        ``access`` is 0 where no outlet is reached, and NaN where only outlets of unknown ratio are; where
        some are known it is the sum of those, so at least that. Where no outlet of a type has a known
        capacity, its whole column is NaN.

    Raises
    ------
    CutoffBeyondSearchError
        The decay function reaches farther than the search.

    Notes
    -----
    What is handed out is what there is: people x access, summed over places, equals the capacity of all
    outlets that anybody reaches. Sources: Luo and Wang (2003), Luo and Qi (2009).
    """
    check_reach(decay.reach_s, times.limit_s)
    outlet_capacity = np.asarray(capacity, np.float64)
    types = np.asarray(type_idx)
    comes = decay(times.walk_s.astype(np.float64)) * np.nan_to_num(people)[place_of_pair(times)]
    demand = np.bincount(times.outlet_idx, comes, minlength=len(outlet_capacity))
    ratio = np.full(len(outlet_capacity), np.nan)
    np.divide(outlet_capacity, demand, out=ratio, where=demand > 0)
    is_unknown = np.isnan(outlet_capacity)
    shared = np.where(np.isnan(ratio), 0.0, ratio)
    access = gravity_access(times, types, n_types, decay, shared, is_attached)
    unsure = np.isnan(ratio)
    if unsure.any():
        reached = gravity_access(times, types, n_types, decay, unsure.astype(np.float64))
        access[(reached > 0) & (access == 0)] = np.nan
    n_all = np.bincount(types[types >= 0], minlength=n_types)
    n_unknown = np.bincount(types[is_unknown & (types >= 0)], minlength=n_types)
    access[:, (n_unknown > 0) & (n_unknown == n_all)] = np.nan
    return FloatingCatchment(ratio, access, n_unknown.astype(np.int32))
