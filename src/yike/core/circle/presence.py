"""Is a business type there: presence in each area, kept apart from whether the data can tell."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from yike.core.circle.rules import Judgement
from yike.core.tables import (
    BoolArray,
    ByteArray,
    Coverage,
    FloatArray,
    GapState,
    IntArray,
    Tri,
    TriArray,
    freeze,
)


@dataclass(frozen=True, eq=False)
class Presence:
    """Area x access column: is the type present, and in which state is the answer."""

    is_present: TriArray  # (n_areas, n_cols) Tri; also for types nobody requires
    state: ByteArray  # (n_areas, n_cols) GapState
    data_state: ByteArray  # (n_cols,) GapState: MET when the data can tell, else why not

    def __post_init__(self) -> None:
        freeze(self)


def judge_data(
    n_found: IntArray,
    people_total: float,
    supply_per_1000: FloatArray,
    *,
    has_outlets: bool,
    is_surveyed: bool | BoolArray,
    judgement: Judgement,
    cannot_hold: BoolArray | None = None,
) -> ByteArray:
    """
    Whether the source can tell that a type is missing, or hardly maps that type at all.

    None found among many people, or far fewer than so many people usually have, or a type that the source
    cannot hold at all (OpenStreetMap has no tag for it). A source declared surveyed, for all types or for
    some columns, is believed.

    Parameters
    ----------
    n_found : shape (n_cols,)
        Open outlets of the whole pack that serve each column.
    people_total
        Residents of the whole pack, NaN unknown.
    supply_per_1000 : shape (n_cols,)
        Outlets per 1,000 residents usually seen, NaN none known.
    cannot_hold : shape (n_cols,)
        Types that the source has no word for; by default none.

    Returns
    -------
    shape (n_cols,): NOT_SURVEYED, DATA_MISSING, or MET when the data can tell
    """
    if not has_outlets:
        return np.full(len(n_found), GapState.NOT_SURVEYED, np.uint8)
    expected = supply_per_1000 * people_total / 1000.0
    few = (expected >= judgement.expected_min) & (n_found < judgement.found_ratio * expected)
    # people unknown: nobody can say whether none found is few
    many_people = np.isnan(people_total) or people_total >= judgement.people_min
    none_at_all = (n_found == 0) & many_people
    if cannot_hold is not None:
        none_at_all |= (n_found == 0) & cannot_hold
    doubted = (few | none_at_all) & ~np.asarray(is_surveyed, bool)
    return np.where(doubted, GapState.DATA_MISSING, GapState.MET).astype(np.uint8)


def judge_presence(
    coverage: Coverage, share_required: FloatArray, is_required: BoolArray, data_state: ByteArray
) -> Presence:
    """
    Present when at least the required share of residents reach one within the norm.

    The share is one division of exact sums, so 80 of 100 meets 0.8. What was found enough of is met,
    however badly the source maps the type; what was not found is a gap only where the data can tell.

    Parameters
    ----------
    share_required : shape (n_cols,)
        NaN where the rule pack does not name the type.
    is_required : shape (n_cols,)
    data_state : shape (n_cols,)
        From ``judge_data``.
    """
    share = coverage.share_in_norm
    asked = ~np.isnan(share_required) & ~np.isnan(coverage.norm_s)
    state = np.where(share >= share_required, GapState.MET, GapState.GAP).astype(np.uint8)
    missing = (state == GapState.GAP) & (data_state == GapState.DATA_MISSING)
    state[missing] = GapState.DATA_MISSING
    state[np.isnan(share) & asked] = GapState.UNKNOWN
    state[:, data_state == GapState.NOT_SURVEYED] = GapState.NOT_SURVEYED
    present = np.full(state.shape, Tri.UNKNOWN, np.int8)
    present[state == GapState.MET] = Tri.YES
    present[state == GapState.GAP] = Tri.NO
    present[:, ~asked] = Tri.UNKNOWN
    state[:, ~(asked & is_required)] = GapState.NOT_REQUIRED
    return Presence(is_present=present, state=state, data_state=data_state)


def told_coverage(coverage: Coverage, presence: Presence) -> Coverage:
    """
    The coverage with everything unknown that the data cannot tell.

    Nobody within reach of a type that nobody looked for is not 0 of them. What was found enough of stays,
    however badly the source maps the type.
    """
    can_tell = (presence.data_state == GapState.MET) | (presence.is_present == Tri.YES)
    hide = np.where(can_tell, 1.0, np.nan)
    median = coverage.median_nearest_s
    return replace(
        coverage,
        people_within=coverage.people_within * hide[:, :, None],
        people_in_norm=coverage.people_in_norm * hide,
        share_in_norm=coverage.share_in_norm * hide,
        mean_nearest_s=coverage.mean_nearest_s * hide,
        median_nearest_s=median * hide if median.size else median,
    )
