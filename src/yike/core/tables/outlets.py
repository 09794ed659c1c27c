"""Shops and service points, and the rooms where more of them could open."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum

import numpy as np

from yike.core.tables.arrays import (
    BoolArray,
    ByteArray,
    FloatArray,
    IntArray,
    LongArray,
    TriArray,
    check_lengths,
    freeze,
)


class OutletStatus(IntEnum):
    """Whether an outlet trades; only OPEN outlets count."""

    OPEN = 0
    PLANNED = 1
    SUSPENDED = 2
    CLOSED = 3


@dataclass(frozen=True, eq=False)
class Outlets:
    """
    Shops and service points (网点); one row each, whatever number of functions it has.

    A movable outlet has one row for each stop, so that each stop serves the homes around it; ``unit_idx``
    tells that they are one outlet, which counts once in totals (``first_of_units``).
    """

    outlet_id: tuple[str, ...]
    name: tuple[str, ...]
    lon: FloatArray
    lat: FloatArray
    x_m: FloatArray
    y_m: FloatArray
    type_idx: IntArray  # main business type, row of ``BusinessTypes``; -1 unmatched
    service_ptr: LongArray  # shape (n + 1,): slice of service_type_idx per outlet
    service_type_idx: IntArray  # every type it serves, main type included, ascending, no repeats
    status: ByteArray  # OutletStatus
    is_chain: TriArray  # Tri
    is_movable: BoolArray
    is_unstaffed: BoolArray  # parcel boxes, vending machines, recycling bins
    staff: FloatArray  # persons, NaN unknown
    area_m2: FloatArray  # NaN unknown
    capacity: FloatArray  # NaN unknown
    hours: tuple[str, ...]  # as given, "" unknown
    source_row: IntArray  # row number in the source file as a person counts it, -1 none
    community_idx: IntArray  # community it lies in, -1 none
    circle_idx: IntArray  # circle it lies in, -1 none
    unit_idx: IntArray = field(default_factory=lambda: np.empty(0, np.int32))
    # first row of the same outlet: of its first stop, else its own row; empty means each row its own
    checked_on: tuple[str, ...] = ()  # ISO date when somebody last saw it, "" unknown

    def __post_init__(self) -> None:
        if not len(self.unit_idx):
            object.__setattr__(self, "unit_idx", np.arange(len(self), dtype=np.int32))
        if not self.checked_on:
            object.__setattr__(self, "checked_on", ("",) * len(self))
        freeze(self)

    def __len__(self) -> int:
        return len(self.outlet_id)

    def first_of_units(self, among: BoolArray, area_idx: IntArray | None = None) -> BoolArray:
        """
        Mark one row per outlet: the first marked one, in every area apart.

        Parameters
        ----------
        among : shape (n,)
            Rows that may count (open ones, say).
        area_idx : shape (n,)
            Area of each row; without it all rows lie in one. Stops of one outlet in two areas count in both.
        """
        rows = np.flatnonzero(among)
        area = np.zeros(len(rows), np.int64) if area_idx is None else area_idx[rows].astype(np.int64)
        _, first = np.unique((area + 1) * len(self) + self.unit_idx[rows], return_index=True)
        marked = np.zeros(len(self), np.bool_)
        marked[rows[first]] = True
        return marked

    def validate(self) -> None:
        """Raise ValueError when the columns disagree."""
        n = len(self)
        check_lengths(
            self,
            n,
            "name",
            "lon",
            "lat",
            "x_m",
            "y_m",
            "type_idx",
            "status",
            "is_chain",
            "is_movable",
            "is_unstaffed",
            "staff",
            "area_m2",
            "capacity",
            "hours",
            "source_row",
            "community_idx",
            "circle_idx",
            "unit_idx",
            "checked_on",
        )
        check_lengths(self, n + 1, "service_ptr")


@dataclass(frozen=True, eq=False)
class Premises:
    """Idle rooms, plots, kiosks (闲置用房、地块、亭): candidates for the siting models."""

    premises_id: tuple[str, ...]
    name: tuple[str, ...]
    kind: tuple[str, ...]
    lon: FloatArray
    lat: FloatArray
    x_m: FloatArray
    y_m: FloatArray
    area_m2: FloatArray
    owner: tuple[str, ...]
    state: tuple[str, ...]
    allowed_types: tuple[tuple[str, ...], ...]
    cost_fen: LongArray  # what it costs once, to make it fit for use; -1 unknown
    hours: tuple[str, ...]
    source_row: IntArray
    kind_code: tuple[str, ...] = ()  # kind of idle space (``site_rules.toml``), "" not known
    rent_fen: LongArray = field(default_factory=lambda: np.empty(0, np.int64))  # a year, -1 unknown

    def __post_init__(self) -> None:
        if not self.kind_code:
            object.__setattr__(self, "kind_code", ("",) * len(self))
        if not len(self.rent_fen):
            object.__setattr__(self, "rent_fen", np.full(len(self), -1, np.int64))
        freeze(self)

    def __len__(self) -> int:
        return len(self.premises_id)
