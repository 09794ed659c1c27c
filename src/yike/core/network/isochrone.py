"""
Isochrones: the area within a walk, drawn from the street that is reached.

The outline runs ``buffer_m`` around every reached stretch of street (partial pieces from both ends, and the
start's own piece), on a raster of distances; blocks that are wider stay holes. Never a hull: what lies
between two streets is not reached because both are. People covered must come from the walking times, never
from this polygon.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import shapely

from yike.core.geo.projection import LocalProjection
from yike.core.network import _isochrone_kernels as kernels
from yike.core.network.search import ticks_of
from yike.core.tables import Attachments, FloatArray, IntArray, LongArray, StreetGraph, WalkNetwork

CELL_M = 20.0
BUFFER_M = 30.0

# Bends below this are not drawn: a twentieth of a cell, and half the segments on mapped footways.
_STRAIGHT_WITHIN_M = 1.0


class ReachArea(NamedTuple):
    """One isochrone."""

    cutoff_s: float
    polygon: Any  # shapely MultiPolygon in WGS-84 degrees; empty when nothing is reached
    area_m2: float
    street_m: float


@dataclass(frozen=True, eq=False)
class StreetDrawing:
    """A street graph laid out for drawing; make it once for many isochrones."""

    projection: LocalProjection
    graph: StreetGraph
    incident_ptr: LongArray  # shape (n_junctions + 1,): slice of incident_edge per junction
    incident_edge: IntArray
    line_ptr: LongArray  # shape (n_edges + 1,): slice of the line columns per edge
    line_ticks: IntArray  # offset along the edge
    line_x_m: FloatArray
    line_y_m: FloatArray
    line_m: FloatArray  # true metres from each row to the next


def lay_out_streets(network: WalkNetwork, graph: StreetGraph) -> StreetDrawing:
    """Geometry and incidence of a graph's edges, O(vertices + pieces)."""
    ptr = np.zeros(graph.n_junctions + 1, dtype=np.int64)
    edges = kernels.list_incident_edges(graph.edge_from_idx, graph.edge_to_idx, ptr)
    chain_m = np.zeros(len(graph.chain_vertex_idx))
    first = np.where(graph.piece_is_reversed, network.piece_to_idx, network.piece_from_idx)
    kernels.measure_chains(
        graph.piece_edge_idx,
        graph.piece_start_ticks,
        graph.piece_ticks,
        network.piece_length_m,
        first,
        graph.chain_ptr,
        graph.chain_vertex_idx,
        graph.chain_ticks,
        chain_m,
    )
    n = len(chain_m)
    line_ptr = np.zeros(graph.n_edges + 1, dtype=np.int64)
    line_ticks, line_x, line_y, line_m = np.empty(n, np.int32), np.empty(n), np.empty(n), np.empty(n)
    x_m, y_m = network.vertex_x_m[graph.chain_vertex_idx], network.vertex_y_m[graph.chain_vertex_idx]
    chain = graph.chain_ptr, graph.chain_ticks, x_m, y_m, chain_m
    n = kernels.thin_chains(*chain, _STRAIGHT_WITHIN_M, line_ptr, line_ticks, line_x, line_y, line_m)
    return StreetDrawing(
        projection=LocalProjection(network.origin_lon, network.origin_lat),
        graph=graph,
        incident_ptr=ptr,
        incident_edge=edges,
        line_ptr=line_ptr,
        line_ticks=line_ticks[:n],
        line_x_m=line_x[:n],
        line_y_m=line_y[:n],
        line_m=line_m[:n],
    )


def reach_polygons(
    network: WalkNetwork,
    graph: StreetGraph,
    starts: Attachments,
    cutoffs_s: Sequence[float],
    *,
    rows: IntArray | None = None,
    cell_m: float = CELL_M,
    buffer_m: float = BUFFER_M,
    drawing: StreetDrawing | None = None,
) -> list[ReachArea]:
    """
    Areas within a walk of the nearest of several start points, one per cutoff.

    Parameters
    ----------
    network, graph
        The network and its graph under one profile.
    starts
        The start points, attached to ``graph``; their walk to the street counts.
    cutoffs_s
        Walking times in seconds; a stretch of street reached at exactly this time is in.
    rows
        Rows of ``starts`` to begin from; None: all.
    cell_m
        Cell of the raster; finer costs time in the square.
    buffer_m
        How far beside a reached street the area extends.
    drawing
        From ``lay_out_streets``, to save making it again.

    Returns
    -------
    list of ReachArea
        In the order of ``cutoffs_s``. A longer cutoff covers every shorter one.
    """
    chosen = np.arange(len(starts)) if rows is None else np.asarray(rows)
    groups = np.array([0, len(chosen)], dtype=np.int64)
    drawing = drawing or lay_out_streets(network, graph)
    return _draw(drawing, starts, chosen, groups, cutoffs_s, cell_m, buffer_m)[0]


