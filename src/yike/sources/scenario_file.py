"""
A scenario (情景) as a small TOML file that a planner can read aloud: a name and a list of edits.

::

    name = "民安补一家早餐店"
    note = "闲置房 R0001"

    [[edit]]
    do = "新增网点"            # 或 "add_outlet"
    type = "早餐店"
    at = "R0001"               # 闲置用房、候选点的编号；或 point = [经度, 纬度]
    hours = "05:30-10:30"

Keys are English as in the other files of a pack; the kind of an edit may be told in Chinese or English.
Every fault is collected, with the line of the entry, its number and the key. Whether ids exist is known
only beside a pack: ``studies.scenario_edits`` looks.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any

from yike.core.network import overlay
from yike.errors import Fault, InputError, UnreadableFileError
from yike.sources.intake import fault
from yike.sources.pack_spec import DATUMS
from yike.sources.scenario_cells import MOST_PEOPLE, Cells, WrongCellError
from yike.sources.scenario_edits import (
    AddFunction,
    AddOutlet,
    CloseOutlet,
    Entry,
    ExtendHours,
    MoveOutlet,
    NewEstate,
    Scenario,
    ScenarioEdit,
    SetNorm,
    SetProfile,
    SetTime,
    StreetEdit,
)
from yike.sources.toml_words import why_unreadable
from yike.standards.loader import load_profiles

TEMPLATE = "scenario_template.toml"
LONGEST_WALK_MIN = 120.0
MOST_REACH_M = 200.0

KINDS = {
    "add_outlet": "新增网点",
    "close_outlet": "关闭网点",
    "move_outlet": "迁移网点",
    "add_function": "增加功能",
    "extend_hours": "延长营业",
    "open_gate": "开门",
    "add_path": "补路",
    "close_street": "封路",
    "new_estate": "新建小区",
    "set_norm": "改时限",
    "set_profile": "换步行者",
    "set_hours": "换时刻",
}
"""Kinds of edits, and what people call them."""

_ALIAS = {
    **{kind: kind for kind in KINDS},
    **{label: kind for kind, label in KINDS.items()},
    "开店": "add_outlet",
    "补点": "add_outlet",
    "关店": "close_outlet",
    "搬迁": "move_outlet",
    "一店多能": "add_function",
    "延长营业时间": "extend_hours",
    "补步道": "add_path",
    "新建居住区": "new_estate",
}
_HEAD_KEYS = ("name", "note", "datum", "edit")
_ENTRY = re.compile(r"^[ \t]*\[\[\s*edit\s*\]\]", re.MULTILINE)
_CLOCK = re.compile(r"^(\d{1,2})[:：](\d{2})$")


def read_scenario(path: Path) -> Scenario:
    """
    Read a scenario.

    Raises
    ------
    UnreadableFileError
        The file is missing, or not TOML.
    InputError
        At least one entry cannot be used; ``faults`` holds them all.
    """
    scenario, faults = inspect_scenario(path)
    if any(f.level == "error" for f in faults):
        raise scenario_error(faults)
    return scenario


def inspect_scenario(path: Path) -> tuple[Scenario, list[Fault]]:
    """
    Read a scenario to the end, whatever is wrong with it.

    Returns
    -------
    The scenario with the entries that can be used, and every fault.

    Raises
    ------
    UnreadableFileError
        The file is missing, or not TOML.
    """
    path = Path(path)
    text, data = _load(path)
    reading = _Reading(path.name, [text.count("\n", 0, m.start()) + 1 for m in _ENTRY.finditer(text)])
    for key in data:
        if key not in _HEAD_KEYS:
            reading.tell(0, "head", key, data[key], near="、".join(_HEAD_KEYS))
    name, note, datum = (_head_text(reading, data, key) for key in ("name", "note", "datum"))
    if datum not in ("", *DATUMS):
        reading.tell(0, "datum", "datum", datum, expected="、".join(DATUMS))
        datum = ""
    entries = data.get("edit", [])
    if not isinstance(entries, list) or not all(isinstance(e, dict) for e in entries):
        reading.tell(0, "section", "edit", "[edit]")
        entries = []
    elif not entries:
        reading.tell(0, "empty", "[[edit]]", "")
    for number, entry in enumerate(entries, start=1):
        reading.add(number, entry, datum or "wgs84")
    return Scenario(name or path.stem, tuple(reading.entries), note, path.name), reading.faults


def scenario_error(faults: list[Fault]) -> InputError:
    """The error that carries all faults of a scenario."""
    first = faults[0] if faults else Fault("")
    facts = {"count": len(faults), "where": first.where, "first": first.message}
    return InputError("scenario.faults", tuple(faults), **facts)


def new_scenario(path: Path, name: str = "") -> Path:
    """
    Write a commented scenario to start from.

    Raises
    ------
    UnreadableFileError
        The file is there already; nothing is overwritten.
    """
    if path.exists():
        raise UnreadableFileError("scenario.exists", file=str(path))
    path.parent.mkdir(parents=True, exist_ok=True)
    text = (files("yike.sources") / TEMPLATE).read_text("utf-8")
    words = "".join(c if c.isprintable() else " " for c in name or path.stem)
    safe = words.replace("\\", "").replace('"', "").strip()
    path.write_text(text.replace("{name}", safe), "utf-8")
    return path


def _load(path: Path) -> tuple[str, dict[str, Any]]:
    try:
        text = path.read_text("utf-8-sig")
        return text, tomllib.loads(text)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UnreadableFileError(
            "scenario.unreadable", file=path.name, found=why_unreadable(error)
        ) from error


@dataclass
class _Reading:
    """Entries so far, and what was wrong."""

    file: str
    lines: list[int]  # of each [[edit]]
    entries: list[Entry] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def tell(self, number: int, code: str, key: str, found: object, **facts: str) -> None:
        """Note a fault of an entry, 0 for the file's head."""
        self.faults.append(entry_fault(code, self.file, number, self.line(number), key, found, **facts))

    def line(self, number: int) -> int:
        return self.lines[number - 1] if 0 < number <= len(self.lines) else 0

    def add(self, number: int, entry: Mapping[str, Any], datum: str) -> None:
        """Take one entry, or note all that is wrong with it."""
        said = entry.get("do")
        kind = _ALIAS.get(said.strip().casefold(), "") if isinstance(said, str) else ""
        if not kind:
            close = difflib.get_close_matches(str(said), _ALIAS, n=3, cutoff=0.6)
            near = list(dict.fromkeys(KINDS[_ALIAS[word]] for word in close)) or list(KINDS.values())
            code = "kind" if "do" in entry else "no_kind"
            self.tell(number, code, "do", "" if said is None else said, near="、".join(near))
            return
        cells = Cells(entry, datum)
        edit = _MAKERS[kind](cells)
        known = {"do", *cells.asked}
        for key in entry:
            if key not in known:
                keys = "、".join(sorted(known - {"do"}))
                cells.wrong.append(WrongCellError("key", key, entry[key], near=keys, kind=KINDS[kind]))
        for wrong in cells.wrong:
            self.tell(number, wrong.code, wrong.key, wrong.found, **wrong.facts)
        if not cells.wrong and edit is not None:
            self.entries.append(Entry(edit, number, self.line(number), kind))


