"""
Cuts a city pack out of the OSM extract of a province or country, with a margin so that edges cut no walks.

The result runs as it stands: streets, outlets and homes from the clipped file, and the area itself as its one
community, so that people in the margin are walked through but not counted.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from yike.core.geo.projection import LocalProjection
from yike.errors import BadGeometryError, EmptyNetworkError, UnreadableFileError
from yike.sources.osm.convert import plain_pbf
from yike.sources.osm.extent import find_area, read_within
from yike.sources.osm.objects import OsmObjects
from yike.sources.osm.write import write_pbf

NETWORK_FILE = "network.osm.pbf"
AREA_FILE = "area.geojson"

_NUMBER = r"\s*[-+]?\d+(?:\.\d+)?\s*"
_BOX = re.compile(rf"{_NUMBER}(?:[,，]{_NUMBER}){{3}}")
_CORNER_STEPS = 8

_PACK = """\
# 城市包：由 yike pack from-osm 从 {src} 裁取。各项说明见 docs/reference/city-pack.md。

[pack]
code = "{code}"
name = "{name}"
as_of = {as_of}          # 数据日期：{as_of_from}，请核对
invented = false
# division = "110108"     # 行政区划代码，6、9 或 12 位，请补写

[network]
file = "network.osm.pbf"  # 含片区外 {margin_m:.0f} 米，使边缘的步行不被裁断
datum = "wgs84"

[outlets]
source = "osm"            # 有调查清单时，改为 file = "outlets.csv"

[places]
source = "osm"            # 由住宅建筑估算，结果标明“估算”；有人口数据时，改为 file = "places.csv"

[communities]
file = "area.geojson"     # 目前整个片区算作一个社区；有社区界线时请替换
datum = "wgs84"

[[source]]
name = "OpenStreetMap"
licence = "ODbL-1.0"
url = "https://www.openstreetmap.org/copyright"
attribution = "© OpenStreetMap contributors"
covers = ["network", "outlets", "places"]
as_of = {as_of}
"""

_README = """\
# {name}

由 `yike pack from-osm` 从 `{src}` 裁取，片区见 `area.geojson`，四周外扩 {margin_m:.0f} 米。

- `network.osm.pbf`：{n_nodes:,} 个节点，{n_ways:,} 条路线与轮廓，{n_relations:,} 个关系；
  道路与建筑保持完整，不在边界处截断。
- `pack.toml`：可直接运行 `yike run` ；人口由住宅建筑估算，网点取自地图，均可换成自己的表。

