"""Walled compounds in a run."""

from __future__ import annotations

from typing import Any

Walls = Any


def raise_walls(pack, network, at_minute):
    return None


def attach_behind_walls(*a):
    raise NotImplementedError


direct_behind_walls = attach_behind_walls
