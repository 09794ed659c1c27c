"""
City packs out of the extracts of the shared data folder, as they are.

    python tests/real_packs.py beijing-wudaokou -o /tmp/wudaokou

Nothing is invented but what the pack itself says so: people are left to the program's own estimate (估算),
and what an extract does not have is left out, so that reports must say 未调查 and not 缺.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import math
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

SHARED = Path(__file__).parents[2] / "shared" / "data"

OSM_SOURCE = """
[[source]]
name = "OpenStreetMap"
licence = "ODbL-1.0"
url = "https://www.openstreetmap.org/copyright"
attribution = "© OpenStreetMap contributors"
"""

OSM_OUTLETS = '[outlets]\nsource = "osm"'
OSM_HOMES = '[places]\nsource = "osm"'
POINTS = '[communities]\nsource = "file"\nfile = "communities.csv"\ndatum = "wgs84"'

TILEZEN_TYPES = {
    "restaurant": "特色餐饮店",
    "cafe": "特色餐饮店",
    "ice_cream": "特色餐饮店",
    "fast_food": "特色餐饮店",
    "convenience": "便利店",
    "supermarket": "综合超市",
    "post_office": "邮政快递综合服务点",
    "books": "新式书店",
    "library": "新式书店",
    "cinema": "休闲娱乐",
    "fitness": "运动健身",
    "pitch": "运动健身",
}
TILEZEN_HOMES = ("apartments", "residential", "house")
LEVEL_M = 3.0


@dataclass(frozen=True)
class Recipe:
    """How one extract becomes a pack: head, sections in TOML, and files."""

    title: str
    network: str
    as_of: str
    division: str = ""
    note: str = ""
    sections: tuple[str, ...] = ()
    copies: tuple[str, ...] = ()
    make: Callable[[Path, Path], None] | None = None
    more_sources: str = ""
    is_invented: bool = False
    network_toml: str = ""


def make_pack(name: str, shared_data: Path, out_dir: Path) -> Path:
    """
    Write the pack of an extract into a folder and return the folder.

    ``name`` is one of ``RECIPES``. Files are copied, so the shared data stays untouched.
    """
    recipe, source = RECIPES[name], shared_data / FOLDERS.get(name, name)
    out_dir.mkdir(parents=True, exist_ok=True)
    for file in (*((recipe.network,) if recipe.network else ()), *recipe.copies):
        shutil.copyfile(source / file, out_dir / file)
    if recipe.make is not None:
        recipe.make(source, out_dir)
    network = recipe.network_toml or f'file = "{recipe.network}"\ndatum = "wgs84"'
    head = [
        "[pack]",
        f'code = "{name}"',
        f'name = "{recipe.title}"',
        f"as_of = {recipe.as_of}",
        f"invented = {str(recipe.is_invented).lower()}",
        *([f'division = "{recipe.division}"'] if recipe.division else []),
        *([f'note = "{recipe.note}"'] if recipe.note else []),
    ]
    parts = ["\n".join(head), f"[network]\n{network}", *recipe.sections, OSM_SOURCE + recipe.more_sources]
    (out_dir / "pack.toml").write_text("\n\n".join(p.strip() for p in parts) + "\n", "utf-8")
    return out_dir


def _write_rows(path: Path, header: list[str], rows: list[list[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(header)
        writer.writerows(rows)


def _features(path: Path) -> list[dict]:
    return json.loads(path.read_text("utf-8"))["features"]


def _inside(geometry: dict) -> tuple[float, float]:
    from shapely.geometry import shape

    point = shape(geometry).representative_point()
    return round(point.x, 7), round(point.y, 7)


def _communities_from(test: Callable[[dict], bool]) -> Callable[[Path, Path], None]:
    """Points of the named features of ``places.geojson`` that pass a test."""

    def make(source: Path, out: Path) -> None:
        rows = []
        for feature in _features(source / "places.geojson"):
            tags = feature["properties"]
            if tags.get("name") and test(tags):
                rows.append([feature["id"], tags["name"], *_inside(feature["geometry"])])
        _write_rows(out / "communities.csv", ["编号", "名称", "经度", "纬度"], rows)

    return make


def _make_shanghai(source: Path, out: Path) -> None:
    """Outlets and homes of Bund–Lujiazui; the areas there are Web Mercator's: too large by 1/cos²(lat)."""
    outlets, seen = [], set()
    for feature in _features(source / "tilezen_pois.geojson"):
        tags = feature["properties"]
        if tags["kind"] in TILEZEN_TYPES and tags["id"] not in seen:
            seen.add(tags["id"])
            lon, lat = feature["geometry"]["coordinates"]
            outlets.append([tags["id"], tags.get("name", ""), TILEZEN_TYPES[tags["kind"]], lon, lat])
    _write_rows(out / "outlets.csv", ["编号", "名称", "业态", "经度", "纬度"], outlets)
    homes = []
    for i, feature in enumerate(_features(source / "tilezen_buildings.geojson")):
        tags = feature["properties"]
        if tags.get("kind_detail") in TILEZEN_HOMES and feature["geometry"]["type"] == "Polygon":
            lon, lat = _inside(feature["geometry"])
            levels = max(1, round(tags.get("height", 18) / LEVEL_M))
            floor_m2 = round(tags.get("area", 0) * math.cos(math.radians(lat)) ** 2 * levels)
            homes.append([f"{tags['id']}-{i}", tags.get("name", ""), lon, lat, floor_m2])
    _write_rows(out / "places.csv", ["编号", "名称", "经度", "纬度", "建筑面积"], homes)


