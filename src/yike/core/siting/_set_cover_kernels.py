"""Set covering: greedy with pruning, a search that learns hard rows, and the dual of the relaxation."""

# mypy: ignore-errors
# (numba carries no types; the annotations here are for readers)

import numpy as np
from numba import njit

from yike.core.siting._set_kernels import below


@njit(nogil=True, cache=True)
def mark_implied(ptr, rows, row_ptr, cands, is_out):
    """
    Mark rows whose candidates include all those of another row: covering that one covers them.

    Of equals the lowest stays. Only rows of a row's least used candidate can hold it.
    """
    n = len(row_ptr) - 1
    mine = np.zeros(len(ptr) - 1, np.bool_)
    for row in range(n):
        size = row_ptr[row + 1] - row_ptr[row]
        if is_out[row] or size == 0:
            continue
        rarest, fewest = -1, n + 1
        for at in range(row_ptr[row], row_ptr[row + 1]):
            j = cands[at]
            mine[j] = True
            if ptr[j + 1] - ptr[j] < fewest:
                rarest, fewest = j, ptr[j + 1] - ptr[j]
        for k in range(ptr[rarest], ptr[rarest + 1]):
            other = rows[k]
            other_size = row_ptr[other + 1] - row_ptr[other]
            if other == row or is_out[other] or other_size < size or (other_size == size and other < row):
                continue
            inside = 0
            for at in range(row_ptr[other], row_ptr[other + 1]):
                inside += mine[cands[at]]
            if inside == size:
                is_out[other] = True
        for at in range(row_ptr[row], row_ptr[row + 1]):
            mine[cands[at]] = False


@njit(nogil=True, cache=True)
def greedy(ptr, rows, n_rows, cost, worth, is_in):
    """
    Take the site of most ``worth`` newly covered per cost until all is covered, then drop needless ones.

    ``worth``: one number a row. ``is_in`` may hold sites already. Ties to the lowest site.
    """
    m = len(ptr) - 1
    cover = np.zeros(n_rows, np.int32)
    left = n_rows
    for j in range(m):
        if is_in[j]:
            for at in range(ptr[j], ptr[j + 1]):
                left -= cover[rows[at]] == 0
                cover[rows[at]] += 1
    gain = np.empty(m)
    for j in range(m):
        total = 0.0
        for at in range(ptr[j], ptr[j + 1]):
            if cover[rows[at]] == 0:
                total += worth[rows[at]]
        gain[j] = total / cost[j]
    while left > 0:
        best = -1
        while True:  # gains only fall: the best that is still as good when looked at again is the best
            j = np.argmax(gain)
            total = 0.0
            for at in range(ptr[j], ptr[j + 1]):
                if cover[rows[at]] == 0:
                    total += worth[rows[at]]
            if total / cost[j] >= gain[j]:
                best = j
                break
            gain[j] = total / cost[j]
        is_in[best], gain[best] = True, -1.0
        for at in range(ptr[best], ptr[best + 1]):
            left -= cover[rows[at]] == 0
            cover[rows[at]] += 1
    prune(ptr, rows, cover, cost, is_in)


@njit(nogil=True, cache=True)
def prune(ptr, rows, cover, cost, is_in):
    """Drop sites that all rows can do without, dearest first, ties to the highest."""
    m = len(ptr) - 1
    for j in np.argsort(cost[::-1] * -1.0, kind="mergesort"):
        site = m - 1 - j
        if not is_in[site]:
            continue
        needed = False
        for at in range(ptr[site], ptr[site + 1]):
            if cover[rows[at]] == 1:
                needed = True
                break
        if not needed:
            is_in[site] = False
            for at in range(ptr[site], ptr[site + 1]):
                cover[rows[at]] -= 1


@njit(nogil=True, cache=True)
def flip(ptr, rows, row_ptr, cands, worth, cover, score, is_in, j):
    """Take a site in or out; its ``score`` is what it would cover coming in, or lose going out."""
    work = 0
    step = -1 if is_in[j] else 1
    is_in[j] = not is_in[j]
    score[j] = -score[j]
    for at in range(ptr[j], ptr[j + 1]):
        row = rows[at]
        was = cover[row]
        cover[row] = was + step
        w = worth[row]
        work += 1
        if step == 1 and was == 0:  # others no longer cover it newly
            work += row_ptr[row + 1] - row_ptr[row]
            for to in range(row_ptr[row], row_ptr[row + 1]):
                if cands[to] != j:
                    score[cands[to]] -= w
        elif step == -1 and was == 1:
            work += row_ptr[row + 1] - row_ptr[row]
            for to in range(row_ptr[row], row_ptr[row + 1]):
                if cands[to] != j:
                    score[cands[to]] += w
        elif (step == 1 and was == 1) or (step == -1 and was == 2):  # the other holder is free, or alone
            for to in range(row_ptr[row], row_ptr[row + 1]):
                other = cands[to]
                work += 1
                if other != j and is_in[other]:
                    score[other] += w if step == 1 else -w
                    break
    return work


