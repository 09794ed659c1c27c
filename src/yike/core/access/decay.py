"""
Decay functions: how much an outlet is worth, by how long the walk to it takes.

Sources: the formulas are the customary ones of gravity models (Kwan 1998 compares step, linear, exponential,
Gaussian and inverse power); the bell that ends at the cutoff is Dai's (2010), the zones Luo and Qi's (2009).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from yike.core.tables import FloatArray


class DecayFunction(Protocol):
    """
    Weight of a walk of so many seconds, 0 to 1: 1 at no walk, never growing, 0 beyond ``reach_s``.

    ``reach_s`` may be ``inf``; a search must be at least as long, or the weights beyond it are missing.
    """

    @property
    def reach_s(self) -> float:
        """Longest walk that has any weight."""
        ...

    def __call__(self, walk_s: FloatArray) -> FloatArray:
        """Weights of walks in seconds, same shape."""
        ...


def _check_positive(**values: float) -> None:
    for name, value in values.items():
        if not value > 0:
            raise ValueError(f"{name} is {value}, must be above 0")


@dataclass(frozen=True)
class Step:
    """All or nothing: 1 up to the cutoff (included), 0 beyond."""

    cutoff_s: float

    @property
    def reach_s(self) -> float:
        """The cutoff."""
        return self.cutoff_s

    def __call__(self, walk_s: FloatArray) -> FloatArray:
        """Weights of walks in seconds."""
        return np.where(walk_s <= self.cutoff_s, 1.0, 0.0)


@dataclass(frozen=True)
class Linear:
    """Falls evenly from 1 at no walk to 0 at the cutoff."""

    cutoff_s: float

    def __post_init__(self) -> None:
        _check_positive(cutoff_s=self.cutoff_s)

    @property
    def reach_s(self) -> float:
        """The cutoff."""
        return self.cutoff_s

    def __call__(self, walk_s: FloatArray) -> FloatArray:
        """Weights of walks in seconds."""
        return np.clip(1.0 - np.asarray(walk_s, np.float64) / self.cutoff_s, 0.0, 1.0)


@dataclass(frozen=True)
class Exponential:
    """``2 ** (-walk / half_s)``: half the weight with every ``half_s``; cut at ``cutoff_s``."""

    half_s: float
    cutoff_s: float = np.inf

    def __post_init__(self) -> None:
        _check_positive(half_s=self.half_s, cutoff_s=self.cutoff_s)

    @property
    def reach_s(self) -> float:
        """The cutoff."""
        return self.cutoff_s

    def __call__(self, walk_s: FloatArray) -> FloatArray:
        """Weights of walks in seconds."""
        walk = np.asarray(walk_s, np.float64)
        return np.where(walk <= self.cutoff_s, np.exp2(-walk / self.half_s), 0.0)


@dataclass(frozen=True)
class InversePower:
    """
    ``(1 + walk / scale_s) ** -power``: falls fast at first and has a long tail; cut at ``cutoff_s``.

    The pure power is endless at no walk; the 1 keeps the weight of a next-door outlet at 1.
    After a walk of ``scale_s`` it is ``2 ** -power``.
    """

    scale_s: float
    power: float = 1.0
    cutoff_s: float = np.inf

    def __post_init__(self) -> None:
        _check_positive(scale_s=self.scale_s, power=self.power, cutoff_s=self.cutoff_s)

    @property
    def reach_s(self) -> float:
        """The cutoff."""
        return self.cutoff_s

    def __call__(self, walk_s: FloatArray) -> FloatArray:
        """Weights of walks in seconds."""
        walk = np.asarray(walk_s, np.float64)
        return np.where(walk <= self.cutoff_s, (1.0 + walk / self.scale_s) ** -self.power, 0.0)


@dataclass(frozen=True)
class Gaussian:
    """
    The catchment curve of Dai (2010): 1 at no walk, 0 from the cutoff on, bell-shaped between.

    ``(exp(-(t/c)^2 / 2) - exp(-1/2)) / (1 - exp(-1/2))``.
    """

    cutoff_s: float

    def __post_init__(self) -> None:
        _check_positive(cutoff_s=self.cutoff_s)

    @property
    def reach_s(self) -> float:
        """The cutoff."""
        return self.cutoff_s

    def __call__(self, walk_s: FloatArray) -> FloatArray:
        """Weights of walks in seconds."""
        share = np.asarray(walk_s, np.float64) / self.cutoff_s
        foot = np.exp(-0.5)
        weights: FloatArray = np.clip((np.exp(-0.5 * share * share) - foot) / (1.0 - foot), 0.0, 1.0)
        return weights


@dataclass(frozen=True)
class Zones:
    """
    Steps of falling weight: the zones of the enhanced floating catchment (Luo and Qi, 2009).

    ``Zones((300, 600, 900), (1.0, 0.68, 0.22))``: a walk of exactly a zone's end belongs to the zone.
    """

    ends_s: tuple[float, ...]
    weights: tuple[float, ...]

    def __post_init__(self) -> None:
        if len(self.ends_s) != len(self.weights) or not self.ends_s:
            raise ValueError("Zones needs as many weights as zones, and at least one")
        if list(self.ends_s) != sorted(self.ends_s) or list(self.weights) != sorted(self.weights)[::-1]:
            raise ValueError("Zones must grow and their weights fall")
        if self.weights[-1] < 0 or self.weights[0] != 1:
            raise ValueError("Zones must begin with a weight of 1 and have none below 0")

    @property
    def reach_s(self) -> float:
        """End of the last zone."""
        return self.ends_s[-1]

    def __call__(self, walk_s: FloatArray) -> FloatArray:
        """Weights of walks in seconds."""
        zone = np.searchsorted(np.array(self.ends_s), np.asarray(walk_s, np.float64), side="left")
        weights: FloatArray = np.array([*self.weights, 0.0])[zone]
        return weights


LUO_QI_WEIGHTS = (1.0, 0.68, 0.22)
"""Weights of the three zones of Luo and Qi (2009), theirs for thirds of a catchment, by car."""


def thirds(cutoff_s: float) -> Zones:
    """Three zones of equal width with the weights of Luo and Qi (2009): E2SFCA's usual setting."""
    _check_positive(cutoff_s=cutoff_s)
    return Zones((cutoff_s / 3, cutoff_s * 2 / 3, cutoff_s), LUO_QI_WEIGHTS)
