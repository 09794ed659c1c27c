"""
Weekly rounds of moving vendors in made-up towns: objective, bound, speed, memory.

    python benchmarks/timetable_bench.py                        # 30 vendors, 60 stops; 200 vendors, 400 stops
    python benchmarks/timetable_bench.py --towns 30x60 --write  # and append to results.csv

20,000 homes, six trades, 14 half-days; a fifth of the vendors have two trades, three of ten stops are open
on market days only. Each case runs in a fresh process, after a small town that loads the kernels.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
import time
from typing import Any

from access_bench import COLUMNS, HERE, commit, fresh, machine

TOWNS = {  # vendors, stops, homes, side of the town
    "3x6": (3, 6, 300, 1_500.0),
    "30x60": (30, 60, 20_000, 3_500.0),
    "200x400": (200, 400, 20_000, 9_000.0),
}
CASES = {"once": ("none", 0.0), "fair": ("lexicographic", 0.0), "twice": ("none", 0.5)}
N_TRADES, REACH_M, SPEED_M_S, DETOUR = 6, 450.0, 1.1, 1.3


def made_up(town: str, case: str, seed: int = 0):
    """A square town: homes and stops at random, communities by a grid of four by five."""
    import numpy as np

    from yike.core.siting.reach import Reach
    from yike.core.siting.timetable import HALF_DAYS, TimetableProblem

    (n_vendors, n_stops, n_homes, side_m), (fair, twice) = TOWNS[town], CASES[case]
    dice = np.random.default_rng(seed)
    home, stop = dice.random((n_homes, 2)) * side_m, dice.random((n_stops, 2)) * side_m
    far_m = np.hypot(*(stop[:, None] - home[None]).transpose(2, 0, 1))
    near = [np.flatnonzero(row <= REACH_M).astype(np.int32) for row in far_m]
    ptr = np.concatenate([[0], np.cumsum([len(n) for n in near])]).astype(np.int64)
    people = dice.integers(1, 60, n_homes).astype(float)
    weight = np.stack([people * (dice.random(n_homes) < 0.7) for _ in range(N_TRADES)])
    trades = np.zeros((n_vendors, N_TRADES), bool)
    trades[np.arange(n_vendors), np.arange(n_vendors) % N_TRADES] = True
    more = np.flatnonzero(dice.random(n_vendors) < 0.2)
    trades[more, (more + 1) % N_TRADES] = True
    is_free = dice.random((n_vendors, HALF_DAYS)) < 0.7
    most = dice.integers(3, 8, n_vendors).astype(np.int32)
    allowed = dice.random((n_stops, N_TRADES)) < 0.85
    is_open = np.ones((n_stops, HALF_DAYS), bool)
    market = dice.random(n_stops) < 0.3
    is_open[market] = dice.random((int(market.sum()), HALF_DAYS)) < 0.3
    capacity = dice.integers(1, 3, n_stops).astype(np.int32)
    between_m = np.hypot(*(stop[:, None] - stop[None]).transpose(2, 0, 1))
    group = ((home[:, 0] // (side_m / 5)) * 4 + home[:, 1] // (side_m / 4)).astype(np.int32)
    homes = np.concatenate(near)
    reach = Reach(ptr, homes, np.zeros(len(homes), np.float32), n_homes, 600.0)
    return TimetableProblem(
        reach, weight, trades, is_free, most, allowed, is_open, capacity, between_m * DETOUR / SPEED_M_S,
        1_800.0, 1.0, twice, fair, 0.5, group, np.bincount(group, weights=weight.sum(0), minlength=20),
        np.zeros(20),
    )  # fmt: skip


def solve_one(town: str, case: str, time_limit_s: float) -> dict[str, Any]:
    from yike.core.siting.options import SolveOptions
    from yike.core.siting.timetable_solve import solve_timetable

    for name in ("3x6", town):  # the first loads the kernels
        problem = made_up(name, case)
        wall, cpu = time.perf_counter(), time.process_time()
        plan = solve_timetable(problem, SolveOptions(time_limit_s=time_limit_s))
        spent = {"cpu_s": time.process_time() - cpu, "wall_s": time.perf_counter() - wall}
    note = f"objective {plan.objective:.10g}; bound {plan.bound:.10g}; gap {100 * plan.gap:.3f} %"
    note += f"; {plan.status.value}"
    if CASES[case][0] != "none":
        note += f"; worst share {plan.worst_share:.4f}; its bound {plan.worst_bound:.4f}"
    return spent | {"note": note}


def bench(town: str, case: str, time_limit_s: float) -> dict[str, Any]:
    """One row of ``results.csv``."""
    command = [sys.executable, __file__, "--child", "--towns", town, "--cases", case]
    lines, peak = fresh([*command, "--time-limit", str(time_limit_s)])
    found = lines[-1]
    row = {
        "commit": commit(),
        "machine": machine(),
        "case": f"timetable-{case}",
        "size": town,
        "tool": "yike",
    }
    row |= {k: round(found[k], 5) for k in ("cpu_s", "wall_s")}
    return row | {"peak_mib": round(peak), "ratio": "", "note": found["note"]}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--towns", default="30x60,200x400")
    parser.add_argument("--cases", default=",".join(CASES))
    parser.add_argument("--time-limit", type=float, default=60.0)
    parser.add_argument("--write", action="store_true", help="append to results.csv")
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    towns, cases = options.towns.split(","), options.cases.split(",")
    if options.child:
        print(json.dumps(solve_one(towns[0], cases[0], options.time_limit)))
        return
    rows = []
    for town in towns:
        for case in cases:
            rows.append(bench(town, case, options.time_limit))
            told = {k: v for k, v in rows[-1].items() if v != "" and k not in ("commit", "machine")}
            print(", ".join(f"{k}={v}" for k, v in told.items()))
    if options.write:
        with (HERE / "results.csv").open("a", newline="") as out:
            csv.DictWriter(out, COLUMNS, lineterminator="\n").writerows(rows)


if __name__ == "__main__":
    main()
