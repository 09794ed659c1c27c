"""Passes over the pairs of ``WalkTimes``."""

# mypy: ignore-errors
# (numba carries no types; the annotations here are for readers)

from numba import njit


@njit(nogil=True, cache=True)
def keep_nearest(ptr, outlet_idx, walk_s, type_idx, out_s, out_idx):
    """
    The k nearest of each place and type into ``out``, shape (places, types, k), filled with inf and -1.

    Outlets come in ascending order and only a shorter walk moves one back, so ties keep the lowest index.
    """
    k = out_s.shape[2]
    for place in range(ptr.size - 1):
        for pair in range(ptr[place], ptr[place + 1]):
            kind = type_idx[outlet_idx[pair]]
            if kind < 0 or not walk_s[pair] < out_s[place, kind, k - 1]:
                continue
            at = k - 1
            while at > 0 and out_s[place, kind, at - 1] > walk_s[pair]:
                out_s[place, kind, at] = out_s[place, kind, at - 1]
                out_idx[place, kind, at] = out_idx[place, kind, at - 1]
                at -= 1
            out_s[place, kind, at], out_idx[place, kind, at] = walk_s[pair], outlet_idx[pair]


@njit(nogil=True, cache=True)
def turn_pairs(ptr, idx, value, name, new_ptr, new_idx, new_value):
    """CSR the other way round: rows become columns; ``name`` renames rows, which come in ascending order."""
    for k in range(idx.size):
        new_ptr[idx[k] + 1] += 1
    for i in range(new_ptr.size - 1):
        new_ptr[i + 1] += new_ptr[i]
    at = new_ptr[:-1].copy()
    for row in range(ptr.size - 1):
        for k in range(ptr[row], ptr[row + 1]):
            to = at[idx[k]]
            new_idx[to], new_value[to] = name[row], value[k]
            at[idx[k]] = to + 1
