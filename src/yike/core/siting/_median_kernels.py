"""P-median: greedy, a local search that keeps every candidate's gain, and the dual of the relaxation."""

# mypy: ignore-errors
# (numba carries no types; the annotations here are for readers)

import numpy as np
from numba import njit

from yike.core.siting._queue_kernels import best_closed, drop_top, heap_of, note_once, sift_down
from yike.core.siting._set_kernels import below


@njit(nogil=True, cache=True)
def count_near(demand_idx, walk_s, end_s, row_ptr):
    """Candidates per place that are nearer than what the place has; ``row_ptr`` is zero on entry."""
    for at in range(len(demand_idx)):
        row_ptr[demand_idx[at] + 1] += walk_s[at] < end_s[demand_idx[at]]
    for row in range(len(row_ptr) - 1):
        row_ptr[row + 1] += row_ptr[row]


@njit(nogil=True, cache=True)
def fill_near(ptr, demand_idx, walk_s, end_s, row_ptr, cand, near_s):
    """Candidates of each place, nearest first, ties to the lowest."""
    to = row_ptr[:-1].copy()
    for j in range(len(ptr) - 1):
        for at in range(ptr[j], ptr[j + 1]):
            row = demand_idx[at]
            if walk_s[at] < end_s[row]:
                cand[to[row]], near_s[to[row]] = j, walk_s[at]
                to[row] += 1
    bits = near_s.view(np.uint32)  # the bits of floats >= 0 are in the order of the floats
    for row in range(len(row_ptr) - 1):
        low, high = row_ptr[row], row_ptr[row + 1]
        key = np.empty(high - low, np.uint64)
        for at in range(low, high):
            key[at - low] = (np.uint64(bits[at]) << np.uint64(32)) | np.uint64(cand[at])
        key.sort()
        for at in range(low, high):
            cand[at] = key[at - low] & np.uint64(0xFFFFFFFF)
            bits[at] = key[at - low] >> np.uint64(32)


@njit(nogil=True, cache=True)
def mark_used(cand, is_used):
    """Which candidates are on any list."""
    for at in range(len(cand)):
        is_used[cand[at]] = True


@njit(nogil=True, cache=True)
def gain_of(ptr, demand_idx, walk_s, weight, now_s, j):
    """Weighted walking that a candidate would save."""
    gain = 0.0
    for at in range(ptr[j], ptr[j + 1]):
        row = demand_idx[at]
        if walk_s[at] < now_s[row]:
            gain += weight[row] * (now_s[row] - walk_s[at])
    return gain


@njit(nogil=True, cache=True)
def greedy(ptr, demand_idx, walk_s, weight, now_s, k, sites, gained):
    """Lazy greedy; ``now_s`` is each place's walk and moves on. Returns how many sites gain anything."""
    m = len(ptr) - 1
    key, fresh = np.empty(m), np.zeros(m, np.int32)
    for j in range(m):
        key[j] = gain_of(ptr, demand_idx, walk_s, weight, now_s, j)
    heap, size, n = heap_of(key), m, 0
    while n < k and size > 0:
        j = heap[0]
        if fresh[j] < n:
            key[j], fresh[j] = gain_of(ptr, demand_idx, walk_s, weight, now_s, j), n
            sift_down(heap, key, size, 0)
            continue
        if key[j] <= 0.0:
            break
        sites[n], gained[n] = j, key[j]
        n += 1
        size = drop_top(heap, key, size)
        for at in range(ptr[j], ptr[j + 1]):
            now_s[demand_idx[at]] = min(now_s[demand_idx[at]], walk_s[at])
    return n


