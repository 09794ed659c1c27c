"""What greedy and rearranging kernels share: a queue of candidates by gain, choices among open and closed."""

# mypy: ignore-errors
# (numba carries no types; the annotations here are for readers)

import numpy as np
from numba import njit


@njit(nogil=True, cache=True)
def comes_first(key, a, b):
    """Whether candidate ``a`` is to be taken before ``b``: the larger key, ties to the lowest."""
    return key[a] > key[b] or (key[a] == key[b] and a < b)


@njit(nogil=True, cache=True)
def sift_down(heap, key, size, at):
    """Restore the heap from one place downwards."""
    item = heap[at]
    while True:
        child = 2 * at + 1
        if child >= size:
            break
        right = child + 1
        if right < size and comes_first(key, heap[right], heap[child]):
            child = right
        if not comes_first(key, heap[child], item):
            break
        heap[at] = heap[child]
        at = child
    heap[at] = item


@njit(nogil=True, cache=True)
def heap_of(key):
    """All candidates, who comes first on top."""
    m = len(key)
    heap = np.arange(m)
    for at in range(m // 2 - 1, -1, -1):
        sift_down(heap, key, m, at)
    return heap


@njit(nogil=True, cache=True)
def drop_top(heap, key, size):
    """Take the top away; returns the new size."""
    size -= 1
    heap[0] = heap[size]
    sift_down(heap, key, size, 0)
    return size


@njit(nogil=True, cache=True)
def best_closed(gain, slot, barred, mark):
    """Closed candidate of the largest gain that is not barred by ``mark``; ties to the lowest."""
    best, most = -1, -1.0
    for j in range(len(gain)):
        if gain[j] > most and slot[j] < 0 and barred[j] != mark:
            best, most = j, gain[j]
    return best


@njit(nogil=True, cache=True)
def note_once(out, found, j):
    """Put a site on a list of ``found`` sites unless it stands there; returns how many there are then."""
    for known in range(found):
        if out[known] == j:
            return found
    out[found] = j
    return found + 1
