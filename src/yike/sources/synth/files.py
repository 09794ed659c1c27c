"""Write a made-up city as a city pack; every file says 虚构."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from yike.core.geo.projection import LocalProjection
from yike.core.tables import FloatArray
from yike.sources.synth.moving import VENDORS, MovingStop
from yike.sources.synth.people import Residents
from yike.sources.synth.rooms import Rooms
from yike.sources.synth.shops import Shops
from yike.sources.synth.spec import CitySpec
from yike.sources.synth.streets import Streets, wall_polygon

AS_OF = "2026-01-01"
LICENCE = "CC0-1.0"
DIGITS = 7
COVERS = ("network", "outlets", "places", "communities", "circles", "compounds", "gates", "premises")
MOVING = """
[vendors]
file = "vendors.csv"

[stops]
file = "stops.csv"
datum = "wgs84"
"""
VENDOR_COLUMNS = ("编号", "名称", "业态", "可服务时段", "每周最多半天", "电话")
STOP_COLUMNS = ("编号", "名称", "地址", "经度", "纬度", "同时容量", "允许业态", "可用时段")
PREMISES_COLUMNS = (
    "类型", "经度", "纬度", "面积", "产权单位", "现状", "可用业态", "改造费用(万元)", "开放时段",
)  # fmt: skip
OUTLET_COLUMNS = ("品牌", "连锁", "从业人数", "面积", "营业时间", "服务", "状态", "核实日期")


def write_rows(path: Path, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """CSV in UTF-8 with a byte order mark, so that Excel and WPS open it as it is."""
    with path.open("w", newline="", encoding="utf-8-sig") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


class PackWriter:
    """Writes the files of one pack, local metres turned into degrees."""

    def __init__(self, folder: Path, spec: CitySpec, seed: int) -> None:
        self.folder, self.spec, self.seed = folder, spec, seed
        self.projection = LocalProjection(spec.origin_lon, spec.origin_lat)
        folder.mkdir(parents=True, exist_ok=True)

    def degrees(self, x_m: FloatArray, y_m: FloatArray) -> tuple[list[float], list[float]]:
        """Longitude and latitude, rounded to about a centimetre."""
        lon, lat = self.projection.inverse(x_m, y_m)
        return np.round(lon, DIGITS).tolist(), np.round(lat, DIGITS).tolist()

    def head(self) -> None:
        """``pack.toml`` and a read-me."""
        s = self.spec
        (self.folder / "pack.toml").write_text(
            f"""# 虚构数据：由“yike pack synth --city {s.code} --seed {self.seed}”生成，仅供演示和测试
[pack]
code = "{s.code}"
name = "{s.name}"
division = "{s.division}"
as_of = {AS_OF}
invented = true

[standards]
rule_pack = "{s.rule_pack}"

[network]
nodes = "nodes.csv"
edges = "edges.csv"
datum = "wgs84"

[outlets]
file = "outlets.csv"
datum = "wgs84"
surveyed = true

[places]
file = "places.csv"
datum = "wgs84"

[communities]
file = "communities.geojson"
datum = "wgs84"

[circles]
file = "circles.csv"

[compounds]
file = "compounds.geojson"
datum = "wgs84"

[gates]
file = "gates.csv"
datum = "wgs84"

