"""One siting problem by spopt, by the Python of the peers' venv: siting_peers.py WALKS.npz MODEL SECONDS."""

import json
import sys
import time

import numpy as np
import pulp
from spopt.locate import LSCP, MCLP, PCenter, PMedian


def main() -> None:
    kept, model, limit = np.load(sys.argv[1]), sys.argv[2], float(sys.argv[3])
    ptr, k, cutoff_s, limit_s = kept["ptr"], int(kept["k"]), float(kept["cutoff_s"]), float(kept["limit_s"])
    people = kept["people"].astype(float)
    far = limit_s if model == "p_median" else 1e6
    walks = np.full((len(people), len(ptr) - 1), far)
    walks[kept["demand_idx"], np.repeat(np.arange(len(ptr) - 1), np.diff(ptr))] = kept["walk_s"]
    reached = (walks <= cutoff_s).any(1)
    wall, cpu = time.perf_counter(), time.process_time()
    children = sum(_children())
    task = {
        "mclp": lambda: MCLP.from_cost_matrix(walks, people, cutoff_s, k),
        "lscp": lambda: LSCP.from_cost_matrix(walks[reached], cutoff_s),
        "p_median": lambda: PMedian.from_cost_matrix(walks, people, k),
        "p_center": lambda: PCenter.from_cost_matrix(walks[reached], k),
    }[model]()
    found = {"objective": float("nan"), "status": "error"}
    try:
        task.solve(pulp.HiGHS(msg=False, timeLimit=limit), results=False)
        found = {
            "objective": float(pulp.value(task.problem.objective)),
            "status": f"says {pulp.LpStatus[task.problem.status]}",
        }
    except Exception as error:  # what a peer fails with is part of the answer
        found["status"] = f"{type(error).__name__}: {error}"[:80]
    spent = time.process_time() - cpu + sum(_children()) - children
    print(json.dumps({"cpu_s": spent, "wall_s": time.perf_counter() - wall} | found))


def _children() -> tuple[float, float]:
    import resource

    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime, used.ru_stime


if __name__ == "__main__":
    main()
