"""Decay functions: how much an outlet is worth, by how long the walk to it takes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from yike.core.tables import FloatArray


class DecayFunction(Protocol):
    """
    Weight of a walk: 1 at no walk, never negative, never growing, 0 beyond ``reach_s``.

    ``reach_s`` may be ``inf``; a search must be at least as long, or the weights beyond it are missing.
    """

    @property
    def reach_s(self) -> float:
        """Longest walk that has any weight."""
        ...

    def __call__(self, walk_s: FloatArray) -> FloatArray:
        """Weights of walks in seconds, same shape."""
        ...


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

    @property
    def reach_s(self) -> float:
        """The cutoff."""
        return self.cutoff_s

    def __call__(self, walk_s: FloatArray) -> FloatArray:
        """Weights of walks in seconds."""
        walk = np.asarray(walk_s, np.float64)
        return np.where(walk <= self.cutoff_s, np.exp2(-walk / self.half_s), 0.0)


@dataclass(frozen=True)
class Gaussian:
    """
    The catchment curve of Dai (2010): 1 at no walk, 0 from the cutoff on, bell-shaped between.

    ``(exp(-(t/c)^2 / 2) - exp(-1/2)) / (1 - exp(-1/2))``.
    """

    cutoff_s: float

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
        if self.weights[-1] < 0:
            raise ValueError("Zones has a negative weight")

    @property
    def reach_s(self) -> float:
        """End of the last zone."""
        return self.ends_s[-1]

    def __call__(self, walk_s: FloatArray) -> FloatArray:
        """Weights of walks in seconds."""
        zone = np.searchsorted(np.array(self.ends_s), np.asarray(walk_s, np.float64), side="left")
        weights: FloatArray = np.array([*self.weights, 0.0])[zone]
        return weights
