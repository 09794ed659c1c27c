"""What new estates have to bring with the homes (新建小区配建): four steps, and areas with their clauses."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from yike.standards.data_files import DATA
from yike.standards.entry import Entry, read_toml
from yike.standards.types import RulePack, Source


@dataclass(frozen=True)
class EstateStep:
    """One of the four steps that shops take together with the homes."""

    code: str
    label: str
    text: str  # what to look at, inferred


@dataclass(frozen=True)
class EstateArea:
    """A floor area that new estates must have."""

    code: str
    label: str
    indicator: str  # of rule packs that set the same limit themselves
    at_least: float
    unit: str  # "share" of the total floor area | "m2"
    source: Source

    def under(self, rules: RulePack) -> tuple[float, Source, bool]:
        """Limit, its source, and whether the rule pack itself (or its base) asks for it."""
        own = next((i for i in rules.indicators if i.code == self.indicator), None)
        if own is not None and own.at_least is not None:
            return own.at_least, own.source, True
        return self.at_least, self.source, self.source.document in rules.lineage


@dataclass(frozen=True)
class EstatePolicy:
    """The whole file."""

    steps: tuple[EstateStep, ...]
    step_source: Source
    step_text_source: Source
    areas: tuple[EstateArea, ...]


@cache
def load_estate_policy() -> EstatePolicy:
    """The rules of ``data/new_estates.toml``; raises PolicyFileError when the file is wrong."""
    entry = read_toml(DATA / "new_estates.toml")
    steps = tuple(_read_step(item) for item in entry.tables("step"))
    areas = tuple(_read_area(item) for item in entry.tables("area"))
    policy = EstatePolicy(steps, _source(entry, "step_source"), _source(entry, "step_text_source"), areas)
    entry.done()
    return policy


def _source(entry: Entry, name: str) -> Source:
    entry.need(name, dict)
    return Entry({"source": entry.raw[name]}, entry.file, name).source("yike-inference", "inferred")


def _read_step(item: Entry) -> EstateStep:
    step = EstateStep(item.need("code", str), item.need("label", str), item.need("text", str))
    item.done()
    return step


def _read_area(item: Entry) -> EstateArea:
    area = EstateArea(
        item.need("code", str),
        item.need("label", str),
        item.need("indicator", str),
        item.need("at_least", float),
        item.one_of("unit", ("share", "m2")),
        item.source("yike-inference", "inferred"),
    )
    item.done()
    return area
