"""What an OSM file holds, as arrays: nodes, ways, relations and the wanted tags of each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from yike.core.tables import BoolArray, ByteArray, FloatArray, IntArray, LongArray
from yike.sources.osm import _row_kernels as k
from yike.sources.osm.tags import TagTable


@dataclass(frozen=True)
class Wanted:
    """
    Which tags to keep, by the sort of object they trigger.

    An object is kept when it has one of its sort's trigger keys; kept objects also keep the tags named
    in ``carry``. All nodes keep their coordinates; ways without a trigger are kept only when
    ``all_ways`` (members of multipolygons carry no tags of their own).
    """

    node: frozenset[str] = frozenset()
    way: frozenset[str] = frozenset()
    relation: frozenset[str] = frozenset()
    carry: frozenset[str] = frozenset()
    all_ways: bool = False
    all_tags: bool = False  # keep every tag of every tagged object, whatever its key (for copying)

    @property
    def keys(self) -> tuple[str, ...]:
        """Every key kept, in a fixed order."""
        return tuple(sorted(self.node | self.way | self.relation | self.carry))


@dataclass(frozen=True)
class Keep:
    """
    Which objects of a block to keep, so that a province can be read with the memory of a city.

    Each is None (keep all) or gets a block's columns and returns a mask over its rows.
    """

    nodes: Callable[[LongArray, FloatArray, FloatArray], BoolArray] | None = None  # id, lon, lat
    ways: Callable[[LongArray, LongArray, LongArray], BoolArray] | None = None  # id, ptr, ref
    rels: Callable[[LongArray], BoolArray] | None = None  # id


def nothing(ids: LongArray, *_: object) -> BoolArray:
    """Mask that keeps no object."""
    return np.zeros(len(ids), np.bool_)


def among(wanted: LongArray) -> Callable[..., BoolArray]:
    """Mask that keeps the objects with these ids (ascending)."""

    def mask(ids: LongArray, *_: object) -> BoolArray:
        if not len(wanted):
            return nothing(ids)
        at = np.minimum(np.searchsorted(wanted, ids), len(wanted) - 1)
        hit: BoolArray = wanted[at] == ids
        return hit

    return mask


@dataclass(frozen=True, eq=False)
class OsmObjects:
    """
    An OSM file in memory. Node ids ascend and do not repeat; ids may exceed 2^31 or be negative.

    ``member_kind`` is 0 node, 1 way, 2 relation; ``member_role`` is a row of the tag tables' values.
    """

    node_id: LongArray
    node_lon: FloatArray  # degrees
    node_lat: FloatArray
    node_tags: TagTable
    way_id: LongArray
    way_ptr: LongArray  # shape (n_ways + 1,): slice of way_ref
    way_ref: LongArray  # node ids
    way_tags: TagTable
    rel_id: LongArray
    rel_ptr: LongArray
    member_id: LongArray
    member_kind: ByteArray
    member_role: IntArray
    rel_tags: TagTable
    bounds: tuple[float, float, float, float] | None  # stated in the file: west, south, east, north
    as_of: str  # ISO date the file states for its data, "" none
    n_bad_nodes: int  # nodes whose coordinates cannot be on Earth, left out

    @property
    def n_nodes(self) -> int:
        """Number of nodes with coordinates."""
        return len(self.node_id)

    @property
    def n_ways(self) -> int:
        """Number of ways kept."""
        return len(self.way_id)

    def node_rows(self, ids: LongArray) -> IntArray:
        """Row of each node id, -1 where the file has no such node."""
        rows = np.full(len(ids), -1, np.int32)
        if self.n_nodes:
            shift, directory = self._directory
            k.find_rows(self.node_id, shift, directory, np.ascontiguousarray(ids), rows)
        return rows

    @cached_property
    def _directory(self) -> tuple[int, IntArray]:
        """Where in ``node_id`` each bucket of ids begins: about two buckets per node."""
        span = int(self.node_id[-1]) - int(self.node_id[0]) + 1
        shift = max(0, (span // (2 * self.n_nodes)).bit_length())
        directory = np.empty((span >> shift) + 2, np.int32)
        k.fill_directory(self.node_id, shift, directory)
        return shift, directory
