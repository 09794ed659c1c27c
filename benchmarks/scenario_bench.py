"""
Scenarios on a made-up city: one added outlet, answered by what changes only, against the full run.

::

    python benchmarks/scenario_bench.py PACK --write      # yike pack synth --city large -o PACK

``open`` reads, walks and judges the pack; ``load`` opens a kept base in a fresh process; ``first`` is the
first scenario of a process (the watch over all outlets begins), ``next`` the middle of the later ones;
``full`` walks and judges the edited pack anew. Each answer includes the tables before and after, and the
scenario's access table is compared with the full run's, bit for bit.
"""

from __future__ import annotations

import argparse
import csv
import json
import platform
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

HERE = Path(__file__).parent
COLUMNS = ("commit", "machine", "case", "size", "tool", "cpu_s", "wall_s", "peak_mib", "ratio", "note")


def timed(call: Callable[[], Any]) -> tuple[Any, float, float]:
    """What a call gives, its CPU seconds and its wall seconds."""
    cpu, wall = time.process_time(), time.perf_counter()
    found = call()
    return found, time.process_time() - cpu, time.perf_counter() - wall


def scenarios(base: Any, n: int) -> list[Any]:
    """One breakfast shop at each of ``n`` idle premises, spread over the city."""
    from yike.sources.scenario_edits import AddOutlet, Entry, Scenario, Spot
    from yike.standards.loader import load_types

    rooms = base.base.pack.premises.premises_id
    kind = load_types().idx("breakfast_shop")
    step = max(1, len(rooms) // n)
    return [
        Scenario(room, (Entry(AddOutlet(kind, Spot(at=room), is_chain=False), 1, 1, "add_outlet"),))
        for room in rooms[::step][:n]
    ]


def measure_kept(folder: Path, n: int) -> list[dict[str, Any]]:
    """In a fresh process: open the kept base and answer; then the full run of the last scenario."""
    from yike.studies.kept_base import load_base
    from yike.studies.pipeline import reach_base
    from yike.studies.scenario import apply_scenario, judge_base
    from yike.studies.scenario_changes import same_table
    from yike.studies.scenario_pack import edit_pack
    from yike.studies.study import silent
    from yike.studies.watch import Watch

    base, *load = timed(lambda: load_base(folder))
    outcomes = [timed(lambda s=s: apply_scenario(base, s)) for s in scenarios(base, n + 1)]
    last = scenarios(base, n + 1)[-1]

    def full() -> Any:
        edited = edit_pack(base.base, last)
        return judge_base(reach_base(edited.spec, edited.pack, edited.rules, Watch(silent)))

    whole, *full_s = timed(full)
    assert same_table(outcomes[-1][0].after.access, whole.access), "the scenario is not the full run"
    later = [o[1:] for o in outcomes[1:]]
    middle = [median(o[k] for o in later) for k in (0, 1)]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    cases = {"load": load, "first": outcomes[0][1:], "next": middle, "full": full_s}
    return [
        {"case": f"scenario-{c}", "cpu_s": s[0], "wall_s": s[1], "peak_mib": peak} for c, s in cases.items()
    ]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("pack", type=Path)
    parser.add_argument("--n", type=int, default=12)
    parser.add_argument("--write", action="store_true", help="add the rows to results.csv")
    parser.add_argument("--kept", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.kept:
        print(json.dumps(measure_kept(options.pack, options.n)))
        return
    from yike.studies.kept_base import keep_base
    from yike.studies.scenario import open_base
    from yike.studies.study import StudySpec

    with TemporaryDirectory() as folder:
        base, cpu, wall = timed(lambda: open_base(StudySpec(options.pack, with_isochrones=False)))
        kept = keep_base(base, Path(folder) / "base")
        size = f"{len(base.base.joined.places)} homes, {len(base.base.joined.outlets)} outlets"
        command = [sys.executable, __file__, str(kept), "--kept", "--n", str(options.n)]
        told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    rows = [{"case": "scenario-open", "cpu_s": cpu, "wall_s": wall}, *json.loads(told)]
    full = next(r["wall_s"] for r in rows if r["case"] == "scenario-full")
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True
    ).stdout.strip()
    for row in rows:
        row |= {"commit": commit, "machine": machine(), "size": size, "tool": "yike"}
        row |= {k: round(row[k], 4) for k in ("cpu_s", "wall_s")}
        row["peak_mib"] = round(row.get("peak_mib", 0)) or ""
        row["ratio"] = round(full / row["wall_s"], 1)
        row["note"] = "ratio: full run / this"
        print(row["case"], f"{row['cpu_s']:.3f} s CPU, {row['wall_s']:.3f} s", row["ratio"])
    if options.write:
        with (HERE / "results.csv").open("a", newline="", encoding="utf-8") as file:
            csv.DictWriter(file, COLUMNS, lineterminator="\n").writerows(rows)


def machine() -> str:
    """Name of the processor and number of cores."""
    import os

    names = [
        line.partition(":")[2].strip()
        for line in Path("/proc/cpuinfo").read_text().splitlines()
        if line.startswith("model name")
    ]
    return f"{names[0] if names else platform.processor()}, {os.cpu_count()} cores"


if __name__ == "__main__":
    main()
