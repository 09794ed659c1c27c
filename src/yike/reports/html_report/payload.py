"""What the page's script is given: one JSON object with coded columns; row numbers are indices everywhere."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from yike.core.circle.columns import fold_services
from yike.core.geo.projection import LocalProjection
from yike.core.tables import AccessTable, FloatArray, Places
from yike.reports.brand.tokens import load_tokens
from yike.reports.facts import ReportFacts
from yike.reports.html_report.basemap import (
    coded_areas,
    ground_layers,
    street_layers,
    street_names,
    view_bounds,
)
from yike.reports.html_report.coding import as_base64, coded_points
from yike.reports.html_report.extras import extras_for_script
from yike.reports.html_report.figures import date_words
from yike.reports.html_report.labels import all_labels, label_or
from yike.reports.html_report.policy import policy_for_script
from yike.reports.html_report.siting_payload import siting_for_script
from yike.reports.html_report.summary import attribution_of, is_short
from yike.reports.html_report.told import doubted_columns, untold_words

UNREACHABLE, UNKNOWN = 65_534, 65_535
MAX_FINE_CELLS = 1_500_000
"""Place x type cells beyond which times go in half minutes, without nearest outlet, to stay small."""


def payload_of(facts: ReportFacts) -> dict[str, Any]:
    """Everything the script draws and explains."""
    projection = LocalProjection(facts.network.origin_lon, facts.network.origin_lat)
    return {
        "meta": _meta(facts),
        "words": _words(facts),
        "tokens": load_tokens(),
        **policy_for_script(facts),
        "circles": _circles(facts),
        "coverage": _coverage(facts),
        "gaps": _gaps(facts),
        "assessment": _assessment(facts),
        "places": _places(facts.places),
        "outlets": _outlets(facts),
        "access": {**_access(facts.access), "untold": untold_words(facts), "doubted": doubted_columns(facts)},
        "map": _map(facts, projection),
        "extras": extras_for_script(facts),
        "siting": siting_for_script(facts),
    }


def as_script(payload: dict[str, Any]) -> str:
    """JSON that may stand inside a script element; NaN anywhere raises ValueError."""
    body = json.dumps(payload, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return body.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def numbers(column: NDArray[Any], digits: int = 4) -> list[Any]:
    """A column (any shape) as nested lists with null for what is unknown or endless."""
    array = np.asarray(column, np.float64)
    if array.ndim > 1:
        return [numbers(row, digits) for row in array]
    return [_number(v, digits) for v in array.tolist()]


def _number(value: float, digits: int) -> float | int | None:
    if not np.isfinite(value):
        return None
    rounded = round(value, digits)
    return int(rounded) if rounded == int(rounded) else rounded


def _meta(facts: ReportFacts) -> dict[str, Any]:
    provenance = facts.provenance
    return {
        "name": provenance.name,
        "date": date_words(provenance.as_of),
        "invented": provenance.is_invented,
        "surveyed": provenance.is_surveyed,
        "rules": facts.rules.title,
        "profile": facts.profile.label,
        "speed_m_s": facts.profile.speed_m_s,
        "review": provenance.map_review_no,
        "attribution": attribution_of(facts),
        "limit_s": facts.access.limit_s,
        "version": facts.version,
    }


def _words(facts: ReportFacts) -> dict[str, Any]:
    """Fixed words that tables and script share."""
    labels = all_labels()
    return {
        **labels["script"],
        "states": {**labels["state"], "near_within_share": labels["near_within_share"]},
        "outletStatus": labels["lists"]["status"],
        "tri": labels["lists"]["tri"],
        "marks": labels["mark"],
        "units": labels["unit"],
        "headline": labels["headline"],
        "stats": labels["stats"],
        "siting": labels["siting"]["script"],
        "invented": labels["invented"],
        "method": label_or(f"method.{facts.places.people_method}", ""),
    }


def _circles(facts: ReportFacts) -> list[dict[str, Any]]:
    """One entry per area of the coverage table: id, name, people."""
    coverage, circles = facts.circle_coverage, facts.circles
    name = dict(zip(circles.circle_id, circles.name, strict=True))
    people, attached = numbers(coverage.people), numbers(coverage.people_attached)
    return [
        {"id": area, "name": name.get(area, area), "people": people[i], "attached": attached[i]}
        for i, area in enumerate(coverage.area_ids)
    ]


def _coverage(facts: ReportFacts) -> dict[str, Any]:
    coverage = facts.circle_coverage
    return {
        "share": numbers(coverage.share_in_norm),
        "in_norm": numbers(coverage.people_in_norm),
        "within": numbers(coverage.people_within),
        "mean_s": numbers(coverage.mean_nearest_s, 0),
        "n_outlets": numbers(coverage.n_outlets),
        "columns": coverage.type_rows.tolist(),
        "cutoffs_s": list(coverage.cutoffs_s),
    }


def _gaps(facts: ReportFacts) -> dict[str, Any]:
    gaps = facts.gaps
    return {
        "circle": gaps.circle_idx.tolist(),
        "type": gaps.type_idx.tolist(),
        "state": gaps.state.tolist(),
        "norm_s": numbers(gaps.norm_s),
        "share": numbers(gaps.share_in_norm),
        "required": numbers(gaps.share_required),
        "people": numbers(gaps.people_unserved),
        "person_minutes": numbers(gaps.person_minutes, 0),
        "rank": gaps.rank.tolist(),
        "bands": list(gaps.bands),
        "by_band": numbers(gaps.unserved_by_band),
    }


def _assessment(facts: ReportFacts) -> dict[str, Any]:
    table = facts.assessment
    return {
        "indicator": list(table.indicator),
        "value": numbers(table.value, 6),
        "numerator": numbers(table.numerator),
        "denominator": numbers(table.denominator),
        "target": numbers(table.target, 6),
        "met": table.is_met.tolist(),
        "points": numbers(table.points, 3),
        "points_max": numbers(table.points_max, 3),
        "score": numbers(table.score, 3),
        "known_max": numbers(table.score_known_max, 3),
    }


def _places(places: Places) -> dict[str, Any]:
    return {
        **coded_points(places.x_m, places.y_m),
        "id": list(places.place_id),
        "name": list(places.name),
        "people": numbers(places.people, 1),
        "circle": places.circle_idx.tolist(),
        "row": places.source_row.tolist(),
        "estimated": bool(places.is_estimated.any()),
        "bands": list(places.bands),
    }


def _outlets(facts: ReportFacts) -> dict[str, Any]:
    """Outlets; ``service`` holds columns of the access table, sub-types folded into what they refine."""
    outlets = facts.outlets
    parents = np.array(facts.types.parent_idx, np.int32)
    ptr, column = fold_services(
        outlets.service_ptr, outlets.service_type_idx, parents, facts.access.type_rows
    )
    return {
        **coded_points(outlets.x_m, outlets.y_m),
        "id": list(outlets.outlet_id),
        "name": list(outlets.name),
        "type": outlets.type_idx.tolist(),
        "service_ptr": ptr.tolist(),
        "service": column.tolist(),
        "status": outlets.status.tolist(),
        "chain": outlets.is_chain.tolist(),
        "unstaffed": np.flatnonzero(outlets.is_unstaffed).tolist(),
        "hours": list(outlets.hours),
        "row": outlets.source_row.tolist(),
        "circle": outlets.circle_idx.tolist(),
    }


def _access(access: AccessTable) -> dict[str, Any]:
    fine = access.nearest_s.size <= MAX_FINE_CELLS
    step_s = 1 if fine else 30
    code = _time_codes(access.nearest_s, step_s)
    found: dict[str, Any] = {
        "types": access.type_rows.tolist(),
        "step_s": step_s,
        "bytes": 2 if fine else 1,
        "nearest": [as_base64(column) for column in code.T],
    }
    if fine:
        count = np.minimum(access.count[:, :, -1], 255).astype(np.uint8)
        # One more than the row, so that 0 says none: two bytes are enough for 65,535 outlets.
        narrow = np.uint16 if access.nearest_outlet_idx.max(initial=-1) < 65_535 else np.int32
        found["outlet"] = [as_base64((column + 1).astype(narrow)) for column in access.nearest_outlet_idx.T]
        found["outlet_bytes"] = np.dtype(narrow).itemsize
        found["count"] = [as_base64(column) for column in count.T]
        found["count_s"] = access.cutoffs_s[-1]
    return found


def _time_codes(nearest_s: NDArray[np.float32], step_s: int) -> NDArray[Any]:
    """
    Times rounded up to steps, so that a walk just over a norm stays over it.

    The two highest codes say unreachable and unknown.
    """
    kind = np.uint16 if step_s == 1 else np.uint8
    top = np.iinfo(kind).max
    known = np.where(np.isfinite(nearest_s), nearest_s, 0).astype(np.float64)
    code = np.minimum(np.ceil(known / step_s), top - 2).astype(kind)
    code[np.isinf(nearest_s)] = top - 1
    code[np.isnan(nearest_s)] = top
    return code


def _map(facts: ReportFacts, projection: LocalProjection) -> dict[str, Any]:
    circles, communities = facts.circles, facts.communities
    local = [_local(p, projection) for p in (*circles.polygons, *communities.polygons)]
    found: dict[str, Any] = {
        "bounds": view_bounds(facts.places.x_m, facts.places.y_m, local),
        "streets": street_layers(facts.network),
        "names": street_names(facts.network),
        "ground": ground_layers(facts.extras.get("basemap") or {}, projection),
        "isochrones": _isochrones(facts, projection),
    }
    for key, table in (("circles", circles), ("communities", communities)):
        shapes = [_or_empty(p) for p in table.polygons]
        if any(not p.is_empty for p in shapes):
            found[key] = {
                **coded_areas(shapes, projection),
                "name": list(table.name),
                "at": coded_points(*_label_points(shapes, projection)),
            }
    return found


def _label_points(shapes: list[Any], projection: LocalProjection) -> tuple[FloatArray, FloatArray]:
    """A point inside each area to write its name at; NaN for an area without shape."""
    points = [p.centroid if p.contains(p.centroid) else p.point_on_surface() for p in shapes]
    lon = np.array([np.nan if p.is_empty else p.x for p in points])
    lat = np.array([np.nan if p.is_empty else p.y for p in points])
    return projection.forward(lon, lat)


def _local(shape: Any, projection: LocalProjection) -> Any:
    if shape is None:
        return None
    return shapely.transform(shape, lambda xy: np.column_stack(projection.forward(*xy.T)))


def _or_empty(shape: Any) -> Any:
    return shapely.Polygon() if shape is None else shape


def _isochrones(facts: ReportFacts, projection: LocalProjection) -> dict[str, Any]:
    found = facts.isochrones
    if not found:
        return {}
    area_ids = list(facts.circle_coverage.area_ids)
    return {
        **coded_areas(
            [_or_empty(i.polygon) for i in found], projection, tolerance_m=8.0 if is_short(facts) else 2.0
        ),
        "circle": [area_ids.index(i.origin_id) if i.origin_id in area_ids else -1 for i in found],
        "name": [i.origin_name for i in found],
        "cutoff_s": [i.cutoff_s for i in found],
        "people": [_number(i.people, 0) for i in found],
        "area_m2": [_number(i.area_m2, 0) for i in found],
    }
