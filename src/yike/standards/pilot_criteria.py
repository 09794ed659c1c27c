"""What makes a community ready to be a pilot (基础条件较好): criteria and weights, for people to edit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from yike.standards.data_files import DATA
from yike.standards.entry import Entry, read_toml
from yike.standards.types import Source

FILE = "pilot_criteria.toml"
MEASURES = (
    "required_types_share",
    "mean_reached_share",
    "mean_shortfall_share",
    "people",
    "chain_share",
    "near_premises_share",
)
UNITS = ("share", "people")


@dataclass(frozen=True)
class Criterion:
    """One criterion: a measure, its weight, and the values that earn nothing and everything."""

    code: str
    label: str
    measure: str
    unit: str
    weight: float
    zero: float
    full: float
    params: Mapping[str, float] = field(default_factory=dict)
    source: Source = field(default_factory=lambda: Source(""))


def load_criteria(path: Path | None = None) -> tuple[Criterion, ...]:
    """
    The criteria of a person's own file, or the program's.

    Raises
    ------
    PolicyFileError
        The file is missing or wrong, a weight is below nothing, or ``zero`` equals ``full``.
    """
    entry = read_toml(path or DATA / FILE)
    criteria = tuple(_read(item) for item in entry.tables("criterion"))
    entry.done()
    if not sum(c.weight for c in criteria) > 0:
        raise entry.fault("standards.criteria.no_weight", "criterion")
    return criteria


def _read(item: Entry) -> Criterion:
    params = item.table("params")
    found = Criterion(
        code=item.need("code", str),
        label=item.need("label", str),
        measure=item.one_of("measure", MEASURES),
        unit=item.one_of("unit", UNITS),
        weight=item.need("weight", float),
        zero=item.need("zero", float),
        full=item.need("full", float),
        params={name: params.need(name, float) for name in params.raw},
        source=item.source("yike-inference", "inferred", Source("yike-inference", "", "自定", "inferred")),
    )
    params.done()
    item.done()
    if found.weight < 0 or found.zero == found.full:
        raise item.fault("standards.criteria.limits", "weight" if found.weight < 0 else "full",
                         found=f"{found.weight:g}" if found.weight < 0 else f"{found.full:g}")  # fmt: skip
    return found
