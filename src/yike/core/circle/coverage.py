"""Who is covered: shares of residents within each type's norm, by circle or by community."""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_matrix

from yike.core.circle.columns import plain_services
from yike.core.tables import (
    AccessTable,
    BoolArray,
    Coverage,
    FloatArray,
    IntArray,
    LongArray,
    Outlets,
    OutletStatus,
    Places,
)


def within_norm(access: AccessTable, norm_s: FloatArray) -> BoolArray:
    """
    Which places reach each type within its norm; a walk of exactly the norm counts.

    Where the norm is one of the cutoffs the exact counts decide (they were compared in ticks);
    ``nearest_s`` is rounded to float32 and would let a walk of 600.00002 s pass for 600 s.

    Returns
    -------
    shape (n_places, n_types); False where unattached or without a norm
    """
    within = access.nearest_s <= norm_s.astype(np.float32)
    for k, cutoff_s in enumerate(access.cutoffs_s):
        cols = np.flatnonzero(norm_s == cutoff_s)
        within[:, cols] = access.count[:, cols, k] > 0
    return np.asarray(within & access.is_attached[:, None], dtype=bool)


def within_time(access: AccessTable, place: IntArray, col: int, norm_s: float) -> BoolArray:
    """Which of some places reach one type in a time; the same rule as ``within_norm``, shape as ``place``."""
    if norm_s in access.cutoffs_s:
        return np.asarray(access.count[place, col, access.cutoffs_s.index(norm_s)] > 0, bool)
    return np.asarray(access.nearest_s[place, col] <= np.float32(norm_s), bool)


def area_coverage(
    access: AccessTable,
    places: Places,
    outlets: Outlets,
    area_idx_of_place: IntArray,
    area_idx_of_outlet: IntArray,
    area_ids: tuple[str, ...],
    norm_s: FloatArray,
    *,
    service_ptr: LongArray | None = None,
    service_col: IntArray | None = None,
) -> Coverage:
    """
    Sum access over areas, weighted by residents.

    Unknown people stay unknown: a place without a number has no weight and is counted in
    ``n_people_unknown``. Only where *no* place of an area has a number do places count alike, the area's
    ``weights`` says ``"equal"`` (估算), and its numbers of people are NaN. Residents of unattached places
    are in ``people`` but not in ``people_attached``, on which the shares are based.

    Parameters
    ----------
    area_idx_of_place, area_idx_of_outlet
        Area of each, -1 none.
    norm_s : shape (n_types,)
        Norm walk of each access column, NaN none.
    service_ptr, service_col
        Access columns each outlet serves (``columns.fold_services``); by default its own types.

    Notes
    -----
    Adding an outlet never lowers a share; unattached places never raise one.
    """
    if service_ptr is None or service_col is None:
        service_ptr, service_col = plain_services(outlets, access.type_rows)
    n_areas = len(area_ids)
    kind = weight_kinds(places.people, area_idx_of_place, n_areas)
    weigh = Weigh(places.people, access.is_attached, area_idx_of_place, kind)
    attached = weigh.total(access.is_attached[:, None])[:, 0]
    in_norm = weigh.total(within_norm(access, norm_s))
    by_cutoff = [weigh.total(access.count[:, :, k] > 0) for k in range(len(access.cutoffs_s))]
    known = np.array([k == "people" for k in kind], bool)
    hide = np.where(known, 1.0, np.nan)
    has_norm = np.where(np.isnan(norm_s), np.nan, 1.0)
    people_all = np.bincount(
        area_idx_of_place[area_idx_of_place >= 0],
        np.nan_to_num(places.people)[area_idx_of_place >= 0],
        minlength=n_areas,
    )
    return Coverage(
        area_ids=area_ids,
        type_rows=access.type_rows,
        cutoffs_s=access.cutoffs_s,
        people=np.asarray(people_all * hide, np.float64),
        people_attached=attached * hide,
        people_within=np.stack(by_cutoff, axis=2) * hide[:, None, None],
        people_in_norm=in_norm * hide[:, None] * has_norm,
        share_in_norm=_share(in_norm, attached) * has_norm,
        mean_nearest_s=_mean_nearest(access, weigh),
        n_outlets=_count_outlets(outlets, area_idx_of_outlet, n_areas, service_ptr, service_col, access),
        norm_s=np.asarray(norm_s, np.float64),
        median_nearest_s=_median_nearest(access, weigh, attached),
        weights=kind,
        n_places=_count(area_idx_of_place, n_areas),
        n_unattached=_count(np.where(access.is_attached, -1, area_idx_of_place), n_areas),
        n_people_unknown=_count(np.where(np.isnan(places.people), area_idx_of_place, -1), n_areas),
    )


