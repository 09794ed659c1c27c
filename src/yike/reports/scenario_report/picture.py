"""One scenario on a map, as SVG: homes that gain and lose, outlets that come and go, on quiet streets."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import numpy as np

from yike.core.geo.projection import LocalProjection
from yike.core.tables import BoolArray, FloatArray, OutletStatus
from yike.reports import words
from yike.reports.html_report import figures
from yike.reports.html_report.markup import Html, tag
from yike.reports.scenario_facts import ScenarioFacts, ScenarioOutcome, ScenarioSide
from yike.reports.scenario_report.labels import label

WIDE, HIGH = 720, 520
MARGIN_M = 250.0
LEAST_M = 900.0
MOST_PIECES = 9_000
MOST_DOTS = 4_000
MAJOR = ("motorway", "trunk", "primary", "secondary", "tertiary")
ROUND_LENGTHS_M = (50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000)


def scenario_map(facts: ScenarioFacts, outcome: ScenarioOutcome) -> Html:
    """The map with its legend; nothing where there are no places."""
    if not len(outcome.after.places):
        return Html("")
    view = _View(facts, outcome)
    parts = [
        f'<rect class="ground" width="{WIDE}" height="{HIGH}"/>',
        *_areas(facts, view),
        *_streets(outcome.after, view),
        *_homes(facts, outcome, view),
        *_outlets(facts, outcome, view),
        *_furniture(facts, view),
    ]
    alt = label("map.alt", name=outcome.name)
    drawing = Html(
        f'<svg class="scenario-map" viewBox="0 0 {WIDE} {HIGH}" role="img" aria-label="{_safe(alt)}">'
        + "".join(parts)
        + "</svg>"
    )
    return tag("figure", drawing, _legend(facts, outcome), _credit(facts), class_="map-figure")


class _View:
    """From local metres to the drawing; the window holds what changes, with some ground around it."""

    def __init__(self, facts: ScenarioFacts, outcome: ScenarioOutcome) -> None:
        x, y = _changing(facts, outcome)
        if not len(x):
            x, y = outcome.after.places.x_m, outcome.after.places.y_m
        west, east, south, north = (
            float(np.nanmin(x)),
            float(np.nanmax(x)),
            float(np.nanmin(y)),
            float(np.nanmax(y)),
        )
        wide = max(east - west, LEAST_M) + 2 * MARGIN_M
        high = max(north - south, LEAST_M * HIGH / WIDE) + 2 * MARGIN_M
        self.m_per_px = max(wide / WIDE, high / HIGH)
        self.left = (west + east) / 2 - self.m_per_px * WIDE / 2
        self.top = (south + north) / 2 + self.m_per_px * HIGH / 2

    def at(self, x_m: FloatArray, y_m: FloatArray) -> tuple[FloatArray, FloatArray]:
        return (x_m - self.left) / self.m_per_px, (self.top - y_m) / self.m_per_px

    def holds(self, x: FloatArray, y: FloatArray) -> BoolArray:
        return np.asarray((x >= -4) & (x <= WIDE + 4) & (y >= -4) & (y <= HIGH + 4), bool)


def _changing(facts: ScenarioFacts, outcome: ScenarioOutcome) -> tuple[FloatArray, FloatArray]:
    """Where something changes: homes that cross a norm, outlets that come, go or grow, new homes."""
    places, outlets = outcome.after.places, outcome.after.outlets
    n = len(facts.before.places)
    chosen = np.zeros(len(places), bool)
    chosen[:n] = outcome.is_better | outcome.is_worse
    chosen[n:] = True
    marks = np.concatenate(list(outlet_moves(facts, outcome).values()))
    before = facts.before.outlets
    gone = [r for r in outlet_moves(facts, outcome)["closed"] if r < len(before)]
    x = np.concatenate([places.x_m[chosen], outlets.x_m[marks], before.x_m[gone]])
    y = np.concatenate([places.y_m[chosen], outlets.y_m[marks], before.y_m[gone]])
    known = np.isfinite(x) & np.isfinite(y)
    return x[known], y[known]


def outlet_moves(facts: ScenarioFacts, outcome: ScenarioOutcome) -> dict[str, np.ndarray]:
    """Rows of outlets that open or come, close or leave, and take on functions."""
    before, after = facts.before.outlets, outcome.after.outlets
    n = len(before)
    was, now = before.status == OutletStatus.OPEN, after.status == OutletStatus.OPEN
    moved = (before.x_m != after.x_m[:n]) | (before.y_m != after.y_m[:n])
    opened = np.concatenate([now[:n] & (~was | moved), now[n:]])
    closed = np.concatenate([was & (~now[:n] | moved), np.zeros(len(after) - n, bool)])
    grown = np.diff(after.service_ptr[: n + 1]) != np.diff(before.service_ptr)
    changed = np.concatenate([was & now[:n] & ~moved & grown, np.zeros(len(after) - n, bool)])
    return {name: np.flatnonzero(rows) for name, rows in
            (("opened", opened), ("closed", closed), ("changed", changed))}  # fmt: skip


def _areas(facts: ScenarioFacts, view: _View) -> Iterable[str]:
    """Borders of circles inside the window."""
    ground = LocalProjection(facts.before.network.origin_lon, facts.before.network.origin_lat)
    for polygon in facts.before.circles.polygons:
        if polygon is None:
            continue
        for part in getattr(polygon, "geoms", (polygon,)):
            ring = np.asarray(part.exterior.coords)
            x, y = view.at(*ground.forward(ring[:, 0], ring[:, 1]))
            if x.max() < 0 or x.min() > WIDE or y.max() < 0 or y.min() > HIGH:
                continue
            yield f'<path class="border" d="{_line(x, y)}Z"/>'


def _streets(side: ScenarioSide, view: _View) -> Iterable[str]:
    net = side.network
    x, y = view.at(net.vertex_x_m, net.vertex_y_m)
    seen = view.holds(x, y)
    inside = seen[net.piece_from_idx] | seen[net.piece_to_idx]
    is_major = np.isin(net.piece_kind_idx, [i for i, k in enumerate(net.kinds) if k.split("_")[0] in MAJOR])
    if inside.sum() > MOST_PIECES and is_major[inside].any():
        inside &= is_major
    if inside.sum() > MOST_PIECES:
        # a whole city: a regular choice of its streets still shows where they run
        rows = np.flatnonzero(inside)
        inside[:] = False
        inside[rows[:: -(-len(rows) // MOST_PIECES)]] = True
    for name, chosen in (("street", inside & ~is_major), ("street wide", inside & is_major)):
        a, b = net.piece_from_idx[chosen], net.piece_to_idx[chosen]
        ends = zip(x[a].tolist(), y[a].tolist(), x[b].tolist(), y[b].tolist(), strict=True)
        path = "".join(f"M{_px(p)} {_px(q)}L{_px(r)} {_px(s)}" for p, q, r, s in ends)
        if path:
            yield f'<path class="{name}" d="{path}"/>'


def _homes(facts: ScenarioFacts, outcome: ScenarioOutcome, view: _View) -> Iterable[str]:
    places = outcome.after.places
    x, y = view.at(places.x_m, places.y_m)
    n = len(facts.before.places)
    better, worse = (np.zeros(len(places), bool) for _ in range(2))
    better[:n], worse[:n] = outcome.is_better, outcome.is_worse
    new = np.arange(len(places)) >= n
    seen = view.holds(x, y)
    classes = (
        ("same", ~better & ~worse & ~new), ("gained", better & ~worse), ("lost", worse & ~better),
        ("both", better & worse), ("new", new),
    )  # fmt: skip
    for name, chosen in classes:
        rows = np.flatnonzero(chosen & seen)
        if len(rows) > MOST_DOTS:
            rows = rows[:: -(-len(rows) // MOST_DOTS)]
        path = "".join(_shape(name, float(x[i]), float(y[i])) for i in rows.tolist())
        if path:
            yield f'<path class="home {name}" d="{path}"/>'


def _shape(name: str, x: float, y: float) -> str:
    """Dots, triangles up and down, and diamonds: classes differ without colour too."""
    if name == "gained":
        return f"M{_px(x)} {_px(y - 5)}l4.5 8h-9z"
    if name == "lost":
        return f"M{_px(x)} {_px(y + 5)}l4.5 -8h-9z"
    if name == "both":
        return f"M{_px(x - 4)} {_px(y - 4)}h8v8h-8z"
    if name == "new":
        return f"M{_px(x)} {_px(y - 8)}l8 8l-8 8l-8 -8z"
    return f"M{_px(x - 1.6)} {_px(y)}a1.6 1.6 0 1 0 3.2 0a1.6 1.6 0 1 0 -3.2 0"


def _outlets(facts: ScenarioFacts, outcome: ScenarioOutcome, view: _View) -> Iterable[str]:
    moves = outlet_moves(facts, outcome)
    now = outcome.after.outlets
    for name, table in (("closed", facts.before.outlets), ("changed", now), ("opened", now)):
        for row in moves[name].tolist():
            x, y = view.at(table.x_m[row : row + 1], table.y_m[row : row + 1])
            yield _mark(name, float(x[0]), float(y[0]))


def _mark(name: str, x: float, y: float) -> str:
    sign = {"opened": "M-4 0h8M0 -4v8", "closed": "M-3 -3l6 6M3 -3l-6 6", "changed": "M-4 0h8"}[name]
    return (
        f'<g class="shop {name}" transform="translate({_px(x)} {_px(y)})"><circle r="8"/>'
        f'<path d="{sign}"/></g>'
    )


def _furniture(facts: ScenarioFacts, view: _View) -> Iterable[str]:
    length = max((m for m in ROUND_LENGTHS_M if m <= view.m_per_px * WIDE / 5), default=ROUND_LENGTHS_M[0])
    px = length / view.m_per_px
    text = f"{length} 米" if length < 1000 else f"{length // 1000} 公里"
    yield f'<path class="scale" d="M14 {HIGH - 22}v6h{px:.1f}v-6"/>'
    yield f'<text class="halo" x="18" y="{HIGH - 22}">{text}</text>'
    yield '<path class="north" d="M22 12 29 33 22 29 15 33Z"/><text class="halo" x="16" y="47">北</text>'
    if facts.provenance.is_invented:
        yield f'<text class="invented-mark" x="{WIDE - 12}" y="24">{label("invented")}</text>'


def _legend(facts: ScenarioFacts, outcome: ScenarioOutcome) -> Html:
    people = facts.before.places.people
    both = outcome.is_better & outcome.is_worse
    sums = {
        "gained": outcome.is_better & ~both, "lost": outcome.is_worse & ~both, "both": both,
    }  # fmt: skip
    items = []
    for name, chosen in sums.items():
        if chosen.any():
            said = f"{int(chosen.sum())} 处"
            if not np.isnan(people[chosen]).all():
                said += f"、{figures.count(float(np.nansum(people[chosen])))} 人"
            items.append(_key(f"home {name}", _shape(name, 10, 10), f"{label(f'map.{name}')}　{said}"))
    items.append(_key("home same", _shape("same", 10, 10), label("map.same")))
    if len(outcome.new_places):
        items.append(_key("home new", _shape("new", 10, 10), label("map.new_home")))
    moves = outlet_moves(facts, outcome)
    for name in ("opened", "closed", "changed"):
        if len(moves[name]):
            mark = Html(_mark(name, 10, 10))
            items.append(_key_of(mark, f"{label(f'map.{name}')}　{len(moves[name])} 个"))
    return tag("ul", items, class_="map-key")


def _key(classes: str, path: str, said: str) -> Html:
    return _key_of(Html(f'<path class="{classes}" d="{path}"/>'), said)


def _key_of(drawing: Html, said: str) -> Html:
    svg = Html(f'<svg width="20" height="20" viewBox="0 0 20 20" aria-hidden="true">{drawing}</svg>')
    return tag("li", svg, said)


def _credit(facts: ScenarioFacts) -> Html:
    origin = facts.provenance
    number = origin.map_review_no
    review = label("map.review", number=number) if number else label("map.no_review")
    date = label("map.date", date=words.chinese_date(origin.as_of))
    credit = " · ".join(dict.fromkeys(s.attribution or s.name for s in origin.sources))
    return tag("figcaption", f"{review}　{date}　{credit}", class_="fine")


def _line(x: FloatArray, y: FloatArray) -> str:
    points: list[Any] = [f"{_px(a)} {_px(b)}" for a, b in zip(x.tolist(), y.tolist(), strict=True)]
    return "M" + "L".join(points)


def _px(value: float) -> str:
    if not math.isfinite(value):
        return "-99"
    return f"{value:.1f}".removesuffix(".0")


def _safe(text: str) -> str:
    return text.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