@njit(nogil=True, cache=True)
def open_site(ptr, demand_idx, walk_s, row_ptr, cand, near_s, weight, now_s, who, gain, j, work):
    """Serve the places that a new site is nearest to; returns the weighted walking saved."""
    saved = 0.0
    work[0] += ptr[j + 1] - ptr[j]
    for pair in range(ptr[j], ptr[j + 1]):
        row, walk = demand_idx[pair], walk_s[pair]
        old = now_s[row]
        if walk >= old:
            continue
        w = weight[row]
        saved += w * (old - walk)
        now_s[row], who[row] = walk, j
        at = row_ptr[row]
        while at < row_ptr[row + 1] and near_s[at] < old:
            gain[cand[at]] -= w * (old - max(near_s[at], walk))
            at += 1
        work[0] += at - row_ptr[row]
    return saved


@njit(nogil=True, cache=True)
def close_site(ptr, demand_idx, row_ptr, cand, near_s, weight, end_s, now_s, who, gain, slot, j, work):
    """Send the places of a site to the next one that stands; returns the weighted walking added."""
    added = 0.0
    work[0] += ptr[j + 1] - ptr[j]
    for pair in range(ptr[j], ptr[j + 1]):
        row = demand_idx[pair]
        if who[row] != j:
            continue
        old, w = now_s[row], weight[row]
        at, high = row_ptr[row], row_ptr[row + 1]
        while at < high and slot[cand[at]] < 0:
            at += 1
        new = end_s[row] if at == high else np.float64(near_s[at])
        who[row] = -1 if at == high else cand[at]
        now_s[row] = new
        added += w * (new - old)
        at = row_ptr[row]
        while at < high and near_s[at] < new:
            gain[cand[at]] += w * (new - max(np.float64(near_s[at]), old))
            at += 1
        work[0] += 2 * (at - row_ptr[row])
    return added


@njit(nogil=True, cache=True)
def start_search(
    ptr, demand_idx, walk_s, row_ptr, cand, near_s, weight, end_s, sites, now_s, who, gain, work
):
    """Walks, servers and gains when ``sites`` stand; returns the total walk."""
    now_s[:] = end_s
    who[:] = -1
    total = 0.0
    for row in range(len(weight)):
        total += weight[row] * end_s[row]
    for j in range(len(ptr) - 1):
        gain[j] = gain_of(ptr, demand_idx, walk_s, weight, now_s, j)
    for j in sites:
        total -= open_site(ptr, demand_idx, walk_s, row_ptr, cand, near_s, weight, now_s, who, gain, j, work)
    return total


@njit(nogil=True, cache=True)
def pick_near(ptr, demand_idx, row_ptr, cand, slot, state, first, n, out):
    """Up to ``n`` standing sites near ``first``, itself included: those that its places could walk to."""
    out[0], found = first, 1
    for _ in range(4 * n):
        if found == n or ptr[first] == ptr[first + 1]:
            break
        row = demand_idx[ptr[first] + below(state, ptr[first + 1] - ptr[first])]
        for at in range(row_ptr[row], row_ptr[row + 1]):
            j = np.int64(cand[at])
            if slot[j] >= 0 and found < n and below(state, 2):
                found = note_once(out, found, j)
    return found