def _make_zhuhai(source: Path, out: Path) -> None:
    """
    Edges as given. There are no coordinates: nodes stand a centimetre apart, so that no straight line is
    longer than its street; only topology and lengths are real.
    """
    with gzip.open(source / "zhuhai_edges.csv.gz", "rt", encoding="utf-8") as stream:
        edges = [(a, b, m) for a, b, m in list(csv.reader(stream))[1:]]
    nodes = sorted({int(n) for a, b, _ in edges for n in (a, b)})
    side = math.isqrt(len(nodes)) + 1
    places = [[n, f"{i % side * 0.01:.2f}", f"{i // side * 0.01:.2f}"] for i, n in enumerate(nodes)]
    _write_rows(out / "nodes.csv", ["node_id", "x_m", "y_m"], places)
    _write_rows(out / "edges.csv", ["from", "to", "length_m"], [list(e) for e in edges])


def _source(name: str, licence: str, covers: str) -> str:
    return f'\n[[source]]\nname = "{name}"\nlicence = "{licence}"\ncovers = "{covers}"\n'


FOLDERS = {"zhuhai-topology": "guangzhou-zhuhai-topology"}

RECIPES: dict[str, Recipe] = {
    "beijing-wudaokou": Recipe(
        title="北京五道口（清华园）",
        network="wudaokou.osm.pbf",
        as_of="2017-06-24",
        division="110108",
        note="数据为 2017 年；离边界 1.2 公里以内的结果会被截断",
        sections=(OSM_OUTLETS, OSM_HOMES, POINTS),
        make=_communities_from(lambda tags: tags.get("landuse") == "residential"),
    ),
    "guixi-county-city": Recipe(
        title="贵溪市城区",
        network="guixi.osm.pbf",
        as_of="2024-11-18",
        division="360681",
        note="没有登记网点：网点尚未调查",
        sections=(
            OSM_HOMES,
            POINTS + '\ncolumns = { name = "osm_name", id = "osm_id" }',
        ),
        copies=("communities.csv", "official_villages_360681.csv"),
        more_sources=_source("china-division 2.7.0（国家统计局区划代码）", "MIT", "communities"),
    ),
    "las-palmas": Recipe(
        title="拉斯帕尔马斯",
        network="laspalmas.osm.pbf",
        as_of="2023-02-20",
        note="居民约 38 万",
        sections=(OSM_OUTLETS, OSM_HOMES + "\ntotal = 380000\naddress_is_home = true", POINTS),
        make=_communities_from(lambda tags: tags.get("place") == "suburb"),
    ),
    "shenzhen-nanshan": Recipe(
        title="深圳南山（大冲—白石洲）",
        network="nanshan.osm.pbf",
        as_of="2021-03-17",
        division="440305",
        sections=(OSM_OUTLETS, OSM_HOMES, '[communities]\nsource = "osm_residential"'),
    ),
    "shanghai-center": Recipe(
        title="上海外滩—陆家嘴",
        network="shanghai_center_roads.osm.pbf",
        as_of="2025-08-09",
        division="310101",
        note="道路只有主要等级；网点和住宅来自切片数据，年份早于 2022-08",
        sections=(
            '[outlets]\nfile = "outlets.csv"\ndatum = "wgs84"',
            '[places]\nfile = "places.csv"\ndatum = "wgs84"',
        ),
        make=_make_shanghai,
    ),
    "monaco": Recipe(
        title="摩纳哥",
        network="monaco.osm.pbf",
        as_of="2023-12-25",
        sections=(OSM_OUTLETS, OSM_HOMES, POINTS),
        make=_communities_from(lambda tags: tags.get("place") == "suburb"),
    ),
    "sao-paulo-center": Recipe(
        title="圣保罗中心区",
        network="saopaulo.osm.pbf",
        as_of="2020-01-01",
        note="数据年份未注明，日期为约数；没有登记网点",
        sections=('[places]\nfile = "hexgrid_population.csv"\nkind = "grid"\ndatum = "wgs84"',),
        copies=("hexgrid_population.csv",),
        more_sources=_source("IPEA / r5r 人口格网", "见 r5r 说明", "places"),
    ),
    "zhuhai-topology": Recipe(
        title="珠海路网拓扑",
        network="",
        network_toml='nodes = "nodes.csv"\nedges = "edges.csv"',
        as_of="2020-01-01",
        note="只有拓扑和长度是真实的，坐标为虚构；数据年份未注明",
        is_invented=True,
        make=_make_zhuhai,
    ),
    "porto-perf": Recipe(
        title="波尔图地区路网",
        network="porto.osm.pbf",
        as_of="2020-01-01",
        note="只有路网，用于测速；数据年份未注明，日期为约数",
    ),
}


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="用共享数据生成一个真实城市包。", add_help=False)
    parser.add_argument("-h", "--help", action="help", help="显示这段说明")
    parser.add_argument("name", metavar="名称", choices=sorted(RECIPES), help="、".join(sorted(RECIPES)))
    parser.add_argument("-o", dest="out", metavar="文件夹", required=True, type=Path, help="写到哪个文件夹")
    parser.add_argument("--data", metavar="文件夹", type=Path, default=SHARED, help="共享数据所在的文件夹")
    given = parser.parse_args(arguments)
    if not given.data.is_dir():
        print(f"找不到共享数据文件夹：{given.data}", file=sys.stderr)
        return 2
    folder = make_pack(given.name, given.data, given.out)
    print(f"已生成城市包：{folder}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
