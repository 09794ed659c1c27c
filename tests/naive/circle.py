"""Slow, obvious twins of the circle measures: loops over places, exact fractions."""

from __future__ import annotations

import math
from fractions import Fraction


def people_in_norm(access, people, area_of_place, area, col, norm_s):
    """(people within the norm, attached people) of one area and column."""
    inside = whole = Fraction(0)
    for p, area_of in enumerate(area_of_place):
        if area_of != area or not access.is_attached[p] or math.isnan(people[p]):
            continue
        whole += Fraction(float(people[p]))
        if access.nearest_s[p, col] <= norm_s:
            inside += Fraction(float(people[p]))
    return inside, whole


def person_minutes(access, people, area_of_place, area, col, norm_s):
    """Residents times minutes over the norm, the search limit at most."""
    total = 0.0
    for p, area_of in enumerate(area_of_place):
        if area_of != area or not access.is_attached[p] or math.isnan(people[p]):
            continue
        walk_s = min(float(access.nearest_s[p, col]), access.limit_s)
        total += float(people[p]) * max(walk_s - norm_s, 0.0) / 60.0
    return total


def median_nearest(access, people, area_of_place, area, col):
    """Walk of the resident in the middle of the queue, everybody attached standing in it."""
    queue = []
    for p, area_of in enumerate(area_of_place):
        if area_of == area and access.is_attached[p] and people[p] > 0:
            queue += [float(access.nearest_s[p, col])] * int(people[p])
    queue.sort()
    return queue[(len(queue) - 1) // 2] if queue else math.nan


def nearest_seed(seconds_to_seeds, limit_s):
    """Row of the nearest seed, the lowest at equal times, -1 beyond the limit."""
    best, best_s = -1, math.inf
    for seed, walk_s in enumerate(seconds_to_seeds):
        if walk_s <= limit_s and walk_s < best_s:
            best, best_s = seed, walk_s
    return best
