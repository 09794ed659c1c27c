"""
One rule-pack file as a layer, and how layers lie on each other.

A local pack says only what differs from its base. An entry overlays the entry of the same code below it,
value by value; each value carries its own source upward with it. ``remove = true`` drops the entry.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from yike.standards.entry import MARKS, Entry
from yike.standards.types import Bundle, Gate, GradeRule, Source, Target, Theme

Values = dict[str, Any]
"""Named values of one entry; ``{"remove": True}`` for an entry that is dropped."""

SECTIONS = ("type", "indicator", "grade", "bundle", "theme", "target")
SECONDS = {"min": 60.0, "s": 1.0}
SCOPES = ("circle", "community", "city")
OPERATORS = (">=", "<=", "=")
UNITS = (
    "share",
    "count",
    "m2",
    "m2_per_100_households",
    "m2_per_person",
    "per_1000",
    "people",
    "score",
    "stars",
)


@dataclass(frozen=True)
class Layer:
    """What one file says, before anything is taken over from its base."""

    code: str
    title: str
    issuer: str
    base: str
    scoring: str
    mark: str
    is_inferred: bool
    valid_from: dt.date | None
    checked: dt.date | None
    notes: tuple[str, ...]
    sections: dict[str, dict[str, Values]]
    defaults: dict[str, tuple[float, Source]] = field(default_factory=dict)
    settings: dict[str, tuple[float | str | bool, Source]] = field(default_factory=dict)


def read_layer(entry: Entry) -> Layer:
    """Read one rule-pack file; raises PolicyFileError with file and key."""
    is_inferred = entry.get("is_inferred", bool, False)
    code = entry.need("code", str)
    mark = entry.one_of("mark", MARKS, "inferred" if is_inferred else "official")
    layer = Layer(
        code=code,
        title=entry.need("title", str),
        issuer=entry.need("issuer", str),
        base=entry.get("base", str, ""),
        scoring=entry.get("scoring", str, ""),
        mark=mark,
        is_inferred=is_inferred,
        valid_from=entry.day("from"),
        checked=entry.day("checked"),
        notes=entry.words("notes"),
        sections={name: _read_section(entry, name, code, mark) for name in SECTIONS},
        defaults=_read_defaults(entry.table("defaults"), code, mark),
        settings=_read_settings(entry.table("settings"), code, mark),
    )
    entry.done()
    return layer


def _read_section(entry: Entry, name: str, document: str, mark: str) -> dict[str, Values]:
    found: dict[str, Values] = {}
    for item in entry.tables(name):
        code = item.need("code", str)
        if code in found:
            raise item.fault("standards.key.twice", "code", found=code)
        if item.get("remove", bool, False):
            found[code] = {"remove": True}
        else:
            found[code] = _READERS[name](item, document, mark)
        item.done()
    return found


def _read_type(item: Entry, document: str, mark: str) -> Values:
    values: Values = {}
    source = item.source(document, mark, Source(document, mark=mark))
    if item.has("group"):
        values |= {"group": item.one_of("group", ("basic", "quality", "facility")), "source": source}
    if item.has("required"):
        values["is_required"], values["required_source"] = _required(item, source, document, mark)
    if item.has("within"):
        values["within_s"], values["within_source"] = _minutes(item.table("within"), source, document, mark)
    if item.has("share"):
        values["share"], values["share_source"] = _sourced(item.table("share"), source, document, mark)
    return values


def _required(item: Entry, source: Source, document: str, mark: str) -> tuple[bool, Source]:
    if isinstance(item.raw["required"], bool):
        return item.need("required", bool), source
    table = item.table("required")
    value = table.need("value", bool)
    own = table.source(document, mark, source)
    table.done()
    return value, own


def _minutes(table: Entry, source: Source, document: str, mark: str) -> tuple[float, Source]:
    unit = table.need("unit", str)
    if unit not in SECONDS:
        raise table.fault("standards.key.unit", "unit", found=unit, expected="、".join(SECONDS))
    value, own = table.need("value", float) * SECONDS[unit], table.source(document, mark, source)
    table.done()
    return value, own


def _sourced(table: Entry, source: Source, document: str, mark: str) -> tuple[float, Source]:
    value, own = table.need("value", float), table.source(document, mark, source)
    table.done()
    return value, own


def _read_indicator(item: Entry, document: str, mark: str) -> Values:
    values: Values = {}
    source = item.source(document, mark, Source(document, mark=mark))
    for key in ("label", "measure"):
        if item.has(key):
            values[key] = item.need(key, str)
    if item.has("unit"):
        values["unit"] = item.one_of("unit", UNITS)
    limits = ("at_least", "at_most", "equals")
    if any(item.has(key) for key in limits):
        values |= {key: item.number(key) for key in limits} | {"source": source, "due": item.day("due")}
    elif item.has("source"):
        values["source"] = source
    if item.has("scope"):
        values["scope"] = item.one_of("scope", SCOPES)
    if item.has("params"):
        values["params"] = _read_params(item.table("params"))
    if item.has("points"):
        values |= _read_points(item.table("points"), source, document, mark)
    return values


def _read_points(table: Entry, source: Source, document: str, mark: str) -> Values:
    values: Values = {
        "points": table.need("value", float),
        "points_from": table.need("from", float),
        "points_full": table.need("full", float),
        "points_source": table.source(document, mark, source),
    }
    table.done()
    return values


def _read_params(table: Entry) -> dict[str, float | str | tuple[str, ...]]:
    found: dict[str, float | str | tuple[str, ...]] = {}
    for key, value in table.raw.items():
        if isinstance(value, list):
            found[key] = table.words(key)
        elif isinstance(value, str):
            found[key] = value
        else:
            found[key] = table.need(key, float)
    return found


def _read_grade(item: Entry, document: str, mark: str) -> Values:
    source = item.source(document, mark)
    label = item.need("label", str)
    gates = tuple(_read_gate(gate, document, mark, source) for gate in item.tables("gate"))
    level = item.need("level", int)
    return {"level": level, "rule": GradeRule(item.need("code", str), label, gates, source)}


def _read_gate(gate: Entry, document: str, mark: str, source: Source) -> Gate:
    found = Gate(
        code=gate.need("code", str),
        indicator=gate.need("indicator", str),
        at_least=gate.number("at_least"),
        at_most=gate.number("at_most"),
        source=gate.source(document, mark, source),
    )
    gate.done()
    return found


def _read_bundle(item: Entry, document: str, mark: str) -> Values:
    slots = []
    for slot in item.tables("slot"):
        slots.append((slot.need("label", str), slot.words("types")))
        slot.done()
    bundle = Bundle(
        code=item.need("code", str),
        label=item.need("label", str),
        slots=tuple(types for _, types in slots),
        slot_labels=tuple(label for label, _ in slots),
        source=item.source(document, mark),
    )
    return {"rule": bundle}


def _read_theme(item: Entry, document: str, mark: str) -> Values:
    source = item.source(document, mark)
    theme = Theme(
        code=item.need("code", str),
        label=item.need("label", str),
        types=item.words("types"),
        lead_unit=item.get("lead_unit", str, ""),
        within_s=_minutes(item.table("within"), source, document, mark)[0] if item.has("within") else None,
        source=source,
    )
    return {"rule": theme}


def _read_target(item: Entry, document: str, mark: str) -> Values:
    target = Target(
        code=item.need("code", str),
        label=item.need("label", str),
        indicator=item.need("indicator", str),
        operator=item.one_of("operator", OPERATORS),
        value=item.need("value", float),
        unit=item.one_of("unit", UNITS),
        due=item.day("due"),
        due_text=item.get("due_text", str, ""),
        source=item.source(document, mark),
    )
    return {"rule": target}


def _read_defaults(table: Entry, document: str, mark: str) -> dict[str, tuple[float, Source]]:
    found: dict[str, tuple[float, Source]] = {}
    for name in ("within_basic", "within_quality", "within_facility", "share"):
        if not table.has(name):
            continue
        inner = table.table(name)
        source = inner.source(document, mark)
        read = _sourced if name == "share" else _minutes
        found[name] = read(inner, source, document, mark)
    table.done()
    return found


def _read_settings(table: Entry, document: str, mark: str) -> dict[str, tuple[float | str | bool, Source]]:
    found: dict[str, tuple[float | str | bool, Source]] = {}
    for name in table.raw:
        inner = table.table(name)
        found[name] = (_setting_value(inner), inner.source(document, mark))
        inner.done()
    return found


def _setting_value(inner: Entry) -> float | str | bool:
    given = inner.raw.get("value")
    if isinstance(given, bool):
        return inner.need("value", bool)
    return inner.need("value", str) if isinstance(given, str) else inner.need("value", float)


_READERS = {
    "type": _read_type,
    "indicator": _read_indicator,
    "grade": _read_grade,
    "bundle": _read_bundle,
    "theme": _read_theme,
    "target": _read_target,
}


def overlay(below: dict[str, Values], above: dict[str, Values]) -> dict[str, Values]:
    """Lay the entries of one section over those below: value by value, removals last."""
    merged = {code: dict(values) for code, values in below.items()}
    for code, values in above.items():
        if values.get("remove"):
            merged.pop(code, None)
        else:
            merged[code] = merged.get(code, {}) | values
    return merged
