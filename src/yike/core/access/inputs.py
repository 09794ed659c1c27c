"""What a search is given, checked once and laid out for the kernels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from yike.core.access._count_kernels import Offers, outlets_by_junction
from yike.core.access._search_kernels import Ends, Streets
from yike.core.access._settle_kernels import Direct, Points
from yike.core.access._thin_kernels import Thinned, is_two_way, thin_streets
from yike.core.access.settle import Passings, settle_all
from yike.core.tables import (
    TICKS_PER_S,
    Attachments,
    BoolArray,
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
    """
    Thinned streets, and points in their order, in the form the kernels read.

    Walks beyond ``limit`` ticks are not in it.
    """

    streets: Streets
    places: Points
    outlets: Points  # open ones that serve anything
    direct: Direct
    service_ptr: LongArray
    service_col: IntArray
    is_attached: BoolArray  # by rows of the table of places
    n_cols: int
    limit: int
    paths: tuple[Thinned, Passings] | None = None  # how later outlets find in; kept only where asked for

    @property
    def n_junctions(self) -> int:
        """Number of junctions that remain."""
        return len(self.streets.indptr) - 1

    @property
    def n_places(self) -> int:
        """Number of places."""
        return len(self.is_attached)

    @property
    def n_outlets(self) -> int:
        """Number of open outlets."""
        return len(self.outlets.row)

    @property
    def searched(self) -> tuple[Streets, IntArray, Ends, Direct, BoolArray]:
        """Where to search from, as the kernels take it."""
        return self.streets, self.places.row, self.places.ends, self.direct, self.is_attached

    def offers(self, limit: int) -> Offers:
        """Open outlets by the junctions from which they are within ``limit`` ticks."""
        ptr, outlet = outlets_by_junction(self.outlets.ends, limit, self.n_junctions)
        return Offers(ptr, outlet, self.outlets.ends, self.service_ptr, self.service_col)


def to_ticks(seconds: float) -> int:
    """Whole ticks within a time: a walk of exactly this time still counts."""
    return int(np.floor(seconds * TICKS_PER_S))


def check_cutoff(cutoff_s: float, limit_s: float) -> None:
    """Raise when a cutoff is no time at all, or longer than the search was."""
    if not cutoff_s >= 0:
        raise ValueError(f"cutoff of {cutoff_s} s")
    if cutoff_s > limit_s:
        raise CutoffBeyondSearchError("access.cutoff_beyond_search", cutoff_s=cutoff_s, limit_s=limit_s)


def check_reach(reach_s: float, limit_s: float) -> None:
    """Raise when a decay function weighs walks that were not searched; endless ones are cut by the search."""
    if np.isfinite(reach_s):
        check_cutoff(reach_s, limit_s)


def cutoff_ticks(cutoffs_s: tuple[float, ...], limit_s: float) -> tuple[IntArray, int]:
    """Cutoffs in ticks, filled up to a multiple of three with -1 (nothing is within), and the limit."""
    if not 0 <= limit_s <= MOST_LIMIT_S:
        raise StudyError("access.limit_too_long", limit_s=limit_s, most_s=MOST_LIMIT_S)
    for cutoff_s in cutoffs_s:
        check_cutoff(cutoff_s, limit_s)
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
    limit: int,
    *,
    keep_paths: bool = False,
) -> SearchInput:
    """
    Check what a search is given, thin the streets and bring the points into their order.

    ``keep_paths`` keeps what outlets need that join after the thinning: 20 bytes per junction of the graph.

    Raises
    ------
    ValueError
        Columns disagree, an index points outside its table, or a time is negative.
    """
    _check(graph, len(places), len(outlets), direct, service_ptr, service_col, n_cols)
    if len(is_open) != len(outlets):
        raise ValueError(f"is_open has {len(is_open)} rows, expected {len(outlets)}")
    place_ends = checked_ends("places", places, graph.n_junctions)
    outlet_ends = checked_ends("outlets", outlets, graph.n_junctions)
    is_used = _as((np.diff(service_ptr) > 0) & np.asarray(is_open, bool), np.uint8)
    streets, thinned = thin_streets(_streets(graph), place_ends, outlet_ends, is_used, limit)
    given = Direct(_as(direct.ptr, np.int64), _as(direct.outlet_idx, np.int32), _as(direct.ticks, np.int32))
    points, settled, walks, passings = settle_all(place_ends, outlet_ends, given, is_used, thinned, limit)
    ptr, col = _services(np.asarray(service_ptr), np.asarray(service_col), settled.row)
    return SearchInput(
        streets=streets,
        places=points,
        outlets=settled,
        direct=walks,
        service_ptr=ptr,
        service_col=col,
        is_attached=_as(places.is_attached, np.bool_),
        n_cols=n_cols,
        limit=limit,
        paths=(thinned, passings) if keep_paths else None,
    )


def _streets(graph: StreetGraph) -> Streets:
    arcs = np.empty(2 * len(graph.neighbour_idx), np.int32)
    arcs[0::2], arcs[1::2] = graph.neighbour_idx, graph.neighbour_ticks
    return Streets(_as(graph.indptr, np.int32), arcs)


def _services(ptr: LongArray, col: IntArray, row: IntArray) -> tuple[LongArray, IntArray]:
    """Services of the given rows, in their order."""
    low, n = ptr[row], ptr[row + 1] - ptr[row]
    new = np.concatenate([[0], np.cumsum(n)]).astype(np.int64)
    return new, col[np.repeat(low - new[:-1], n) + np.arange(new[-1])].astype(np.int32)


def _check(
    graph: StreetGraph,
    n_places: int,
    n_outlets: int,
    direct: DirectWalks,
    service_ptr: LongArray,
    service_col: IntArray,
    n_cols: int,
) -> None:
    _check_slices("StreetGraph.indptr", graph.indptr, graph.n_junctions, len(graph.neighbour_idx))
    _check_range("StreetGraph.neighbour_idx", graph.neighbour_idx, graph.n_junctions)
    _check_range("StreetGraph.neighbour_ticks", graph.neighbour_ticks, None)
    columns = (
        _as(graph.indptr, np.int32),
        _as(graph.neighbour_idx, np.int32),
        _as(graph.neighbour_ticks, np.int32),
    )
    if not is_two_way(*columns):
        raise ValueError("StreetGraph has a street that does not lead back at the same cost")
    _check_slices("service_ptr", service_ptr, n_outlets, len(service_col))
    _check_range("service_col", service_col, n_cols)
    _check_slices("DirectWalks.ptr", direct.ptr, n_places, len(direct.outlet_idx))
    _check_range("DirectWalks.outlet_idx", direct.outlet_idx, n_outlets)
    _check_range("DirectWalks.ticks", direct.ticks, None)
    _check_ascending(direct)


def _as(array: NDArray[Any], kind: type) -> NDArray[Any]:
    return read_only(np.asarray(array, kind))


def checked_ends(name: str, points: Attachments, n_junctions: int) -> Ends:
    """Ends of points as the kernels read them; raises ValueError where they do not fit the streets."""
    _check_slices(f"{name}.end_ptr", points.end_ptr, len(points), len(points.end_junction_idx))
    _check_range(f"{name}.end_junction_idx", points.end_junction_idx, n_junctions)
    _check_range(f"{name}.end_ticks", points.end_ticks, None)
    if len(points.end_ticks) != len(points.end_junction_idx):
        raise ValueError(f"{name}.end_ticks and end_junction_idx have different lengths")
    return Ends(
        _as(points.end_ptr, np.int64), _as(points.end_junction_idx, np.int32), _as(points.end_ticks, np.int32)
    )


def _check_slices(name: str, ptr: NDArray[Any], n: int, total: int) -> None:
    if len(ptr) != n + 1 or ptr[0] != 0 or ptr[-1] != total or np.any(ptr[1:] < ptr[:-1]):
        raise ValueError(f"{name} does not cut {total} rows into {n} slices")


def _check_range(name: str, values: NDArray[Any], n: int | None) -> None:
    if not len(values):
        return
    if values.min() < 0 or (n is not None and values.max() >= n):
        raise ValueError(f"{name} has values outside 0..{'' if n is None else n - 1}")


def _check_ascending(direct: DirectWalks) -> None:
    idx = direct.outlet_idx
    falls = np.flatnonzero(idx[1:] <= idx[:-1]) + 1
    if len(falls) and np.any(direct.ptr[np.searchsorted(direct.ptr, falls)] != falls):
        raise ValueError("DirectWalks.outlet_idx is not ascending inside a slice")
