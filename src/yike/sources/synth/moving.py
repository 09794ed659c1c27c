"""Moving vendors and the stops where they may stand: squares, gates, idle rooms; all invented."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from yike.core.tables import FloatArray
from yike.sources.synth.kerb import Kerb
from yike.sources.synth.people import Residents
from yike.sources.synth.streets import Streets

STOP_SEED = 14  # beside the city's seed
SQUARE_SHARE, GATE_SHARE = 0.5, 0.3  # of the stops; the rest are idle rooms
APART_M = 250.0  # two stops stand at least so far from each other
FAR_M = 1e6  # from nothing

VENDORS = (
    ("V1", "虚构王师傅修鞋", "修鞋、配钥匙", "工作日", 6),
    ("V2", "虚构李师傅修鞋", "修鞋、配钥匙", "周一;周三;周五;周六上午", 5),
    ("V3", "虚构赵师傅磨刀", "磨刀", "每天上午", 4),
    ("V4", "虚构陈师傅理发", "理发", "周二;周四;周日", 5),
    ("V5", "虚构蔬菜车1号", "菜店", "每天上午", 7),
    ("V6", "虚构蔬菜车2号", "菜店", "", 8),
)
"""编号, 名称, 业态, 可服务时段, 每周最多半天. Nobody has a telephone."""

# By turns within a kind of stop: how many at once, which trades, when.
SQUARE_RULES = ((3, "", ""), (2, "", ""), (3, "", "周三上午;周六;周日"), (2, "", "工作日"))
GATE_RULES = ((1, "修鞋、配钥匙、磨刀、理发", ""), (1, "", ""), (2, "", "每天上午"))
ROOM_RULES = ((1, "修鞋、配钥匙、磨刀、理发", "工作日"), (1, "", ""))


@dataclass(frozen=True)
class Spot:
    """A place that could be a stop, with the people it lies amid."""

    name: str
    x_m: float
    y_m: float
    people: float


@dataclass(frozen=True)
class MovingStop:
    """One row of ``stops.csv``."""

    name: str
    address: str
    x_m: float
    y_m: float
    capacity: int
    trades: str
    when: str


def invent_stops(
    n: int, streets: Streets, kerb: Kerb, residents: Residents, room_x_m: FloatArray, room_y_m: FloatArray,
    seed: int,
) -> list[MovingStop]:  # fmt: skip
    """
    Invent stops: squares of communities, gates of compounds, idle rooms, spread over the city.

    Parameters
    ----------
    n
        How many; fewer when the city has not so many communities, gates and rooms.
    seed
        The city's; the draw is separate, so nothing else of the city changes.
    """
    rng = np.random.default_rng([seed, STOP_SEED])
    n_squares, n_gates = round(n * SQUARE_SHARE), round(n * GATE_SHARE)
    taken: list[tuple[float, float]] = []
    squares = _spread(_squares(residents, kerb, rng), n_squares, taken)
    gates = _spread(_gates(streets, residents), n_gates, taken)
    rooms = [
        Spot(f"虚构闲置房{i + 1}门前", x_m, y_m, 1.0)
        for i, (x_m, y_m) in enumerate(zip(room_x_m.tolist(), room_y_m.tolist(), strict=True))
    ]
    rooms = _spread(rooms, n - len(squares) - len(gates), taken)
    stops = []
    for spots, rules in ((squares, SQUARE_RULES), (gates, GATE_RULES), (rooms, ROOM_RULES)):
        for k, spot in enumerate(spots):
            address = f"虚构路 {int(rng.integers(1, 200))} 号旁"
            stops.append(MovingStop(spot.name, address, spot.x_m, spot.y_m, *rules[k % len(rules)]))
    return stops


def _squares(r: Residents, kerb: Kerb, rng: np.random.Generator) -> list[Spot]:
    """The middle of each community's people, beside a street."""
    people = np.bincount(r.community_idx, r.people, len(r.community_name))
    middle_x, middle_y = (
        np.bincount(r.community_idx, r.people * xy, len(people)) / people for xy in (r.x_m, r.y_m)
    )
    x_m, y_m = kerb.beside(middle_x, middle_y, rng)
    return [
        Spot(f"{name}广场", float(x_m[c]), float(y_m[c]), float(people[c]))
        for c, name in enumerate(r.community_name)
    ]


def _gates(s: Streets, r: Residents) -> list[Spot]:
    """The first gate of each compound."""
    people = np.bincount(r.block_idx, r.people, len(s.block_corner))
    blocks, first = np.unique(s.gate_block_idx, return_index=True)
    return [
        Spot(f"虚构小区{b + 1}门口", float(s.x_m[node]), float(s.y_m[node]), float(people[b]))
        for b, node in zip(blocks.tolist(), s.gate_node_idx[first].tolist(), strict=True)
    ]


def _spread(spots: list[Spot], n: int, taken: list[tuple[float, float]]) -> list[Spot]:
    """
    So many spots over the whole city: next the one with most people times metres to the nearest taken.

    Ties go to the first; none within ``APART_M`` of another.
    """
    chosen: list[Spot] = []
    x_m, y_m, people = (np.array([getattr(s, part) for s in spots]) for part in ("x_m", "y_m", "people"))
    for _ in range(n if spots else 0):
        away = (
            np.min([np.hypot(x_m - x, y_m - y) for x, y in taken], axis=0)
            if taken
            else np.full(len(x_m), FAR_M)
        )
        best = int(np.argmax(people * np.where(away >= APART_M, away, 0.0)))
        if away[best] < APART_M:
            break
        chosen.append(spots[best])
        taken.append((spots[best].x_m, spots[best].y_m))
    return chosen
