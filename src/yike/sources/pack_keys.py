"""
Every key of ``pack.toml``: where it goes, how its value is read, and whether it must be there.

The fault of a key is ``pack.<section>.<key>`` (text in ``messages/zh/pack.toml``), whether the value is
wrong or a required key is missing. ``docs/reference/city-pack.md`` describes each one; tests keep
the three equal.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from yike.sources.pack_spec import DATUMS

OSM_SUFFIXES = (".osm.pbf", ".pbf", ".osm", ".osm.gz", ".osm.bz2")
LINE_SUFFIXES = (".geojson", ".json", ".gpkg", ".shp", ".shp.zip", ".zip")


class BadValueError(ValueError):
    """A value is not what its key takes."""


@dataclass(frozen=True)
class Key:
    """One key: the attribute of the section's dataclass it fills, its reader, whether it is required."""

    attribute: str
    read: Callable[[Any], Any]
    is_required: bool = False


def _need(ok: bool) -> None:
    if not ok:
        raise BadValueError


def text(value: Any) -> str:
    """Non-empty text."""
    _need(isinstance(value, str) and bool(value.strip()))
    return str(value).strip()


def maybe_text(value: Any) -> str:
    """Text, perhaps empty."""
    _need(isinstance(value, str))
    return str(value).strip()


def flag(value: Any) -> bool:
    """True or false, and nothing that only looks like it."""
    _need(isinstance(value, bool))
    return bool(value)


def file_name(value: Any) -> str:
    """A path inside the pack: relative, with forward slashes, never upwards."""
    name = text(value).replace("\\", "/")
    _need(not name.startswith("/") and not re.match(r"^[A-Za-z]:", name))
    _need(".." not in name.split("/"))
    return name


def number(low: float, high: float) -> Callable[[Any], float]:
    """A finite number from low to high."""

    def read(value: Any) -> float:
        _need(isinstance(value, int | float) and not isinstance(value, bool))
        _need(low <= float(value) <= high)
        return float(value)

    return read


def whole(low: int, high: int) -> Callable[[Any], int]:
    """A whole number from low to high."""

    def read(value: Any) -> int:
        _need(isinstance(value, int) and not isinstance(value, bool) and low <= value <= high)
        return int(value)

    return read


def one_of(*words: str) -> Callable[[Any], str]:
    """One of the words, written in any case."""

    def read(value: Any) -> str:
        _need(isinstance(value, str) and value.strip().casefold() in words)
        return str(value).strip().casefold()

    return read


def datum(value: Any) -> str:
    """A datum, with the dashes people write: "GCJ-02", "WGS 84"."""
    _need(isinstance(value, str))
    word = re.sub(r"[\s_-]", "", str(value)).casefold()
    word = {"bd09ll": "bd09", "epsg:4326": "wgs84", "epsg:4490": "cgcs2000"}.get(word, word)
    _need(word in DATUMS)
    return word


def code(value: Any) -> str:
    """A short code for file names."""
    word = text(value)
    _need(re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}", word) is not None)
    return word


def division(value: Any) -> str:
    """A division code of 6, 9 or 12 digits."""
    word = str(value) if isinstance(value, int) and not isinstance(value, bool) else text(value)
    _need(re.fullmatch(r"[1-8]\d{5}(\d{3}){0,2}", word) is not None)
    return word


def date(value: Any) -> str:
    """A date: TOML's own, or "2026-01-01", "2026-01", "2026年1月"."""
    if isinstance(value, dt.datetime):
        return value.date().isoformat()
    if isinstance(value, dt.date):
        return value.isoformat()
    found = re.fullmatch(r"(\d{4})[-./年](\d{1,2})(?:[-./月](\d{1,2})日?|月?)", text(value))
    _need(found is not None)
    if found is None:
        raise BadValueError
    try:
        return dt.date(int(found[1]), int(found[2]), int(found[3] or 1)).isoformat()
    except ValueError:
        raise BadValueError from None


def minute(value: Any) -> int | None:
    """Minute of the day from "10:00"; "any" asks for no time at all."""
    if isinstance(value, dt.time):
        return value.hour * 60 + value.minute
    if text(value) == "any":
        return None
    found = re.fullmatch(r"([01]?\d|2[0-3])[:：]([0-5]\d)", text(value))
    if found is None:
        raise BadValueError
    return int(found[1]) * 60 + int(found[2])


def cutoffs(value: Any) -> tuple[float, ...]:
    """Rising minutes, read as seconds."""
    _need(isinstance(value, list) and 1 <= len(value) <= 12)
    minutes = [number(0.5, 240)(v) for v in value]
    _need(all(a < b for a, b in pairwise(minutes)))
    return tuple(m * 60 for m in minutes)


