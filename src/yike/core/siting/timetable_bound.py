"""
How good a timetable could be at most, for towns too large for a program: a Lagrangian bound.

The rule "who is met needs a visit" and the room at stops get prices; what is left is choosing the dearest
stops for each crew, which is a sort. Prices move along the subgradient (Held, Wolfe and Crowder 1974; for
covering: Galvão and ReVelle 1996). Any prices give a valid bound; the lowest one met is kept.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from yike.core.siting.options import SolveOptions
from yike.core.siting.timetable import DAYS, HALF_DAYS
from yike.core.siting.timetable_crews import Merged
from yike.core.tables import BoolArray, FloatArray

ITERATIONS = 6_000
PATIENCE = 50  # iterations without a better bound before steps are shortened
SHORTER = 0.7
SMALLEST_STEP = 1e-5


@dataclass(frozen=True, eq=False)
class _Room:
    """How often each crew may come, at most."""

    brings: BoolArray  # (n_crews, n_stops, n_trades)
    times: FloatArray  # (n_crews, n_stops): 0, 1 or 2 visits that can count
    crew_most: FloatArray  # (n_crews,) half-days
    stop_most: FloatArray  # (n_stops,) vendor-half-days
    reaches: csr_array  # (n_stops, n_classes)


def lagrangian_bound(m: Merged, best: float, options: SolveOptions, deadline: float) -> float:
    """
    Upper limit of the people met, times worth.

    Parameters
    ----------
    best
        Worth of a known timetable; steers the steps, never the truth of the bound.
    """
    room = _room(m)
    once, twice = m.weight * m.worth[0], m.weight * m.worth[1]
    # a home's worth shared out among its stops: nobody is then counted twice at the start
    price = once / np.maximum(1.0, room.reaches.sum(0))
    stop_price = np.zeros(m.n_stops)
    lowest = np.inf
    scale, since = 1.0, 0
    for _ in range(ITERATIONS if options.rounds is None else options.rounds):
        if options.clock() >= deadline or scale < SMALLEST_STEP:
            break
        value, slope, stop_slope = _price_out(m, room, once, twice, price, stop_price)
        if value < lowest * (1 - 1e-6) or lowest == np.inf:
            lowest, since = value, 0
        else:
            lowest, since = min(lowest, value), since + 1
        if since > PATIENCE:
            scale, since = scale * SHORTER, 0
        norm = float((slope**2).sum() + (stop_slope**2).sum())
        if norm == 0 or value <= best:
            break
        step = scale * (value - best) / norm
        price = np.clip(price - step * slope, 0.0, once)
        stop_price = np.maximum(0.0, stop_price - step * stop_slope)
    everybody = float(once.sum() + twice.sum())
    return max(min(lowest, everybody), best)


def _room(m: Merged) -> _Room:
    bits = np.arange(m.n_trades)
    may = np.zeros((m.n_crews, m.n_stops, HALF_DAYS), np.bool_)
    np.logical_or.at(may, m.crew, m.may)
    days = may.reshape(m.n_crews, m.n_stops, DAYS, 2).any(3).sum(2).astype(np.float64)
    most_times = 2.0 if m.worth[1] > 0 else 1.0
    times = np.minimum(days, most_times)
    usable: FloatArray = np.minimum(m.most, m.may.any(1).sum(1)).astype(np.float64)
    crew_most = np.asarray(np.bincount(m.crew, weights=usable, minlength=m.n_crews), np.float64)
    stop_most = m.capacity.astype(np.float64) * may.any(0).sum(1)
    shape = (m.n_stops, m.n_classes)
    reaches = csr_array((np.ones(len(m.class_idx)), m.class_idx, m.ptr), shape=shape)
    brings = (m.mask[:, :, None] >> bits[None, None, :] & 1).astype(np.bool_)
    return _Room(brings, times, crew_most, stop_most, reaches)


def _price_out(
    m: Merged, room: _Room, once: FloatArray, twice: FloatArray, price: FloatArray, stop_price: FloatArray
) -> tuple[float, FloatArray, FloatArray]:
    """Value of the priced problem and its slope in both kinds of prices."""
    is_once, is_twice = once > price, twice > price
    value = float((once - price)[is_once].sum() + (twice - price)[is_twice].sum())
    worth = (room.reaches @ price.T)[None, :, :] * room.brings
    gain = worth.sum(2) - stop_price[None, :]
    visits = np.zeros_like(gain)
    for g in range(m.n_crews):
        order = np.argsort(-gain[g], kind="stable")
        order = order[gain[g, order] > 0]
        before = np.cumsum(room.times[g, order]) - room.times[g, order]
        visits[g, order] = np.clip(room.crew_most[g] - before, 0.0, room.times[g, order])
    value += float((visits * gain).sum() + (stop_price * room.stop_most).sum())
    brought = (visits[:, :, None] * room.brings).sum(0)  # stop x trade
    slope = (room.reaches.T @ brought).T - is_once - is_twice
    return value, slope, room.stop_most - visits.sum(0)
