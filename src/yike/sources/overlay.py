"""The planner's overlay: gates, closures and missing footpaths on top of the streets, as a small file."""

from __future__ import annotations

from yike.core.network.overlay import Edit
from yike.sources.intake import ReadContext
from yike.sources.overlay_file import read_fitting_overlay
from yike.sources.pack_spec import FileSpec


def read_overlay(spec: FileSpec, ctx: ReadContext) -> tuple[Edit, ...]:
    """
    Edits of the overlay file, tried on the streets; empty when the pack has none or no streets.

    An edit that finds no street near it is a fault of its feature and left out.
    """
    path = ctx.path(spec.file, "overlay") if spec.is_given else None
    if path is None or ctx.network is None:
        return ()
    edits, faults = read_fitting_overlay(path, spec.datum or None, ctx.network, spec.crs)
    ctx.faults.extend(faults)
    ctx.found["overlay"] = {"edits": len(edits)}
    return edits
