"""Types of array, numbers that all tables share, and how a table closes itself."""

from __future__ import annotations

from dataclasses import fields
from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
Float32Array = NDArray[np.float32]
IntArray = NDArray[np.int32]
LongArray = NDArray[np.int64]
ByteArray = NDArray[np.uint8]
TriArray = NDArray[np.int8]
BoolArray = NDArray[np.bool_]

TICKS_PER_S = 65_536
"""Resolution of walking time inside searches; 1 tick is about 17 micrometres at 4 km/h."""

NO_TICKS = np.int32(2**31 - 1)
"""Ticks of what cannot be reached."""

EARTH_RADIUS_M = 6_371_008.8
"""Mean Earth radius of the haversine lengths, as in the reference definition."""


class Tri(IntEnum):
    """Yes, no, or nobody knows."""

    UNKNOWN = -1
    NO = 0
    YES = 1


def freeze(instance: Any) -> None:
    """Make the arrays of a frozen dataclass C-contiguous and read-only; call from ``__post_init__``."""
    for f in fields(instance):
        value = getattr(instance, f.name)
        if isinstance(value, np.ndarray):
            if not value.flags.c_contiguous:
                value = np.ascontiguousarray(value)
            elif value.flags.writeable:
                value = value.view()
            value.flags.writeable = False
            object.__setattr__(instance, f.name, value)


def check_lengths(instance: Any, n: int, *names: str) -> None:
    """Raise ValueError when a column has not ``n`` rows."""
    for name in names:
        got = len(getattr(instance, name))
        if got != n:
            raise ValueError(f"{type(instance).__name__}.{name} has {got} rows, expected {n}")