@njit(nogil=True, cache=True)
def rearrange(
    ptr, demand_idx, walk_s, row_ptr, cand, near_s, weight, end_s, sites, slot, now_s, who, gain,
    best_sites, values, state, barred, heat, room,
):  # fmt: skip
    """
    Take neighbouring sites out, put as many in greedily, keep it if little is lost; until ``room`` is used.

    As for maximal covering. ``values``: total walk of the plan and of the best; ``best_sites`` follows.
    """
    k = len(sites)
    most_out = min(k, 4)
    out, place = np.empty(most_out, np.int64), np.empty(most_out, np.int64)
    work, steps = np.zeros(1, np.int64), 0
    while work[0] < room:
        steps += 1
        mark = barred[len(barred) - 1] + 1
        barred[len(barred) - 1] = mark
        wanted = 1 + below(state, most_out)
        n = pick_near(ptr, demand_idx, row_ptr, cand, slot, state, sites[below(state, k)], wanted, out)
        value, is_strict = values[0], below(state, 2) == 0
        for a in range(n):
            place[a], slot[out[a]] = slot[out[a]], -1
            if is_strict or a == 0:
                barred[out[a]] = mark
            value += close_site(
                ptr, demand_idx, row_ptr, cand, near_s, weight, end_s, now_s, who, gain, slot, out[a], work
            )
        for a in range(n):
            work[0] += len(gain) // 4
            j = best_closed(gain, slot, barred, mark)
            if j < 0:
                j = out[a]
            slot[j], sites[place[a]] = place[a], j
            value -= open_site(
                ptr, demand_idx, walk_s, row_ptr, cand, near_s, weight, now_s, who, gain, j, work
            )
        if value <= values[1] + heat:
            values[0] = value
            if value < values[1] * (1 - 1e-12):
                values[1] = value
                best_sites[:] = sites
            continue
        for a in range(n):
            slot[sites[place[a]]] = -1
            close_site(
                ptr, demand_idx, row_ptr, cand, near_s, weight, end_s, now_s, who, gain, slot,
                sites[place[a]], work,
            )  # fmt: skip
        for a in range(n):
            slot[out[a]], sites[place[a]] = place[a], out[a]
            open_site(ptr, demand_idx, walk_s, row_ptr, cand, near_s, weight, now_s, who, gain, out[a], work)
    return steps


@njit(nogil=True, cache=True)
def score_sites(row_ptr, cand, near_s, weight, price, score):
    """Sum over places of min(0, weighted walk - price) per candidate; returns the sum of prices."""
    score[:] = 0.0
    total = 0.0
    for row in range(len(weight)):
        u, w = price[row], weight[row]
        total += u
        for at in range(row_ptr[row], row_ptr[row + 1]):
            v = w * near_s[at] - u
            if v >= 0.0:
                break  # nearest first: nobody further off pays
            score[cand[at]] += v
    return total


@njit(nogil=True, cache=True)
def descend(
    ptr, demand_idx, walk_s, row_ptr, cand, near_s, weight, end_s, price, best_price, k, upper,
    first, last, n_steps, state,
):  # fmt: skip
    """
    Steps ``first`` to ``last`` (of ``n_steps``) of the deflected subgradient method on the dual.

    With a price ``u_i`` in [0, w_i end_i] that each place pays to be served, no plan walks less than
    sum u plus the ``k`` lowest scores (Cornuejols, Fisher and Nemhauser 1977). ``state``: the best bound so
    far, then the direction. Returns the best bound.
    """
    m, n = len(ptr) - 1, len(weight)
    score, times = np.empty(m), np.empty(n, np.int32)
    direction = state[1:]
    for step in range(first, last):
        done = step / n_steps
        turn_share = 0.3 * (0.05 / 0.3) ** done
        length_share = 0.5 * (0.002 / 0.5) ** done
        bound = score_sites(row_ptr, cand, near_s, weight, price, score)
        top = np.argsort(score, kind="mergesort")[:k]
        times[:] = 0
        for j in top:
            bound += score[j]
            for at in range(ptr[j], ptr[j + 1]):
                row = demand_idx[at]
                times[row] += walk_s[at] < end_s[row] and weight[row] * walk_s[at] < price[row]
        norm = 0.0
        for row in range(n):
            slope = 1.0 - times[row]
            if (price[row] >= weight[row] * end_s[row] and slope > 0.0) or (
                price[row] <= 0.0 and slope < 0.0
            ):
                slope = 0.0
            direction[row] += turn_share * (slope - direction[row])
            norm += direction[row] * direction[row]
        if bound > state[0]:
            state[0] = bound
            best_price[:] = price
        if norm < 1e-12 or state[0] >= upper:
            break
        far = length_share * (upper - bound) / norm
        for row in range(n):
            most = weight[row] * end_s[row]
            price[row] = min(max(price[row] + far * direction[row], 0.0), most)
    return state[0]
