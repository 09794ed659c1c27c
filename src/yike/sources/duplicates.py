"""Outlets that stand twice in a list: same credit code, same phone, or same name within 50 m."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from yike.core.tables import FloatArray
from yike.sources.headers import plain
from yike.sources.numbers import clean_text

SAME_NAME_WITHIN_M = 50.0
MIN_PHONE_DIGITS = 7


@dataclass(frozen=True)
class Duplicate:
    """Rows that look like one outlet, ascending, and by what."""

    reason: str  # "credit_code" | "phone" | "name"
    rows: tuple[int, ...]
    value: str


def find_duplicates(
    names: Sequence[str], codes: Sequence[str], phones: Sequence[str], x_m: FloatArray, y_m: FloatArray
) -> list[Duplicate]:
    """
    Groups of rows that look like the same outlet.

    Parameters
    ----------
    names, codes, phones : length n
        As written; "" where unknown. A name's bracketed branch, width and blanks do not count.
    x_m, y_m : shape (n,)
        Local metres; rows with NaN join no group by name.

    Returns
    -------
    In order of reason and first row; a group already found by an earlier reason is not repeated.
    """
    found = [
        *_same("credit_code", codes),
        *_same("phone", [p if _is_phone(p) else "" for p in map(_digits, phones)]),
        *_near("name", [plain(n) for n in names], x_m, y_m),
    ]
    seen: set[tuple[int, ...]] = set()
    fresh = []
    for group in found:
        if group.rows not in seen:
            seen.add(group.rows)
            fresh.append(group)
    return fresh


def _digits(phone: str) -> str:
    return re.sub(r"\D", "", clean_text(phone))


def _is_phone(digits: str) -> bool:
    """Long enough, and not a hotline or a filler that many outlets share."""
    return (
        len(digits) >= MIN_PHONE_DIGITS
        and len(set(digits)) > 2
        and not digits.startswith(("400", "95", "123456"))
    )


def _groups(values: Sequence[str]) -> list[list[int]]:
    rows: dict[str, list[int]] = defaultdict(list)
    for i, value in enumerate(values):
        if value:
            rows[value].append(i)
    return [r for r in rows.values() if len(r) > 1]


def _same(reason: str, values: Sequence[str]) -> list[Duplicate]:
    return [Duplicate(reason, tuple(rows), values[rows[0]]) for rows in _groups(values)]


def _near(reason: str, names: Sequence[str], x_m: FloatArray, y_m: FloatArray) -> list[Duplicate]:
    """Chains of same-named rows, each within 50 m of another."""
    found = []
    for group in _groups(names):
        rows = [i for i in group if np.isfinite(x_m[i]) and np.isfinite(y_m[i])]
        if len(rows) < 2:
            continue
        from scipy.spatial import cKDTree  # late: 0.06 s that most packs need not pay

        tree = cKDTree(np.column_stack([x_m[rows], y_m[rows]]))
        for cluster in _clusters(len(rows), sorted(tree.query_pairs(SAME_NAME_WITHIN_M))):
            at = tuple(sorted(rows[i] for i in cluster))
            found.append(Duplicate(reason, at, names[at[0]]))
    return sorted(found, key=lambda d: d.rows)


def _clusters(n: int, pairs: list[tuple[int, int]]) -> list[list[int]]:
    root = list(range(n))

    def find(i: int) -> int:
        while root[i] != i:
            root[i] = root[root[i]]
            i = root[i]
        return i

    for a, b in pairs:
        root[max(find(a), find(b))] = min(find(a), find(b))
    members: dict[int, list[int]] = defaultdict(list)
    for i in range(n):
        members[find(i)].append(i)
    return [m for m in members.values() if len(m) > 1]