def entry_fault(code: str, file: str, number: int, line: int, key: str, found: object, **facts: str) -> Fault:
    """A fault of one entry of a scenario: line of the file, number of the entry, key."""
    column = f"[[edit]] 第 {number} 条 {key}" if number else key
    return fault(
        f"scenario.{code}", file=file, row=line, column=column, found=_shown(found), key=key, **facts
    )


def _shown(found: object) -> str:
    return f"{found:g}" if isinstance(found, float) else str(found)


def _head_text(reading: _Reading, data: Mapping[str, Any], key: str) -> str:
    value = data.get(key, "")
    if isinstance(value, str):
        return value.strip()
    reading.tell(0, "text", key, value)
    return ""


def _add_outlet(cells: Cells) -> ScenarioEdit:
    return AddOutlet(
        type_idx=cells.type("type"),
        spot=cells.spot(),
        outlet_id=cells.text("id"),
        name=cells.text("name"),
        services=cells.types("services"),
        hours=cells.hours("hours"),
        is_chain=cells.flag("chain"),
        area_m2=cells.number("area_m2", 0.0, 1e6),
        staff=cells.number("staff", 0.0, 1e5),
    )


def _close_outlet(cells: Cells) -> ScenarioEdit:
    return CloseOutlet(cells.text("outlet", need=True))


