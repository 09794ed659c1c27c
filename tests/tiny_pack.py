"""The smallest pack of the specification: a ladder of streets, three shops, four homes."""

from pathlib import Path

PACK_TOML = """[pack]
code = "demo"
name = "示例片区"
division = "110108"
as_of = 2026-01-01
invented = false

[network]
nodes = "nodes.csv"
edges = "edges.csv"
datum = "wgs84"

[outlets]
file = "outlets.csv"
datum = "wgs84"

[places]
file = "places.csv"
datum = "wgs84"

[premises]
file = "premises.csv"
datum = "wgs84"

[[source]]
name = "OpenStreetMap"
licence = "ODbL-1.0"
"""

# A straight street along 40° N: 0.001° of longitude is 85.18 m there (R = 6,371,008.8 m).
NODES = [(k + 1, 116.300 + 0.001 * k, 40.0) for k in range(61)]
OUTLETS = [
    ("s1", "一号便利店", "B01", 116.302, 40.0),
    ("s2", "街角药房", "药店", 116.310, 40.0),
    ("s3", "二号便利店", "便利店", 116.330, 40.0),
]
PLACES = [
    ("p1", 116.301, 40.0, 100),
    ("p2", 116.305, 40.0, 200),
    ("p3", 116.320, 40.0, 300),
    ("far", 116.5, 40.1, 7),
]


def write_tiny_pack(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "pack.toml").write_text(PACK_TOML, "utf-8")
    write = {
        "nodes.csv": ("node_id,lon,lat", NODES),
        "edges.csv": ("from,to,length_m", [(k + 1, k + 2, 85.0) for k in range(60)]),
        "outlets.csv": ("id,name,type,lon,lat", OUTLETS),
        "places.csv": ("id,lon,lat,people", PLACES),
        "premises.csv": ("id,name,lon,lat,area_m2", [("r1", "空房", 116.32, 40.0, 40)]),
    }
    for name, (header, rows) in write.items():
        lines = [header, *(",".join(str(v) for v in row) for row in rows)]
        (folder / name).write_text("\n".join(lines) + "\n", "utf-8")
    return folder
