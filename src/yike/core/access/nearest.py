"""The nearest outlets of each type."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from yike.core.access import _nearest_kernels as kernels
from yike.core.access._lane_kernels import KEY_LANES, OUTLET_BITS, lane_array
from yike.core.access._pair_kernels import keep_nearest
from yike.core.access.inputs import SearchInput, read_only
from yike.core.access.pairs import unknown_where_unattached
from yike.core.access.stretches import STRETCH, run_stretches
from yike.core.tables import BoolArray, Float32Array, FloatArray, IntArray, LongArray, WalkTimes


def find_nearest(
    given: SearchInput, workers: int = 1, max_memory_mb: int = 1024
) -> tuple[Float32Array, IntArray]:
    """Seconds to the nearest outlet of each column, and which one: two tables, place x column."""
    shape = (given.n_places, given.n_cols)
    found = np.empty(shape, np.float32), np.empty(shape, np.int32)
    width = _columns_at_once(given, max_memory_mb)
    for first_col in range(0, given.n_cols, width):
        _read(given, junction_keys(given, first_col, width), first_col, width, workers, found)
    return found


def read_from_keys(given: SearchInput, keys: LongArray, workers: int) -> tuple[Float32Array, IntArray]:
    """The same two tables from the keys of all columns."""
    shape = (given.n_places, given.n_cols)
    found = np.empty(shape, np.float32), np.empty(shape, np.int32)
    width = -(-given.n_cols // KEY_LANES) * KEY_LANES
    _read(given, keys, 0, width, workers, found)
    return found


def _read(
    given: SearchInput,
    keys: LongArray,
    first_col: int,
    width: int,
    workers: int,
    found: tuple[Float32Array, IntArray],
) -> None:
    offered = (given.outlets.row, given.service_ptr, given.service_col)

    def read(_room: None, low: int, high: int) -> None:
        kernels.read_nearest(keys, first_col, width, low, high, given.searched, offered, given.limit, found)

    run_stretches(given.n_places, STRETCH, workers, lambda: None, read, None)


def _columns_at_once(given: SearchInput, max_memory_mb: int) -> int:
    """Columns whose keys fill at most half of the working space; whole vectors of them."""
    vectors = -(-given.n_cols // KEY_LANES)
    bytes_each = 8 * KEY_LANES * max(1, given.n_junctions)
    return KEY_LANES * max(1, min(vectors, max_memory_mb * 2**20 // 2 // bytes_each))


def junction_keys(given: SearchInput, first_col: int, width: int) -> LongArray:
    """Nearest key of every junction for ``width`` columns from ``first_col``, junction by junction."""
    keys = lane_array(given.n_junctions * width, np.int64)
    keys[:] = (given.limit + 1) << OUTLET_BITS
    is_dirty = np.zeros(given.n_junctions, np.uint8)
    kernels.seed_outlets(
        keys,
        first_col,
        width,
        is_dirty,
        given.outlets.row,
        given.outlets.ends,
        given.service_ptr,
        given.service_col,
    )
    is_back = False
    while kernels.sweep(keys, width, is_dirty, given.streets, is_back):
        is_back = not is_back
    return keys


@dataclass(frozen=True, eq=False)
class NearestOutlets:
    """The k nearest outlets of each type, nearest first."""

    walk_s: Float32Array  # shape (n_places, n_types, k), +inf where there are fewer
    outlet_idx: IntArray  # shape (n_places, n_types, k), -1 where there are fewer


def k_nearest(times: WalkTimes, type_idx: IntArray, n_types: int, k: int) -> NearestOutlets:
    """
    The ``k`` nearest outlets of each business type from each place, within the search.

    Parameters
    ----------
    times
        Walking times, place to outlet; pairs beyond the search limit are absent.
    type_idx : shape (n_outlets,)
        Business type of each outlet, 0 .. n_types - 1; -1 counts nowhere.
    k
        How many, at least 1.

    Returns
    -------
    NearestOutlets
        Ties go to the lowest outlet index. A place that is not attached has none.

    Notes
    -----
    Time O(n_pairs x k), and mostly O(n_pairs).
    """
    if k < 1:
        raise ValueError(f"k is {k}, must be at least 1")
    shape = (len(times.ptr) - 1, n_types, k)
    walk_s, outlet_idx = np.full(shape, np.inf, np.float32), np.full(shape, -1, np.int32)
    kinds = read_only(np.asarray(type_idx, np.int64))
    keep_nearest(times.ptr, times.outlet_idx, times.walk_s, kinds, walk_s, outlet_idx)
    return NearestOutlets(walk_s, outlet_idx)


def mean_walk_s(nearest: NearestOutlets, is_attached: BoolArray | None = None) -> FloatArray:
    """
    Mean walking time to the k nearest outlets of each type.

    Parameters
    ----------
    nearest
        What ``k_nearest`` found.
    is_attached : shape (n_places,)
        Places that are not attached get NaN; None: all are.

    Returns
    -------
    shape (n_places, n_types), float64
        ``+inf`` where fewer than k are within the search: a mean over those found would make a place look
        better the less it has.

    Notes
    -----
    Source: Bruno et al. (2024), with k = 20.
    """
    return unknown_where_unattached(nearest.walk_s.astype(np.float64).mean(axis=2), is_attached)
