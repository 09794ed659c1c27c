"""Circles and isochrones as GeoJSON: 7 decimals (about a centimetre), right-hand rule, attribution."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from yike.core.circle.plain import number
from yike.core.tables import GapState, Tri
from yike.reports.facts import IsochroneArea, ReportFacts
from yike.reports.rows import form_rows

DECIMALS = 7


def write_circles_geojson(facts: ReportFacts, path: Path) -> None:
    """Write ``circles.geojson``: one feature per circle, its geometry null where no boundary is known."""
    _write(path, facts, (_circle(facts, i) for i in range(len(facts.circles))))


def write_isochrones_geojson(facts: ReportFacts, path: Path) -> None:
    """Write ``isochrones.geojson``: one feature per origin and cutoff, largest cutoff first for drawing."""
    order = sorted(
        range(len(facts.isochrones)),
        key=lambda i: (facts.isochrones[i].origin_id, -facts.isochrones[i].cutoff_s, i),
    )
    _write(path, facts, (_isochrone(facts.isochrones[i], facts) for i in order))


def _write(path: Path, facts: ReportFacts, features: Iterable[dict[str, Any]]) -> None:
    p = facts.provenance
    head = {
        "type": "FeatureCollection",
        "attribution": attribution(facts),
        "licences": sorted({s.licence for s in p.sources}),
        "pack": p.code,
        "as_of": p.as_of,
        "invented": p.is_invented,
        "map_review_no": p.map_review_no,
        "rule_pack": facts.rules.code,
        "profile": facts.profile.code,
        "estimates": list(p.estimates),
    }
    start = json.dumps(head, ensure_ascii=False, allow_nan=False, separators=(",", ":"))[:-1]
    with path.open("w", encoding="utf-8", newline="\n") as out:
        out.write(f'{start},"features":[')
        # one feature a line: small differences stay small when two runs are compared
        for at, feature in enumerate(features):
            line = json.dumps(feature, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
            out.write(f"{',' if at else ''}\n{line}")
        out.write("\n]}\n")


def attribution(facts: ReportFacts) -> str:
    """Who must be named, in the pack's order."""
    return "；".join(dict.fromkeys(s.attribution or s.name for s in facts.provenance.sources))


def _circle(facts: ReportFacts, i: int) -> dict[str, Any]:
    circles, coverage, a = facts.circles, facts.circle_coverage, facts.assessment
    members = [
        facts.communities.name[k]
        for k in range(len(facts.communities))
        if facts.communities.circle_idx[k] == i
    ]
    presence = facts.extras.get("circle_presence")
    rows = form_rows(facts.types, coverage.type_rows)
    of_state: dict[str, list[str]] = {"gap": [], "data_missing": []}
    if presence is not None:
        for col, row in enumerate(rows):
            of_state.setdefault(GapState(int(presence.state[i, col])).name.lower(), []).append(row)
    properties = {
        "circle_id": circles.circle_id[i],
        "name": circles.name[i],
        "communities": members,
        "people": number(coverage.people[i], 1),
        "people_attached": number(coverage.people_attached[i], 1),
        "grade": a.grade[i],
        "score": number(a.score[i], 4),
        "indicators": {
            code: {
                "value": number(a.value[i, k]),
                "is_met": Tri(int(a.is_met[i, k])).name.lower(),
            }
            for k, code in enumerate(a.indicator)
        },
        "share_in_norm": {row: number(coverage.share_in_norm[i, col]) for col, row in enumerate(rows)},
        "gaps": of_state["gap"],
        "data_missing": of_state["data_missing"],
    }
    return {
        "type": "Feature",
        "id": circles.circle_id[i],
        "properties": properties,
        "geometry": plain_geometry(circles.polygons[i]),
    }


def _isochrone(area: IsochroneArea, facts: ReportFacts) -> dict[str, Any]:
    return {
        "type": "Feature",
        "properties": {
            "origin_id": area.origin_id,
            "origin_name": area.origin_name,
            "cutoff_s": area.cutoff_s,
            "minutes": number(area.cutoff_s / 60.0, 2),
            "area_m2": number(area.area_m2, 1),
            "street_m": number(area.street_m, 1),
            "people": number(area.people, 1),
            "profile": facts.profile.code,
        },
        "geometry": plain_geometry(area.polygon),
    }


def plain_geometry(polygon: Any) -> dict[str, Any] | None:
    """A shapely (multi)polygon as RFC 7946: rounded, outer rings anticlockwise, None when there is none."""
    if polygon is None or polygon.is_empty:
        return None
    rounded = shapely.set_precision(polygon, 10.0**-DECIMALS)
    polygon = polygon if rounded.is_empty else rounded
    parts = [p for p in getattr(polygon, "geoms", [polygon]) if p.geom_type == "Polygon"]
    rings = [[_ring(p.exterior, True), *(_ring(hole, False) for hole in p.interiors)] for p in parts]
    if len(rings) == 1:
        return {"type": "Polygon", "coordinates": rings[0]}
    return {"type": "MultiPolygon", "coordinates": rings}


def _ring(ring: Any, anticlockwise: bool) -> list[list[float]]:
    at = np.round(shapely.get_coordinates(ring), DECIMALS)
    points: list[list[float]] = (at if ring.is_ccw == anticlockwise else at[::-1]).tolist()
    return points
