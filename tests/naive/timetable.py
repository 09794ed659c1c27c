"""Slow, obvious twin of the timetable solver: every week there is, one after the other."""

from itertools import product

import numpy as np


def people_met(p, visits):
    """People x trades, times worth; ``visits`` are (vendor, stop, half-day)."""
    total = 0.0
    for t in range(p.n_trades):
        for i in range(p.reach.n_demand):
            days = len(days_of(p, visits, t, i))
            total += p.weight[t, i] * (p.worth_once * (days >= 1) + p.worth_twice * (days >= 2))
    return total


def days_of(p, visits, t, i):
    return {
        h // 2
        for v, s, h in visits
        if p.vendor_trades[v, t] and p.stop_trades[s, t] and i in p.reach.demand_of(s)
    }


def worst_share(p, visits):
    """Lowest share of the communities that some stop could serve; 1 when there is none."""
    shares = []
    for g, total in enumerate(p.group_total):
        members = np.flatnonzero(p.group_idx == g)
        reachable = [i for i in members if any(i in p.reach.demand_of(s) for s in range(p.n_stops))]
        if total > 0 and sum(p.weight[:, i].sum() for i in reachable) > 0:
            met = sum(p.weight[t, i] for i in members for t in range(p.n_trades) if days_of(p, visits, t, i))
            shares.append((p.group_met[g] + met) / total)
    return min(shares, default=1.0)


def broken(p, visits):
    """Words for every rule that is broken."""
    found = []
    slots = [(v, h) for v, _, h in visits]
    if len(set(slots)) < len(slots):
        found.append("two places at once")
    for v, s, h in visits:
        if not p.vendor_free[v, h]:
            found.append("not free")
        if not p.stop_free[s, h]:
            found.append("stop shut")
        if not (p.vendor_trades[v] & p.stop_trades[s]).any():
            found.append("trade not allowed")
    for s in range(p.n_stops):
        for h in range(14):
            if sum(1 for _, s2, h2 in visits if (s2, h2) == (s, h)) > p.stop_capacity[s]:
                found.append("stop full")
    for v in range(p.n_vendors):
        mine = {h: s for v2, s, h in visits if v2 == v}
        if len(mine) > p.vendor_most[v]:
            found.append("too many half-days")
        for day in range(7):
            a, b = mine.get(2 * day), mine.get(2 * day + 1)
            if a is not None and b is not None and a != b and not p.travel_s[a, b] <= p.most_travel_s:
                found.append("too far")
    return found


def all_weeks(p):
    """Every timetable that breaks no rule."""
    slots = [(v, h) for v in range(p.n_vendors) for h in range(14) if p.vendor_free[v, h]]
    for choice in product(range(-1, p.n_stops), repeat=len(slots)):
        visits = [(v, s, h) for (v, h), s in zip(slots, choice, strict=True) if s >= 0]
        if not broken(p, visits):
            yield visits


def best_people(p):
    return max(people_met(p, visits) for visits in all_weeks(p))


def best_fair(p):
    """Highest lowest share, then most people, both by themselves."""
    weeks = [(worst_share(p, v), people_met(p, v)) for v in all_weeks(p)]
    top = max(share for share, _ in weeks)
    return top, max(people for share, people in weeks if share >= top - 1e-9)


def best_weighed(p):
    all_people = p.group_total.sum()
    return max(
        (1 - p.fairness) * people_met(p, v) + p.fairness * all_people * worst_share(p, v)
        for v in all_weeks(p)
    )
