"""Shapes in which circles are built (建设形态): labels from the document, limits as inferences."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache

from yike.standards.data_files import DATA
from yike.standards.entry import Entry, read_toml
from yike.standards.types import Source

FILE = "build_shapes.toml"
MEASURES = ("new_communities_share", "old_communities_with_market_share", "premises_projects_share")


@dataclass(frozen=True)
class BuildShape:
    """One shape; ``measure`` is empty for the one that is suggested where several fit."""

    code: str
    label: str
    source: Source
    measure: str = ""
    at_least: float = 0.0
    why: str = ""
    limit_source: Source = field(default_factory=lambda: Source(""))


@dataclass(frozen=True)
class ShapePolicy:
    """The whole file."""

    shapes: tuple[BuildShape, ...]  # those with a measure
    mixed: BuildShape  # where several fit
    sparing: Source  # the clause against big demolition


@cache
def load_shapes() -> ShapePolicy:
    """The shapes of ``data/build_shapes.toml``; raises PolicyFileError when the file is wrong."""
    entry = read_toml(DATA / FILE)
    sparing = entry.table("sparing")
    clause = sparing.source("", "inferred")
    sparing.done()
    head = entry.table("mixed")
    mixed = BuildShape(head.need("code", str), head.need("label", str), head.source("", "inferred"))
    head.done()
    shapes = tuple(_read(item) for item in entry.tables("shape"))
    entry.done()
    return ShapePolicy(shapes, mixed, clause)


def _read(item: Entry) -> BuildShape:
    limit = Entry({"source": item.need("limit_source", dict)}, item.file, item.key("limit_source"))
    shape = BuildShape(
        code=item.need("code", str),
        label=item.need("label", str),
        source=item.source("", "inferred"),
        measure=item.one_of("measure", MEASURES),
        at_least=item.need("at_least", float),
        why=item.need("why", str),
        limit_source=limit.source("yike-inference", "inferred"),
    )
    item.done()
    return shape
