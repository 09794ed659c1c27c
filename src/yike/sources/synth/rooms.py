"""
What a list of idle rooms says besides where they are: kind, owner, state, uses, cost, hours; all invented.

Drawn from a seed of its own, so that nothing else of the city changes. The planted best rooms stay the
best: they are plain idle rooms where anything may move in, and narrower uses of others only take rivals away.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from yike.core.tables import IntArray

ROOM_SEED = 33  # beside the city's seed
PLAIN = "闲置用房"
# Kind: how often (our own proposal, 推定), smallest and largest area in m2; kinds as the documents name them.
KINDS = {
    PLAIN: (0.45, 15, 160),
    "闲置厂房": (0.10, 200, 900),
    "闲置楼宇": (0.14, 60, 400),
    "便民检测亭": (0.10, 6, 12),
    "自行车棚": (0.08, 20, 80),
    "地下空间": (0.08, 80, 400),
    "商场空间": (0.05, 30, 200),
}
OWNERS = ("虚构街道办事处", "虚构社区居委会", "虚构国有资产公司", "虚构房管所", "虚构供销社", "虚构物业公司")
STATES = (("闲置", 0.6), ("空置", 0.15), ("待出租", 0.15), ("已出租", 0.10))
HOURS = (("24小时", 0.4), ("06:00-22:00", 0.4), ("08:00-18:00", 0.2))
ANY_USE_SHARE = 0.55
USES = {
    "便民检测亭": (("B05", "B06"), ("B06",), ("B12", "B06")),
    "自行车棚": (("B06", "B13"), ("B06",)),
    "地下空间": (("Q02", "B12"), ("Q02", "Q08")),
    "闲置厂房": (("B03", "B02"), ("Q02", "Q08", "B03")),
}
USES_OTHERS = (("B01", "B05", "B06"), ("B06", "B07", "B08"), ("B10", "B01"), ("Q04", "Q05"), ("B04", "B01"))
COST_PER_M2_WAN = (0.05, 0.18)  # 万元 a square metre to fit out, invented
COST_FLOOR_WAN = 0.8


@dataclass(frozen=True)
class Rooms:
    """Columns of ``premises.csv`` in the order of the rows."""

    kind: tuple[str, ...]
    area_m2: tuple[int, ...]
    owner: tuple[str, ...]
    state: tuple[str, ...]
    allowed_rows: tuple[tuple[str, ...], ...]  # empty: any
    cost_wan: tuple[float, ...]
    hours: tuple[str, ...]


def describe_rooms(areas_m2: IntArray, planted: Collection[int], seed: int) -> Rooms:
    """
    Invent the columns of idle rooms.

    Parameters
    ----------
    areas_m2
        Areas of plain rooms; other kinds get areas of their own.
    planted
        Rows that are the best site of some planted gap: idle, for any use.
    seed
        The city's.
    """
    rng = np.random.default_rng([seed, ROOM_SEED])
    rows = [_one(int(area), i in planted, rng) for i, area in enumerate(areas_m2.tolist())]
    columns = list(zip(*rows, strict=True)) or [()] * 7
    return Rooms(*columns)


def _one(
    area: int, is_planted: bool, rng: np.random.Generator
) -> tuple[str, int, str, str, tuple[str, ...], float, str]:
    kind = str(rng.choice(list(KINDS), p=_even([share for share, _, _ in KINDS.values()])))
    own_area = int(rng.integers(KINDS[kind][1], KINDS[kind][2] + 1))
    owner, state = str(rng.choice(OWNERS)), _pick(STATES, rng)
    any_use = bool(rng.random() < ANY_USE_SHARE)
    uses = USES.get(kind, USES_OTHERS)
    allowed = () if any_use else uses[int(rng.integers(len(uses)))]
    per_m2, hours = float(rng.uniform(*COST_PER_M2_WAN)), _pick(HOURS, rng)
    if is_planted:
        kind, state, allowed = PLAIN, "闲置", ()
    area = area if kind == PLAIN else own_area
    return kind, area, owner, state, allowed, round(COST_FLOOR_WAN + area * per_m2, 1), hours


def _pick(words: tuple[tuple[str, float], ...], rng: np.random.Generator) -> str:
    return str(rng.choice([w for w, _ in words], p=_even([share for _, share in words])))


def _even(shares: list[float]) -> list[float]:
    return [share / sum(shares) for share in shares]
