"""
Siting in the made-up city: objective, bound, speed, memory; and the same problems given to the peers.

    python benchmarks/siting_bench.py                              # 12x500, 200x2k and 1kx10k
    python benchmarks/siting_bench.py --sizes 2kx20k,10kx100k      # minutes
    python benchmarks/siting_bench.py --sizes 200x2k --peers       # and HiGHS alone, spopt

Each model runs in a fresh process through ``reach_of`` and ``solve``, after one small problem that loads the
kernels. CPU seconds are user and system of all threads, searching the walks included; the memory is the
peak of the process, the tables given included. 12x500 is compared with enumeration. The peers get the
same walks: ``highs`` the textbook program as it stands, ``spopt`` its own model with HiGHS.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
import time
from pathlib import Path
from typing import Any

from access_bench import COLUMNS, HERE, ROOT, commit, fresh, machine, peer_python

MODELS = ("mclp", "lscp", "p_median", "p_center")


# --- inside a fresh process


def problem_of(model: str, reach, people, k: int):
    import numpy as np

    from siting_city import CUTOFF_S
    from yike.core.siting.problems import MaxCover, PCenter, PMedian, SetCover

    within_reach = np.zeros(reach.n_demand, bool)
    if model in ("lscp", "p_center"):
        within_reach[reach.demand_idx[reach.walk_s <= CUTOFF_S]] = True
    return {
        "mclp": lambda: MaxCover(reach, people, CUTOFF_S, k),
        "lscp": lambda: SetCover(reach, within_reach, CUTOFF_S),
        "p_median": lambda: PMedian(reach, people, k, reach.limit_s),
        "p_center": lambda: PCenter(reach, within_reach, k),
    }[model]()


def reach_for(model: str, case, threads: int):
    from siting_city import CUTOFF_S, LIMIT_S
    from yike.core.siting.reach import reach_of

    limit_s = CUTOFF_S if model in ("mclp", "lscp") else LIMIT_S
    return reach_of(case.graph, case.places, case.outlets, case.direct, limit_s, n_threads=threads)


def run_model(folder: Path, size: str, model: str, options: argparse.Namespace) -> dict[str, Any]:
    from siting_city import TASKS, load_task
    from yike.core.siting.options import SolveOptions
    from yike.core.siting.solve import solve

    settings = SolveOptions(n_threads=options.threads, time_limit_s=options.time_limit)
    for name in ("200x2k", size):  # the first loads the kernels
        case = load_task(name, folder)
        people = case.service_col.astype(float)
        wall, cpu = time.perf_counter(), time.process_time()
        reach = reach_for(model, case, options.threads)
        plan = solve(problem_of(model, reach, people, TASKS[name][2]), settings)
        spent = {"cpu_s": time.process_time() - cpu, "wall_s": time.perf_counter() - wall}
    found = {"objective": plan.objective, "bound": plan.bound, "status": plan.status.value, "k": len(plan)}
    if size == "12x500":
        found["best"] = enumerated(model, reach, people, TASKS[size][2])
    return spent | found | {"gap": plan.gap, "note": note_of(found, plan.gap)}


def note_of(found: dict[str, Any], gap: float | None = None) -> str:
    parts = [f"{k} {found[k]:.10g}" for k in ("objective", "bound", "best") if k in found]
    gap_text = [] if gap is None else [f"gap {100 * gap:.3f} %"]
    return "; ".join([*parts, *gap_text, str(found["status"])])


def enumerated(model: str, reach, people, k: int) -> float:
    """The best of all subsets, one after the other."""
    from itertools import combinations

    import numpy as np

    from siting_city import CUTOFF_S

    far = reach.limit_s if model == "p_median" else np.inf
    walk = np.full((reach.n_candidates, reach.n_demand), far)
    for j in range(reach.n_candidates):
        at = slice(reach.ptr[j], reach.ptr[j + 1])
        walk[j, reach.demand_idx[at]] = reach.walk_s[at]
    must = (walk <= CUTOFF_S).any(0)
    best = []
    for size in range(reach.n_candidates + 1) if model == "lscp" else (k,):
        for chosen in combinations(range(reach.n_candidates), size):
            now = walk[list(chosen)].min(0, initial=far)
            if model == "mclp":
                best.append(-people[now <= CUTOFF_S].sum())
            elif model == "lscp" and np.all(now[must] <= CUTOFF_S):
                best.append(size)
            elif model == "p_median":
                best.append(people @ now)
            elif model == "p_center":
                best.append(now[must].max())
    return float(abs(min(best)))


def run_highs_alone(folder: Path, size: str, model: str, options: argparse.Namespace) -> dict[str, Any]:
    """The textbook program of a covering problem, demand points merged by nobody but HiGHS itself."""
    import numpy as np
    from scipy.sparse import csr_array, hstack, identity, vstack

    from siting_city import TASKS, load_task
    from yike.core.siting._highs import Program, run_highs
    from yike.core.siting.options import SolveOptions

    case = load_task(size, folder)
    people = case.service_col.astype(float)
    reach, k = reach_for(model, case, options.threads), TASKS[size][2]
    m, n = reach.n_candidates, reach.n_demand
    who = csr_array((np.ones(len(reach.demand_idx)), reach.demand_idx, reach.ptr), (m, n)).T.tocsr()
    wall, cpu = time.perf_counter(), time.process_time()
    if model == "lscp":
        who = who[np.diff(who.indptr) > 0]
        rows = who.shape[0]
        program = Program(
            np.ones(m), who, np.ones(rows), np.full(rows, np.inf), np.zeros(m), np.ones(m), np.ones(m, bool)
        )
    else:
        count = csr_array(np.concatenate([np.ones(m), np.zeros(n)])[None])
        program = Program(
            np.concatenate([np.zeros(m), people]),
            vstack([hstack([who, -identity(n)]), count]),
            np.zeros(n + 1),
            np.concatenate([np.full(n, np.inf), [float(k)]]),
            np.zeros(m + n),
            np.ones(m + n),
            np.arange(m + n) < m,
            maximise=True,
        )
    answer = run_highs(program, SolveOptions(time_limit_s=options.peer_limit, n_threads=options.threads))
    spent = {"cpu_s": time.process_time() - cpu, "wall_s": time.perf_counter() - wall}
    found = {"objective": answer.objective, "bound": answer.bound, "status": answer.status}
    return spent | found | {"note": note_of(found)}


def write_walks(folder: Path, size: str) -> dict[str, Any]:
    """Sparse walks and people, for spopt."""
    import numpy as np

    from siting_city import CUTOFF_S, TASKS, load_task

    case = load_task(size, folder)
    reach = reach_for("p_median", case, 2)
    np.savez(
        folder / f"siting-{size}-walks.npz",
        ptr=reach.ptr, demand_idx=reach.demand_idx, walk_s=reach.walk_s, people=case.service_col,
        cutoff_s=CUTOFF_S, limit_s=reach.limit_s, k=TASKS[size][2],
    )  # fmt: skip
    return {}


# --- outside: fresh processes, rows, ratios


def child(task: str, size: str, model: str, options: argparse.Namespace) -> tuple[dict[str, Any], float]:
    command = [sys.executable, __file__, "--task", task, "--sizes", size, "--models", model]
    command += ["--folder", str(options.folder), "--threads", str(options.threads)]
    command += ["--time-limit", str(options.time_limit), "--peer-limit", str(options.peer_limit)]
    lines, peak = fresh(command)
    return lines[-1], peak


def bench_size(size: str, options: argparse.Namespace) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []

    def add(model: str, tool: str, found: dict[str, Any], peak: float, ratio: float | None = None):
        row = {"commit": commit(), "machine": machine(), "case": model, "size": size, "tool": tool}
        row |= {k: round(found[k], 5) for k in ("cpu_s", "wall_s")}
        rows.append(
            row | {"peak_mib": round(peak), "ratio": round(ratio, 2) if ratio else "", "note": found["note"]}
        )
        print(
            ", ".join(f"{k}={v}" for k, v in rows[-1].items() if v != "" and k not in ("commit", "machine"))
        )

    ours = {}
    child("make", size, "", options)
    for model in options.models:
        found, peak = child("solve", size, model, options)
        ours[model] = found["cpu_s"]
        add(model, "yike", found, peak)
        if options.peers and model in ("mclp", "lscp"):
            alone, peak = child("highs", size, model, options)
            add(model, "highs", alone, peak, alone["cpu_s"] / ours[model])
    if options.peers and size in ("12x500", "200x2k"):  # a dense matrix per problem: more takes hours
        child("walks", size, "", options)
        walks = str(options.folder / f"siting-{size}-walks.npz")
        for model in options.models:
            command = [
                peer_python(options),
                str(HERE / "siting_peers.py"),
                walks,
                model,
                str(options.peer_limit),
            ]
            lines, peak = fresh(command)
            found = lines[-1] | {"note": note_of(lines[-1])}
            add(model, "spopt", found, peak, found["cpu_s"] / ours[model])
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", default="12x500,200x2k,1kx10k")
    parser.add_argument("--models", default=",".join(MODELS))
    parser.add_argument("--peers", action="store_true")
    parser.add_argument("--peer-venv", type=Path)
    parser.add_argument("--peer-limit", type=float, default=150.0, help="seconds for each peer")
    parser.add_argument("--time-limit", type=float, default=60.0, help="seconds for each of our plans")
    parser.add_argument("--folder", type=Path, default=ROOT / "build" / "bench")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--write", action="store_true", help="add the rows to results.csv")
    parser.add_argument("--task", help=argparse.SUPPRESS)
    options = parser.parse_args()
    options.folder = options.folder.resolve()
    options.folder.mkdir(parents=True, exist_ok=True)
    options.models = [m for m in options.models.split(",") if m]
    if options.task:
        print(json.dumps(do_task(options)))
        return
    rows = [row for size in options.sizes.split(",") for row in bench_size(size, options)]
    if options.write:
        with (HERE / "results.csv").open("a", newline="", encoding="utf-8") as file:
            csv.DictWriter(file, COLUMNS, lineterminator="\n").writerows(rows)


def do_task(options: argparse.Namespace) -> dict[str, Any]:
    from siting_city import load_task

    folder, size = options.folder, options.sizes
    if options.task == "make":
        for name in ("200x2k", size):
            load_task(name, folder)
        return {}
    if options.task == "walks":
        return write_walks(folder, size)
    run = {"solve": run_model, "highs": run_highs_alone}[options.task]
    return run(folder, size, options.models[0], options)


if __name__ == "__main__":
    main()