def limit(value: Any) -> float:
    """Minutes, read as seconds."""
    return number(1, 240)(value) * 60


def headers(value: Any) -> Mapping[str, str]:
    """Our field name -> header in the file."""
    _need(isinstance(value, dict) and all(isinstance(v, str) and v.strip() for v in value.values()))
    return {str(k): str(v).strip() for k, v in value.items()}


def surveyed(value: Any) -> bool | tuple[str, ...]:
    """True, false, or the list of business types that were surveyed."""
    if isinstance(value, bool):
        return value
    return words(value)


def words(value: Any) -> tuple[str, ...]:
    """One word or a list of them."""
    if isinstance(value, str):
        return (text(value),)
    _need(isinstance(value, list))
    return tuple(text(v) for v in value)


def origin(value: Any) -> tuple[float, float]:
    """Longitude and latitude."""
    _need(isinstance(value, list) and len(value) == 2)
    return number(-180, 180)(value[0]), number(-90, 90)(value[1])


def crs(value: Any) -> str:
    """A coordinate system by EPSG number."""
    word = str(text(value)).upper().replace(" ", "")
    _need(re.fullmatch(r"EPSG:\d{4,6}", word) is not None)
    return word


_FILE = {
    "file": Key("file", file_name),
    "datum": Key("datum", datum),
    "sheet": Key("sheet", text),
    "columns": Key("columns", headers),
    "crs": Key("crs", crs),
}

KEYS: Mapping[str, Mapping[str, Key]] = {
    "pack": {
        "code": Key("code", code, is_required=True),
        "name": Key("name", text, is_required=True),
        "as_of": Key("as_of", date, is_required=True),
        "invented": Key("is_invented", flag, is_required=True),
        "division": Key("division", division),
        "map_review_no": Key("map_review_no", maybe_text),
        "note": Key("note", maybe_text),
    },
    "standards": {
        "rule_pack": Key("rule_pack", code),
        "dir": Key("dir", file_name),
    },
    "network": {
        "file": Key("file", file_name),
        "nodes": Key("nodes", file_name),
        "edges": Key("edges", file_name),
        "datum": Key("datum", datum),
        "crs": Key("crs", crs),
        "origin": Key("origin", origin),
        "sheet": Key("sheet", text),
        "walls": Key("walls", flag),
        "gates": Key("gates", flag),
        "snap_m": Key("snap_m", number(0, 50)),
        "split": Key("split", flag),
    },
    "outlets": {
        **_FILE,
        "source": Key("source", one_of("file", "osm")),
        "surveyed": Key("is_surveyed", surveyed),
        "services_count": Key("services_count", one_of("once_per_type", "main_type_only")),
        "breakfast_by_hours": Key("breakfast_by_hours", flag),
    },
    "places": {
        **_FILE,
        "source": Key("source", one_of("file", "osm")),
        "kind": Key("kind", one_of("points", "polygons", "grid")),
        "people_per_m2": Key("people_per_m2", number(0.0001, 1)),
        "default_levels": Key("default_levels", number(0.5, 100)),
        "min_area_m2": Key("min_area_m2", number(0, 10_000)),
        "address_is_home": Key("address_is_home", flag),
        "total": Key("total", number(0, 1e9)),
        "cell_m": Key("cell_m", number(1, 10_000)),
        "band": Key("band", whole(1, 1000)),
    },
    "communities": {
        **_FILE,
        "source": Key("source", one_of("file", "column", "osm_residential")),
        "column": Key("column", text),
    },
    "circles": {
        **_FILE,
        "column": Key("column", text),
        "lead_counts": Key("lead_counts", flag),
    },
    "compounds": _FILE,
    "gates": _FILE,
    "overlay": {k: _FILE[k] for k in ("file", "datum", "crs")},
    "premises": _FILE,
    "vendors": {k: _FILE[k] for k in ("file", "sheet", "columns")},
    "stops": _FILE,
    "survey": {k: _FILE[k] for k in ("file", "sheet", "columns")},
    "walk": {
        "profile": Key("profile", code),
        "detour": Key("detour", number(1, 5)),
        "max_snap_m": Key("max_snap_m", number(1, 2000)),
        "min_component": Key("min_component", whole(1, 1_000_000)),
        "at": Key("at_minute", minute),
    },
    "study": {
        "cutoffs": Key("cutoffs_s", cutoffs),
        "limit": Key("limit_s", limit),
    },
    "source": {
        "name": Key("name", text, is_required=True),
        "licence": Key("licence", text, is_required=True),
        "url": Key("url", maybe_text),
        "as_of": Key("as_of", date),
        "covers": Key("covers", words),
        "attribution": Key("attribution", maybe_text),
    },
}
"""Section -> key -> how to read it; ``[[source]]`` may come several times, the others once."""
