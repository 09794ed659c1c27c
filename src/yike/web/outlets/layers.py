"""Outlets as a map draws them: each by itself, or counted in squares where there are too many."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from django.db.models import Avg, Count, F, FloatField, IntegerField, Max, Min, QuerySet, Value
from django.db.models.functions import Cast

from yike.web.outlets.filters import OutletFilter, filtered
from yike.web.outlets.forms import row_choices
from yike.web.outlets.limits import limits
from yike.web.outlets.models import Outlet, Status
from yike.web.outlets.values import type_label
from yike.web.ui.geojson import Feature, collection, feature, point

Box = tuple[float, float, float, float]


def box_of(text: str) -> Box | None:
    """``west,south,east,north`` in degrees; None for anything else."""
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError:
        return None
    is_box = -180 <= west < east <= 180 and -90 <= south < north <= 90
    return (west, south, east, north) if is_box else None


def layer_of(
    outlets: QuerySet[Outlet], wanted: OutletFilter, box: Box | None, today: dt.date
) -> dict[str, Any]:
    """The outlets a filter lets through, in a box where one is given."""
    found = filtered(outlets, replace(wanted, box=box, has_place=True, sort="")).order_by()
    most = limits()["list"]["most_on_map"]
    columns = ("pk", "name", "form_row", "type_code", "lon", "lat", "status")
    rows = list(found.values_list(*columns)[: most + 1])
    words = dict(row_choices())
    if len(rows) > most:
        return collection(_squares(found, box), as_of=today, note="网点太多，按方格计数；放大后逐个显示")
    seen = {row[2] for row in rows}
    features = [_outlet(*row) for row in rows]
    return collection(features, as_of=today, type_words={r: w for r, w in words.items() if r in seen})


def _outlet(
    key: int, name: str, form_row: str, type_code: str, lon: float, lat: float, status: str
) -> Feature:
    told = [type_label(type_code)] + ([] if status == Status.OPEN else [Status(status).label])
    return feature(
        "outlet", point(lon, lat), label=name, href=f"/desk/outlets/{key}/", type=form_row,
        sign="" if status == Status.OPEN else "stopped", detail=" · ".join(t for t in told if t),
    )  # fmt: skip


def _squares(found: QuerySet[Outlet], box: Box | None) -> list[Feature]:
    """Counts in a grid over the box, at the middle of what is counted."""
    if box is None:
        ends = found.aggregate(w=Min("lon"), s=Min("lat"), e=Max("lon"), n=Max("lat"))
        box = (ends["w"], ends["s"], ends["e"], ends["n"])
    west, south, east, north = box
    side = max(east - west, north - south, 1e-6) / limits()["list"]["squares_across"]
    squares = found.annotate(
        column=_number("lon", west, side), line=_number("lat", south, side)
    ).values("column", "line")  # fmt: skip
    told = squares.annotate(n=Count("pk"), x=Avg("lon"), y=Avg("lat")).order_by("column", "line")
    return [feature("outlet", point(s["x"], s["y"]), label=f"{s['n']} 个网点", count=s["n"]) for s in told]


def _number(column: str, begin: float, side: float) -> Any:
    from_begin = (F(column) - Value(begin, FloatField())) / Value(side, FloatField())
    return Cast(from_begin, IntegerField())
