"""What a search is given, checked once and laid out for the kernels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from yike.core.access._count_kernels import Offers, outlets_by_junction
from yike.core.access._nearest_kernels import Direct
from yike.core.access._search_kernels import Ends, Streets
from yike.core.tables import (
    TICKS_PER_S,
    Attachments,
    BoolArray,
    ByteArray,
    DirectWalks,
    IntArray,
    LongArray,
    StreetGraph,
)
from yike.errors import CutoffBeyondSearchError, StudyError

MOST_LIMIT_S = 7200.0
"""Longest search: two hours. Sums of three walks of this length still fit an int32 of ticks."""

T = TypeVar("T", bound=np.generic)


def read_only(array: NDArray[T]) -> NDArray[T]:
    """A read-only view, so that kernels see one kind of array and are compiled once."""
    view = np.ascontiguousarray(array).view()
    view.flags.writeable = False
    return view


@dataclass(frozen=True, eq=False)
class SearchInput:
    """Streets, ends and services in the form the kernels read."""

    streets: Streets
    place_ends: Ends
    outlet_ends: Ends
    direct: Direct
    service_ptr: LongArray
    service_col: IntArray
    is_used: ByteArray
    is_attached: BoolArray
    n_cols: int

    @property
    def n_junctions(self) -> int:
        """Number of junctions."""
        return len(self.streets.indptr) - 1

    @property
    def n_places(self) -> int:
        """Number of places."""
        return len(self.is_attached)

    @property
    def n_outlets(self) -> int:
        """Number of outlets, open or not."""
        return len(self.is_used)

    def offers(self, limit: int) -> Offers:
        """Open outlets by the junctions from which they are within ``limit`` ticks."""
        ptr, outlet = outlets_by_junction(self.outlet_ends, self.is_used, limit, self.n_junctions)
        return Offers(read_only(ptr), read_only(outlet), self.service_ptr, self.service_col, self.is_used)


def to_ticks(seconds: float) -> int:
    """Whole ticks within a time: a walk of exactly this time still counts."""
    return int(np.floor(seconds * TICKS_PER_S))


def cutoff_ticks(cutoffs_s: tuple[float, ...], limit_s: float) -> tuple[IntArray, int]:
    """Cutoffs in ticks, filled up to a multiple of three with -1 (nothing is within), and the limit."""
    if not 0 <= limit_s <= MOST_LIMIT_S:
        raise StudyError("access.limit_too_long", limit_s=limit_s, most_s=MOST_LIMIT_S)
    for cutoff_s in cutoffs_s:
        if not cutoff_s >= 0:
            raise ValueError(f"cutoff of {cutoff_s} s")
        if cutoff_s > limit_s:
            raise CutoffBeyondSearchError("access.cutoff_beyond_search", cutoff_s=cutoff_s, limit_s=limit_s)
    ticks = [to_ticks(c) for c in cutoffs_s]
    ticks += [-1] * (-len(ticks) % 3)
    return read_only(np.array(ticks, np.int32)), to_ticks(limit_s)


def search_input(
    graph: StreetGraph,
    places: Attachments,
    outlets: Attachments,
    direct: DirectWalks,
    service_ptr: LongArray,
    service_col: IntArray,
    n_cols: int,
    is_open: BoolArray,
) -> SearchInput:
    """
    Check what a search is given and lay it out.

    Raises
    ------
    ValueError
        Columns disagree, an index points outside its table, or a time is negative.
    """
    n_junctions, n_places, n_outlets = graph.n_junctions, len(places), len(outlets)
    _check_slices("StreetGraph.indptr", graph.indptr, n_junctions, len(graph.neighbour_idx))
    _check_range("StreetGraph.neighbour_idx", graph.neighbour_idx, n_junctions)
    _check_range("StreetGraph.neighbour_ticks", graph.neighbour_ticks, None)
    _check_slices("service_ptr", service_ptr, n_outlets, len(service_col))
    _check_range("service_col", service_col, n_cols)
    _check_slices("DirectWalks.ptr", direct.ptr, n_places, len(direct.outlet_idx))
    _check_range("DirectWalks.outlet_idx", direct.outlet_idx, n_outlets)
    _check_range("DirectWalks.ticks", direct.ticks, None)
    _check_ascending(direct)
    if len(is_open) != n_outlets:
        raise ValueError(f"is_open has {len(is_open)} rows, expected {n_outlets}")
    serves = np.diff(service_ptr) > 0
    arcs = np.empty(2 * len(graph.neighbour_idx), np.int32)
    arcs[0::2], arcs[1::2] = graph.neighbour_idx, graph.neighbour_ticks
    return SearchInput(
        streets=Streets(_as(graph.indptr, np.int32), read_only(arcs)),
        place_ends=_ends("places", places, n_junctions),
        outlet_ends=_ends("outlets", outlets, n_junctions),
        direct=Direct(
            _as(direct.ptr, np.int64), _as(direct.outlet_idx, np.int32), _as(direct.ticks, np.int32)
        ),
        service_ptr=_as(service_ptr, np.int64),
        service_col=_as(service_col, np.int32),
        is_used=_as(serves & np.asarray(is_open, bool), np.uint8),
        is_attached=_as(places.is_attached, np.bool_),
        n_cols=n_cols,
    )


def _as(array: np.ndarray, kind: type) -> np.ndarray:
    return read_only(np.asarray(array, kind))


def _ends(name: str, points: Attachments, n_junctions: int) -> Ends:
    _check_slices(f"{name}.end_ptr", points.end_ptr, len(points), len(points.end_junction_idx))
    _check_range(f"{name}.end_junction_idx", points.end_junction_idx, n_junctions)
    _check_range(f"{name}.end_ticks", points.end_ticks, None)
    if len(points.end_ticks) != len(points.end_junction_idx):
        raise ValueError(f"{name}.end_ticks and end_junction_idx have different lengths")
    return Ends(
        _as(points.end_ptr, np.int64), _as(points.end_junction_idx, np.int32), _as(points.end_ticks, np.int32)
    )


def _check_slices(name: str, ptr: np.ndarray, n: int, total: int) -> None:
    if len(ptr) != n + 1 or ptr[0] != 0 or ptr[-1] != total or np.any(ptr[1:] < ptr[:-1]):
        raise ValueError(f"{name} does not cut {total} rows into {n} slices")


def _check_range(name: str, values: np.ndarray, n: int | None) -> None:
    if not len(values):
        return
    if values.min() < 0 or (n is not None and values.max() >= n):
        raise ValueError(f"{name} has values outside 0..{'' if n is None else n - 1}")


def _check_ascending(direct: DirectWalks) -> None:
    idx = direct.outlet_idx
    falls = np.flatnonzero(idx[1:] <= idx[:-1]) + 1
    if len(falls) and np.any(direct.ptr[np.searchsorted(direct.ptr, falls)] != falls):
        raise ValueError("DirectWalks.outlet_idx is not ascending inside a slice")
