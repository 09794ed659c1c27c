"""Tags of kept objects as columns: one row per tag, keys and values by number."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from yike.core.tables import BoolArray, IntArray


@dataclass(frozen=True, eq=False)
class TagTable:
    """
    Wanted tags of the kept objects of one sort (nodes, ways or relations).

    A row says that object ``obj_idx`` has the key ``keys[key_idx]`` with the value ``values[value_idx]``.
    """

    obj_idx: IntArray
    key_idx: IntArray
    value_idx: IntArray
    n_objects: int
    keys: tuple[str, ...]
    values: list[str]

    def column(self, key: str) -> IntArray:
        """Value number of a key per object, shape (n_objects,); -1 where the object has it not."""
        out = np.full(self.n_objects, -1, np.int32)
        if key in self.keys:
            hit = self.key_idx == self.keys.index(key)
            out[self.obj_idx[hit]] = self.value_idx[hit]
        return out

    def has(self, key: str) -> BoolArray:
        """Whether each object has the key."""
        return self.column(key) >= 0

    def is_in(self, key: str, values: frozenset[str]) -> BoolArray:
        """Whether each object has the key with one of these values."""
        member = np.zeros(len(self.values) + 1, np.bool_)  # the last one answers for -1
        member[[i for i, v in enumerate(self.values) if v in values]] = True
        return member[self.column(key)]

    def text(self, key: str) -> list[str]:
        """Value of a key per object as text; "" where the object has it not."""
        return [self.values[i] if i >= 0 else "" for i in self.column(key).tolist()]

    def dicts(self, rows: IntArray) -> list[dict[str, str]]:
        """All kept tags of some objects, one dict each, in the order of ``rows``."""
        place = np.full(self.n_objects, -1, np.int64)
        place[rows] = np.arange(len(rows))
        out: list[dict[str, str]] = [{} for _ in range(len(rows))]
        hit = place[self.obj_idx] >= 0
        triples = zip(
            place[self.obj_idx[hit]].tolist(),
            self.key_idx[hit].tolist(),
            self.value_idx[hit].tolist(),
            strict=True,
        )
        for row, key, value in triples:
            out[row][self.keys[key]] = self.values[value]
        return out
