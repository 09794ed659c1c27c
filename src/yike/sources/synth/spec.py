"""
How large a made-up city is and by which numbers it is drawn.

The statistics aimed at are measured ones (notes on real data): intersections 50–150 per km2, dead ends
0.06–0.26, streets 12–20 km per km2, walking distance over straight line 1.3–1.45 in the median.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class CitySpec:
    """One size of city; lengths in metres, shares 0–1."""

    code: str
    name: str
    division: str
    n_communities: int
    people: int
    n_outlets: int
    n_planted: int
    rule_pack: str
    origin_lon: float
    origin_lat: float
    blocks_per_community: int = 9
    block_m: float = 225.0
    bend: float = 0.10  # of the block's side
    walled_share: float = 0.60
    missing_street_share: float = 0.07
    buildings_per_block: tuple[int, int] = (5, 10)
    communities_per_circle: tuple[int, int] = (1, 3)
    n_premises_per_circle: int = 3
    n_stops: int = 0  # of moving vendors; 0: the city has neither vendors nor stops


SIZES = {
    "yima": CitySpec(
        "yima", "义马市（虚构演示）", "411281", 35, 170_900, 1_700, 8, "yima-2023-9", 111.87, 34.75,
        n_stops=16,
    ),
    "medium": CitySpec(
        "medium", "虚构中等城市", "620500", 100, 600_000, 6_000, 12, "tianshui-2023-54", 105.72, 34.58
    ),
    "large": CitySpec(
        "large", "虚构大城市", "620500", 1_000, 5_000_000, 50_000, 30, "tianshui-2023-54", 105.72, 34.58,
        buildings_per_block=(4, 7),
    ),
}  # fmt: skip
"""Sizes that ``yike pack synth --city`` knows."""

# Share of all outlets per form row: our own proposal (推定), after the counts of 南通's 27 circles.
TYPE_WEIGHTS = {
    "B01": 0.12, "B02": 0.03, "B03": 0.02, "B04": 0.06, "B05": 0.10, "B06": 0.05, "B07": 0.03, "B08": 0.09,
    "B09": 0.03, "B10": 0.06, "B11": 0.03, "B12": 0.05, "B13": 0.03, "B99": 0.02, "Q01": 0.01, "Q02": 0.03,
    "Q03": 0.11, "Q04": 0.02, "Q05": 0.02, "Q06": 0.03, "Q07": 0.03, "Q08": 0.02, "Q99": 0.01,
}  # fmt: skip

CHAIN_SHARE = {"B01": 0.45, "B02": 0.5, "B04": 0.35, "B05": 0.3, "B10": 0.6, "B12": 0.8}
CHAIN_SHARE_OTHERS = 0.12
STAFF = {"B02": (8, 30), "B03": (10, 40), "B12": (0, 3), "B13": (0, 1), "Q04": (3, 10), "Q05": (4, 12)}
STAFF_OTHERS = (1, 6)
