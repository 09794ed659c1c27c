"""Match index (业态发展和居民需求相匹配): met demand over demand."""

from __future__ import annotations

from typing import Any

import numpy as np

from yike.core.circle.plain import number
from yike.core.circle.presence import Presence
from yike.core.tables import BoolArray, Coverage, FloatArray, GapState


def match_index(
    coverage: Coverage, presence: Presence, is_asked: BoolArray, demand: FloatArray | None = None
) -> list[dict[str, Any]]:
    """
    Part of the demand for asked types that is met within their norms.

    Demand for a type is one unit per attached resident, or, where residents were asked, the voices for
    it: ``demand`` weighs the types. Met demand is the residents within the norm. Types whose data cannot
    tell are left out of both and counted in ``n_unknown``.

    Parameters
    ----------
    is_asked : shape (n_cols,)
        Types that residents are owed.
    demand : shape (n_areas, n_cols)
        Voices, NaN or 0 none; by default every type weighs alike.

    Returns
    -------
    per area: ``value`` (0 .. 1, None unknown), ``n_types``, ``n_unknown``
    """
    weight = np.ones(coverage.share_in_norm.shape) if demand is None else np.nan_to_num(demand)
    told = (presence.data_state == GapState.MET) & is_asked
    known = ~np.isnan(coverage.share_in_norm) & told
    met = np.where(known, coverage.share_in_norm, 0.0) * weight
    total = np.where(known, weight, 0.0).sum(axis=1)
    out = []
    for area in range(len(coverage.area_ids)):
        value = met[area].sum() / total[area] if total[area] > 0 else np.nan
        n_known = int(known[area].sum())
        out.append({"value": number(value), "n_types": n_known, "n_unknown": int(is_asked.sum()) - n_known})
    return out
