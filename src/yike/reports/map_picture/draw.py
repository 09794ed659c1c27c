"""Draw one map picture with matplotlib's objects (no global state), Chinese words in the bundled font."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from functools import cache
from importlib.resources import as_file, files
from typing import Any

import numpy as np
import shapely
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from yike.core.tables import EARTH_RADIUS_M, FloatArray, OutletStatus
from yike.reports.facts import ReportFacts
from yike.reports.map_picture.scale import CLASSES, UNKNOWN, UNREACHABLE, class_of, people_by_class
from yike.reports.map_picture.shapes import Box, fill_shapes, line_pieces, outer_rings

INK, PAPER, GROUND, LINE, MUTED = "#1B2421", "#FFFFFF", "#F6F7F5", "#DDE2DF", "#5C6A65"
TEAL = "#0B6B5B"
MAJOR = ("motorway", "trunk", "primary", "secondary", "tertiary")
BASE_COLOURS = {"water": "#D5E3E8", "green": "#E4EEDF", "building": "#EBEDEA", "rail": "#C9CFCB"}
PLACE_SIZES = ((3_000, 14.0), (20_000, 4.0), (math.inf, 1.5))  # up to so many homes: size of their dots
OUTLET_SIZES = ((200, 26.0), (1_000, 12.0), (math.inf, 5.0))
NAME_PT, POINTS_PER_INCH, MOST_NAMES, MANY_AREAS, MANY_PIECES = 7.0, 72.0, 24, 100, 100_000
LABEL_BOX = {"facecolor": PAPER, "alpha": 0.75, "edgecolor": "none", "pad": 1.5}
MARGIN_SHARE = 0.03
LEGEND_SHARE = 0.16
NO_REVIEW = "无审图号：示意图，仅供内部分析使用"
ROUND_LENGTHS_M = (50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000)


@cache
def _font(size: float) -> FontProperties:
    with as_file(files("yike.reports.fonts") / "NotoSansSC-subset.otf") as path:
        return FontProperties(fname=str(path), size=size)


def draw_access_map(
    facts: ReportFacts,
    type_idx: int,
    *,
    width_in: float = 6.1,
    height_in: float = 5.6,
    dpi: int = 200,
    circle_idx: int = -1,
) -> bytes:
    """
    Minutes on foot from each place to the nearest outlet of a business type.

    Parameters
    ----------
    facts
        The run.
    type_idx
        Business type (row of the catalogue); must have a column in the access table.
    width_in, height_in, dpi
        Size of the picture.
    circle_idx
        Zoom to one circle; -1 shows the whole pack.

    Returns
    -------
    bytes
        A PNG with legend, scale bar, north arrow, date, attribution and map-review slot.
    """
    figure = Figure(figsize=(width_in, height_in), dpi=dpi, facecolor=PAPER)
    FigureCanvasAgg(figure)
    ax = figure.add_axes((0.0, LEGEND_SHARE, 1.0, 1.0 - LEGEND_SHARE))
    box = _window(facts, circle_idx, width_in / (height_in * (1.0 - LEGEND_SHARE)))
    _frame(ax, box)
    _base(ax, facts, box)
    _areas(ax, facts, circle_idx, box)
    nearest = facts.access.nearest_s[:, facts.access.column_of(type_idx)]
    classes = class_of(nearest)
    _places(ax, facts, classes, box)
    _outlets(ax, facts, type_idx, box)
    _legend(figure, facts, classes, type_idx, circle_idx)
    _scale_bar(ax, box)
    _north(ax)
    _words(ax, facts)
    out = io.BytesIO()
    figure.savefig(out, format="png", dpi=dpi, metadata={"Software": None})
    return out.getvalue()


def _window(facts: ReportFacts, circle_idx: int, ratio: float) -> tuple[float, float, float, float]:
    lon, lat = facts.places.lon, facts.places.lat
    if circle_idx >= 0 and np.any(facts.places.circle_idx == circle_idx):
        mine = facts.places.circle_idx == circle_idx
        lon, lat = lon[mine], lat[mine]
    if not len(lon):
        lon, lat = facts.network.vertex_lon, facts.network.vertex_lat
    west, east, south, north = lon.min(), lon.max(), lat.min(), lat.max()
    stretch = 1.0 / math.cos(math.radians((south + north) / 2))
    wide, high = (east - west) / stretch, north - south
    wide, high = max(wide, high * ratio, 1e-4), max(high, wide / ratio, 1e-4)
    wide, high = wide * (1 + 2 * MARGIN_SHARE), high * (1 + 2 * MARGIN_SHARE)
    x, y = (west + east) / 2, (south + north) / 2
    half = wide / 2 * stretch
    return x - half, x + half, y - high / 2, y + high / 2


def _frame(ax: Any, box: Box) -> None:
    ax.set_xlim(box[0], box[1])
    ax.set_ylim(box[2], box[3])
    ax.set_aspect(1.0 / math.cos(math.radians((box[2] + box[3]) / 2)), adjustable="box")
    ax.set_xticks([])
    ax.set_yticks([])
    ax.set_facecolor(GROUND)
    for spine in ax.spines.values():
        spine.set_color(LINE)


def _base(ax: Any, facts: ReportFacts, box: Box) -> None:
    layers = facts.extras.get("basemap") or {}
    figure = ax.figure
    pixel = (box[1] - box[0]) / (figure.get_figwidth() * figure.dpi)
    for name in ("green", "water", "building"):
        shapes = fill_shapes(layers.get(name, ()), box, pixel, facecolors=BASE_COLOURS[name], zorder=1)
        if shapes is not None:
            ax.add_collection(shapes)
    net = facts.network
    start = np.c_[net.vertex_lon[net.piece_from_idx], net.vertex_lat[net.piece_from_idx]]
    end = np.c_[net.vertex_lon[net.piece_to_idx], net.vertex_lat[net.piece_to_idx]]
    inside = (
        (np.maximum(start[:, 0], end[:, 0]) >= box[0])
        & (np.minimum(start[:, 0], end[:, 0]) <= box[1])
        & (np.maximum(start[:, 1], end[:, 1]) >= box[2])
        & (np.minimum(start[:, 1], end[:, 1]) <= box[3])
    )
    is_major = np.isin(net.piece_kind_idx, [i for i, k in enumerate(net.kinds) if k.split("_")[0] in MAJOR])
    for chosen, colour, width in ((~is_major, "#D4DAD6", 0.5), (is_major, "#BFC8C3", 1.3)):
        pieces = inside & chosen
        thin = width if inside.sum() <= MANY_PIECES else width / 3
        style = {"edgecolors": colour, "linewidths": thin, "zorder": 2}
        ax.add_collection(line_pieces(start[pieces], end[pieces], **style))


def _areas(ax: Any, facts: ReportFacts, circle_idx: int, box: Box) -> None:
    for polygons, width in ((facts.communities.polygons, 0.5), (facts.circles.polygons, 1.2)):
        rings = [shapely.get_coordinates(r) for r in outer_rings(polygons, box)]
        thin = width / 2 if len(rings) > MANY_AREAS else width
        ax.add_collection(LineCollection(rings, colors=INK, linewidths=thin, alpha=0.55, zorder=4))
    for i, x, y in _named(ax, facts, circle_idx, box):
        ax.text(
            x,
            y,
            facts.circles.name[i],
            fontproperties=_font(NAME_PT),
            color=INK,
            ha="center",
            va="center",
            zorder=9,
            clip_on=True,
            bbox=LABEL_BOX,
        )


def _named(ax: Any, facts: ReportFacts, circle_idx: int, box: Box) -> list[tuple[int, float, float]]:
    """Circles whose names fit on the map beside each other, most residents first, and where they stand."""
    point = (box[1] - box[0]) / (ax.figure.get_figwidth() * POINTS_PER_INCH)  # in degrees of longitude
    high = NAME_PT * 2 * point * math.cos(math.radians((box[2] + box[3]) / 2))
    people = np.nan_to_num(facts.circle_coverage.people, nan=-1.0)
    taken: list[tuple[float, float, float]] = []
    named: list[tuple[int, float, float]] = []
    for i in np.argsort(-people, kind="stable").tolist():
        polygon = facts.circles.polygons[i]
        if polygon is None or (circle_idx >= 0 and i != circle_idx) or len(named) == MOST_NAMES:
            continue
        at, wide = polygon.representative_point(), (len(facts.circles.name[i]) + 1) * NAME_PT * point
        is_inside = box[0] < at.x - wide / 2 and at.x + wide / 2 < box[1] and box[2] < at.y < box[3]
        if is_inside and all(abs(at.x - x) > (wide + w) / 2 or abs(at.y - y) > high for x, y, w in taken):
            taken.append((at.x, at.y, wide))
            named.append((i, at.x, at.y))
    return named


def _size(n: int, sizes: tuple[tuple[float, float], ...]) -> float:
    return next(size for most, size in sizes if n <= most)


def _n_inside(lon: FloatArray, lat: FloatArray, box: Box) -> int:
    return int(((lon >= box[0]) & (lon <= box[1]) & (lat >= box[2]) & (lat <= box[3])).sum())


def _places(ax: Any, facts: ReportFacts, classes: Any, box: Box) -> None:
    lon, lat = facts.places.lon, facts.places.lat
    size = _size(_n_inside(lon, lat, box), PLACE_SIZES)
    for row, style in enumerate(CLASSES):
        mine = classes == row
        ax.scatter(lon[mine], lat[mine], s=size, c=style.colour, linewidths=0, zorder=5)
    lost = classes == UNREACHABLE
    ax.scatter(lon[lost], lat[lost], s=size, facecolors="none", edgecolors=INK, linewidths=0.8, zorder=5)
    unknown = classes == UNKNOWN
    ax.scatter(lon[unknown], lat[unknown], s=size, c="#9AA5A0", marker="x", linewidths=0.8, zorder=5)


def _serving(facts: ReportFacts, type_idx: int) -> Any:
    """Open outlets that serve the type or a type refining it."""
    code = facts.types.types[type_idx].code
    family = [i for i, t in enumerate(facts.types) if i == type_idx or t.parent == code]
    owner = np.repeat(np.arange(len(facts.outlets)), np.diff(facts.outlets.service_ptr))
    serves = np.zeros(len(facts.outlets), dtype=bool)
    serves[owner[np.isin(facts.outlets.service_type_idx, family)]] = True
    return serves & (facts.outlets.status == OutletStatus.OPEN)


def _outlets(ax: Any, facts: ReportFacts, type_idx: int, box: Box) -> None:
    mine = _serving(facts, type_idx)
    n_seen = _n_inside(facts.outlets.lon[mine], facts.outlets.lat[mine], box)
    ax.scatter(
        facts.outlets.lon[mine],
        facts.outlets.lat[mine],
        s=_size(n_seen, OUTLET_SIZES),
        marker="^",
        c="#FFFFFF",
        edgecolors=INK,
        linewidths=0.9 if n_seen <= OUTLET_SIZES[0][0] else 0.5,
        zorder=7,
    )


def _legend(figure: Figure, facts: ReportFacts, classes: Any, type_idx: int, circle_idx: int) -> None:
    """What the colours mean, with the people of the whole pack, or of the circle the picture zooms to."""
    mine = np.ones(len(classes), bool) if circle_idx < 0 else facts.places.circle_idx == circle_idx
    people = people_by_class(classes[mine], facts.places.people[mine])
    whose = "" if circle_idx < 0 else f"，{facts.circles.name[circle_idx]}居民"
    knows = not bool(np.isnan(facts.places.people).all())
    estimated = "（估）" if bool(facts.places.is_estimated.any()) else ""

    def count(row: int) -> str:
        return f"{people[row]:,.0f} 人{estimated}" if knows else "人数未知"

    handles: list[Any] = [
        Patch(color=c.colour, label=f"{c.label}　{count(i)}") for i, c in enumerate(CLASSES)
    ]
    if np.any(classes[mine] == UNREACHABLE):
        label = f"60分钟内走不到　{count(UNREACHABLE)}"
        handles.append(_dot("o", label, fill="none"))
    if np.any(classes[mine] == UNKNOWN):
        handles.append(_dot("x", f"未接入路网　{count(UNKNOWN)}", fill="#9AA5A0"))
    label = facts.types.types[type_idx].label
    handles.append(_dot("^", f"{label} {int(_serving(facts, type_idx).sum())} 个", fill="#FFFFFF"))
    legend = figure.legend(
        handles=handles,
        loc="lower center",
        bbox_to_anchor=(0.5, 0.0),
        ncols=3,
        prop=_font(7),
        frameon=False,
        title=f"到最近{label}的步行时间（{facts.profile.label}{whose}）",
        columnspacing=2.2,
    )
    legend.get_title().set_fontproperties(_font(7.5))


def _dot(marker: str, label: str, fill: str) -> Line2D:
    return Line2D(
        [],
        [],
        linestyle="none",
        marker=marker,
        markersize=5,
        markerfacecolor=fill,
        markeredgecolor=INK,
        label=label,
    )


def _scale_bar(ax: Any, box: Box) -> None:
    metres_per_degree = EARTH_RADIUS_M * math.radians(1) * math.cos(math.radians((box[2] + box[3]) / 2))
    wide_m = (box[1] - box[0]) * metres_per_degree
    length = max((m for m in ROUND_LENGTHS_M if m <= wide_m / 4), default=ROUND_LENGTHS_M[0])
    left, bottom = 0.03, 0.08
    right = left + length / wide_m
    ax.plot([left, right], [bottom] * 2, transform=ax.transAxes, color=PAPER, linewidth=5.0, zorder=11)
    ax.plot([left, right], [bottom] * 2, transform=ax.transAxes, color=INK, linewidth=2.2, zorder=11)
    text = f"{length} 米" if length < 1000 else f"{length // 1000} 公里"
    ax.text(
        right + 0.01, bottom, text, transform=ax.transAxes, fontproperties=_font(7), va="center", zorder=11,
        bbox=LABEL_BOX,
    )  # fmt: skip


def _north(ax: Any) -> None:
    ax.annotate(
        "",
        xy=(0.045, 0.975),
        xytext=(0.045, 0.905),
        xycoords="axes fraction",
        zorder=11,
        arrowprops={"arrowstyle": "-|>", "color": INK, "linewidth": 1.4},
    )
    ax.text(
        0.045,
        0.88,
        "北",
        transform=ax.transAxes,
        fontproperties=_font(8),
        ha="center",
        va="center",
        zorder=11,
        bbox=LABEL_BOX,
    )


def _attribution(facts: ReportFacts) -> Sequence[str]:
    seen = dict.fromkeys(s.attribution or s.name for s in facts.provenance.sources if s.attribution or s.name)
    return list(seen)


def _words(ax: Any, facts: ReportFacts) -> None:
    origin = facts.provenance
    review = f"审图号：{origin.map_review_no}" if origin.map_review_no else NO_REVIEW
    line = f"{review}　数据日期 {origin.as_of}　" + "；".join(_attribution(facts))
    ax.text(
        0.012,
        0.018,
        line,
        transform=ax.transAxes,
        fontproperties=_font(6),
        color=INK,
        va="bottom",
        zorder=11,
        bbox={"facecolor": PAPER, "alpha": 0.85, "edgecolor": "none", "pad": 2},
    )
    if origin.is_invented:
        ax.text(
            0.5,
            0.965,
            "虚构数据，仅供演示",
            transform=ax.transAxes,
            fontproperties=_font(9),
            color="#9C5200",
            ha="center",
            va="top",
            zorder=12,
            bbox={"facecolor": "#FFF3E0", "alpha": 0.95, "edgecolor": "#9C5200", "pad": 3},
        )
