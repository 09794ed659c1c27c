"""一店一早, 一菜一修, 一老一小, 一收一洗: who reaches every slot, and which slots are there."""

from __future__ import annotations

from typing import Any

import numpy as np

from yike.core.circle.coverage import within_norm
from yike.core.circle.plain import number, state_word
from yike.core.circle.rules import Bundle, CirclePolicy
from yike.core.circle.shares import AreaShares
from yike.core.tables import AccessTable, BoolArray, ByteArray, GapState, IntArray, Places


def assess_bundles(
    access: AccessTable,
    places: Places,
    area_idx_of_place: IntArray,
    policy: CirclePolicy,
    data_state: ByteArray,
    n_areas: int,
) -> list[list[dict[str, Any]]]:
    """
    Presence of each bundle's slots in each area, ready for JSON.

    A slot is served by any of its types, each within its own norm. ``share_all`` is the share of residents
    who reach *every* slot, counted place by place: it is not the product of the slots' shares, because the
    people who lack breakfast are often the people who lack the shop.

    Parameters
    ----------
    data_state : shape (n_cols,)
        From ``presence.judge_data``.

    Returns
    -------
    per area, per bundle: ``code``, ``state``, ``share_all``, ``slots`` (``share``, ``share_required``,
    ``state``)
    """
    shares = AreaShares(places, access.is_attached, area_idx_of_place, n_areas)
    norm_s = np.where(np.isnan(policy.norm_s), policy.judgement.default_within_s, policy.norm_s)
    within = within_norm(access, norm_s)
    columns = [_bundle(b, within, shares, policy, data_state) for b in policy.bundles]
    return [[column[area] for column in columns] for area in range(n_areas)]


def _bundle(
    bundle: Bundle, within: BoolArray, shares: AreaShares, policy: CirclePolicy, data_state: ByteArray
) -> list[dict[str, Any]]:
    reached = np.stack([within[:, list(slot)].any(axis=1) for slot in bundle.slots], axis=1)
    slot_share = shares.of(reached)
    share_all = shares.of(np.asarray(reached.all(axis=1, keepdims=True)))[:, 0]
    required = [_required(slot, policy) for slot in bundle.slots]
    out = []
    for area in range(shares.n_areas):
        states = [
            judge_slot(slot_share[area, k], required[k], data_state[list(slot)])
            for k, slot in enumerate(bundle.slots)
        ]
        out.append(
            {
                "code": bundle.code,
                "state": state_word(worst_state(states)),
                "share_all": number(share_all[area]),
                "slots": [
                    {
                        "cols": list(slot),
                        "share": number(slot_share[area, k]),
                        "share_required": number(required[k]),
                        "state": state_word(states[k]),
                    }
                    for k, slot in enumerate(bundle.slots)
                ],
            }
        )
    return out


def _required(slot: tuple[int, ...], policy: CirclePolicy) -> float:
    """Share a slot needs: the strictest of its types the rule pack sets one for."""
    known = [policy.share[col] for col in slot if not np.isnan(policy.share[col])]
    return float(max(known, default=policy.judgement.default_share))


def judge_slot(share: float, required: float, data_state: ByteArray) -> GapState:
    """State of a slot served by any of several types; a gap only if the data can tell for one of them."""
    if (data_state == GapState.NOT_SURVEYED).all():
        return GapState.NOT_SURVEYED
    if np.isnan(share):
        return GapState.UNKNOWN
    if share >= required:
        return GapState.MET
    return GapState.GAP if (data_state == GapState.MET).any() else GapState.DATA_MISSING


def worst_state(states: list[GapState]) -> GapState:
    """A bundle is met when all slots are; one gap settles it, whatever is unknown beside it."""
    for state in (GapState.GAP, GapState.NOT_SURVEYED, GapState.DATA_MISSING, GapState.UNKNOWN):
        if state in states:
            return state
    return GapState.MET
