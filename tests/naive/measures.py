"""The slow, obvious twins of the access measures: plain loops over {outlet: seconds} of each place."""

import math


def rows_of(times):
    """WalkTimes as one {outlet: seconds} per place."""
    rows = []
    for p in range(len(times.ptr) - 1):
        cut = slice(times.ptr[p], times.ptr[p + 1])
        rows.append(dict(zip(times.outlet_idx[cut].tolist(), times.walk_s[cut].tolist(), strict=True)))
    return rows


def count_within(rows, type_idx, n_types, cutoff_s):
    return [
        [sum(type_idx[o] == t and s <= cutoff_s for o, s in row.items()) for t in range(n_types)]
        for row in rows
    ]


def k_nearest(rows, type_idx, n_types, k):
    """Per place and type, the (seconds, outlet) of the k nearest, filled up with (inf, -1)."""
    return [
        [
            (sorted((s, o) for o, s in row.items() if type_idx[o] == t) + k * [(math.inf, -1)])[:k]
            for t in range(n_types)
        ]
        for row in rows
    ]


def gravity(rows, type_idx, n_types, decay, weight):
    table = []
    for row in rows:
        sums = [0.0] * n_types
        for o, s in row.items():
            if type_idx[o] >= 0:
                sums[type_idx[o]] += weight[o] * float(decay(s))
        table.append(sums)
    return table


def catchment(rows, type_idx, n_types, decay, capacity, people):
    """Access of 2SFCA where all capacities and people are known; people are above 0."""
    ratio = []
    for o in range(len(capacity)):
        demand = sum(people[p] * float(decay(row[o])) for p, row in enumerate(rows) if o in row)
        ratio.append(capacity[o] / demand if demand > 0 else 0.0)
    return gravity(rows, type_idx, n_types, decay, ratio)
