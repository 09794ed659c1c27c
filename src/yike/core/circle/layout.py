"""A hint on the layout form: 集聚式 in a centre, 街坊式 along streets, 分布式 scattered. Always 推定."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components
from scipy.spatial import ConvexHull, QhullError, cKDTree

from yike.core.circle.plain import number
from yike.core.circle.rules import Judgement
from yike.core.tables import BoolArray, FloatArray

FORMS = ("clustered", "street", "scattered")
"""集聚式, 街坊式, 分布式."""


def hint_layout(
    x_m: FloatArray, y_m: FloatArray, judgement: Judgement, area_m2: float = math.nan
) -> dict[str, Any]:
    """
    Which of the form's three layout forms the outlets of one circle look like.

    Outlets nearer than ``cluster_gap_m`` to each other make a group; a group of ``cluster_min`` is a
    cluster. Around each clustered outlet the spread of its neighbours across and along is compared: a
    narrow band is a street, a round one a centre. Less than half clustered: scattered; otherwise the more
    frequent of street and centre.

    Parameters
    ----------
    x_m, y_m : shape (n,)
        Outlets of the circle.
    area_m2
        Area of the circle, NaN: the outlets' convex hull.

    Returns
    -------
    ``form`` ("clustered", "street", "scattered", or "unknown" with too few outlets), ``nearest_ratio``
    (Clark and Evans 1954: 1 as if thrown at random, below 1 clustered), ``share_in_clusters``,
    ``share_along_streets``, ``n_outlets``
    """
    n = len(x_m)
    result: dict[str, Any] = {
        "form": "unknown",
        "nearest_ratio": None,
        "share_in_clusters": None,
        "share_along_streets": None,
        "n_outlets": n,
        "is_inferred": True,
    }
    if n < judgement.layout_min:
        return result
    xy = np.column_stack([x_m, y_m]).astype(np.float64)
    clustered = _in_clusters(xy, judgement)
    linear = _along_streets(xy, judgement) & clustered
    share_in, share_street = clustered.mean(), linear.mean()
    compact = share_in - share_street
    form = "scattered" if share_in < 0.5 else "clustered" if compact >= share_street else "street"
    return result | {
        "form": form,
        "nearest_ratio": number(nearest_ratio(xy, area_m2), 3),
        "share_in_clusters": number(share_in, 3),
        "share_along_streets": number(share_street, 3),
    }


def nearest_ratio(xy: FloatArray, area_m2: float = math.nan) -> float:
    """
    Mean distance to the nearest other outlet over what random points of this density would have.

    Source: Clark and Evans (1954). NaN with fewer than two points or no area.
    """
    if len(xy) < 2:
        return math.nan
    if not area_m2 > 0:
        try:
            area_m2 = float(ConvexHull(xy).volume)
        except (QhullError, ValueError):
            return math.nan
    nearest = cKDTree(xy).query(xy, k=2)[0][:, 1]
    return float(nearest.mean() / (0.5 * math.sqrt(area_m2 / len(xy))))


def _in_clusters(xy: FloatArray, judgement: Judgement) -> BoolArray:
    pairs = cKDTree(xy).query_pairs(judgement.cluster_gap_m, output_type="ndarray")
    n = len(xy)
    graph = csr_matrix((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(n, n))
    _, group = connected_components(graph, directed=False)
    return np.asarray(np.bincount(group)[group] >= judgement.cluster_min, bool)


def _along_streets(xy: FloatArray, judgement: Judgement) -> BoolArray:
    """Outlets whose neighbours lie in a narrow band: spread across over spread along."""
    near = cKDTree(xy).query_ball_point(xy, 2 * judgement.cluster_gap_m)
    out = np.zeros(len(xy), bool)
    for i, others in enumerate(near):
        if len(others) < 3:
            continue
        across, along = np.linalg.eigvalsh(np.cov(xy[np.sort(others)].T))
        out[i] = along > 0 and math.sqrt(max(across, 0.0) / along) <= judgement.linear_ratio
    return out
