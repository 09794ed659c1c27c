"""
The planner's overlay as a small file: missing footpaths, closures, gates, in TOML or GeoJSON.

TOML::

    [[path]]                                  # 补一条步道
    name = "河边小路"
    points = [[116.320, 39.995], [116.321, 39.996]]
    steps = false

    [[close]]                                 # 封闭一条路：写 way，或写离它最近的点
    name = "施工"
    way = 123456789

    [[gate]]                                  # 开一个门
    name = "东门"
    point = [116.3215, 39.9950]

GeoJSON: ``action`` is "add" (补路, a line), "close" (封闭, a point, or any shape with ``way_id``) or
"open_gate" (开门, a point); without it lines are paths and points are gates.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

import shapely

from yike.core.geo.datum import to_wgs84
from yike.core.network.overlay import AddPath, CloseStreet, Edit, OpenGate, apply_overlay
from yike.core.tables import WalkNetwork
from yike.errors import Fault, InputError, UnreadableFileError
from yike.sources.intake import fault
from yike.sources.layers import read_layer
from yike.sources.toml_words import why_unreadable

_ACTIONS = {
    "add": "path",
    "path": "path",
    "补路": "path",
    "close": "close",
    "封闭": "close",
    "封路": "close",
    "open_gate": "gate",
    "gate": "gate",
    "开门": "gate",
}
_SHAPE_NAMES = {"path": "线（LineString）", "close": "点（Point）", "gate": "点（Point）"}
_ACTION_KEYS = ("action", "kind", "动作", "类型")
_YES = frozenset({"1", "true", "yes", "是", "有"})
_KEYS = {
    "path": {"name", "points", "steps", "join_m"},
    "close": {"name", "way", "point", "within_m"},
    "gate": {"name", "point", "within_m"},
}
_MOST_REACH_M = 200.0


class _Wrong(Exception):
    """One entry cannot be used: code of the fault, key, what was found, further facts."""

    def __init__(self, code: str, key: str, found: object, **facts: str) -> None:
        super().__init__(code)
        self.code, self.key, self.found, self.facts = code, key, found, facts


@dataclass
class _Reading:
    """Edits so far, the entry each came from, and what was wrong."""

    file: str
    edits: list[Edit] = field(default_factory=list)
    entries: list[tuple[int, str]] = field(default_factory=list)  # row and section of each edit
    faults: list[Fault] = field(default_factory=list)

    def add(self, row: int, section: str, make: Callable[[], list[Edit]]) -> None:
        """Take the edits of one entry, or note why there are none."""
        try:
            edits = make()
        except _Wrong as wrong:
            column = f"{section} {wrong.key}".strip()
            named = {"column": column, "found": str(wrong.found), **wrong.facts}
            self.faults.append(fault(wrong.code, file=self.file, row=row, **named))
            return
        self.edits += edits
        self.entries += [(row, section)] * len(edits)


def read_overlay_file(path: Path, datum: str | None = None) -> tuple[tuple[Edit, ...], list[Fault]]:
    """
    Read the edits of an overlay file.

    Parameters
    ----------
    path
        ``.toml``, or ``.geojson`` / ``.gpkg`` / ``.shp.zip``.
    datum
        Of the coordinates; None is "wgs84".

    Returns
    -------
    edits
        For ``core.network.overlay.apply_overlay``, in the order of the file.
    faults
        Entries that cannot be used, by their number.

    Raises
    ------
    UnreadableFileError
        The file is missing, empty of sense, or of another kind.
    """
    reading = _read(Path(path), datum or "wgs84")
    return tuple(reading.edits), reading.faults


def read_fitting_overlay(
    path: Path, datum: str | None, network: WalkNetwork, crs: str = ""
) -> tuple[tuple[Edit, ...], list[Fault]]:
    """
    The same, tried on the streets: an edit without a street near it is a fault and left out.

    ``crs`` is the coordinate system of a layer, instead of what the file says.

    Raises
    ------
    UnreadableFileError
        As ``read_overlay_file``.
    """
    reading = _read(Path(path), datum or "wgs84", crs)
    lost: set[int] = set()
    try:
        apply_overlay(network, reading.edits)
    except InputError as wrong:
        for each in wrong.faults:
            row, section = reading.entries[each.row - 1]
            reading.faults.append(replace(each, file=reading.file, row=row, column=section))
            lost.add(each.row - 1)
    return tuple(edit for i, edit in enumerate(reading.edits) if i not in lost), reading.faults


def _read(path: Path, datum: str, crs: str = "") -> _Reading:
    reading = _Reading(path.name)
    if path.suffix.casefold() == ".toml":
        _read_toml(path, datum, reading)
    else:
        _read_layer(path, datum, reading, crs)
    return reading


def _read_toml(path: Path, datum: str, reading: _Reading) -> None:
    try:
        data = tomllib.loads(path.read_text("utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UnreadableFileError(
            "overlay.unreadable", file=path.name, found=why_unreadable(error)
        ) from error
    for key in data:
        entries = data[key]
        if key not in _KEYS or not isinstance(entries, list) or not all(isinstance(e, dict) for e in entries):
            reading.faults.append(
                fault("overlay.section", file=path.name, column=f"[[{key}]]", found=f"[{key}]")
            )
            continue
        for row, entry in enumerate(entries, start=1):
            reading.add(row, f"[[{key}]]", partial(_edits, key, entry, datum))


def _edits(kind: str, entry: Mapping[str, Any], datum: str) -> list[Edit]:
    return [_edit(kind, entry, datum)]


def _edit(kind: str, entry: Mapping[str, Any], datum: str) -> Edit:
    for key in entry:
        if key not in _KEYS[kind]:
            raise _Wrong("overlay.key", key, entry[key])
    makers: dict[str, Callable[[Mapping[str, Any], str], Edit]] = {
        "path": _path,
        "close": _closure,
        "gate": _gate,
    }
    return makers[kind](entry, datum)


def _path(entry: Mapping[str, Any], datum: str) -> AddPath:
    points = entry.get("points")
    if not isinstance(points, list) or len(points) < 2:
        raise _Wrong("overlay.points", "points", points)
    places = [_place(point, "points", datum) for point in points]
    steps = entry.get("steps", False)
    if not isinstance(steps, bool):
        raise _Wrong("overlay.flag", "steps", steps)
    lon, lat = zip(*places, strict=True)
    return AddPath(lon, lat, _name(entry), steps, _metres(entry, "join_m", 10.0))


def _closure(entry: Mapping[str, Any], datum: str) -> CloseStreet:
    way = entry.get("way", 0)
    if not isinstance(way, int) or isinstance(way, bool):
        raise _Wrong("overlay.way", "way", way)
    if way:
        return CloseStreet(way_id=way, name=_name(entry))
    if "point" not in entry:
        raise _Wrong("overlay.close", "way", "")
    lon, lat = _place(entry["point"], "point", datum)
    return CloseStreet(0, lon, lat, _metres(entry, "within_m", 15.0), _name(entry))


def _gate(entry: Mapping[str, Any], datum: str) -> OpenGate:
    lon, lat = _place(entry.get("point"), "point", datum)
    return OpenGate(lon, lat, _metres(entry, "within_m", 15.0), _name(entry))


def _place(point: Any, key: str, datum: str) -> tuple[float, float]:
    is_pair = isinstance(point, list) and len(point) == 2
    if not is_pair or not all(isinstance(v, int | float) and math.isfinite(v) for v in point):
        raise _Wrong("overlay.point", key, point)
    if abs(point[0]) > 180 or abs(point[1]) > 90:
        raise _Wrong("overlay.point", key, point)
    lon, lat = to_wgs84(float(point[0]), float(point[1]), datum)
    return float(lon), float(lat)


def _metres(entry: Mapping[str, Any], key: str, default: float) -> float:
    value = entry.get(key, default)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= _MOST_REACH_M:
        raise _Wrong("overlay.metres", key, value)
    return float(value)


def _name(entry: Mapping[str, Any]) -> str:
    return str(entry.get("name") or "")


def _read_layer(path: Path, datum: str, reading: _Reading, crs: str) -> None:
    layer, faults = read_layer(path, file=path.name, crs=crs or None)
    if layer is None:
        raise UnreadableFileError("overlay.unreadable", tuple(faults), file=path.name, found="")
    settled = layer.datum or datum
    columns = {name.casefold(): values for name, values in layer.columns.items()}
    reading.faults += faults
    for i, shape in enumerate(layer.geometry.tolist()):
        if shape is not None:  # the layer reader has said so
            entry = {key: values[i] for key, values in columns.items() if values[i] is not None}
            reading.add(int(layer.row[i]), "", partial(_edits_of, shape, entry, settled))


def _edits_of(shape: Any, properties: Mapping[str, Any], datum: str) -> list[Edit]:
    kind = _action_of(shape, properties)
    entry: dict[str, Any] = {"name": _first(properties, "name", "名称") or ""}
    way = _first(properties, "way_id", "way")
    if kind == "close" and way:
        return _edits("close", {**entry, "way": _whole(way)}, datum)
    is_line = shape.geom_type in ("LineString", "MultiLineString")
    if is_line != (kind == "path") or not (is_line or shape.geom_type == "Point"):
        facts = {"action": str(_first(properties, *_ACTION_KEYS) or kind), "expected": _SHAPE_NAMES[kind]}
        raise _Wrong("pack.overlay.shape", "geometry", shape.geom_type, **facts)
    if kind != "path":
        return _edits(kind, {**entry, "point": [shape.x, shape.y]}, datum)
    stairs = str(_first(properties, "stairs", "steps", "台阶") or "").casefold().removesuffix(".0")
    entry["steps"] = stairs in _YES
    parts = shapely.get_parts(shape)
    return [_edit("path", {**entry, "points": [list(xy) for xy in part.coords]}, datum) for part in parts]


def _whole(value: Any) -> Any:
    """A number of a layer's column as a whole number: columns with gaps come as 77.0, some as text."""
    text = str(value).removesuffix(".0")
    return int(text) if text.isdecimal() else value


def _action_of(shape: Any, properties: Mapping[str, Any]) -> str:
    stated = str(_first(properties, *_ACTION_KEYS) or "").strip()
    if not stated:
        return "gate" if shape.geom_type == "Point" else "path"
    if stated.casefold() not in _ACTIONS:
        raise _Wrong("pack.overlay.action", "action", stated)
    return _ACTIONS[stated.casefold()]


def _first(properties: Mapping[str, Any], *keys: str) -> Any:
    return next((properties[key] for key in keys if properties.get(key) is not None), None)
