"""
Checks a network against reference distances computed outside the project.

A reference file names pairs of OSM nodes with their walking distance in metres, and how many vertices lie
within 400, 800 and 1,200 m of some nodes. A walk at 1 m/s takes as many seconds as it has metres, so the
searches of the program answer in metres too (a search reaches 32.8 km; longer references walk faster).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from yike.core.network.contract import build_graph
from yike.core.network.profile import WalkProfile
from yike.core.network.search import ticks_of, vertex_ticks
from yike.core.tables import NO_TICKS, TICKS_PER_S, IntArray, StreetGraph, WalkNetwork
from yike.errors import UnreadableFileError
from yike.sources.osm.network import read_network

TOLERANCE_M = 0.05
"""Largest difference of a distance that still agrees; the reference is rounded to a centimetre."""

_LONGEST_S = float(NO_TICKS - 1) / TICKS_PER_S
_SPARE = 1.25  # how much longer than the longest reference a walk of ours is still told from unreachable


@dataclass(frozen=True)
class PairCheck:
    """One reference distance beside ours; NaN where a node is not in the network, +inf unreachable."""

    from_node: int
    to_node: int
    expected_m: float
    found_m: float

    @property
    def difference_m(self) -> float:
        """Absolute difference; NaN where ours is unknown."""
        return abs(self.found_m - self.expected_m)

    @property
    def is_equal(self) -> bool:
        """Whether the two agree within ``TOLERANCE_M``."""
        return self.difference_m <= TOLERANCE_M


@dataclass(frozen=True)
class CountCheck:
    """One reference count of vertices within a distance beside ours; -1 where the node is not there."""

    from_node: int
    within_m: int
    expected: int
    found: int

    @property
    def is_equal(self) -> bool:
        """Whether the two are the same number."""
        return self.expected == self.found


@dataclass(frozen=True)
class VerifyResult:
    """All comparisons of one network with one reference file."""

    network: str
    reference: str
    pairs: tuple[PairCheck, ...]
    counts: tuple[CountCheck, ...]

    @property
    def n_pairs_equal(self) -> int:
        """Distances that agree."""
        return sum(p.is_equal for p in self.pairs)

    @property
    def n_counts_equal(self) -> int:
        """Counts that agree."""
        return sum(c.is_equal for c in self.counts)

    @property
    def worst_m(self) -> float:
        """Largest difference among distances we know; NaN when we know none."""
        known = [p.difference_m for p in self.pairs if not np.isnan(p.difference_m)]
        return max(known, default=float("nan"))

    @property
    def is_ok(self) -> bool:
        """Whether everything agrees, and there was something to compare."""
        all_equal = self.n_pairs_equal == len(self.pairs) and self.n_counts_equal == len(self.counts)
        return all_equal and bool(self.pairs or self.counts)


def read_reference(path: Path) -> dict[str, Any]:
    """
    Read a reference file.

    Raises
    ------
    UnreadableFileError
        Missing, not JSON, or without ``pairs`` and ``reach_counts``.
    """
    try:
        data = json.loads(Path(path).read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise UnreadableFileError(
            "osm.reference.unreadable", file=Path(path).name, found=str(error)
        ) from error
    if not isinstance(data, dict) or not {"pairs", "reach_counts"} <= data.keys():
        raise UnreadableFileError("osm.reference.shape", file=Path(path).name)
    return data


def verify_network(network_path: Path, reference_path: Path) -> VerifyResult:
    """
    Compare a network file, read with the default filter, with a reference file.

    Raises
    ------
    UnreadableFileError
        Either file cannot be read.
    EmptyNetworkError
        The network file has nothing to walk on.
    """
    reference = read_reference(reference_path)
    network, _ = read_network(network_path)
    pairs, counts = compare_network(network, reference)
    return VerifyResult(Path(network_path).name, Path(reference_path).name, pairs, counts)


def compare_network(
    network: WalkNetwork, reference: dict[str, Any]
) -> tuple[tuple[PairCheck, ...], tuple[CountCheck, ...]]:
    """The comparison itself: one search to all vertices per start node of the reference."""
    longest_m = max((p["metres"] for p in reference["pairs"]), default=0.0)
    speed_m_s = max(1.0, _SPARE * longest_m / _LONGEST_S)
    graph = build_graph(network, WalkProfile("reference", "核对", speed_m_s))
    ticks = _Searches(network, graph)
    pairs = tuple(
        PairCheck(p["from_node"], p["to_node"], p["metres"], ticks.metres(p["from_node"], p["to_node"]))
        for p in reference["pairs"]
    )
    counts = tuple(
        CountCheck(row["from_node"], within, row[key], ticks.count(row["from_node"], within))
        for row in reference["reach_counts"]
        for key, within in _distances(row)
    )
    return pairs, counts


def _distances(row: dict[str, Any]) -> list[tuple[str, int]]:
    """Keys like ``vertices_within_400m`` and ``within_800m`` with their metres."""
    found = []
    for key in row:
        digits = key.removeprefix("vertices_").removeprefix("within_").removesuffix("m")
        if "within_" in key and digits.isdigit():
            found.append((key, int(digits)))
    return found


class _Searches:
    """Walks from one vertex to all, remembered per start."""

    def __init__(self, network: WalkNetwork, graph: StreetGraph) -> None:
        self._network = network
        self._graph = graph
        self._vertex_of = {node: i for i, node in enumerate(network.vertex_id.tolist())}
        self._known: dict[int, IntArray] = {}

    def _from(self, node: int) -> IntArray:
        if node not in self._known:
            start = np.array([self._vertex_of[node]], np.int32)
            limit = ticks_of(_LONGEST_S)
            self._known[node] = vertex_ticks(self._network, self._graph, start, np.zeros(1, np.int32), limit)
        return self._known[node]

    def metres(self, start: int, end: int) -> float:
        if start not in self._vertex_of or end not in self._vertex_of:
            return float("nan")
        ticks = int(self._from(start)[self._vertex_of[end]])
        return ticks / TICKS_PER_S * self._graph.speed_m_s if ticks != NO_TICKS else float("inf")

    def count(self, start: int, within_m: int) -> int:
        if start not in self._vertex_of:
            return -1
        return int((self._from(start) <= ticks_of(within_m / self._graph.speed_m_s)).sum())
