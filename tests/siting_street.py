"""
One straight street whose sites can be worked out by hand; nodes 85 m apart, 4 km/h.

Ten minutes are 666.7 m. Homes stand 15 m off the street, in turn north and south, so that seven nodes (595 m
and 15) are within and eight (680 m and 15) beyond. A convenience store stands at node 0. Homes at nodes 2,
14, 20, 30, 40; rooms at 4, 17, 27, 35.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

HEAD = """[pack]
code = "street"
name = "一条街"
division = "110108"
as_of = 2026-01-01
invented = true

[network]
nodes = "nodes.csv"
edges = "edges.csv"
datum = "wgs84"

[places]
file = "places.csv"
datum = "wgs84"

[[source]]
name = "手工"
licence = "CC0-1.0"
"""
OUTLETS = '\n[outlets]\nfile = "outlets.csv"\ndatum = "wgs84"\n'
PREMISES = '\n[premises]\nfile = "premises.csv"\ndatum = "wgs84"\n'

# A dead end at either end, so that the pack's outline is no mere line.
SPURS_AT = ("62,116.300000,40.003", "63,116.360000,39.997")
SPURS = ("1,62,340.0", "61,63,340.0")
HOMES = (("A", 2, 100), ("B", 14, 200), ("C", 20, 300), ("D", 30, 50), ("E", 40, 400))
ROOMS = (("r4", 4, 30_000), ("r17", 17, 50_000), ("r27", 27, 20_000), ("r35", 35, 40_000))


def lon(node: float) -> str:
    """Longitude of a node: 85.18 m east of the one before it."""
    return f"{116.3 + 0.001 * node:.6f}"


def write_street(
    folder: Path,
    homes: Sequence[tuple[str, float, int | str]] = HOMES,
    rooms: Sequence[tuple[str, float, int | str]] = ROOMS,
    *,
    with_outlets: bool = True,
) -> Path:
    """Write the pack; a number of people or a cost may be "" for unknown."""
    north = [f"{40 + (0.000135 if i % 2 else -0.000135):.6f}" for i in range(len(homes))]
    folder.mkdir(parents=True, exist_ok=True)
    toml = HEAD + (OUTLETS if with_outlets else "") + (PREMISES if rooms else "")
    tables = {
        "nodes.csv": ["node_id,lon,lat", *(f"{k + 1},{lon(k)},40.0" for k in range(61)), *SPURS_AT],
        "edges.csv": ["from,to,length_m", *(f"{k + 1},{k + 2},85.0" for k in range(60)), *SPURS],
        "places.csv": [
            "id,name,lon,lat,people",
            *(f"{i},{i}楼,{lon(k)},{north[at]},{n}" for at, (i, k, n) in enumerate(homes)),
        ],
        "outlets.csv": ["id,name,type,lon,lat", f"s1,一号店,便利店,{lon(0)},40.0"],
        "premises.csv": [
            "id,name,lon,lat,area_m2,cost",
            *(f"{i},空房{i},{lon(k)},40.0,80,{c}" for i, k, c in rooms),
        ],
    }
    for name, lines in tables.items():
        (folder / name).write_text("\n".join(lines) + "\n", "utf-8")
    (folder / "pack.toml").write_text(toml, "utf-8")
    return folder
