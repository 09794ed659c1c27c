"""Walking profiles: who walks, how fast, and what they avoid."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class WalkProfile:
    """
    How somebody walks.

    ``speed_m_s`` holds on streets and on the straight way to the street alike; steps are walked at
    ``speed_m_s / steps_factor``, or not at all where ``avoid_steps``. ``uses_private`` lets a profile walk
    pieces marked PRIVATE (otherwise they serve only trips that start or end in their compound).
    """

    code: str  # "adult" | "elder" | "wheelchair"
    label: str  # 成人
    speed_m_s: float
    avoid_steps: bool = False
    steps_factor: float = 1.0
    uses_private: bool = False
    source: str = ""
