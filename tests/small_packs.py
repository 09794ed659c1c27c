"""
A district small enough to read: 5 x 5 crossings 100 m apart near 116.3, 39.9, as nodes and edges.

``small_pack(folder)`` writes a clean pack; keyword arguments replace or add files and lines of ``pack.toml``.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from yike.core.geo.projection import LocalProjection

N = 5
STEP_M = 100.0
GROUND = LocalProjection(116.3, 39.9)

HEAD = """
[pack]
code = "small"
name = "小片区"
division = "110108"
as_of = 2026-01-01
invented = false
"""
NETWORK = """
[network]
nodes = "nodes.csv"
edges = "edges.csv"
datum = "wgs84"
"""
OUTLETS = """
[outlets]
file = "outlets.csv"
datum = "wgs84"
"""
PLACES = """
[places]
file = "places.csv"
datum = "wgs84"
"""
SOURCE = """
[[source]]
name = "手工"
licence = "CC0-1.0"
"""


def lonlat(x_m: float, y_m: float) -> tuple[float, float]:
    """Degrees of a point given in metres from the south-west crossing."""
    lon, lat = GROUND.inverse(np.array([x_m]), np.array([y_m]))
    return float(lon[0]), float(lat[0])


def at(x_m: float, y_m: float) -> str:
    """The same as "lon,lat" for a CSV."""
    lon, lat = lonlat(x_m, y_m)
    return f"{lon:.7f},{lat:.7f}"


def street_files() -> dict[str, str]:
    """``nodes.csv`` and ``edges.csv`` of the grid."""
    nodes = ["node_id,lon,lat"]
    edges = ["from,to,length_m"]
    for row in range(N):
        for column in range(N):
            me = row * N + column + 1
            nodes.append(f"{me},{at(column * STEP_M, row * STEP_M)}")
            if column + 1 < N:
                edges.append(f"{me},{me + 1},{STEP_M:g}")
            if row + 1 < N:
                edges.append(f"{me},{me + N},{STEP_M:g}")
    return {"nodes.csv": "\n".join(nodes) + "\n", "edges.csv": "\n".join(edges) + "\n"}


def outlets_csv(*rows: str, header: str = "编号,名称,业态,经度,纬度") -> str:
    """A list of outlets; without rows two clean ones."""
    clean = (f"W1,便民店,便利店,{at(50, 5)}", f"W2,光明药房,药店,{at(250, 105)}")
    return "\n".join((header, *(rows or clean))) + "\n"


def places_csv(*rows: str, header: str = "编号,经度,纬度,人口") -> str:
    """A list of homes; without rows two clean ones, 300 people."""
    return "\n".join((header, *(rows or (f"P1,{at(10, 10)},100", f"P2,{at(310, 390)},200")))) + "\n"


def small_pack(
    folder: Path,
    *,
    outlets: str | bytes | None = None,
    places: str | bytes | None = None,
    toml: str = HEAD + NETWORK + OUTLETS + PLACES + SOURCE,
    files: dict[str, str | bytes] | None = None,
) -> Path:
    """Write a pack into a folder and return the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    written: dict[str, str | bytes] = {
        "pack.toml": toml,
        **street_files(),
        "outlets.csv": outlets_csv() if outlets is None else outlets,
        "places.csv": places_csv() if places is None else places,
        **(files or {}),
    }
    for name, content in written.items():
        data = content.encode() if isinstance(content, str) else content
        (folder / name).write_bytes(data)
    return folder


def codes(faults: object, level: str | None = None) -> list[str]:
    """Codes of faults, in order; of one level if asked."""
    return [f.code for f in faults if level is None or f.level == level]