def weight_kinds(people: FloatArray, area_idx: IntArray, n_areas: int) -> tuple[str, ...]:
    """How places of each area are weighted: "people", "equal" (none known) or "none" (no places)."""
    n_known = _count(np.where(np.isnan(people), -1, area_idx), n_areas)
    n_all = _count(area_idx, n_areas)
    return tuple("people" if k else "equal" if n else "none" for k, n in zip(n_known, n_all, strict=True))


class Weigh:
    """Sums over the attached places of each area, weighted by people (or alike where none is known)."""

    def __init__(
        self, people: FloatArray, is_attached: BoolArray, area_idx: IntArray, kind: tuple[str, ...]
    ) -> None:
        self.n_areas = len(kind)
        alike = np.array([k == "equal" for k in kind] + [False], bool)[area_idx]
        weight = np.where(alike, 1.0, np.nan_to_num(people))
        self.place = np.flatnonzero((area_idx >= 0) & is_attached)
        self.area = area_idx[self.place].astype(np.int64)
        self.weight = weight[self.place]
        self._matrix = csr_matrix((self.weight, (self.area, self.place)), shape=(self.n_areas, len(area_idx)))

    def total(self, values: np.ndarray) -> FloatArray:
        """Weighted sums of columns of places, shape (n_areas, n_columns); always in the places' order."""
        return np.asarray(self._matrix @ values.astype(np.float64), np.float64)


def _share(part: FloatArray, whole: FloatArray) -> FloatArray:
    # One division of two sums made in the same order: everybody in norm is exactly 1.
    out = np.full(part.shape, np.nan)
    np.divide(part, whole[:, None], out=out, where=whole[:, None] > 0)
    return out


def _mean_nearest(access: AccessTable, weigh: Weigh) -> FloatArray:
    finite = np.isfinite(access.nearest_s)
    total = weigh.total(np.where(finite, access.nearest_s, 0.0))
    base = weigh.total(finite)
    out = np.full(total.shape, np.nan)
    np.divide(total, base, out=out, where=base > 0)
    return out


def _median_nearest(access: AccessTable, weigh: Weigh, attached: FloatArray) -> FloatArray:
    n_cols = access.nearest_s.shape[1]
    out = np.full((weigh.n_areas, n_cols), np.nan)
    weighted = weigh.weight > 0
    place, area, weight = weigh.place[weighted], weigh.area[weighted], weigh.weight[weighted]
    some = np.flatnonzero(attached > 0)
    starts = np.searchsorted(np.sort(area), some)
    for col in range(n_cols):
        # the bits of a float that is not negative order like the float: one sort by area, then time
        nearest_s = access.nearest_s[place, col]
        order = np.argsort((area << 32) | nearest_s.view(np.int32), kind="stable")
        reached = np.cumsum(weight[order])
        before = np.where(starts > 0, reached[starts - 1], 0.0)
        at = np.searchsorted(reached, before + attached[some] / 2 * (1 - 1e-12))
        out[some, col] = nearest_s[order[np.minimum(at, len(order) - 1)]]
    return out


def _count(area_idx: IntArray, n_areas: int) -> IntArray:
    return np.bincount(area_idx[area_idx >= 0], minlength=n_areas).astype(np.int32)


def _count_outlets(
    outlets: Outlets,
    area_idx: IntArray,
    n_areas: int,
    service_ptr: LongArray,
    service_col: IntArray,
    access: AccessTable,
) -> IntArray:
    n_cols = len(access.type_rows)
    outlet = np.repeat(np.arange(len(outlets)), np.diff(service_ptr))
    counts = (outlets.status[outlet] == OutletStatus.OPEN) & (area_idx[outlet] >= 0)
    cell = area_idx[outlet[counts]].astype(np.int64) * n_cols + service_col[counts]
    # several stops of one outlet in an area are one outlet there
    once = np.unique(cell * len(outlets) + outlets.unit_idx[outlet[counts]]) // max(len(outlets), 1)
    return np.bincount(once, minlength=n_areas * n_cols).reshape(n_areas, n_cols).astype(np.int32)
