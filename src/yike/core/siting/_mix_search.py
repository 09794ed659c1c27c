"""How a mix is solved: greedy, swaps, shaking; the Lagrangian bound; HiGHS where that is feasible."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from yike.core.siting import _mix_bound_kernels as bounds
from yike.core.siting import _mix_kernels as kernels
from yike.core.siting._highs import run_highs
from yike.core.siting._mix_kernels import Mix, State
from yike.core.siting._mix_program import items_of, mix_program, start_point
from yike.core.siting.options import SolveOptions
from yike.core.tables import BoolArray

SMALL_PAIRS = 60_000
"""With at most so many (item, row) pairs HiGHS is asked, whatever the number of candidates: seconds."""

MOST_NODES = 500
"""Of its search tree when there are more candidates than ``exact_up_to``."""

SHAKE_WORK = 600_000_000
"""Rows looked at by shaking when no number of rounds is named: some seconds."""

BOUND_WORK = 400_000_000
"""Rows looked at by the bound when no number of rounds is named."""


@dataclass(frozen=True, eq=False)
class Found:
    """What a search ends with."""

    has: BoolArray
    objective: float
    bound: float
    is_proven: bool
    stopped_by: str
    method: str


class Watchman:
    """Asks between steps whether to go on."""

    def __init__(self, options: SolveOptions) -> None:
        self._options = options
        self._began = options.clock()
        self.reason = ""

    @property
    def left_s(self) -> float:
        """Seconds left."""
        return self._options.time_limit_s - (self._options.clock() - self._began)

    def says_stop(self) -> bool:
        """Whether the time is up or a person asked to stop; remembers why."""
        if self._options.should_stop():
            self.reason = "person"
        elif self.left_s <= 0:
            self.reason = "time"
        return bool(self.reason)


def n_pairs(mix: Mix) -> int:
    """Number of (item, cover row) pairs."""
    site, type_row = np.nonzero(mix.is_allowed)
    start = mix.class_of[type_row].astype(np.int64) * len(mix.site_cost) + site
    return int((mix.ptr[start + 1] - mix.ptr[start]).sum())


def search_mix(mix: Mix, options: SolveOptions) -> Found:
    """Find a plan and a bound; see ``solve_mix``."""
    watch = Watchman(options)
    if n_pairs(mix) == 0:
        return Found(np.zeros(mix.is_allowed.shape, np.bool_), 0.0, 0.0, True, "proof", "nobody to reach")
    best = improved_greedy(mix, options, watch)
    top = float(mix.weight.sum())
    bound, method = min(top, lagrangian_bound(mix, best, options, watch)), "lazy greedy + swaps + shaking; "
    bound = whole_bound(mix, max(bound, float(best.total[0])))
    name = "Lagrangian bound"
    m, work = len(mix.site_cost), n_pairs(mix)
    is_open = not is_closed(best.total[0], bound, options.wanted_gap)
    is_small = options.exact_up_to > 0 and (m <= options.exact_up_to or work <= SMALL_PAIRS)
    if is_open and is_small and not watch.says_stop():
        bound, name = _ask_highs(mix, best, bound, options, watch)
    proven = is_closed(best.total[0], bound, 0.0)
    objective = float(best.total[0])
    why = "proof" if proven else watch.reason or "work"
    return Found(best.has, objective, objective if proven else bound, proven, why, method + name)


def is_closed(objective: float, bound: float, wanted_gap: float) -> bool:
    """Whether nothing is left between plan and bound beyond rounding (or what is good enough)."""
    return bound - objective <= max(1e-9, wanted_gap) * max(1.0, abs(bound))


def whole_bound(mix: Mix, bound: float) -> float:
    """Round a bound down where all weights are whole numbers."""
    is_whole = bool((mix.weight == np.floor(mix.weight)).all())
    return float(np.floor(bound + 1e-6)) if is_whole and bound < 2**50 else bound


def improved_greedy(mix: Mix, options: SolveOptions, watch: Watchman) -> State:
    """Greedy by value and by value per money, the better one improved until nothing helps."""
    best: State = kernels.new_state(mix)
    nobody = np.zeros(len(mix.site_cost), np.bool_)
    for mode in (kernels.BY_VALUE, kernels.BY_RATIO) if np.isfinite(mix.budget) else (kernels.BY_VALUE,):
        state = kernels.new_state(mix)
        kernels.fill(mix, state, mode, nobody)
        if kernels.is_better(state.total, best.total):
            best = state
    seed_states(mix, best)
    for _pass in range(10):
        if watch.says_stop() or not kernels.swap_sites(mix, best, kernels.BY_VALUE):
            break
    work = max(1, n_pairs(mix))
    rounds = options.rounds if options.rounds is not None else int(np.clip(SHAKE_WORK // work, 20, 1500))
    lots = np.random.default_rng(options.seed)
    for first in range(0, rounds, 20):
        if watch.says_stop():
            break
        kernels.shake(mix, best, lots.random((min(20, rounds - first), kernels.LOTS)))
    return best


def seed_states(mix: Mix, best: State, n_starts: int = 8) -> None:
    """
    Begin from each of the sites of most value and fill by value per money (partial enumeration).

    Saves what plain cost-benefit greedy loses to one large, dear site (Khuller, Moss and Naor 1999).
    """
    if not np.isfinite(mix.budget):
        return
    m = len(mix.site_cost)
    empty = kernels.new_state(mix)
    gains, bundle = np.zeros(mix.is_allowed.shape), np.zeros(mix.is_allowed.shape, np.bool_)
    value = np.zeros(m)
    for j in range(m):
        kernels.refresh(mix, empty, gains, j)
        value[j] = kernels.look_at(mix, empty, gains, bundle, j, kernels.BY_VALUE)
    for j in np.argsort(-value, kind="stable")[:n_starts]:
        if value[j] <= 0:
            break
        state = kernels.new_state(mix)
        for t in np.flatnonzero(bundle[j]):
            kernels.add_item(mix, state, j, t)
        kernels.fill(mix, state, kernels.BY_RATIO, np.zeros(m, np.bool_))
        if kernels.is_better(state.total, best.total):
            kernels.copy_state(state, best)


def lagrangian_bound(mix: Mix, best: State, options: SolveOptions, watch: Watchman) -> float:
    """Least bound that the subgradient search reaches; improves ``best`` from the picks on its way."""
    work = max(1, n_pairs(mix))
    steps = options.rounds if options.rounds is not None else int(np.clip(BOUND_WORK // work, 150, 1000))
    shares = np.array([1.0, 0.6, 0.2])
    price = mix.weight * shares[np.minimum(best.count, 2)]
    best_price, move = price.copy(), np.zeros(len(price))
    low, high = (np.zeros(mix.is_allowed.shape, np.bool_) for _ in range(2))
    memory = np.array([float(mix.weight.sum()), 1.0, 0.0, 0.0])
    for first in range(0, steps, 50):
        if watch.says_stop() or memory[1] < 1e-4:
            break
        known = float(best.total[0])
        n = min(50, steps - first)
        bounds.lower_bound_steps(mix, price, move, best_price, memory, known, n, low, high)
        if is_closed(known, whole_bound(mix, float(memory[0])), options.wanted_gap):
            break
        adopt_picks(mix, best, high if np.isfinite(mix.budget) else low)
    return float(memory[0])


def adopt_picks(mix: Mix, best: State, picks: BoolArray) -> None:
    """Round what the relaxed problem picks to a plan; keep it when it is better."""
    state = kernels.new_state(mix)
    for j, t in zip(*np.nonzero(picks), strict=True):
        opening = mix.site_cost[j] if state.inside[j, 0] == 0 else 0.0
        if state.total[2] + opening + mix.type_cost[t] <= mix.budget:
            kernels.add_item(mix, state, j, t)
    kernels.fill(mix, state, kernels.BY_VALUE, np.zeros(len(mix.site_cost), np.bool_))
    if state.total[0] > 0.995 * best.total[0]:
        kernels.swap_sites(mix, state, kernels.BY_VALUE)
    if kernels.is_better(state.total, best.total):
        kernels.copy_state(state, best)


def _ask_highs(
    mix: Mix, best: State, bound: float, options: SolveOptions, watch: Watchman
) -> tuple[float, str]:
    """Let HiGHS prove or improve; takes its plan into ``best`` when that is better and truly feasible."""
    program, columns = mix_program(mix)
    start = start_point(mix, columns, best.has, best.count)
    nodes = None if len(mix.site_cost) <= options.exact_up_to else MOST_NODES
    limits = replace(options, time_limit_s=max(watch.left_s, 0.1))
    answer = run_highs(program, limits, start, max_nodes=nodes)
    if answer.status in ("time", "person"):
        watch.reason = answer.status
    state = kernels.new_state(mix)
    if answer.x is not None:
        has = items_of(columns, answer.x, mix.is_allowed.shape)
        for j, t in zip(*np.nonzero(has), strict=True):
            kernels.add_item(mix, state, j, t)
        if state.total[2] <= mix.budget and kernels.is_better(state.total, best.total):
            kernels.copy_state(state, best)
    bound = min(bound, whole_bound(mix, max(answer.bound, float(best.total[0]))))
    if answer.status == "optimal" and is_closed(float(best.total[0]), answer.objective, 1e-7):
        bound = float(best.total[0])
    return bound, "HiGHS"
