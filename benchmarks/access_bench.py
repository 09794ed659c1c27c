"""
Access of the made-up city: speed, memory, exactness, growth; and the same problem given to the peers.

    python benchmarks/access_bench.py --sizes 10k,100k              # ours, checked against brute force
    python benchmarks/access_bench.py --sizes 100k --peers          # and pandana, cityseer, scipy
    python benchmarks/access_bench.py --sizes 10k,100k,1M --write   # rows into results.csv, and the plot

Everything runs in fresh processes through the public functions, checks of the input included. CPU
seconds are user and system of all threads, the middle of several calls after one that warms up; the
memory is the peak of the process, the tables it was given included. Ratios inside one run count.

Cases: ``junctions`` (places at all junctions, outlets at junctions, searched to 15 minutes: what the
peers can do), ``nearest`` (the same without counts), ``streets`` (places and outlets along the
streets, nearest searched for an hour: the product's own problem), ``update`` (one outlet opens or closes).
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
ROOT = HERE.parent
CASES = ("junctions", "nearest", "streets", "update")
COLUMNS = ("commit", "machine", "case", "size", "tool", "cpu_s", "wall_s", "peak_mib", "ratio", "note")
N_CHECKED = 250


# --- inside a fresh process


def load(folder: Path, size: str, at_junctions: bool = False):
    import access_city

    path = folder / f"{size}.npz"
    if not path.exists():
        access_city.save_case(access_city.on_streets(access_city.make_city(access_city.SIZES[size])), path)
    case = access_city.load_case(path)
    return access_city.at_junctions(case) if at_junctions else case


def compute(case, **settings):
    import numpy as np

    from yike.core.access.access import compute_access

    n_types = case.given()[-1]
    everyone = np.ones(len(case.outlets), bool)
    return compute_access(
        *case.given(), type_rows=np.arange(n_types, dtype=np.int32), is_open=everyone, **settings
    )


def timed(run, reps: int) -> dict[str, float]:
    """Median CPU and wall seconds; results are dropped in between, as a program would."""
    times = []
    for _ in range(reps + 1):
        wall, cpu = time.perf_counter(), time.process_time()
        run()
        times.append((time.process_time() - cpu, time.perf_counter() - wall))
    middle = sorted(times[1:])[reps // 2]
    return {"cpu_s": middle[0], "wall_s": middle[1]}


def run_case(folder: Path, size: str, name: str, threads: int, reps: int) -> dict[str, Any]:
    case = load(folder, size, at_junctions=name in ("junctions", "nearest"))
    settings: dict[str, Any] = {"n_threads": threads}
    if name in ("junctions", "nearest"):
        settings["limit_s"] = 900.0
    if name == "nearest":
        settings["cutoffs_s"] = ()
    if name == "update":
        return time_updates(case)
    return timed(lambda: compute(case, **settings), reps)


def time_updates(case, n: int = 200) -> dict[str, Any]:
    """Median of opening and closing an outlet, and whether the table still equals a full run."""
    import numpy as np

    from yike.core.access.update import close_outlet, open_outlet, watch_access

    is_open = np.ones(len(case.outlets), bool)
    picked = np.random.default_rng(1).choice(len(is_open), n, replace=False)
    rows = np.arange(case.given()[-1], dtype=np.int32)
    live = watch_access(*case.given(), type_rows=rows, is_open=is_open)
    spent = []
    for change in (close_outlet, open_outlet):
        for outlet in picked:
            wall, cpu = time.perf_counter(), time.process_time()
            change(live, int(outlet))
            spent.append((time.process_time() - cpu, time.perf_counter() - wall))
    full, table = compute(case), live.table()
    names = ("nearest_s", "nearest_outlet_idx", "count")
    equal = all(
        np.array_equal(getattr(full, k), getattr(table, k), equal_nan=k == "nearest_s") for k in names
    )
    cpu_s, wall_s = np.median(np.array(spent[2:]), axis=0)
    return {"cpu_s": float(cpu_s), "wall_s": float(wall_s), "note": f"equal to the full run: {equal}"}


def verify(folder: Path, size: str) -> dict[str, Any]:
    """Compare a sample with scipy's Dijkstra on the uncontracted problem, and one thread with two."""
    import numpy as np

    case = load(folder, size)
    table, other = compute(case, n_threads=1), compute(case, n_threads=2)
    names = ("nearest_s", "nearest_outlet_idx", "count")
    same = all(getattr(table, k).tobytes() == getattr(other, k).tobytes() for k in names)
    n_values = n_wrong = 0
    for place in np.random.default_rng(2).choice(
        len(case.places), min(N_CHECKED, len(case.places)), replace=False
    ):
        seconds, outlet, count = brute_force(case, int(place), table.cutoffs_s, table.limit_s)
        for ours, theirs in (
            (table.nearest_s[place], seconds),
            (table.nearest_outlet_idx[place], outlet),
            (table.count[place], count),
        ):
            n_values += ours.size
            n_wrong += int((ours != theirs).sum())
    return {
        "note": f"{n_wrong} of {n_values} values differ from brute force; 1 and 2 threads same bytes: {same}"
    }


