"""The planner's overlay: gates, closures and missing footpaths on top of the streets, as a small file."""

from __future__ import annotations

from typing import Any

from yike.sources.intake import ReadContext
from yike.sources.pack_spec import FileSpec


def read_overlay(spec: FileSpec, ctx: ReadContext) -> tuple[Any, ...]:
    """Edits of the overlay file; empty when the pack has none."""
    return ()
