"""Who still needs a type: the weights of all siting models."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from yike.core.access.reverse import walk_times_from_fewer
from yike.core.tables import BoolArray, FloatArray, IntArray
from yike.errors import InputError, message_of
from yike.reports import words
from yike.standards.loader import AGE_BANDS, AGE_LABELS
from yike.studies.base import Base
from yike.studies.untold_outlets import is_surveyed, serving_outlets, untold_outlets

BAND_WORDS = {
    "0-3": "under_3", "3-5": "3_5", "6-14": "6_14", "15-59": "15_59", "60-79": "60_79",
    "60+": "60_over", "65+": "65_over", "80+": "80_over",
}  # fmt: skip
"""How people write age bands on the command line."""


@dataclass(frozen=True, eq=False)
class Demand:
    """
    Who still needs a type, and who counts at all.

    ``weight`` is 0 for places that reach an open outlet of the type within the cutoff, are not attached, or
    lie outside the circles asked for. ``unit`` is "people", "places" (nobody's number is known: places count
    alike, 估算) or "voices"; numbers of people are in this unit.
    """

    weight: FloatArray  # shape (n_places,)
    everybody: FloatArray  # shape (n_places,): the same before leaving out who is reached; 0 unattached
    nearest_s: FloatArray  # shape (n_places,): walk to what stands, +inf none within the search
    people_not_reached: float
    people_total: float  # all known residents in scope, attached or not
    is_estimate: bool
    note: str
    unit: str = "people"
    notes: tuple[str, ...] = ()
    is_open: bool = False  # nobody can say who has the type already: the outlet list leaves it open
    places_untold: int = 0  # places that nobody can judge: people unknown or unattached, and not reached


def demand_of(
    base: Base,
    type_code: str,
    cutoff_s: float,
    weights: str = "people",
    *,
    circles: frozenset[int] = frozenset(),
    needs: Path | None = None,
    search_s: float | None = None,
) -> Demand:
    """
    Residents who do not reach a type yet.

    Parameters
    ----------
    cutoff_s
        Longest walk that counts; a walk of exactly this length counts.
    weights
        "people", the code of an age band ("60_over", also "60+"), or "voices".
    circles
        Rows of the circles whose residents count; empty: all.
    needs
        Table of voices, for "voices".
    search_s
        How far to look for what stands, at least ``cutoff_s``; models of mean walks need more.

    Raises
    ------
    InputError
        The pack has no such age band, or the list of needs is missing or wrong.
    """
    places, attached = base.joined.places, base.joined.place_attachments.is_attached
    people, unit, is_estimate, notes = _counted(base, weights)
    in_scope = _in_scope(places.circle_idx, circles)
    nearest_s = nearest_open_s(base, base.types.idx(type_code), max(cutoff_s, search_s or 0.0))
    left = people * in_scope
    everybody = np.where(attached, left, 0.0)
    weight = np.where(nearest_s > cutoff_s, everybody, 0.0)
    untold = _untold(base, weights, in_scope, nearest_s, cutoff_s)
    notes += _notes(base, type_code, in_scope, weights)
    not_reached = math.fsum(weight)
    if weights == "voices":
        from yike.studies.siting_needs import voices_of

        weight, more = voices_of(base, base.types.idx(type_code), weight, needs)
        everybody, unit, notes = weight, "voices", notes + more
    return Demand(
        weight, everybody, nearest_s, not_reached, math.fsum(left), is_estimate,
        "".join(notes[:1]), unit, tuple(notes), leaves_open(base, type_code), untold,
    )  # fmt: skip


def leaves_open(base: Base, type_code: str) -> bool:
    """Whether a list that names no outlet of a type says nothing: not surveyed, or some do not tell."""
    type_idx = base.types.idx(type_code)
    if serving_outlets(base, type_idx).any():
        return False
    return bool(untold_outlets(base, type_idx).any()) or not is_surveyed(base, type_idx)


def _untold(base: Base, weights: str, in_scope: BoolArray, nearest_s: FloatArray, cutoff_s: float) -> int:
    """Places in scope that are not known to be reached, and of which nobody can say whom that concerns."""
    people = base.joined.places.people if weights in ("people", "voices") else _band(base, weights)
    is_unknown = np.isnan(people) & ~np.isnan(people).all()
    off = ~base.joined.place_attachments.is_attached & ~(people == 0)
    return int((in_scope & (off | (is_unknown & (nearest_s > cutoff_s)))).sum())


def people_words(people: FloatArray) -> str:
    """How many people some places have, in words: unknown is not 0."""
    known = people[~np.isnan(people)]
    if len(people) and not len(known):
        return message_of("site_words.head_count_unknown", {})
    least = "site_words.head_count" if len(known) == len(people) else "site_words.head_count_least"
    return message_of(least, {"count": words.count(math.fsum(known))})


def _in_scope(circle_idx: IntArray, circles: frozenset[int]) -> BoolArray:
    if not circles:
        return np.ones(len(circle_idx), bool)
    return np.isin(circle_idx, sorted(circles))


def _counted(base: Base, weights: str) -> tuple[FloatArray, str, bool, list[str]]:
    """People of each place, 0 where unknown; one for each place where nobody's number is known."""
    places = base.joined.places
    if weights in ("people", "voices"):
        people, is_estimate = places.people, bool(places.is_estimated.any())
    else:
        people, is_estimate = _band(base, weights), bool(places.is_estimated.any())
    known = ~np.isnan(people)
    if not known.any():
        if weights not in ("people", "voices"):
            raise InputError("site.weights.no_band", found=weights, expected=_bands_known(base))
        return np.ones(len(people)), "places", True, [message_of("site_words.equal_weights", {})]
    notes = [message_of("site_words.people_estimated", {})] if is_estimate else []
    if not known.all():
        notes.append(message_of("site_words.people_unknown", {"count": int((~known).sum())}))
    return np.nan_to_num(people, nan=0.0), "people", is_estimate, notes


