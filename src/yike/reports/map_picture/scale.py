"""The one scale of minutes on all maps: colours, limits, words."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from yike.core.tables import Float32Array, FloatArray, IntArray


@dataclass(frozen=True)
class MinuteClass:
    """One class of walking minutes: up to ``limit_s`` included."""

    label: str
    colour: str
    limit_s: float


CLASSES = (
    MinuteClass("≤5分钟", "#0B5D6B", 300.0),
    MinuteClass("≤10分钟", "#3E97A0", 600.0),
    MinuteClass("≤15分钟", "#9CCFCB", 900.0),
    MinuteClass("15–20分钟", "#F2C879", 1200.0),
    MinuteClass("20–30分钟", "#E08A3C", 1800.0),
    MinuteClass(">30分钟", "#B3422B", math.inf),
)
UNREACHABLE = len(CLASSES)  # dark outline
UNKNOWN = len(CLASSES) + 1  # grey hatch


def class_of(nearest_s: Float32Array | FloatArray) -> IntArray:
    """
    Class of each walking time: row of ``CLASSES``, or UNREACHABLE (+inf), or UNKNOWN (NaN).

    Source: the project's own scale; darker is nearer.
    """
    limits = np.array([c.limit_s for c in CLASSES[:-1]])
    classes = np.searchsorted(limits, nearest_s, side="left").astype(np.int32)
    classes[np.isinf(nearest_s)] = UNREACHABLE
    classes[np.isnan(nearest_s)] = UNKNOWN
    return classes


def people_by_class(classes: IntArray, people: FloatArray) -> FloatArray:
    """Known residents per class; shape (n_classes + 2,), unreachable and unknown last."""
    known = np.where(np.isnan(people), 0.0, people)
    totals: FloatArray = np.bincount(classes, weights=known, minlength=len(CLASSES) + 2).astype(np.float64)
    return totals
