"""
People where only a total, or nothing, is known: spread over homes by floor area, and said so.

A community's stated total is shared out over its homes in proportion to their floor area, in whole persons
by largest remainder, so that the total stays exact. Where no total is known, a stated number of persons per
square metre is used (推定, ``standards/data/estimates.toml``). Mixed use is not told apart: a home above a
shop counts with its whole floor area.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files

import numpy as np

from yike.core.tables import BoolArray, ByteArray, Communities, FloatArray, IntArray, Places
from yike.standards.types import Source

FROM_COMMUNITY, FROM_TOTAL, FROM_FLOOR_AREA, NOT_ESTIMATED = 1, 2, 3, 0


@dataclass(frozen=True)
class Estimate:
    """A number used where data is missing, with its source."""

    value: float
    unit: str
    source: Source


@cache
def load_estimates() -> dict[str, Estimate]:
    """Numbers of ``standards/data/estimates.toml`` by name."""
    raw = tomllib.loads((files("yike.standards") / "data" / "estimates.toml").read_text("utf-8"))
    return {
        name: Estimate(
            float(entry["value"]),
            entry["unit"],
            Source("estimates", text=entry["source"]["text"], mark=entry["source"]["mark"]),
        )
        for name, entry in raw.items()
    }


@dataclass(frozen=True, eq=False)
class Spread:
    """People per home, how each number came about, and communities whose people found no home."""

    people: FloatArray
    how: ByteArray  # FROM_COMMUNITY, FROM_TOTAL, FROM_FLOOR_AREA, or NOT_ESTIMATED (people NaN)
    homeless_idx: IntArray  # communities with people but no homes


def spread_people(
    weight: FloatArray,
    community_idx: IntArray,
    community_people: FloatArray,
    *,
    total: float | None = None,
    per_weight: float | None = None,
) -> Spread:
    """
    Share people out over homes.

    Parameters
    ----------
    weight : shape (n,)
        Floor area in m2 (or 1 each); NaN or 0 takes no people.
    community_idx : shape (n,)
        -1 none.
    community_people : shape (n_communities,)
        Stated totals, NaN unknown.
    total
        Residents of the whole area; what the communities do not account for goes to the other homes.
    per_weight
        Persons per unit of weight, where neither total is known; None leaves such homes unknown.

    Notes
    -----
    Homes of a community with a stated total share it, whatever ``total`` says.
    """
    weight = np.nan_to_num(weight)
    people = np.full(len(weight), np.nan)
    how = np.zeros(len(weight), np.uint8)
    homeless = []
    for c in np.flatnonzero(~np.isnan(community_people)):
        mine = community_idx == c
        if weight[mine].sum() > 0:
            people[mine], how[mine] = share_out(community_people[c], weight[mine]), FROM_COMMUNITY
        elif community_people[c] > 0:
            homeless.append(c)
    open_rows = how == NOT_ESTIMATED
    if total is not None and weight[open_rows].sum() > 0:
        rest = max(0.0, total - float(np.nansum(community_people)))
        people[open_rows], how[open_rows] = share_out(rest, weight[open_rows]), FROM_TOTAL
    elif total is None and per_weight is not None:
        people[open_rows] = np.round(weight[open_rows] * per_weight, 1)
        how[open_rows] = FROM_FLOOR_AREA
    return Spread(people, how, np.array(homeless, np.int32))


def total_of_points(communities: Communities | None) -> float | None:
    """
    Residents of all communities that are only points, None when one of them is unknown.

    Who lives in which is known after the walking Voronoi only; then ``respread`` makes each community exact.
    """
    if communities is None or communities.delineation != "walking_voronoi" or not len(communities):
        return None
    total = float(communities.people.sum())
    return None if np.isnan(total) else total


def respread(places: Places, communities: Communities) -> Places:
    """
    Make estimated people add up to the stated total of each community, once homes know their community.

    Parameters
    ----------
    places
        People in proportion to floor area (``people_method`` "community_total_by_floor_area" or
        "floor_area"); others are returned as they are.
    communities
        Rows are ``places.community_idx``; unknown totals leave their homes alone.

    Notes
    -----
    Homes whose number is given, not estimated (a new estate), keep it and take it off the total.
    """
    if places.people_method not in ("community_total_by_floor_area", "floor_area"):
        return places
    is_given = ~places.is_estimated & ~np.isnan(places.people) & (places.community_idx >= 0)
    totals = communities.people.copy()
    np.subtract.at(totals, places.community_idx[is_given], places.people[is_given])
    spread = spread_people(
        places.people, np.where(is_given, -1, places.community_idx), np.maximum(totals, 0.0)
    )
    people = np.where(spread.how == FROM_COMMUNITY, spread.people, places.people)
    return replace(places, people=people)


def share_out(total: float, weight: FloatArray) -> FloatArray:
    """
    Parts of a total in proportion to weights: whole numbers when the total is whole, and exact in sum.

    Largest remainder (Hamilton); equal remainders go to the lower row.
    """
    quota: FloatArray = total * weight / weight.sum()
    if total != round(total):
        return quota
    parts: FloatArray = np.floor(quota)
    missing = round(total - parts.sum())
    first = np.argsort(-(quota - parts), kind="stable")[:missing]
    parts[first] += 1
    return parts


def ways_in_words(spread: Spread, people_per_m2: float, by: str = "建筑面积") -> list[str]:
    """How many people came about in which way, as Chinese phrases."""
    ways = {
        FROM_COMMUNITY: f"{{people}} 人由社区总人口按{by}分摊",
        FROM_TOTAL: f"{{people}} 人由片区总人口按{by}分摊",
        FROM_FLOOR_AREA: f"{{people}} 人按每人 {1 / people_per_m2:g} 平方米推算（推定）",
    }
    totals = {how: spread.people[spread.how == how] for how in ways}
    return [ways[how].format(people=f"{p.sum():,.0f}") for how, p in totals.items() if len(p)]


def method_of(spread: Spread) -> str:
    """``Places.people_method`` that describes most of the people."""
    known: BoolArray = spread.how != NOT_ESTIMATED
    if not known.any():
        return "unknown"
    by_total = spread.how[known] != FROM_FLOOR_AREA
    from_total = float(spread.people[known][by_total].sum())
    return "community_total_by_floor_area" if 2 * from_total >= spread.people[known].sum() else "floor_area"
