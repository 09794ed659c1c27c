"""
Which ways one may walk, exactly as the reference definition says (docs/reference/walkable-filter.md).

``highway=*`` except the classes below; ``foot=no|private`` dropped; ``access=no|private`` dropped unless
``foot=yes|designated|permissive``; ``area=yes`` dropped; one-way streets are walked both ways.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from yike.core.tables import BoolArray
from yike.sources.osm.tags import TagTable

WAY_KEYS = frozenset({"highway"})
WAY_CARRY = frozenset({"access", "area", "bridge", "foot", "name", "tunnel"})


@dataclass(frozen=True)
class WalkableFilter:
    """Values that decide whether a way may be walked."""

    not_walkable: frozenset[str] = frozenset(
        {
            "abandoned",
            "bus_guideway",
            "construction",
            "corridor",
            "elevator",
            "escape",
            "motorway",
            "motorway_link",
            "no",
            "platform",
            "proposed",
            "raceway",
            "razed",
            "trail",
        }
    )
    foot_denies: frozenset[str] = frozenset({"no", "private"})
    access_denies: frozenset[str] = frozenset({"no", "private"})
    foot_allows: frozenset[str] = frozenset({"yes", "designated", "permissive"})
    area_denies: frozenset[str] = frozenset({"yes"})


DEFAULT_FILTER = WalkableFilter()


def classify_ways(tags: TagTable, rule: WalkableFilter = DEFAULT_FILTER) -> tuple[BoolArray, BoolArray]:
    """
    Which ways anybody may walk, and which only those who live there.

    Returns
    -------
    is_walkable, is_private : shape (n_ways,)
        Never both. Private ways fail the filter only by the value ``private``; they can serve walks
        that start or end in their compound, and nobody else.
    """
    street = tags.has("highway") & ~tags.is_in("highway", rule.not_walkable)
    street &= ~tags.is_in("area", rule.area_denies)
    allowed = tags.is_in("foot", rule.foot_allows)
    foot_denied = tags.is_in("foot", rule.foot_denies)
    access_denied = tags.is_in("access", rule.access_denies) & ~allowed
    is_walkable = street & ~foot_denied & ~access_denied
    private = frozenset({"private"})
    foot_private = tags.is_in("foot", private)
    access_private = tags.is_in("access", private)
    only_private = (~foot_denied | foot_private) & (~access_denied | access_private)
    return is_walkable, street & ~is_walkable & only_private


def crosses_level(tags: TagTable, key: str) -> BoolArray:
    """Whether each way is a bridge or tunnel (key set to anything but ``no``)."""
    has: BoolArray = np.logical_and(tags.has(key), ~tags.is_in(key, frozenset({"no"})))
    return has
