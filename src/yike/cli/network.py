"""``yike network``: figures of a network file, its check against references, isochrones."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import click

from yike.cli.talk import show_faults, show_json

EXISTING: Any = click.Path(exists=True, path_type=Path)
FILE = click.argument("file", type=EXISTING, metavar="路网文件")
DATUMS = ("wgs84", "cgcs2000", "gcj02", "bd09")


def reading_options(command: Any) -> Any:
    """Add the options that say how a network file is read."""
    for option in reversed((
        click.option("--nodes", type=EXISTING, help="节点表；路网文件为边表（.csv）时用"),
        click.option("--datum", type=click.Choice(DATUMS), help="经纬度的坐标系"),
        click.option("--crs", metavar="EPSG:代号", help="平面坐标的坐标系，如 EPSG:4547"),
        click.option("--snap-m", type=click.FloatRange(0, 50), default=0.5, help="端点连接容差，默认 0.5 米"),
        click.option("--no-split", is_flag=True, help="线图层已在路口打断，不再求交"),
        click.option("--walls", is_flag=True, help="按 OSM 的围墙、栅栏断开横穿的路"),
        click.option("--gates", is_flag=True, help="按 OSM 的门禁标签关闭行人不得通过的门"),
    )):  # fmt: skip
        command = option(command)
    return command


def _open(file: Path, options: dict[str, Any]) -> Any:
    from yike.sources.network_file import NetworkOptions, open_network

    read = NetworkOptions(
        nodes=options["nodes"],
        datum=options["datum"],
        crs=options["crs"],
        snap_m=options["snap_m"],
        split=not options["no_split"],
        walls=options["walls"],
        gates=options["gates"],
    )
    return open_network(file, read)


def _profile(code: str) -> Any:
    from yike.standards.loader import load_profiles

    profiles = load_profiles()
    if code not in profiles:
        raise click.BadParameter(f"没有“{code}”，可用：{'、'.join(profiles)}", param_hint="--profile")
    return profiles[code]


@click.group()
def network() -> None:
    """
    步行网络：统计、核对、等时圈。

    \b
    示例：
      yike network build network.osm.pbf
    """


@network.command()
@FILE
@reading_options
@click.option("--profile", default="adult", metavar="代码", help="步行者：adult、elder、wheelchair")
@click.option("-o", "--out", type=click.Path(path_type=Path), help="另存为 .geojson、.gpkg 或 .parquet")
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出")
def build(file: Path, profile: str, out: Path | None, as_json: bool, **options: Any) -> None:
    """
    读路网文件，列出顶点、路段、公里数、路口和连通情况。

    \b
    示例：
      yike network build network.osm.pbf --json
    """
    from yike.studies.network_layers import summarise_network, write_network

    walker = _profile(profile)
    streets, faults = _open(file, options)
    found = summarise_network(streets, walker)
    if out is not None:
        write_network(streets, out)
    if as_json:
        show_json({**found, "faults": [{"code": f.code, "message": f.message} for f in faults]})
        return
    show_faults(faults)
    click.echo(f"顶点 {found['vertices']:,}　路段 {found['pieces']:,}　总长 {found['length_km']:,.1f} 公里")
    click.echo(f"路口与端点 {found['junctions']:,}　路口间的边 {found['edges']:,}")
    click.echo(f"互不相连的部分 {found['components']:,}　最大一块有 {found['largest_component']:,} 个顶点")
    for kind, km in list(found["km_by_kind"].items())[:12]:
        click.echo(f"  {kind:<20}{km:>10,.1f} 公里")
    if out is not None:
        click.echo(f"已写出 {out}")


@network.command()
@FILE
@click.argument("reference", type=EXISTING, metavar="核对文件")
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出")
@click.pass_context
def verify(ctx: click.Context, file: Path, reference: Path, as_json: bool) -> None:
    """
    与项目之外算出的距离核对：距离差不超过 0.05 米，可达顶点数相等；不一致时退出码为 1。

    \b
    示例：
      yike network verify network.osm.pbf reference_paths.json
    """
    from yike.sources.verify import TOLERANCE_M, verify_network

    result = verify_network(file, reference)
    wrong_pairs = [p for p in result.pairs if not p.is_equal]
    wrong_counts = [c for c in result.counts if not c.is_equal]
    if as_json:
        show_json(_verify_record(result, wrong_pairs, wrong_counts))
    else:
        n_pairs, n_counts = len(result.pairs), len(result.counts)
        worst = "未知" if math.isnan(result.worst_m) else f"{result.worst_m:.4f} 米"
        click.echo(f"{'项目':<12}一致/总数")
        click.echo(f"{'距离':<12}{result.n_pairs_equal}/{n_pairs}　最大差 {worst}（允许 {TOLERANCE_M} 米）")
        click.echo(f"{'可达顶点数':<9}{result.n_counts_equal}/{n_counts}")
        for p in wrong_pairs:
            click.echo(
                f"  距离不符：{p.from_node} → {p.to_node}　应为 {p.expected_m} 米，得 {p.found_m:.2f} 米"
            )
        for c in wrong_counts:
            click.echo(f"  计数不符：{c.from_node} {c.within_m} 米内　应为 {c.expected}，得 {c.found}")
        click.echo("全部一致" if result.is_ok else "不一致")
    ctx.exit(0 if result.is_ok else 1)


def _verify_record(result: Any, wrong_pairs: list[Any], wrong_counts: list[Any]) -> dict[str, Any]:
    def plain(value: float) -> float | None:
        return value if math.isfinite(value) else None

    return {
        "network": result.network,
        "reference": result.reference,
        "ok": result.is_ok,
        "pairs": {"ok": result.n_pairs_equal, "total": len(result.pairs), "worst_m": plain(result.worst_m)},
        "counts": {"ok": result.n_counts_equal, "total": len(result.counts)},
        "wrong_pairs": [
            {"from": p.from_node, "to": p.to_node, "expected_m": p.expected_m, "found_m": plain(p.found_m)}
            for p in wrong_pairs
        ],
        "wrong_counts": [
            {"from": c.from_node, "within_m": c.within_m, "expected": c.expected, "found": c.found}
            for c in wrong_counts
        ],
    }


@network.command()
@FILE
@click.option("--at", "points", multiple=True, metavar="经度,纬度", help="起点，可写多次")
@click.option("--points", "points_file", type=EXISTING, help="起点表（lon,lat 列）")
@click.option("--minutes", default="5,10,15", metavar="分钟,…", help="步行分钟数，默认 5,10,15")
@click.option("--each", is_flag=True, help="每个起点各画一组；不写则合画“最近起点”的范围")
@click.option("--profile", metavar="代码", help="步行者：adult（默认）、elder、wheelchair")
@click.option("-o", "--out", type=click.Path(path_type=Path), help="写入 GeoJSON 文件；不写则输出到屏幕")
@click.option("--json", "as_json", is_flag=True, help="不输出图形，只以 JSON 列出面积等数值")
@reading_options
def isochrone(
    file: Path,
    points: tuple[str, ...],
    points_file: Path | None,
    minutes: str,
    each: bool,
    profile: str | None,
    out: Path | None,
    as_json: bool,
    **options: Any,
) -> None:
    """
    从一个或多个点出发的等时圈，沿走得到的街道画出，写成 GeoJSON。

    路网文件也可换成城市包：这时按包里的居住点统计沿街走得到的人数。

    \b
    示例：
      yike network isochrone network.osm.pbf --at 24.9441,60.1719 -o 等时圈.geojson
    """
    from yike.studies.network_layers import reach_areas

    lon, lat = _starts(points, points_file)
    cutoffs_s = _cutoffs(minutes)
    streets, people = _streets_and_people(file, options)
    walker = _profile(profile or "adult")
    areas, lost = reach_areas(streets, walker, lon, lat, cutoffs_s, each=each, people=people)
    if lost:
        click.echo(f"第 {'、'.join(map(str, lost))} 个起点离街道超过 200 米，未接入，没有等时圈", err=True)
    features = [_feature(reach, with_people=people is not None) for reach in areas]
    if as_json:
        show_json([f["properties"] for f in features])
    collection = {"type": "FeatureCollection", "features": features}
    if out is not None:
        out.write_text(json.dumps(collection, ensure_ascii=False) + "\n", "utf-8")
        click.echo(f"已写出 {out}：{len(features)} 个等时圈", err=True)
    elif not as_json:
        show_json(collection)
    if not features:
        click.get_current_context().exit(1)


def _starts(points: tuple[str, ...], points_file: Path | None) -> Any:
    import numpy as np

    pairs = []
    for text in points:
        try:
            lon, lat = (float(part) for part in text.replace("，", ",").split(","))
        except ValueError:
            raise click.BadParameter(f"“{text}”看不懂，请写成 经度,纬度", param_hint="--at") from None
        if not (abs(lon) <= 180 and abs(lat) <= 90):
            raise click.BadParameter(f"“{text}”不在地球上，请写成 经度,纬度", param_hint="--at")
        pairs.append((lon, lat))
    if points_file is not None:
        pairs += _points_of(points_file)
    if not pairs:
        raise click.UsageError("请用 --at 经度,纬度 或 --points 文件 给出起点")
    return np.array([p[0] for p in pairs]), np.array([p[1] for p in pairs])


def _points_of(path: Path) -> list[tuple[float, float]]:
    import numpy as np

    from yike.errors import Fault, UnreadableFileError
    from yike.sources.columns import read_columns

    faults: list[Fault] = []
    table = read_columns(path, "point", ("lon", "lat"), faults)
    if table is None:
        raise UnreadableFileError("edges.faults", tuple(faults), count=len(faults), first=faults[0].message)
    lon, lat = table.numbers("lon"), table.numbers("lat")
    bad = np.flatnonzero(~(np.isfinite(lon) & np.isfinite(lat) & (np.abs(lon) <= 180) & (np.abs(lat) <= 90)))
    if len(bad):
        rows = "、".join(str(table.row(int(i))) for i in bad[:10])
        raise click.BadParameter(f"{path.name} 第 {rows} 行的坐标不对", param_hint="--points")
    return list(zip(lon.tolist(), lat.tolist(), strict=True))


def _cutoffs(minutes: str) -> list[float]:
    try:
        values = [float(part) for part in minutes.replace("，", ",").split(",")]
    except ValueError:
        values = []
    if not values or not all(0 < v <= 120 for v in values):
        raise click.BadParameter(f"“{minutes}”看不懂，请写成 5,10,15（不超过 120）", param_hint="--minutes")
    return [v * 60.0 for v in sorted(set(values))]


def _streets_and_people(file: Path, options: dict[str, Any]) -> Any:
    """Streets of a network file, or of a pack together with its residents."""
    if not (file.is_dir() or (file.suffix == ".zip" and not file.name.endswith(".shp.zip"))):
        streets, faults = _open(file, options)
        show_faults([f for f in faults if f.level != "note"])
        return streets, None
    from yike.sources.pack import read_pack

    pack = read_pack(file)
    places = pack.places
    return pack.network, (places.lon, places.lat, places.people)


def _feature(reach: Any, with_people: bool) -> dict[str, Any]:
    import shapely

    area = reach.area
    properties = {
        "start": reach.start or "all",
        "minutes": area.cutoff_s / 60.0,
        "area_m2": round(area.area_m2),
        "street_m": round(area.street_m),
    }
    if with_people:
        properties["people"] = None if math.isnan(reach.people) else round(reach.people)
    shape = shapely.set_precision(area.polygon, 1e-6)
    return {"type": "Feature", "properties": properties, "geometry": json.loads(shapely.to_geojson(shape))}
