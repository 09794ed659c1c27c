"""The coverage curve as SVG: people gained against number of sites or money, with the bound above it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from yike.reports.html_report import figures
from yike.reports.html_report.labels import label
from yike.reports.html_report.markup import Html, tag
from yike.reports.siting_lines import proof_words

WIDTH, HEIGHT = 348, 190
LEFT, RIGHT, TOP, BOTTOM = 46, 14, 24, 34
FEN_PER_WAN = 1_000_000
STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)


def curve_svg(one: Mapping[str, Any], axis: str) -> Html:
    """
    The curve of one type.

    Parameters
    ----------
    one
        A type of the extra "siting", with at least one plan.
    axis
        "sites" or "money" (only where every plan has a cost).

    Returns
    -------
    Html
        Each plan's dot carries ``data-k``, so that a script can mark the chosen one. The table beside it
        says the same; a reader of the screen is told only what it is. Bounds hold for a number of sites, not
        for an amount of money: the money axis shows none.
    """
    plans = one["plans"]
    by_money = axis == "money"
    at = [p["cost_fen"] / FEN_PER_WAN if by_money else p["k"] for p in plans]
    high = _nice(max(p["people" if by_money else "bound"] for p in plans))
    wide = _nice(max(at)) if by_money else float(max(at))
    x = [LEFT + (WIDTH - LEFT - RIGHT) * v / wide if wide else LEFT for v in at]
    y = [_up(p["people"], high) for p in plans]
    bound = [] if by_money else list(zip(x, (_up(p["bound"], high) for p in plans), strict=True))
    gained = sorted(zip(x, y, strict=True)) if by_money else list(zip(x, y, strict=True))
    return tag(
        "svg",
        _grid(high),
        _axis(plans, x, wide, axis),
        _line(bound, "bound") if bound else "",
        _line([(float(LEFT), _up(0.0, high)), *_rising(gained)], "gained"),
        [_dot(p, *xy) for p, xy in zip(plans, zip(x, y, strict=True), strict=True)],
        viewBox=f"0 0 {WIDTH} {HEIGHT}",
        class_="curve",
        role="img",
        aria_label=label("siting.curve_of", axis=label(f"siting.axis_{axis}")),
        data_axis=axis,
    )


def _up(value: float, high: float) -> float:
    """Height of a value on the page, downwards."""
    return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * (value / high if high else 0)


def _rising(points: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Points that lie higher than all before them: a plan that costs more and serves fewer is no step."""
    kept: list[tuple[float, float]] = []
    for x, y in points:
        if not kept or y <= kept[-1][1]:
            kept.append((x, y))
    return kept


def _nice(value: float) -> float:
    """The next round number that splits well into four."""
    if value <= 0:
        return 1.0
    size = 10.0 ** math.floor(math.log10(value / 4))
    step = next(s for s in STEPS if s * size * 4 >= value * (1 - 1e-9))
    return step * size * math.ceil(value / (step * size) - 1e-9)


def _grid(high: float) -> list[Html]:
    """Lines and numbers of the upright axis, and its name."""
    step = _step(high)
    marks = [step * i for i in range(int(high / step + 1e-9) + 1)]
    lines = [
        tag(
            "line",
            x1=LEFT,
            x2=WIDTH - RIGHT,
            y1=_n(_up(v, high)),
            y2=_n(_up(v, high)),
            class_="grid" if v else "base",
        )
        for v in marks
    ]
    words = [
        tag("text", _people(v, high), x=LEFT - 6, y=_n(_up(v, high) + 4), class_="tick", text_anchor="end")
        for v in marks
    ]
    unit = label("siting.axis_wan" if high >= 20_000 else "siting.axis_people")
    return [*lines, *words, tag("text", unit, x=4, y=12, class_="tick")]


def _step(high: float) -> float:
    size = 10.0 ** math.floor(math.log10(high / 4))
    return next(s * size for s in STEPS if s * size * 4 >= high * (1 - 1e-9))


def _people(value: float, high: float) -> str:
    return f"{value / 10_000:g}" if high >= 20_000 else figures.count(value) if high >= 4 else f"{value:g}"


def _axis(plans: Sequence[Mapping[str, Any]], x: Sequence[float], wide: float, axis: str) -> list[Html]:
    """Numbers of the lying axis, and its name at the right."""
    y = HEIGHT - BOTTOM + 15
    if axis == "sites":
        marks = [(x[i], str(p["k"])) for i, p in enumerate(plans)]
    else:
        step = _step(wide)
        span = WIDTH - LEFT - RIGHT
        marks = [(LEFT + span * step * i / wide, f"{step * i:g}") for i in range(int(wide / step + 1e-9) + 1)]
    words = [tag("text", word, x=_n(at), y=y, class_="tick", text_anchor="middle") for at, word in marks]
    name = label(f"siting.axis_{axis}")
    return [*words, tag("text", name, x=WIDTH - RIGHT, y=HEIGHT - 3, class_="tick", text_anchor="end")]


def _line(points: Sequence[tuple[float, float]], kind: str) -> Html:
    path = "M" + "L".join(f"{_n(x)} {_n(y)}" for x, y in points)
    return tag("path", d=path, class_=kind)


def _dot(plan: Mapping[str, Any], x: float, y: float) -> Html:
    """Filled where the plan is proven best, hollow where it is not."""
    said = label("siting.dot", k=plan["k"], people=figures.count(plan["people"]), proof=proof_words(plan))
    kind = "dot proven" if plan["status"] == "optimal" else "dot"
    return tag("circle", tag("title", said), cx=_n(x), cy=_n(y), r=4, class_=kind, data_k=plan["k"])


def _n(value: float) -> str:
    return f"{value:.1f}"
