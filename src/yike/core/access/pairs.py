"""Walking it through: the pairs of ``WalkTimes``, seen from place and outlet."""

from __future__ import annotations

import numpy as np

from yike.core.tables import Attachments, BoolArray, LongArray, WalkTimes


def place_of_pair(times: WalkTimes) -> LongArray:
    """Place of each pair, shape (n_pairs,)."""
    return np.repeat(np.arange(len(times.ptr) - 1), np.diff(times.ptr))


def rows_of(points: Attachments, low: int, high: int) -> Attachments:
    """The points from row ``low`` to ``high`` alone."""
    ends = slice(int(points.end_ptr[low]), int(points.end_ptr[high]))
    columns = {
        name: getattr(points, name)[low:high]
        for name in vars(points)
        if name not in ("end_ptr", "end_junction_idx", "end_ticks")
    }
    return Attachments(
        **columns,
        end_ptr=points.end_ptr[low : high + 1] - points.end_ptr[low],
        end_junction_idx=points.end_junction_idx[ends],
        end_ticks=points.end_ticks[ends],
    )


def unknown_where_unattached(values: np.ndarray, is_attached: BoolArray | None) -> np.ndarray:
    """``values`` by place, NaN in the rows of places that are not attached."""
    if is_attached is not None:
        values[~np.asarray(is_attached, bool)] = np.nan
    return values
