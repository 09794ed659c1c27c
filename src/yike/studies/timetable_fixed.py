"""Who walks to a fixed outlet of a trade already, and where the outlet list leaves that open."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from yike.core.access.reverse import walk_times_from_fewer
from yike.core.tables import BoolArray
from yike.errors import message_of
from yike.studies.base import Base
from yike.studies.untold_outlets import is_surveyed, serving_outlets, untold_outlets


@dataclass(frozen=True, eq=False)
class FixedOutlets:
    """
    Fixed outlets by trade.

    Who ``may`` reach one though nobody ``has`` said so makes the number before the timetable unknown, not 0:
    an outlet of the wider type (维修点) may mend shoes without telling, and a list that nobody surveyed and
    that names no such outlet says nothing at all.
    """

    has: BoolArray  # shape (n_trades, n_places): reaches an outlet that surely has the trade
    may: BoolArray  # the same: reaches one that may have it
    words: tuple[str, ...]  # by trade: why the number before is unknown, "" where the list settles it


def fixed_outlets(base: Base, trade_idx: tuple[int, ...], walk_s: float) -> FixedOutlets:
    """
    Who reaches an open outlet that stays where it is.

    Parameters
    ----------
    trade_idx
        Rows of the catalogue.
    walk_s
        Longest walk of the residents.
    """
    has, may, words = [], [], []
    for type_idx in trade_idx:
        silent = untold(base, type_idx)
        serves = np.asarray(serving_outlets(base, type_idx) & ~base.joined.outlets.is_movable)
        is_listed = bool(serves.any()) or is_surveyed(base, type_idx)
        has.append(_reach(base, serves, walk_s))
        may.append(_reach(base, silent, walk_s) if is_listed else np.ones(len(base.joined.places), bool))
        words.append(_why_unknown(base, type_idx, int(silent.sum()), serves, is_listed=is_listed))
    return FixedOutlets(np.stack(has), np.stack(may), tuple(words))


def untold(base: Base, type_idx: int) -> BoolArray:
    """Fixed outlets of the next wider type that name none of its trades."""
    return np.asarray(untold_outlets(base, type_idx) & ~base.joined.outlets.is_movable)


def _reach(base: Base, serves: BoolArray, walk_s: float) -> BoolArray:
    joined = base.joined
    if not serves.any():
        return np.zeros(len(joined.places), np.bool_)
    times = walk_times_from_fewer(
        joined.graph, joined.place_attachments, joined.outlet_attachments, joined.direct, walk_s,
        is_open=serves, max_memory_mb=base.spec.max_memory_mb, n_threads=base.spec.n_threads,
    )  # fmt: skip
    return np.asarray(np.diff(times.ptr) > 0)


def _why_unknown(base: Base, type_idx: int, n_silent: int, serves: BoolArray, *, is_listed: bool) -> str:
    """Words for what the list leaves open; "" where it leaves nothing open."""
    if is_listed and not n_silent:
        return ""
    types = base.types
    facts = {"trade": types.types[type_idx].label, "count": n_silent, "parent": ""}
    if n_silent:
        facts["parent"] = types.types[types.with_parents(type_idx)[1]].label
    code = ("some" if serves.any() else "none") + ("_generic" if n_silent else "")
    return message_of(f"timetable_words.before_{code}", facts)