[premises]
file = "premises.csv"
datum = "wgs84"
{MOVING if s.n_stops else ""}
[[source]]
name = "一刻虚构城市生成器（种子 {self.seed}）"
licence = "{LICENCE}"
as_of = {AS_OF}
attribution = "虚构数据"
covers = [{", ".join(f'"{part}"' for part in (*COVERS, *(("vendors", "stops") if s.n_stops else ())))}]
""",
            "utf-8",
        )
        official = "；街道、社区的名称和代码为官方统计用区划，其余均为虚构" if s.code == "yima" else ""
        (self.folder / "README.md").write_text(
            f"# {s.name}\n\n虚构数据，仅供演示和测试{official}。种子 {self.seed}，{LICENCE}。\n\n"
            "`truth.json` 记着生成时埋下的缺口、各圈真实可达比例和最佳补点，由独立的最短路程序算出。\n",
            "utf-8",
        )

    def network(self, streets: Streets) -> None:
        """``nodes.csv`` and ``edges.csv``."""
        lon, lat = self.degrees(streets.x_m, streets.y_m)
        write_rows(
            self.folder / "nodes.csv",
            ("node_id", "lon", "lat"),
            zip(range(1, len(lon) + 1), lon, lat, strict=True),
        )
        u, v = streets.piece_from_idx, streets.piece_to_idx
        length = np.hypot(streets.x_m[u] - streets.x_m[v], streets.y_m[u] - streets.y_m[v])
        write_rows(
            self.folder / "edges.csv",
            ("from", "to", "length_m"),
            zip((u + 1).tolist(), (v + 1).tolist(), np.round(length, 3).tolist(), strict=True),
        )

    def places(self, r: Residents) -> None:
        """``places.csv``: one row per residential building."""
        lon, lat = self.degrees(r.x_m, r.y_m)
        rows = zip(
            (f"P{k + 1:05d}" for k in range(len(lon))), lon, lat, r.people.tolist(), r.households.tolist(),
            r.children.tolist(), r.old.tolist(), r.levels.tolist(),
            (r.community_id[c] for c in r.community_idx.tolist()), strict=True,
        )  # fmt: skip
        header = ("编号", "经度", "纬度", "人口", "户数", "0-3岁", "60岁以上", "层数", "社区代码")
        write_rows(self.folder / "places.csv", header, rows)

    def communities(self, streets: Streets, r: Residents) -> None:
        """``communities.geojson`` (blocks of each community, joined) and ``circles.csv``."""
        features = []
        for k in range(len(r.community_id)):
            mine = np.flatnonzero(r.community_of_block == k)
            shape = shapely.union_all([shapely.Polygon(streets.block_corner[b]) for b in mine])
            features.append(self._feature(shape, {
                "code": r.community_id[k], "name": r.community_name[k], "street": r.community_street[k],
                "kind": "new" if r.community_is_new[k] else "old",
                "people": int(r.people[r.community_idx == k].sum()),
            }))  # fmt: skip
        self._layer("communities.geojson", features)
        circle = r.circle_of_community
        rows = [
            (k + 1, name, "、".join(r.community_name[c] for c in np.flatnonzero(circle == k)), "2025年")
            for k, name in enumerate(r.circle_name)
        ]
        write_rows(self.folder / "circles.csv", ("序号", "便民生活圈名称", "包含社区", "建设年限"), rows)

    def compounds(self, streets: Streets) -> None:
        """``compounds.geojson`` (walls) and ``gates.csv``."""
        walled = np.flatnonzero(streets.block_is_walled)
        features = [
            self._feature(
                shapely.Polygon(wall_polygon(streets.block_corner[b])),
                {"id": f"C{b + 1:05d}", "name": f"虚构小区{b + 1}"},
            )
            for b in walled.tolist()
        ]
        self._layer("compounds.geojson", features)
        gate = streets.gate_node_idx
        lon, lat = self.degrees(streets.x_m[gate], streets.y_m[gate])
        rows = [
            (f"G{k + 1:05d}", f"C{b + 1:05d}", x, y, "人车混行" if car else "人行")
            for k, (b, x, y, car) in enumerate(
                zip(streets.gate_block_idx.tolist(), lon, lat, streets.gate_is_car.tolist(), strict=True)
            )
        ]
        write_rows(self.folder / "gates.csv", ("编号", "小区编号", "经度", "纬度", "类型"), rows)

    def outlets(self, shops: Shops, labels: dict[str, str]) -> None:
        """``outlets.csv`` as a bureau's register has it."""
        lon, lat = self.degrees(shops.x_m, shops.y_m)
        rows = [
            (
                f"S{k + 1:05d}", shops.name[k], labels[shops.row[k]], lon[k], lat[k], shops.brand[k],
                "是" if shops.is_chain[k] else "否", int(shops.staff[k]), int(shops.area_m2[k]),
                shops.hours[k],
                "、".join(labels[r] for r in shops.extra[k]), "营业", AS_OF,
            )
            for k in range(len(shops))
        ]  # fmt: skip
        header = ("编号", "名称", "业态", "经度", "纬度", *OUTLET_COLUMNS)
        write_rows(self.folder / "outlets.csv", header, rows)

    def premises(self, x_m: FloatArray, y_m: FloatArray, rooms: Rooms, labels: dict[str, str]) -> None:
        """``premises.csv``: idle rooms, plants, kiosks; an empty 可用业态 means any."""
        lon, lat = self.degrees(x_m, y_m)
        rows = [
            (
                f"R{k + 1:04d}", f"虚构{rooms.kind[k].replace('用房', '房')}{k + 1}",
                rooms.kind[k], lon[k], lat[k], rooms.area_m2[k], rooms.owner[k], rooms.state[k],
                "、".join(labels[r] for r in rooms.allowed_rows[k]), rooms.cost_wan[k], rooms.hours[k],
            )
            for k in range(len(lon))
        ]  # fmt: skip
        write_rows(self.folder / "premises.csv", ("编号", "名称", *PREMISES_COLUMNS), rows)

    def moving(self, stops: Sequence[MovingStop]) -> None:
        """``vendors.csv`` and ``stops.csv``: nobody has a telephone, everybody is invented."""
        write_rows(self.folder / "vendors.csv", VENDOR_COLUMNS, [(*row, "") for row in VENDORS])
        at = np.array([(s.x_m, s.y_m) for s in stops]).reshape(-1, 2)
        lon, lat = self.degrees(at[:, 0].copy(), at[:, 1].copy())
        rows = [
            (f"P{k + 1:02d}", s.name, s.address, lon[k], lat[k], s.capacity, s.trades, s.when)
            for k, s in enumerate(stops)
        ]
        write_rows(self.folder / "stops.csv", STOP_COLUMNS, rows)

    def truth(self, data: dict[str, Any]) -> None:
        """``truth.json``: what was planted, by an independent computation."""
        text = json.dumps({"note": "虚构数据", "seed": self.seed, **data}, ensure_ascii=False, indent=1)
        (self.folder / "truth.json").write_text(text + "\n", "utf-8")

    def _feature(self, shape: Any, properties: dict[str, Any]) -> dict[str, Any]:
        def turn(xy: FloatArray) -> FloatArray:
            lon, lat = self.projection.inverse(xy[:, 0], xy[:, 1])
            return np.asarray(np.round(np.c_[lon, lat], DIGITS), np.float64)

        turned = shapely.transform(shape, turn)
        return {
            "type": "Feature",
            "properties": properties,
            "geometry": json.loads(shapely.to_geojson(turned)),
        }

    def _layer(self, name: str, features: list[dict[str, Any]]) -> None:
        data = {"type": "FeatureCollection", "note": "虚构数据", "features": features}
        (self.folder / name).write_text(json.dumps(data, ensure_ascii=False) + "\n", "utf-8")
