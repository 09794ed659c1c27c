"""The planner's overlay: gates, closures and missing footpaths on top of the streets, as a small file."""

from __future__ import annotations

from yike.core.network.overlay import Edit
from yike.sources.intake import ReadContext
from yike.sources.overlay_file import read_overlay_file
from yike.sources.pack_spec import FileSpec


def read_overlay(spec: FileSpec, ctx: ReadContext) -> tuple[Edit, ...]:
    """Edits of the overlay file; empty when the pack has none."""
    path = ctx.path(spec.file, "overlay") if spec.is_given else None
    if path is None:
        return ()
    edits, faults = read_overlay_file(path, spec.datum or None)
    ctx.faults.extend(faults)
    ctx.found["overlay"] = {"edits": len(edits)}
    return edits
