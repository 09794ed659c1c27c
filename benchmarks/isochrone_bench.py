"""
Isochrones: 1,000 walks of 15 minutes from single points, ours against Valhalla's ``/isochrone``.

    python benchmarks/isochrone_bench.py STREETS.osm.pbf [--count 1000] [--peer-venv DIR]

Valhalla runs in a virtual environment of its own (made in a temporary folder when none is given), on tiles
built from the same file, at the same points and the same speed. CPU seconds, median of three rounds after
one to warm up; the ratio inside one run is what counts. Prints rows for ``results.csv``.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
import venv
from pathlib import Path

import numpy as np
import shapely

from yike.core.network.attach import attach_points
from yike.core.network.contract import build_graph
from yike.core.network.isochrone import lay_out_streets, reach_each
from yike.core.network.profile import WalkProfile
from yike.sources.osm import read_network

KM_H = 4.0
ROUNDS = 3
PEER = "pyvalhalla-weekly==3.5.1.post1.dev248"  # newest wheel for Python 3.11; holds the tile builder

PEER_SCRIPT = """
import json, sys, time
import valhalla
from valhalla import Actor
points, config, out = json.load(open(sys.argv[1])), sys.argv[2], sys.argv[3]
km_h, rounds = float(sys.argv[4]), int(sys.argv[5])
actor = Actor(config)
result = {}
for generalize in (None, 0.0):
    def ask(lon, lat):
        q = {"locations": [{"lon": lon, "lat": lat}], "costing": "pedestrian", "polygons": True,
             "costing_options": {"pedestrian": {"walking_speed": km_h}}, "contours": [{"time": 15}]}
        if generalize is not None:
            q["generalize"] = generalize
        return actor.isochrone(json.dumps(q))
    for p in points[:20]:
        ask(*p)
    spent, last = [], []
    for _ in range(rounds):
        a = time.process_time()
        last = [ask(*p) for p in points]
        spent.append(time.process_time() - a)
    result[str(generalize)] = sorted(spent)[rounds // 2]
    result["shape " + str(generalize)] = [v if isinstance(v, dict) else json.loads(v) for v in last]
json.dump(result, open(out, "w"))
"""


def our_seconds(pbf: Path, count: int) -> tuple[dict[str, float], np.ndarray, list]:
    network, _ = read_network(pbf)
    graph = build_graph(network, WalkProfile("adult", "成人", KM_H / 3.6))
    rng = np.random.default_rng(1)
    ends = graph.junction_vertex_idx[rng.integers(0, graph.n_junctions, count)]
    x_m, y_m = network.vertex_x_m[ends], network.vertex_y_m[ends]
    lay_out_streets(network, graph)
    areas = reach_each(network, graph, attach_points(network, graph, x_m[:9], y_m[:9]), [900.0])
    spent: dict[str, list[float]] = {"polygons": [], "geojson": []}
    for _ in range(ROUNDS):
        start = time.process_time()
        starts = attach_points(network, graph, x_m, y_m)
        areas = reach_each(network, graph, starts, [900.0], drawing=lay_out_streets(network, graph))
        spent["polygons"].append(time.process_time() - start)
        text = shapely.to_geojson(np.array([one[0].polygon for one in areas], dtype=object))
        assert len(text) == count
        spent["geojson"].append(time.process_time() - start)
    points = np.column_stack((network.vertex_lon[ends], network.vertex_lat[ends]))
    return {k: float(np.median(v)) for k, v in spent.items()}, points, areas


def make_peer(folder: Path) -> Path:
    python = folder / "bin" / "python"
    if not python.exists():
        venv.create(folder, with_pip=True)
        subprocess.run(
            [python, "-m", "pip", "-q", "install", "--only-binary", ":all:", PEER, "numpy"], check=True
        )
    return python


def build_tiles(python: Path, pbf: Path, folder: Path) -> Path:
    config, tiles = folder / "valhalla.json", folder / "tiles"
    tiles.mkdir()
    ask = "import json, sys; from valhalla import get_config as c; print(json.dumps(c('', sys.argv[1])))"
    made = subprocess.run([python, "-c", ask, tiles], capture_output=True, text=True, check=True)
    config.write_text(made.stdout, "utf-8")
    where = "import valhalla, pathlib; print(pathlib.Path(valhalla.__file__).parent)"
    package = subprocess.run([python, "-c", where], capture_output=True, text=True, check=True).stdout.strip()
    builder = Path(package) / "bin" / "valhalla_build_tiles"
    subprocess.run([builder, "-c", config, pbf], check=True, capture_output=True)
    return config


def peer_seconds(python: Path, config: Path, points: np.ndarray, folder: Path) -> dict:
    (folder / "points.json").write_text(json.dumps(points.tolist()), "utf-8")
    (folder / "peer.py").write_text(PEER_SCRIPT, "utf-8")
    arguments = [folder / "points.json", config, folder / "out.json", str(KM_H), str(ROUNDS)]
    subprocess.run([python, folder / "peer.py", *arguments], check=True)
    return json.loads((folder / "out.json").read_text("utf-8"))


def mean_km2(shapes: list) -> float:
    """Mean area of polygons in degrees, by the local scale of their own latitude."""
    km2 = []
    for one in shapes:
        lat = one.bounds[1] if not one.is_empty else 0.0
        km2.append(one.area * 111.195**2 * np.cos(np.radians(lat)))
    return float(np.mean(km2))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pbf", type=Path)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--peer-venv", type=Path)
    chosen = parser.parse_args()
    ours, points, areas = our_seconds(chosen.pbf, chosen.count)
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        python = make_peer(chosen.peer_venv or folder / "venv")
        peer = peer_seconds(python, build_tiles(python, chosen.pbf, folder), points, folder)
    name = f"isochrone-900s-x{chosen.count}:{chosen.pbf.name}"
    best = min(v for k, v in peer.items() if not k.startswith("shape"))
    for what, seconds in ours.items():
        print(f"{name},yike {what},cpu_s={seconds:.3f},of_valhalla={seconds / best:.3f}")
    for setting in ("None", "0.0"):
        shapes = [
            shapely.from_geojson(json.dumps(v["features"][0]["geometry"])) for v in peer["shape " + setting]
        ]
        print(
            f"{name},valhalla generalize={setting},cpu_s={peer[setting]:.3f},mean_km2={mean_km2(shapes):.3f}"
        )
    print(f"{name},yike area,mean_km2={mean_km2([one[0].polygon for one in areas]):.3f}", file=sys.stderr)


if __name__ == "__main__":
    main()
