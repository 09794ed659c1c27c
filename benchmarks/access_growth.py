"""
Draw how time and memory grow with the city, from the newest rows of ``results.csv``.

    python benchmarks/access_growth.py

Prints the slope in log-log between the smallest and the largest city: 1 is growth in line with the size.
"""

from __future__ import annotations

import csv
from pathlib import Path

import matplotlib as mpl
import numpy as np

mpl.use("svg")
from matplotlib import pyplot as plt

HERE = Path(__file__).parent
PICTURE = HERE.parent / "docs" / "pictures" / "access-growth.svg"
SIZES = {"10k": 10_000, "30k": 30_000, "100k": 100_000, "300k": 300_000, "1M": 1_000_000}
CASES = {"streets": "places and outlets along streets", "junctions": "places at junctions"}


def newest(case: str, column: str) -> tuple[np.ndarray, np.ndarray]:
    """Sizes and values of a case, the last row of each size."""
    with (HERE / "results.csv").open(encoding="utf-8") as file:
        rows = [r for r in csv.DictReader(file) if r["case"] == case and r["tool"] == "yike" and r[column]]
    by_size = {SIZES[r["size"]]: float(r[column]) for r in rows}
    sizes = sorted(by_size)
    return np.array(sizes), np.array([by_size[s] for s in sizes])


def slope(sizes: np.ndarray, values: np.ndarray) -> float:
    return float(np.log(values[-1] / values[0]) / np.log(sizes[-1] / sizes[0]))


def main() -> None:
    mpl.rcParams["svg.hashsalt"] = "yike"
    figure, axes = plt.subplots(1, 2, figsize=(9, 3.6))
    columns = (("cpu_s", "CPU seconds"), ("peak_mib", "peak memory of the process, MiB"))
    for axis, (column, label) in zip(axes, columns, strict=True):
        for case, name in CASES.items():
            sizes, values = newest(case, column)
            rise = slope(sizes, values)
            axis.loglog(sizes, values, "o-", label=f"{name}, slope {rise:.2f}")
            print(f"{case} {column} slope {rise:.3f}")
        axis.set_xlabel("places")
        axis.set_title(label, fontsize=10)
        axis.grid(alpha=0.3)
        axis.legend(fontsize=8)
    figure.tight_layout()
    PICTURE.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(PICTURE, metadata={"Date": None})


if __name__ == "__main__":
    main()