def band_code(weights: str) -> str:
    """Code of an age band as people write it, "" when it is none."""
    code = BAND_WORDS.get(weights, weights)
    by_label = {label: c for c, label in AGE_LABELS.items()}
    code = by_label.get(code, code)
    return code if code in AGE_BANDS else ""


def _band(base: Base, weights: str) -> FloatArray:
    code, places = band_code(weights), base.joined.places
    if not code:
        raise InputError("site.weights.unknown", found=weights, expected="、".join(BAND_WORDS))
    if code in places.bands:
        return np.asarray(places.people_by_band[:, places.bands.index(code)], np.float64)
    parts = ("60_79", "80_over")
    if code == "60_over" and all(p in places.bands for p in parts):
        both = [places.people_by_band[:, places.bands.index(p)] for p in parts]
        return np.asarray(both[0] + both[1], np.float64)
    raise InputError("site.weights.no_band", found=weights, expected=_bands_known(base))


def _bands_known(base: Base) -> str:
    return "、".join(base.joined.places.bands) or "无"


def nearest_open_s(base: Base, type_idx: int, limit_s: float) -> FloatArray:
    """
    Seconds from each place to the nearest open outlet of a type, +inf beyond ``limit_s``, NaN unattached.

    Searched afresh to exactly ``limit_s``, in whole ticks, so that a walk of exactly the cutoff counts, and
    types that have no column of their own in the access table (修鞋 beside 维修点) are found too.
    """
    joined = base.joined
    serves = serving_outlets(base, type_idx)
    times = walk_times_from_fewer(
        joined.graph, joined.place_attachments, joined.outlet_attachments, joined.direct, limit_s,
        is_open=serves, max_memory_mb=base.spec.max_memory_mb, n_threads=base.spec.n_threads,
    )  # fmt: skip
    nearest = np.full(len(joined.places), np.inf)
    has_any = np.flatnonzero(np.diff(times.ptr) > 0)
    if len(has_any):
        nearest[has_any] = np.minimum.reduceat(times.walk_s, times.ptr[has_any])
    nearest[~joined.place_attachments.is_attached] = np.nan
    return nearest


def _notes(base: Base, type_code: str, in_scope: BoolArray, weights: str) -> list[str]:
    joined, notes, types = base.joined, [], base.types
    type_idx = types.idx(type_code)
    label, silent = types.types[type_idx].label, int(untold_outlets(base, type_idx).sum())
    if not serving_outlets(base, type_idx).any():
        notes.append(message_of("site_words.no_outlets", {"type": label}))
    if silent:
        above = types.types[types.with_parents(type_idx)[1]].label
        facts = {"count": silent, "parent": above, "type": label}
        notes.append(message_of("site_words.untold_outlets", facts))
    off = in_scope & ~joined.place_attachments.is_attached
    if off.any():
        people = people_words(joined.places.people[off])
        notes.append(message_of("site_words.unattached", {"count": int(off.sum()), "people": people}))
    return notes