def brute_force(case, place: int, cutoffs_s, limit_s):
    """Nearest and counts of one place by scipy, in whole ticks, which float64 holds exactly."""
    import numpy as np
    from scipy.sparse import csr_matrix
    from scipy.sparse.csgraph import dijkstra

    from yike.core.tables import TICKS_PER_S

    graph, outlets, direct = case.graph, case.outlets, case.direct
    n, n_types = graph.n_junctions, case.given()[-1]
    streets = csr_matrix((graph.neighbour_ticks.astype(float), graph.neighbour_idx, graph.indptr), (n, n))
    ticks = np.full(len(outlets), np.inf)
    owner = np.repeat(np.arange(len(outlets)), np.diff(outlets.end_ptr))
    for k in range(case.places.end_ptr[place], case.places.end_ptr[place + 1]):
        reached = dijkstra(streets, indices=case.places.end_junction_idx[k], limit=limit_s * TICKS_PER_S)
        walks = case.places.end_ticks[k] + reached[outlets.end_junction_idx] + outlets.end_ticks
        np.minimum.at(ticks, owner, walks)
    here = slice(direct.ptr[place], direct.ptr[place + 1])
    np.minimum.at(ticks, direct.outlet_idx[here], direct.ticks[here])
    seconds, nearest = np.full(n_types, np.inf, np.float32), np.full(n_types, -1, np.int32)
    count = np.zeros((n_types, len(cutoffs_s)), np.int32)
    for t in range(n_types):
        of_type = np.flatnonzero(case.service_col == t)  # one service each: row of service = outlet
        count[t] = [(ticks[of_type] <= c * TICKS_PER_S).sum() for c in cutoffs_s]
        first = of_type[ticks[of_type].argmin()]
        if ticks[first] <= limit_s * TICKS_PER_S:
            near = np.float32(ticks[first] / TICKS_PER_S)
            exact = float(near) * TICKS_PER_S >= ticks[first]
            seconds[t], nearest[t] = near if exact else np.nextafter(near, np.float32(np.inf)), first
    return seconds, nearest, count


def write_problem(folder: Path, size: str) -> dict[str, Any]:
    """The junction problem and our answer to it, for the peers."""
    import numpy as np

    import access_city

    case = load(folder, size, at_junctions=True)
    network, graph = access_city.make_city(access_city.SIZES[size]).network, case.graph
    u, v, ticks = graph.edge_from_idx, graph.edge_to_idx, graph.edge_ticks
    order = np.lexsort((ticks, v, u))
    order = order[u[order] != v[order]]
    first = np.r_[True, (u[order][1:] != u[order][:-1]) | (v[order][1:] != v[order][:-1])]
    edge = order[first]
    table = compute(case, limit_s=900.0)
    np.savez(
        folder / f"{size}-problem.npz",
        x=network.vertex_x_m[graph.junction_vertex_idx],
        y=network.vertex_y_m[graph.junction_vertex_idx],
        u=u[edge],
        v=v[edge],
        length_m=ticks[edge] / 65_536 * graph.speed_m_s,
        outlet_junction=case.outlets.end_junction_idx,
        outlet_type=case.service_col,
        nearest_s=table.nearest_s,
        count=table.count,
    )
    return {}


# --- outside: fresh processes, rows, ratios


def fresh(command: list[str]) -> tuple[list[dict[str, Any]], float]:
    """JSON lines and peak MiB of one process."""
    with tempfile.TemporaryFile("w+") as out:
        child = subprocess.Popen(command, stdout=out, cwd=HERE)
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        lines = [json.loads(line) for line in out.read().splitlines() if line.startswith("{")]
    if child.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {child.returncode}")
    return lines, usage.ru_maxrss / 1024


