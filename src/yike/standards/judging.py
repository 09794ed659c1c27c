"""Numbers by which data is judged, and who may take on which function: our own proposals, as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from yike.standards.data_files import DATA
from yike.standards.entry import Entry, read_toml
from yike.standards.types import Source


@dataclass(frozen=True)
class JudgedValue:
    """One number with what it means and where it comes from."""

    code: str
    value: float
    label: str
    source: Source


@dataclass(frozen=True)
class OptionRule:
    """Hosts that may take on functions, or movable facilities that may bring them."""

    code: str
    kind: str  # "add_function" | "extend_hours" | "movable"
    functions: tuple[str, ...]
    hosts: tuple[str, ...]  # types of the host outlets, or of the movable facilities
    source: Source


@cache
def load_judgement() -> Mapping[str, JudgedValue]:
    """The numbers of ``data/judgement.toml`` by code; raises PolicyFileError when the file is wrong."""
    entry = read_toml(DATA / "judgement.toml")
    values = [_read_value(item) for item in entry.tables("value")]
    entry.done()
    return {v.code: v for v in values}


@cache
def load_siting_limits() -> Mapping[str, JudgedValue]:
    """The numbers of ``data/siting_limits.toml`` by code; raises PolicyFileError when the file is wrong."""
    entry = read_toml(DATA / "siting_limits.toml")
    values = [_read_value(item) for item in entry.tables("value")]
    entry.done()
    return {v.code: v for v in values}


def _read_value(item: Entry) -> JudgedValue:
    value = JudgedValue(
        code=item.need("code", str),
        value=item.need("value", float),
        label=item.need("label", str),
        source=item.source("yike-judgement", "inferred"),
    )
    item.done()
    return value


@cache
def load_options() -> tuple[OptionRule, ...]:
    """The option rules of ``data/options.toml``; raises PolicyFileError when the file is wrong."""
    entry = read_toml(DATA / "options.toml")
    rules = [_read_option(item, "hosts") for item in entry.tables("pairing")]
    rules += [_read_option(item, "by") for item in entry.tables("movable")]
    entry.done()
    return tuple(rules)


def _read_option(item: Entry, hosts: str) -> OptionRule:
    kind = (
        "movable" if hosts == "by" else item.one_of("kind", ("add_function", "extend_hours"), "add_function")
    )
    rule = OptionRule(
        code=item.need("code", str),
        kind=kind,
        functions=item.words("functions"),
        hosts=item.words(hosts),
        source=item.source("yike-options", "inferred"),
    )
    item.done()
    return rule
