"""Instant retail in an outlet list: who delivers at once, how far, and in how many minutes (H01)."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from yike.core.tables import FloatArray, Tri, TriArray
from yike.sources.intake import ReadContext
from yike.sources.numbers import clean_text
from yike.sources.outlet_fields import parse_yes_no
from yike.sources.tabular import Table

KILOMETRES = re.compile(r"公里|千米|km", re.IGNORECASE)
METRES = re.compile(r"米|m", re.IGNORECASE)
LEAST_PLAIN_M = 50.0
"""A bare number below it may be kilometres; nobody delivers 3 metres far."""


@dataclass(frozen=True, eq=False)
class Delivery:
    """What an outlet list says of instant retail; one row per outlet of the list, in its order."""

    is_instant: TriArray
    radius_m: FloatArray  # straight line as platforms draw it, NaN unknown
    promise_s: FloatArray  # NaN unknown


def read_delivery(ctx: ReadContext, table: Table) -> Delivery | None:
    """
    The delivery columns, None where the list has none of them.

    An outlet with a radius or a promise delivers, unless its cell says no. Faults: ``outlets.delivery.unit``
    (a bare small number), ``outlets.yes_no.unknown`` and those of numbers; all leave the cell unknown.
    """
    if not any(table.has(name) for name in ("instant", "delivery_m", "promise_min")):
        return None
    radius = table.numbers("delivery_m", ctx.faults, level="warning", at_least=0)
    promise = table.numbers("promise_min", ctx.faults, level="warning", at_least=0)
    header = table.header("delivery_m")
    for i, cell in enumerate(table.text("delivery_m")):
        word = clean_text(cell)
        if KILOMETRES.search(word) or (KILOMETRES.search(header) and not METRES.search(word)):
            radius[i] *= 1000.0
        elif radius[i] < LEAST_PLAIN_M and not METRES.search(word):
            ctx.faults.append(
                table.fault("outlets.delivery.unit", i, "delivery_m", found=cell, level="warning")
            )
            radius[i] = np.nan
    told = ~np.isnan(radius) | ~np.isnan(promise)
    flags = np.full(len(table), Tri.UNKNOWN, np.int8)
    for i, cell in enumerate(table.text("instant")):
        said = parse_yes_no(cell)
        if said is None:
            ctx.faults.append(
                table.fault("outlets.yes_no.unknown", i, "instant", found=cell, level="warning")
            )
        else:
            flags[i] = said
    flags[told & (flags == Tri.UNKNOWN)] = Tri.YES
    return Delivery(flags, radius, promise * 60.0)
