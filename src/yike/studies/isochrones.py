"""Isochrones of a run: 5/10/15 minutes around the middle of each circle, people counted along streets."""

from __future__ import annotations

import math

import numpy as np

from yike.core.network.isochrone import lay_out_streets, reach_each
from yike.core.network.search import ticks_of, walk_ticks
from yike.core.tables import (
    NO_TICKS,
    Attachments,
    Circles,
    FloatArray,
    IntArray,
    Places,
    StreetGraph,
    WalkNetwork,
)
from yike.reports.facts import IsochroneArea


def middle_places(places: Places, attached: Attachments, n_circles: int) -> IntArray:
    """
    The home nearest to the people-weighted middle of each circle.

    Returns
    -------
    shape (n_circles,), int32
        Row of the place, -1 for a circle without attached places.
    """
    middle = np.full(n_circles, -1, np.int32)
    weight = np.nan_to_num(places.people, nan=1.0)
    for circle in range(n_circles):
        mine = np.flatnonzero((places.circle_idx == circle) & attached.is_attached)
        if not len(mine):
            continue
        w = weight[mine] if weight[mine].sum() > 0 else np.ones(len(mine))
        x, y = np.average(places.x_m[mine], weights=w), np.average(places.y_m[mine], weights=w)
        middle[circle] = mine[np.argmin(np.hypot(places.x_m[mine] - x, places.y_m[mine] - y))]
    return middle


def circle_isochrones(
    network: WalkNetwork,
    graph: StreetGraph,
    circles: Circles,
    places: Places,
    attached: Attachments,
    cutoffs_s: tuple[float, ...],
) -> tuple[IsochroneArea, ...]:
    """Areas within each cutoff of each circle's middle place, with the residents reached."""
    middle = middle_places(places, attached, len(circles))
    rows = np.flatnonzero(middle >= 0)
    if not len(rows):
        return ()
    areas = reach_each(
        network, graph, attached, cutoffs_s, rows=middle[rows], drawing=lay_out_streets(network, graph)
    )
    out = []
    for circle, reached in zip(rows.tolist(), areas, strict=True):
        seconds = walk_from(graph, attached, int(middle[circle]), max(cutoffs_s))
        for area in reached:
            out.append(
                IsochroneArea(
                    origin_id=circles.circle_id[circle],
                    origin_name=circles.name[circle],
                    cutoff_s=area.cutoff_s,
                    polygon=area.polygon,
                    area_m2=area.area_m2,
                    street_m=area.street_m,
                    people=_people_within(places.people, seconds, area.cutoff_s),
                )
            )
    return tuple(out)


def _people_within(people: FloatArray, seconds: FloatArray, cutoff_s: float) -> float:
    reached = people[seconds <= cutoff_s]
    known = reached[~np.isnan(reached)]
    return math.nan if len(reached) and not len(known) else float(known.sum())


def walk_from(graph: StreetGraph, attached: Attachments, origin: int, limit_s: float) -> FloatArray:
    """Seconds from one attached point to all the others, +inf beyond the limit."""
    mine = slice(attached.end_ptr[origin], attached.end_ptr[origin + 1])
    ticks = walk_ticks(graph, attached.end_junction_idx[mine], attached.end_ticks[mine], ticks_of(limit_s))
    arrive = ticks[attached.end_junction_idx].astype(np.int64) + attached.end_ticks
    arrive[ticks[attached.end_junction_idx] == NO_TICKS] = NO_TICKS
    best = np.full(len(attached), np.int64(NO_TICKS))
    np.minimum.at(best, np.repeat(np.arange(len(attached)), np.diff(attached.end_ptr)), arrive)
    same = (attached.edge_idx == attached.edge_idx[origin]) & (attached.edge_idx >= 0)
    along = np.abs(attached.edge_offset_ticks.astype(np.int64) - int(attached.edge_offset_ticks[origin]))
    along += attached.access_ticks.astype(np.int64) + int(attached.access_ticks[origin])
    best[same] = np.minimum(best[same], along[same])
    best[origin] = 0
    seconds = best / 65_536.0
    seconds[best >= NO_TICKS] = np.inf
    return seconds
