"""
From a PBF to a graph with points on it: ours against Valhalla's tile builder, each in fresh processes.

    python benchmarks/build_bench.py [STREETS.osm.pbf] [--size 1M] [--peer-venv DIR] [--rounds 3]

Without a file the made-up city of ``access_city.py`` is written as a PBF first: streets as one way per
block, outlets as shop nodes. Ours reads, contracts and attaches one point per ten vertices, imports
included, with warm kernel caches; Valhalla builds tiles (it attaches nothing). CPU seconds are user and
system of the process and its children; the ratio inside one run is what counts. Prints rows for
``results.csv``.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

OURS = """
import sys
from pathlib import Path
import numpy as np
from yike.core.network.attach import attach_points
from yike.core.network.contract import build_graph
from yike.core.network.profile import WalkProfile
from yike.sources.osm import read_network
network, _ = read_network(Path(sys.argv[1]))
graph = build_graph(network, WalkProfile("adult", "", 4 / 3.6))
near = np.random.default_rng(1).integers(0, network.n_vertices, network.n_vertices // 10)
points = attach_points(network, graph, network.vertex_x_m[near] + 9.0, network.vertex_y_m[near] + 9.0)
print(network.n_vertices, network.n_pieces, graph.n_junctions, len(points))
"""

KINDS = ("residential", "footway", "service", "living_street", "tertiary", "secondary", "path")


def write_city(path: Path, size: int) -> None:
    """Write the made-up city as a PBF."""
    from access_city import WALKER, make_city
    from yike.core.geo.projection import LocalProjection
    from yike.core.network.contract import build_graph
    from yike.sources.osm.objects import OsmObjects
    from yike.sources.osm.tags import TagTable
    from yike.sources.osm.write import write_pbf

    city = make_city(size)
    network, graph = city.network, build_graph(city.network, WALKER)
    n, n_ways, n_outlets = network.n_vertices, graph.n_edges, len(city.outlet_xy)
    lon, lat = LocalProjection(network.origin_lon, network.origin_lat).inverse(*city.outlet_xy.T)
    values = [*KINDS, *(f"t{i}" for i in range(22))]
    keys = ("highway", "shop")
    kind = np.random.default_rng(2).integers(0, len(KINDS), n_ways).astype(np.int32)
    shop = (len(KINDS) + city.outlet_type).astype(np.int32)
    outlet_rows = (n + np.arange(n_outlets)).astype(np.int32)
    none = np.empty(0, np.int32)
    objects = OsmObjects(
        node_id=np.arange(1, n + n_outlets + 1),
        node_lon=np.concatenate([network.vertex_lon, lon]),
        node_lat=np.concatenate([network.vertex_lat, lat]),
        node_tags=TagTable(outlet_rows, np.ones(n_outlets, np.int32), shop, n + n_outlets, keys, values),
        way_id=np.arange(1, n_ways + 1),
        way_ptr=graph.chain_ptr,
        way_ref=graph.chain_vertex_idx.astype(np.int64) + 1,
        way_tags=TagTable(
            np.arange(n_ways, dtype=np.int32), np.zeros(n_ways, np.int32), kind, n_ways, keys, values
        ),
        rel_id=np.empty(0, np.int64),
        rel_ptr=np.zeros(1, np.int64),
        member_id=np.empty(0, np.int64),
        member_kind=np.empty(0, np.uint8),
        member_role=none,
        rel_tags=TagTable(none, none, none, 0, keys, values),
        bounds=None,
        as_of="",
        n_bad_nodes=0,
    )
    write_pbf(objects, path, None)


def measure(command: list[str], bytecode: Path) -> tuple[float, float, str]:
    """
    CPU seconds, peak MiB and output of one process with its children.

    Python's bytecode goes to a folder of its own, so that the rounds after the first find it, as after
    any installation.
    """
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": str(bytecode)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    with tempfile.TemporaryFile("w+") as out:
        child = subprocess.Popen(command, stdout=out, stderr=subprocess.DEVNULL, env=environment)
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        text = out.read().strip()
    if child.returncode:
        raise SystemExit(f"{command[0]} ended with {child.returncode}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, text


def median(command: list[str], rounds: int, bytecode: Path) -> tuple[float, float, str]:
    runs = sorted(measure(command, bytecode) for _ in range(rounds))
    return runs[rounds // 2]


def peer_command(python: Path, pbf: Path, folder: Path) -> list[str]:
    """Valhalla's tile builder for one file, two threads."""
    config, tiles = folder / "valhalla.json", folder / "tiles"
    tiles.mkdir()
    ask = "import json, sys; from valhalla import get_config as c; print(json.dumps(c('', sys.argv[1])))"
    made = subprocess.run([python, "-c", ask, tiles], capture_output=True, text=True, check=True)
    settings = json.loads(made.stdout)
    settings["mjolnir"]["concurrency"] = 2
    config.write_text(json.dumps(settings), "utf-8")
    where = "import valhalla, pathlib; print(pathlib.Path(valhalla.__file__).parent)"
    package = subprocess.run([python, "-c", where], capture_output=True, text=True, check=True).stdout.strip()
    return [str(Path(package) / "bin" / "valhalla_build_tiles"), "-c", str(config), str(pbf)]


def main() -> None:
    from access_city import SIZES
    from isochrone_bench import make_peer

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pbf", type=Path, nargs="?")
    parser.add_argument("--size", choices=SIZES, default="1M")
    parser.add_argument("--peer-venv", type=Path)
    parser.add_argument("--no-peer", action="store_true")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--write", choices=SIZES, help="only write the made-up city")
    chosen = parser.parse_args()
    if chosen.write:
        write_city(chosen.pbf, SIZES[chosen.write])
        return
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        pbf = chosen.pbf or folder / f"city-{chosen.size}.osm.pbf"
        if not chosen.pbf:
            # by another process: a child's peak memory counts what its parent held when it was born
            subprocess.run([sys.executable, __file__, str(pbf), "--write", chosen.size], check=True)
        ours = [sys.executable, "-c", OURS, str(pbf)]
        measure(ours, folder / "bytecode")  # compiles the kernels, fills the caches
        cpu_s, mib, found = median(ours, chosen.rounds, folder / "bytecode")
        vertices, pieces, junctions, points = found.split()
        print(f"# {pbf.name}, {pbf.stat().st_size / 1e6:.1f} MB: {vertices} vertices, {pieces} pieces")
        print(f"# {junctions} junctions, {points} points attached")
        print(f"build:{pbf.name},yike,cpu_s={cpu_s:.2f},peak_mib={mib:.0f}")
        if chosen.no_peer:
            return
        python = make_peer(chosen.peer_venv or folder / "venv")
        peer_s, peer_mib, _ = measure(peer_command(python, pbf, folder), folder / "bytecode")
        print(f"build:{pbf.name},valhalla,cpu_s={peer_s:.2f},peak_mib={peer_mib:.0f}")
        print(f"build:{pbf.name},yike of valhalla,cpu={cpu_s / peer_s:.3f},peak={mib / peer_mib:.3f}")


if __name__ == "__main__":
    main()