def child(task: str, size: str, options: argparse.Namespace) -> tuple[dict[str, Any], float]:
    command = [sys.executable, __file__, "--task", task, "--sizes", size, "--folder", str(options.folder)]
    lines, peak = fresh([*command, "--threads", str(options.threads), "--reps", str(options.reps)])
    return lines[-1], peak


def peer_python(options: argparse.Namespace) -> str:
    """Python of the peers' venv, made on first use outside the project's own."""
    venv = options.peer_venv or options.folder / "peers"
    python = venv / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(venv)], check=True)
        install = [str(python), "-m", "pip", "install", "-q", "-r", str(HERE / "requirements.txt")]
        subprocess.run(install, check=True)
    return str(python)


def commit() -> str:
    git = ["git", "-C", str(ROOT), "rev-parse", "--short", "HEAD"]
    return subprocess.run(git, capture_output=True, text=True, check=False).stdout.strip()


def machine() -> str:
    name = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        names = [line.split(":")[1].strip() for line in info.read_text().splitlines() if "model name" in line]
        name = names[0] if names else name
    return f"{name}, {os.cpu_count()} cores"


def bench_size(size: str, options: argparse.Namespace) -> list[dict[str, Any]]:
    rows = []

    def add(
        case: str, tool: str, found: dict[str, Any], peak: float | None = None, ratio: float | None = None
    ):
        row = {"commit": commit(), "machine": machine(), "case": case, "size": size, "tool": tool}
        row |= {k: round(found[k], 5) for k in ("cpu_s", "wall_s") if k in found}
        row |= {"peak_mib": round(peak) if peak else "", "ratio": round(ratio, 2) if ratio else ""}
        rows.append(row | {"note": found.get("note", "")})
        print(
            ", ".join(f"{k}={v}" for k, v in rows[-1].items() if v != "" and k not in ("commit", "machine"))
        )

    ours = {}
    child("make", size, options)
    for case in options.cases:
        found, peak = child(case, size, options)
        ours[case] = found["cpu_s"]
        add(case, "yike", found, peak)
    if options.verify:
        add("exactness", "yike", child("verify", size, options)[0])
    if options.peers:
        child("problem", size, options)
        problem = str(options.folder / f"{size}-problem.npz")
        for peer in options.peers:
            lines, peak = fresh([peer_python(options), str(HERE / "access_peers.py"), problem, peer])
            for line in lines:
                case = {"counts+nearest": "junctions", "counts": "junctions"}.get(line["task"], line["task"])
                rest = {k: v for k, v in line.items() if k not in ("cpu_s", "wall_s")}
                line["note"] = "; ".join(f"{k} {v}" for k, v in rest.items())
                ratio = line["cpu_s"] / ours[case] if case in ours else None
                add(case, peer, line, peak, ratio)
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", default="10k,100k", help="of 10k, 30k, 100k, 300k, 1M")
    parser.add_argument("--cases", default=",".join(CASES))
    parser.add_argument("--peers", nargs="?", const="pandana,cityseer,scipy", default="")
    parser.add_argument("--peer-venv", type=Path)
    parser.add_argument(
        "--folder", type=Path, default=ROOT / "build" / "bench", help="made cities are kept here"
    )
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--reps", type=int, default=3)
    parser.add_argument("--no-verify", dest="verify", action="store_false")
    parser.add_argument(
        "--write", action="store_true", help="add the rows to results.csv and draw the growth"
    )
    parser.add_argument("--task", help=argparse.SUPPRESS)
    options = parser.parse_args()
    options.folder = options.folder.resolve()
    options.folder.mkdir(parents=True, exist_ok=True)
    options.cases = [c for c in options.cases.split(",") if c]
    options.peers = [p for p in options.peers.split(",") if p]
    if options.task:
        tasks = {"verify": verify, "problem": write_problem, "make": lambda f, s: load(f, s) and {}}
        if options.task in tasks:
            print(json.dumps(tasks[options.task](options.folder, options.sizes)))
        else:
            found = run_case(options.folder, options.sizes, options.task, options.threads, options.reps)
            print(json.dumps(found))
        return
    rows = [row for size in options.sizes.split(",") for row in bench_size(size, options)]
    if options.write:
        path = HERE / "results.csv"
        is_new = not path.exists()
        with path.open("a", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
            if is_new:
                writer.writeheader()
            writer.writerows(rows)
        subprocess.run([sys.executable, str(HERE / "access_growth.py")], check=True)


if __name__ == "__main__":
    main()