def _move_outlet(cells: Cells) -> ScenarioEdit:
    return MoveOutlet(cells.text("outlet", need=True), cells.spot())


def _add_function(cells: Cells) -> ScenarioEdit:
    return AddFunction(cells.text("outlet", need=True), cells.types("type", need=True))


def _extend_hours(cells: Cells) -> ScenarioEdit:
    return ExtendHours(cells.text("outlet", need=True), cells.hours("hours", need=True))


def _open_gate(cells: Cells) -> ScenarioEdit:
    lon, lat = cells.point("point")
    within_m = cells.number("within_m", 0.1, MOST_REACH_M, other=15.0)
    return StreetEdit(overlay.OpenGate(lon, lat, within_m, cells.text("name")), cells.hours("hours"))


def _add_path(cells: Cells) -> ScenarioEdit | None:
    points = cells.points("points")
    steps, name = cells.flag("steps"), cells.text("name")
    join_m = cells.number("join_m", 0.1, MOST_REACH_M, other=10.0)
    if not points:
        return None
    lon, lat = zip(*points, strict=True)
    return StreetEdit(overlay.AddPath(lon, lat, name, bool(steps), join_m))


def _close_street(cells: Cells) -> ScenarioEdit:
    way = cells.number("way", 1, 2**62, other=0.0)
    name, within_m = cells.text("name"), cells.number("within_m", 0.1, MOST_REACH_M, other=15.0)
    if way:
        cells.raw("point")
        return StreetEdit(overlay.CloseStreet(way_id=int(way), name=name))
    lon, lat = cells.point("point")
    return StreetEdit(overlay.CloseStreet(0, lon, lat, within_m, name))


def _new_estate(cells: Cells) -> ScenarioEdit:
    return NewEstate(
        spot=cells.spot(with_polygon=True),
        people=cells.number("people", 0.0, MOST_PEOPLE, need=True),
        place_id=cells.text("id"),
        name=cells.text("name"),
        households=cells.number("households", 0.0, MOST_PEOPLE),
        bands=cells.bands("bands"),
        community=cells.text("community"),
    )


def _set_norm(cells: Cells) -> ScenarioEdit:
    minutes = cells.number("minutes", 1.0, LONGEST_WALK_MIN, need=True)
    return SetNorm(cells.type("type"), minutes * 60.0)


def _set_profile(cells: Cells) -> ScenarioEdit:
    word = cells.text("profile", need=True)
    profiles = load_profiles()
    codes = {p.label: code for code, p in profiles.items()} | {code: code for code in profiles}
    if word and word not in codes:
        near = "、".join(f"{code}（{p.label}）" for code, p in profiles.items())
        cells.fail("profile", "profile", word, near=near)
    return SetProfile(codes.get(word, ""))


def _set_time(cells: Cells) -> ScenarioEdit:
    text = cells.text("at", need=True)
    clock = _CLOCK.match(text)
    if text and (clock is None or int(clock[1]) > 23 or int(clock[2]) > 59):
        cells.fail("clock", "at", text)
        clock = None
    return SetTime(int(clock[1]) * 60 + int(clock[2]) if clock else 0)


_MAKERS: dict[str, Callable[[Cells], ScenarioEdit | None]] = {
    "add_outlet": _add_outlet,
    "close_outlet": _close_outlet,
    "move_outlet": _move_outlet,
    "add_function": _add_function,
    "extend_hours": _extend_hours,
    "open_gate": _open_gate,
    "add_path": _add_path,
    "close_street": _close_street,
    "new_estate": _new_estate,
    "set_norm": _set_norm,
    "set_profile": _set_profile,
    "set_hours": _set_time,
}
