"""Theme circles (便民购物圈, 便民医疗圈 …): coverage by theme."""

from __future__ import annotations

from typing import Any

import numpy as np

from yike.core.circle.bundles import judge_slot
from yike.core.circle.coverage import within_norm
from yike.core.circle.plain import number, state_word
from yike.core.circle.rules import CirclePolicy, Theme
from yike.core.circle.shares import AreaShares
from yike.core.tables import AccessTable, ByteArray, FloatArray, GapState, IntArray, Places


def assess_themes(
    access: AccessTable,
    places: Places,
    area_idx_of_place: IntArray,
    policy: CirclePolicy,
    data_state: ByteArray,
    n_areas: int,
) -> list[list[dict[str, Any]]]:
    """
    Each theme in each area: its types with their shares, and the residents who reach any and all of them.

    ``share_all`` counts the residents who reach every type of the theme whose data can tell; a type that
    the source hardly maps neither lowers nor raises it. ``n_present`` of ``n_types`` types are there.

    Returns
    -------
    per area, per theme: ``code``, ``n_types``, ``n_present``, ``n_unknown``, ``share_any``,
    ``share_all``, ``types`` (``col``, ``within_s``, ``share``, ``state``)
    """
    shares = AreaShares(places, access.is_attached, area_idx_of_place, n_areas)
    columns = [_theme(t, access, shares, policy, data_state) for t in policy.themes]
    return [[column[area] for column in columns] for area in range(n_areas)]


def _theme(
    theme: Theme, access: AccessTable, shares: AreaShares, policy: CirclePolicy, data_state: ByteArray
) -> list[dict[str, Any]]:
    norm_s = _norms(theme, policy)
    cols = list(theme.cols)
    within = within_norm(access, norm_s)[:, cols]
    told = data_state[cols] == GapState.MET
    by_type = shares.of(within)
    share_any = shares.of(np.asarray(within.any(axis=1, keepdims=True)))[:, 0]
    share_all = shares.of(np.asarray(within[:, told].all(axis=1, keepdims=True)))[:, 0]
    if not told.any():
        share_all[:] = share_any[:] = np.nan
    required = np.where(np.isnan(policy.share), policy.judgement.default_share, policy.share)
    out = []
    for area in range(shares.n_areas):
        states = [judge_slot(by_type[area, k], required[c], data_state[[c]]) for k, c in enumerate(cols)]
        n_present = states.count(GapState.MET)
        out.append(
            {
                "code": theme.code,
                "n_types": len(cols),
                "n_present": n_present,
                "n_unknown": len(cols) - n_present - states.count(GapState.GAP),
                "share_any": number(share_any[area]),
                "share_all": number(share_all[area]),
                "types": [
                    {
                        "col": c,
                        "within_s": number(norm_s[c]),
                        "share": number(by_type[area, k]) if told[k] or states[k] == GapState.MET else None,
                        "state": state_word(states[k]),
                    }
                    for k, c in enumerate(cols)
                ],
            }
        )
    return out


def _norms(theme: Theme, policy: CirclePolicy) -> FloatArray:
    own = np.where(np.isnan(policy.norm_s), policy.judgement.default_within_s, policy.norm_s)
    return own if np.isnan(theme.within_s) else np.full(policy.n_cols, theme.within_s)
