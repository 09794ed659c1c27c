"""
One peer on the junction problem of ``access_bench.py``; run by the Python of the peers' venv.

    python access_peers.py PROBLEM.npz pandana|cityseer|scipy

Reads streets between junctions, outlets at junctions and our own answer; prints one JSON line per task.
``differ`` is the share of counts (or of nearest reached or not) that are not the same as ours: the peers
round lengths to floats or millimetres, and cityseer walks the far half of a street as the crow flies.
"""

import json
import logging
import sys
import time

import numpy as np

RADII_M = (375.0, 750.0, 1125.0)  # 5, 10 and 15 minutes at 1.25 m/s


def clock(run):
    """(result, CPU seconds, wall seconds) of one call."""
    wall, cpu = time.perf_counter(), time.process_time()
    result = run()
    return result, time.process_time() - cpu, time.perf_counter() - wall


def tell(task, cpu_s, wall_s, **more):
    print(
        json.dumps({"task": task, "cpu_s": round(cpu_s, 4), "wall_s": round(wall_s, 4), **more}), flush=True
    )


def median(run, reps):
    """Like ``clock``, the middle of several calls after one to warm up."""
    runs = [clock(run) for _ in range(reps + 1)][1:]
    return sorted(runs, key=lambda r: r[1])[reps // 2]


def reached_differs(ours_s, theirs_m):
    return float((np.isfinite(ours_s) != (theirs_m < RADII_M[-1])).mean())


def pandana(p, n_types, reps):
    import pandana as pdna
    import pandas as pd

    x, y = pd.Series(p["x"]), pd.Series(p["y"])
    streets = pd.DataFrame({"m": p["length_m"] + 1e-7})
    from_to = pd.Series(p["u"].astype(np.int64)), pd.Series(p["v"].astype(np.int64))
    net, cpu, wall = clock(lambda: pdna.Network(x, y, *from_to, streets, twoway=True))
    tell("build", cpu, wall)
    at = [p["outlet_junction"][p["outlet_type"] == t] for t in range(n_types)]

    def set_pois():
        for t in range(n_types):
            here = at[t]
            net.set_pois(
                f"t{t}", RADII_M[-1], 1, x[here].reset_index(drop=True), y[here].reset_index(drop=True)
            )

    _, set_cpu, _ = clock(set_pois)

    def nearest():
        return np.stack(
            [net.nearest_pois(RADII_M[-1], f"t{t}", num_pois=1).to_numpy()[:, 0] for t in range(n_types)], 1
        )

    found, cpu, wall = median(nearest, reps)
    tell(
        "nearest", cpu, wall, differ=reached_differs(p["nearest_s"], found), set_pois_cpu_s=round(set_cpu, 3)
    )
    nearest_cpu, nearest_wall = cpu, wall
    for t in range(n_types):
        net.set(pd.Series(at[t].astype(np.int64)), variable=pd.Series(np.ones(len(at[t]))), name=f"v{t}")
    _, pre_cpu, pre_wall = clock(lambda: net.precompute(RADII_M[-1]))

    def count():
        return np.stack(
            [
                np.stack(
                    [net.aggregate(m, type="sum", decay="flat", name=f"v{t}").to_numpy() for m in RADII_M], 1
                )
                for t in range(n_types)
            ],
            1,
        )

    counts, cpu, wall = median(count, reps)
    differ = float((np.rint(counts) != p["count"]).mean())
    tell("counts", cpu + pre_cpu, wall + pre_wall, differ=differ, precompute_cpu_s=round(pre_cpu, 3))
    tell("counts+nearest", cpu + pre_cpu + nearest_cpu, wall + pre_wall + nearest_wall, differ=differ)


def cityseer(p, n_types, reps):
    from cityseer import rustalgos

    logging.disable(logging.CRITICAL)
    x, y, n = p["x"], p["y"], len(p["x"])

    def build():
        net = rustalgos.graph.NetworkStructure()
        for i in range(n):
            net.add_street_node(i, float(x[i]), float(y[i]), True, 1.0)
        stretch = p["length_m"] / np.hypot(x[p["u"]] - x[p["v"]], y[p["u"]] - y[p["v"]])
        for i, (a, b) in enumerate(zip(p["u"].tolist(), p["v"].tolist(), strict=True)):
            one, two = f"{x[a]} {y[a]}", f"{x[b]} {y[b]}"
            net.add_street_edge(a, b, i, one, two, f"LINESTRING({one}, {two})", float(stretch[i]))
            net.add_street_edge(b, a, i, two, one, f"LINESTRING({two}, {one})", float(stretch[i]))
        net.validate()
        net.build_edge_rtree()
        outlets = rustalgos.data.DataMap()
        for i, j in enumerate(p["outlet_junction"].tolist()):
            outlets.insert(i, f"POINT({x[j]} {y[j]})", None)
        outlets.assign_data_to_network(net, 100.0, 50)
        return net, outlets

    (net, outlets), cpu, wall = clock(build)
    tell("build", cpu, wall)
    kinds = {i: f"t{t}" for i, t in enumerate(p["outlet_type"].tolist())}
    keys = [f"t{t}" for t in range(n_types)]
    metres = [int(m) for m in RADII_M]

    def both():
        return outlets.accessibility(
            net, kinds, keys, distances=metres, decay_fn="1", speed_m_s=1.25, pbar_disabled=True
        )

    answer, cpu, wall = median(both, reps) if n < 200_000 else clock(both)
    counts = np.stack([[np.asarray(answer.result[k].count[m]) for m in metres] for k in keys]).transpose(
        2, 0, 1
    )
    tell("counts+nearest", cpu, wall, differ=float((np.rint(counts) != p["count"]).mean()))


def scipy(p, n_types, reps):
    from scipy.sparse import csr_matrix
    from scipy.sparse.csgraph import dijkstra

    n = len(p["x"])
    ends = np.r_[p["u"], p["v"]], np.r_[p["v"], p["u"]]
    streets = csr_matrix((np.r_[p["length_m"], p["length_m"]], ends), (n, n))
    at = [p["outlet_junction"][p["outlet_type"] == t] for t in range(n_types)]

    def nearest():
        return np.stack([dijkstra(streets, indices=j, min_only=True, limit=RADII_M[-1]) for j in at], 1)

    found, cpu, wall = median(nearest, reps)
    tell(
        "nearest", cpu, wall, differ=reached_differs(p["nearest_s"], np.where(np.isfinite(found), found, 9e9))
    )


if __name__ == "__main__":
    with np.load(sys.argv[1]) as kept:
        problem = dict(kept)
    globals()[sys.argv[2]](problem, problem["count"].shape[1], 3 if len(problem["x"]) < 200_000 else 1)
