"""Where something could be added: the candidates of all siting models."""

from __future__ import annotations

from dataclasses import dataclass

from yike.core.tables import FloatArray, IntArray, LongArray, check_lengths, freeze


@dataclass(frozen=True, eq=False)
class Candidates:
    """
    Places where a function could be added (候选点), one row each.

    ``kind``: "premises" (idle room, plot, kiosk), "outlet" (an open outlet that takes a function on),
    "street_point" (generated along the streets: a spot, not a room that is known to be free) or "stop"
    (of movable outlets).
    """

    candidate_id: tuple[str, ...]
    name: tuple[str, ...]
    kind: tuple[str, ...]
    lon: FloatArray
    lat: FloatArray
    x_m: FloatArray
    y_m: FloatArray
    area_m2: FloatArray  # NaN unknown
    cost_fen: LongArray  # what the place costs to open, -1 unknown
    allowed_types: tuple[tuple[str, ...], ...]  # codes of the catalogue; empty: any
    origin_idx: IntArray  # row of the pack's premises or outlets, -1 for street points
    source_row: IntArray  # row in the source file as a person counts it, -1 none

    def __post_init__(self) -> None:
        freeze(self)
        self.validate()

    def __len__(self) -> int:
        return len(self.candidate_id)

    def validate(self) -> None:
        """Raise ValueError when the columns disagree."""
        check_lengths(
            self, len(self), "name", "kind", "lon", "lat", "x_m", "y_m", "area_m2", "cost_fen",
            "allowed_types", "origin_idx", "source_row",
        )  # fmt: skip