@njit(nogil=True, cache=True)
def search(ptr, rows, row_ptr, cands, cost, best_in, totals, worth, state, room, target):
    """
    Row weighting local search from the best cover: drop a site, then swap until all is covered again.

    Rows that stay uncovered grow heavier (``worth``), so the search learns which are hard (Gao et al. 2015).
    ``totals``: cost of the best cover. Stops at ``target`` or when ``room`` is used.
    """
    m, n = len(ptr) - 1, len(row_ptr) - 1
    is_in = best_in.copy()
    cover, score = np.zeros(n, np.int32), np.zeros(m)
    open_rows, where, n_open = np.empty(n, np.int64), np.full(n, -1, np.int64), 0
    moved = np.zeros(m, np.int64)  # step at which a site last changed
    spent = begin(ptr, rows, worth, cost, is_in, cover, score)
    last_in, step, work = -1, 0, 0
    while work < room and totals[0] > target:
        step += 1
        work += m
        if n_open == 0 and spent < totals[0] - 1e-9 * totals[0]:
            totals[0] = spent
            best_in[:] = is_in
            continue
        j = choose_out(score, cost, is_in, moved, -1 if n_open == 0 else last_in)
        if j < 0:
            break
        work += flip(ptr, rows, row_ptr, cands, worth, cover, score, is_in, j)
        was_whole = n_open == 0
        n_open = list_open(ptr, rows, cover, open_rows, where, n_open, j)
        spent -= cost[j]
        moved[j] = step
        if was_whole:
            continue
        while n_open > 0:
            best = choose_in(row_ptr, cands, score, cost, is_in, moved, open_rows[below(state, n_open)], j)
            if best < 0 or spent + cost[best] >= totals[0] - 1e-9 * totals[0]:
                break
            work += flip(ptr, rows, row_ptr, cands, worth, cover, score, is_in, best)
            spent += cost[best]
            moved[best], last_in = step, best
            n_open = strike_covered(ptr, rows, open_rows, where, n_open, best)
            for at in range(n_open):
                row = open_rows[at]
                worth[row] += 1.0
                work += row_ptr[row + 1] - row_ptr[row]
                for to in range(row_ptr[row], row_ptr[row + 1]):
                    score[cands[to]] += 1.0
    return work


@njit(nogil=True, cache=True)
def begin(ptr, rows, worth, cost, is_in, cover, score):
    """Covers and scores of a plan; returns its cost."""
    spent = 0.0
    for j in range(len(ptr) - 1):
        if is_in[j]:
            spent += cost[j]
            for at in range(ptr[j], ptr[j + 1]):
                cover[rows[at]] += 1
    for j in range(len(ptr) - 1):
        for at in range(ptr[j], ptr[j + 1]):
            row = rows[at]
            if is_in[j] and cover[row] == 1:
                score[j] -= worth[row]
            elif not is_in[j] and cover[row] == 0:
                score[j] += worth[row]
    return spent


@njit(nogil=True, cache=True)
def moves_first(score, cost, moved, j, other):
    """Whether a site has more score per cost than another, or as much and moved longer ago."""
    mine, his = score[j] / cost[j], score[other] / cost[other]
    return mine > his or (mine == his and moved[j] < moved[other])


@njit(nogil=True, cache=True)
def choose_in(row_ptr, cands, score, cost, is_in, moved, row, barred):
    """Site that covers a row and gains most per cost; of equals the one that moved longest ago."""
    best = -1
    for at in range(row_ptr[row], row_ptr[row + 1]):
        j = cands[at]
        if j == barred or is_in[j]:
            continue
        if best < 0 or moves_first(score, cost, moved, j, best):
            best = j
    return best


@njit(nogil=True, cache=True)
def choose_out(score, cost, is_in, moved, kept):
    """Standing site whose loss per cost is least; of equals the one that moved longest ago."""
    best = -1
    for j in range(len(score)):
        if not is_in[j] or j == kept:
            continue
        if best < 0 or moves_first(score, cost, moved, j, best):
            best = j
    return best


@njit(nogil=True, cache=True)
def strike_covered(ptr, rows, open_rows, where, n_open, j):
    """Take the rows of a site off the list of uncovered ones; returns how many stay."""
    for at in range(ptr[j], ptr[j + 1]):
        row = rows[at]
        if where[row] >= 0:
            n_open -= 1
            tail = open_rows[n_open]
            open_rows[where[row]], where[tail] = tail, where[row]
            where[row] = -1
    return n_open


@njit(nogil=True, cache=True)
def list_open(ptr, rows, cover, open_rows, where, n_open, j):
    """List the rows that are uncovered since ``j`` went; returns how many are."""
    for at in range(ptr[j], ptr[j + 1]):
        row = rows[at]
        if cover[row] == 0 and where[row] < 0:
            open_rows[n_open], where[row] = row, n_open
            n_open += 1
    return n_open


@njit(nogil=True, cache=True)
def descend(ptr, rows, cost, price, best_price, upper, first, last, n_steps, state):
    """
    Steps of the deflected subgradient method on the dual of set covering.

    With a price ``u_i >= 0`` for covering a row, no cover costs less than sum u plus the sum over sites of
    min(0, c_j - their rows' prices) (Beasley 1990). ``state``: best bound, then the direction.
    """
    m, n = len(ptr) - 1, len(price)
    direction = state[1:]
    slope = np.empty(n)
    for step in range(first, last):
        done = step / n_steps
        turn_share = 0.3 * (0.03 / 0.3) ** done
        length_share = 0.5 * (0.001 / 0.5) ** done
        bound = 0.0
        for row in range(n):
            bound += price[row]
            slope[row] = 1.0
        for j in range(m):
            left = cost[j]
            for at in range(ptr[j], ptr[j + 1]):
                left -= price[rows[at]]
            if left < 0.0:
                bound += left
                for at in range(ptr[j], ptr[j + 1]):
                    slope[rows[at]] -= 1.0
        norm = 0.0
        for row in range(n):
            if price[row] <= 0.0 and slope[row] < 0.0:
                slope[row] = 0.0
            direction[row] += turn_share * (slope[row] - direction[row])
            norm += direction[row] * direction[row]
        if bound > state[0]:
            state[0] = bound
            best_price[:] = price
        if norm < 1e-12 or state[0] >= upper:
            break
        far = length_share * (1.02 * upper - bound) / norm
        for row in range(n):
            price[row] = max(price[row] + far * direction[row], 0.0)
    return state[0]
