"""The bundled real district as a city pack."""

from __future__ import annotations

import shutil
from importlib.resources import as_file, files
from pathlib import Path

PACK_TOML = """# 自带的真实片区：赫尔辛基市中心，© OpenStreetMap contributors，ODbL 1.0
[pack]
code = "helsinki-center"
name = "赫尔辛基市中心（真实路网演示）"
as_of = {as_of}
invented = false
note = "街道、网点、建筑为真实的 OpenStreetMap 数据；人口由住宅建筑面积估算"

[standards]
rule_pack = "mofcom-2021-247"

[network]
file = "network.osm.pbf"
datum = "wgs84"

[outlets]
source = "osm"

[places]
source = "osm"

[communities]
file = "communities.csv"
datum = "wgs84"

[[source]]
name = "OpenStreetMap"
licence = "ODbL-1.0"
as_of = {as_of}
attribution = "© OpenStreetMap contributors"
covers = ["network", "outlets", "places", "communities"]
"""

AS_OF = "2019-04-21"  # newest object of the extract


def bundled_pack(folder: Path) -> Path:
    """Lay the bundled district out as a pack in ``folder``; returns the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    with as_file(files("yike.sources") / "bundled" / "helsinki-center") as source:
        shutil.copyfile(source / "helsinki.osm.pbf", folder / "network.osm.pbf")
        for name in ("README.md", "communities.csv"):
            shutil.copyfile(source / name, folder / name)
    (folder / "pack.toml").write_text(PACK_TOML.format(as_of=AS_OF), "utf-8")
    return folder
