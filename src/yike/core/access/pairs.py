"""Walking it through: the pairs of ``WalkTimes``, seen from place and outlet."""

from __future__ import annotations

import numpy as np

from yike.core.tables import Attachments, BoolArray, IntArray, LongArray, WalkTimes


def place_of_pair(times: WalkTimes) -> LongArray:
    """Place of each pair, shape (n_pairs,)."""
    return np.repeat(np.arange(len(times.ptr) - 1), np.diff(times.ptr))


def by_service(times: WalkTimes, service_ptr: LongArray) -> tuple[WalkTimes, IntArray]:
    """
    Walking times with one pair per service, for outlets that serve several business types.

    A shop that is a breakfast place and a convenience store becomes two; give the result to any measure with
    ``service_col`` as its ``type_idx``.

    Parameters
    ----------
    times
        Walking times, place to outlet.
    service_ptr : shape (n_outlets + 1,)
        Slice of the services of each outlet, as given to ``compute_access``.

    Returns
    -------
    times : WalkTimes
        Place to service; its ``outlet_idx`` counts services.
    outlet_of : shape (n_services,)
        Outlet of each service.
    """
    ptr = np.asarray(service_ptr, np.int64)
    n_each = np.diff(ptr)
    n = n_each[times.outlet_idx]
    before = np.concatenate([[0], np.cumsum(n)])
    service = np.repeat(ptr[times.outlet_idx] - before[:-1], n) + np.arange(before[-1])
    spread = WalkTimes(before[times.ptr], service.astype(np.int32), np.repeat(times.walk_s, n), times.limit_s)
    return spread, np.repeat(np.arange(len(n_each), dtype=np.int32), n_each)


def take_rows(points: Attachments, rows: LongArray) -> Attachments:
    """Some points alone, in the order given."""
    n = np.diff(points.end_ptr)[rows]
    ptr = np.concatenate([[0], np.cumsum(n)]).astype(np.int64)
    ends = np.repeat(points.end_ptr[rows] - ptr[:-1], n) + np.arange(ptr[-1])
    columns = {
        name: getattr(points, name)[rows]
        for name in vars(points)
        if name not in ("end_ptr", "end_junction_idx", "end_ticks")
    }
    return Attachments(
        **columns,
        end_ptr=ptr,
        end_junction_idx=points.end_junction_idx[ends],
        end_ticks=points.end_ticks[ends],
    )


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
