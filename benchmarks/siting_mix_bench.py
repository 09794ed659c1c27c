"""
Several types, budgets, capacities, fairness and targets: objective, bound, seconds, memory.

    python benchmarks/siting_mix_bench.py                                # 15x600x4 and 60x4kx8
    python benchmarks/siting_mix_bench.py --sizes 300x30kx22 --write     # a city; rows into results.csv

Sizes are premises x homes x types. Each model runs in a fresh process after one small problem that loads
the kernels. There is no peer: nothing we know of solves these on walking times.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
import time
from typing import Any

from access_bench import COLUMNS, HERE, commit, fresh, machine

MODELS = (
    "mix_k", "mix_budget", "mix_k_budget", "budget", "capacity", "fair_lexicographic", "fair_weighted",
    "target_cost", "target_projects",
)  # fmt: skip
SMALL = "15x600x4"


def run_model(model: str, size: str, time_limit_s: float) -> dict[str, Any]:
    """Inside a fresh process: solve, and say what came of it."""
    from siting_mix_city import problem_of
    from yike.core.siting.options import SolveOptions
    from yike.core.siting.solve import solve

    solve(problem_of(model, SMALL), SolveOptions(rounds=50))
    problem = problem_of(model, size)
    wall, cpu = time.perf_counter(), time.process_time()
    plan = solve(problem, SolveOptions(time_limit_s=time_limit_s))
    spent = {"cpu_s": time.process_time() - cpu, "wall_s": time.perf_counter() - wall}
    note = f"objective {plan.objective:.10g}; bound {plan.bound:.10g}; gap {100 * plan.gap:.3f} %"
    return spent | {"note": f"{note}; {plan.status}, {plan.stopped_by}; {len(plan)} rows"}


def bench(model: str, size: str, time_limit_s: float) -> dict[str, Any]:
    """One row of results.csv."""
    command = [sys.executable, __file__, "--task", "--models", model, "--sizes", size]
    lines, peak = fresh([*command, "--time-limit", str(time_limit_s)])
    found = lines[-1]
    row = {"commit": commit(), "machine": machine(), "case": model, "size": size, "tool": "yike"}
    row |= {k: round(found[k], 5) for k in ("cpu_s", "wall_s")}
    return row | {"peak_mib": round(peak), "ratio": "", "note": found["note"]}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", default="15x600x4,60x4kx8")
    parser.add_argument("--models", default=",".join(MODELS))
    parser.add_argument("--time-limit", type=float, default=60.0, help="seconds for each plan")
    parser.add_argument("--write", action="store_true", help="add the rows to results.csv")
    parser.add_argument("--task", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.task:
        print(json.dumps(run_model(options.models, options.sizes, options.time_limit)))
        return
    rows = []
    for size in options.sizes.split(","):
        for model in options.models.split(","):
            rows.append(bench(model, size, options.time_limit))
            print(
                ", ".join(f"{k}={v}" for k, v in rows[-1].items() if k not in ("commit", "machine", "ratio"))
            )
    if options.write:
        with (HERE / "results.csv").open("a", newline="", encoding="utf-8") as file:
            csv.DictWriter(file, COLUMNS, lineterminator="\n").writerows(rows)


if __name__ == "__main__":
    main()