def reach_each(
    network: WalkNetwork,
    graph: StreetGraph,
    starts: Attachments,
    cutoffs_s: Sequence[float],
    *,
    rows: IntArray | None = None,
    cell_m: float = CELL_M,
    buffer_m: float = BUFFER_M,
    drawing: StreetDrawing | None = None,
) -> list[list[ReachArea]]:
    """
    Isochrones of each start point by itself; parameters as ``reach_polygons``.

    Returns
    -------
    list of lists
        One list per row, in it one area per cutoff. Equal to ``reach_polygons`` on each row alone.

    Notes
    -----
    All searches, rasters and outlines run in one compiled loop and share their buffers: a few tenths of a
    millisecond per 15-minute area (benchmarks/isochrone_bench.py).
    """
    chosen = np.arange(len(starts)) if rows is None else np.asarray(rows)
    groups = np.arange(len(chosen) + 1, dtype=np.int64)
    drawing = drawing or lay_out_streets(network, graph)
    return _draw(drawing, starts, chosen, groups, cutoffs_s, cell_m, buffer_m)


def _draw(
    drawing: StreetDrawing,
    starts: Attachments,
    rows: IntArray | LongArray,
    group_ptr: LongArray,
    cutoffs_s: Sequence[float],
    cell_m: float,
    buffer_m: float,
) -> list[list[ReachArea]]:
    group = np.repeat(np.arange(len(group_ptr) - 1), np.diff(group_ptr))
    rows = rows[np.lexsort((starts.edge_idx[rows], group))]
    ends, end_ptr = _ends_of(starts, rows)
    order = np.argsort(np.asarray(cutoffs_s), kind="stable")
    limits = np.array([ticks_of(cutoffs_s[k]) for k in order], dtype=np.int64)
    graph = drawing.graph
    xy, ring_ptr, polygon_ptr, drawing_ptr, area_m2, street_m = kernels.draw_groups(
        graph.indptr,
        graph.neighbour_idx,
        graph.neighbour_ticks,
        drawing.incident_ptr,
        drawing.incident_edge,
        graph.edge_from_idx,
        graph.edge_to_idx,
        graph.edge_ticks,
        drawing.line_ptr,
        drawing.line_ticks,
        drawing.line_x_m,
        drawing.line_y_m,
        drawing.line_m,
        group_ptr,
        end_ptr,
        starts.end_junction_idx[ends],
        starts.end_ticks[ends],
        starts.edge_idx[rows],
        starts.edge_offset_ticks[rows].astype(np.int64),
        starts.access_ticks[rows].astype(np.int64),
        limits,
        cell_m,
        buffer_m,
    )
    lon_lat = np.column_stack(drawing.projection.inverse(xy[:, 0], xy[:, 1]))
    shapes = shapely.from_ragged_array(
        shapely.GeometryType.MULTIPOLYGON, lon_lat, (ring_ptr, polygon_ptr, drawing_ptr)
    )
    n = len(limits)
    place_of = np.argsort(order)
    return [
        [
            ReachArea(cutoffs_s[c], shapes[k], float(area_m2[k]), float(street_m[k]))
            for c, k in enumerate(g * n + place_of)
        ]
        for g in range(len(group_ptr) - 1)
    ]


def _ends_of(starts: Attachments, rows: IntArray | LongArray) -> tuple[LongArray, LongArray]:
    """Positions in the end columns of the chosen rows, one after another, and each row's slice."""
    count = starts.end_ptr[rows + 1] - starts.end_ptr[rows]
    ptr = np.zeros(len(rows) + 1, dtype=np.int64)
    np.cumsum(count, out=ptr[1:])
    ends = np.arange(ptr[-1]) + np.repeat(starts.end_ptr[rows] - ptr[:-1], count)
    return ends, ptr