数据来自 OpenStreetMap，© OpenStreetMap contributors，以 ODbL 1.0 许可
（https://www.openstreetmap.org/copyright）。展示时须保留此说明，衍生数据库须以同一许可发布。
"""


@dataclass(frozen=True)
class ClipResult:
    """What was written."""

    out_dir: Path
    name: str
    bounds: tuple[float, float, float, float]  # of the area with its margin
    n_nodes: int
    n_ways: int
    n_relations: int


def clip_extract(
    src: Path,
    area: str,
    out_dir: Path,
    margin_m: float = 1500,
    *,
    name: str = "",
    progress: Callable[[str, int, int], None] | None = None,
) -> ClipResult:
    """
    Write a city pack of one area of an OSM file.

    Parameters
    ----------
    src
        ``.osm.pbf`` of a province or country (or any other OSM file).
    area
        A polygon file (GeoJSON), "west,south,east,north" in degrees, or the name of a boundary, place or
        residential area in the file.
    out_dir
        Folder to write ``network.osm.pbf``, ``area.geojson``, ``pack.toml`` and ``README.md`` into; made
        when missing. Files of these names that are there already are refused.
    margin_m
        How far around the area streets and outlets are kept, in metres.
    name
        Name of the pack; by default the area's.
    progress
        Called as (stage, done, total).

    Raises
    ------
    UnreadableFileError
        The source or the polygon file cannot be read, or the folder has a pack already.
    BadGeometryError
        The area is empty, not a polygon, or its numbers are no box.
    InputError
        No area of this name in the file.
    EmptyNetworkError
        The file holds nothing there.
    """
    say = progress or (lambda stage, done, total: None)
    src, out_dir = Path(src), Path(out_dir)
    _refuse_overwriting(out_dir)
    with plain_pbf(src) as path:
        say("查找片区", 0, 3)
        shape, own_name = read_area(area, path)
        wide = buffered(shape, margin_m)
        say("读取片区内的对象", 1, 3)
        objects = read_within(path, wide)
    if not objects.n_ways:
        raise EmptyNetworkError("clip.empty", file=src.name, area=area)
    say("写出城市包", 2, 3)
    out_dir.mkdir(parents=True, exist_ok=True)
    write_pbf(objects, out_dir / NETWORK_FILE, wide.bounds)
    _write_texts(out_dir, src, name or own_name, shape, margin_m, objects)
    say("写出城市包", 3, 3)
    counts = (objects.n_nodes, objects.n_ways, len(objects.rel_id))
    return ClipResult(out_dir, name or own_name, wide.bounds, *counts)


def _refuse_overwriting(out_dir: Path) -> None:
    taken = [n for n in (NETWORK_FILE, AREA_FILE, "pack.toml", "README.md") if (out_dir / n).exists()]
    if taken:
        raise UnreadableFileError("clip.exists", file=str(out_dir), found="、".join(taken))


def read_area(area: str, path: Path) -> tuple[Any, str]:
    """Polygon in degrees and name of an area given as file, box or name; see ``clip_extract``."""
    if _BOX.fullmatch(area):
        return _box(area), "片区"
    if area.lower().endswith((".geojson", ".json")):
        return _polygon_file(Path(area)), Path(area).stem
    return find_area(path, area), area


def _box(text: str) -> Any:
    west, south, east, north = (float(part) for part in re.split("[,，]", text))
    if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
        raise BadGeometryError("clip.box", found=text)
    return shapely.box(west, south, east, north)


def _polygon_file(path: Path) -> Any:
    try:
        text = path.read_text("utf-8-sig")
        shape = shapely.from_geojson(text)
    except OSError as error:
        raise UnreadableFileError("osm.file.missing", file=str(path)) from error
    except (shapely.errors.GEOSException, UnicodeDecodeError) as error:
        raise UnreadableFileError("clip.not_geojson", file=path.name, found=str(error)[:200]) from error
    parts = [p for p in _flat(shape) if p.geom_type in ("Polygon", "MultiPolygon") and not p.is_empty]
    if not parts:
        raise BadGeometryError("clip.no_polygon", file=path.name)
    whole = shapely.union_all(shapely.make_valid(np.array(parts, object)))
    west, south, east, north = whole.bounds
    if not (west >= -180 and east <= 180 and south >= -90 and north <= 90):
        raise BadGeometryError("clip.not_degrees", file=path.name, found=f"{west:.6g}, {south:.6g}")
    return whole


def _flat(shape: Any) -> list[Any]:
    """Members of nested collections, one by one."""
    if shape is None:
        return []
    if shape.geom_type != "GeometryCollection":
        return [shape]
    return [part for member in shape.geoms for part in _flat(member)]


def buffered(shape: Any, margin_m: float) -> Any:
    """The shape with a margin in metres all around, in degrees."""
    centre = shapely.centroid(shape)
    projection = LocalProjection(centre.x, centre.y)

    def forward(xy: Any) -> Any:
        return np.column_stack(projection.forward(xy[:, 0], xy[:, 1]))

    def inverse(xy: Any) -> Any:
        return np.column_stack(projection.inverse(xy[:, 0], xy[:, 1]))

    flat = shapely.transform(shape, forward)
    return shapely.transform(shapely.buffer(flat, margin_m, quad_segs=_CORNER_STEPS), inverse)


def _write_texts(
    out_dir: Path, src: Path, name: str, shape: Any, margin_m: float, objects: OsmObjects
) -> None:
    as_of, as_of_from = objects.as_of, "文件所记"
    if not as_of:
        modified = dt.datetime.fromtimestamp(src.stat().st_mtime, dt.UTC)
        as_of, as_of_from = modified.date().isoformat(), "源文件的修改日期"
    facts = {
        "src": _toml_text(src.name),
        "name": _toml_text(name),
        "code": re.sub(r"[^0-9A-Za-z_-]+", "-", name).strip("-").lower() or "area",
        "as_of": as_of,
        "as_of_from": as_of_from,
        "margin_m": margin_m,
        "n_nodes": objects.n_nodes,
        "n_ways": objects.n_ways,
        "n_relations": len(objects.rel_id),
    }
    (out_dir / "pack.toml").write_text(_PACK.format(**facts), "utf-8")
    (out_dir / "README.md").write_text(_README.format(**facts), "utf-8")
    rounded = shapely.set_precision(shape, 1e-7)
    feature = {
        "type": "Feature",
        "properties": {"id": "area", "name": name},
        "geometry": json.loads(shapely.to_geojson(rounded)),
    }
    collection = {"type": "FeatureCollection", "features": [feature]}
    (out_dir / AREA_FILE).write_text(json.dumps(collection, ensure_ascii=False) + "\n", "utf-8")


def _toml_text(text: str) -> str:
    return re.sub(r'["\\\x00-\x1f]', "", text)
