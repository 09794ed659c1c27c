"""``pack.toml`` into ``PackSpec``: strict, every fault at once, each with its line."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from yike.core.tables import SourceNote
from yike.errors import Fault, UnreadableFileError
from yike.sources.intake import fault, input_error
from yike.sources.pack_keys import KEYS, LINE_SUFFIXES, OSM_SUFFIXES, BadValueError
from yike.sources.pack_spec import (
    CirclesSpec,
    CommunitiesSpec,
    FileSpec,
    HeadSpec,
    NetworkSpec,
    OutletsSpec,
    PackSpec,
    PlacesSpec,
    StandardsSpec,
    StudySpecKeys,
    WalkSpec,
)

PACK_FILE = "pack.toml"
MAX_PACK_TOML_BYTES = 1_000_000
_FILE_SECTIONS = ("compounds", "gates", "overlay", "premises", "survey", "vendors", "stops")


@dataclass
class _Sections:
    """Values read so far, section by section, and the faults met on the way."""

    lines: dict[tuple[str, str], int]
    values: dict[str, dict[str, Any]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def add(self, code: str, section: str, key: str, found: str, /, **facts: Any) -> None:
        row = self.lines.get((section, key)) or self.lines.get((section, ""), 0)
        column = f"[{section}] {key}".strip()
        self.faults.append(fault(code, file=PACK_FILE, row=row, column=column, found=found, **facts))


def read_pack_toml(path: Path) -> tuple[PackSpec, list[Fault]]:
    """
    Read a pack's ``pack.toml``.

    Returns
    -------
    The spec, and faults of level "warning" or "note".

    Raises
    ------
    UnreadableFileError
        Missing, not text, or no TOML.
    InputError
        Carries one fault for each wrong, missing or unknown key.
    """
    text, notes = _text(path)
    spec, faults = parse_pack(text)
    faults = notes + faults
    if spec is None:
        raise input_error(faults)
    return spec, faults


def parse_pack(text: str) -> tuple[PackSpec | None, list[Fault]]:
    """Spec from the text of a ``pack.toml``; None when a fault of level "error" was found."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as wrong:
        raise UnreadableFileError("pack.toml.syntax", file=PACK_FILE, **_place(str(wrong))) from None
    read = _Sections(_lines(text))
    for name in raw:
        if name not in KEYS:
            read.add("pack.section.unknown", name, "", name, near=_near(name, KEYS))
    for name in KEYS:
        if name != "source":
            _read_section(read, name, raw.get(name))
    sources = _read_sources(read, raw.get("source", []))
    _check_network(read, "network" in raw)
    _check_sources_of_tables(read, raw)
    if any(f.level == "error" for f in read.faults):
        return None, read.faults
    return _spec(read.values, sources, raw), read.faults


def _text(path: Path) -> tuple[str, list[Fault]]:
    if not path.is_file():
        raise UnreadableFileError("pack.toml.missing", file=PACK_FILE, found=str(path.parent.name))
    data = path.read_bytes()
    if len(data) > MAX_PACK_TOML_BYTES:
        raise UnreadableFileError("pack.toml.large", file=PACK_FILE, found=f"{len(data) / 1e6:.1f} MB")
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n"), []
    except UnicodeDecodeError:
        pass
    try:
        note = fault("pack.toml.gb18030", file=PACK_FILE, level="note")
        return data.decode("gb18030").replace("\r\n", "\n"), [note]
    except UnicodeDecodeError:
        raise UnreadableFileError("pack.toml.encoding", file=PACK_FILE) from None


def _place(message: str) -> dict[str, Any]:
    """Line and column out of tomllib's message."""
    found = re.search(r"at line (\d+), column (\d+)", message)
    reason = toml_reason(message.split(" (at ")[0])
    return {"row": found[1] if found else "?", "char": found[2] if found else "?", "reason": reason}


_REASONS = (
    ("Unescaped '\\'", "引号里有反斜杠 \\，路径请用正斜杠 /"),
    ("Cannot declare", "同一节写了两次"),
    ("Cannot overwrite", "同一个键写了两次，或键与节重名"),
    ("Cannot", "同一节写了两次"),
    ("Expected ']", "节名后面缺少方括号"),
    ("Expected '='", "键后面缺少等号"),
    ("Expected newline", "一行里有多余的内容，或缺少换行"),
    ("Invalid initial character", "键名请用英文字母；中文的键名要加引号"),
    ("Invalid statement", "这一行不是“键 = 值”，也不是 [节名]"),
    ("Invalid value", "值写法不对；文字要加英文双引号"),
    ("Invalid date", "没有这样的日期或时间"),
    ("Invalid hex", "引号里的反斜杠后面写法不对"),
    ("Escaped character", "引号里的反斜杠后面写法不对"),
    ("Unterminated string", "引号没有成对"),
    ("Illegal character", "有不能出现的字符，可能是引号没有成对，或用了看不见的字符"),
    ("Found invalid character", "有不能出现的字符"),
    ("Expected", "引号、括号没有成对"),
    ("Unclosed", "括号没有成对"),
    ("Duplicate inline", "大括号里同一个键写了两次"),
)


def toml_reason(message: str) -> str:
    """What the TOML reader complains of, in Chinese; its own words where we know none."""
    return next((words for start, words in _REASONS if message.startswith(start)), message)


def _lines(text: str) -> dict[tuple[str, str], int]:
    """(section, key) -> line as a person counts, for the faults; good enough for files people write."""
    lines: dict[tuple[str, str], int] = {}
    section = ""
    for number, line in enumerate(text.splitlines(), start=1):
        if head := re.match(r"\s*\[\[?\s*([\w.-]+)\s*\]", line):
            section = head[1].split(".")[0]
            lines.setdefault((section, ""), number)
        elif pair := re.match(r"\s*([\w-]+)\s*=", line):
            lines.setdefault((section, pair[1]), number)
    return lines


def _near(word: str, known: Iterable[str]) -> str:
    found = difflib.get_close_matches(word, list(known), n=1, cutoff=0.5)
    return found[0] if found else "、".join(known)


def _read_section(read: _Sections, name: str, raw: Any) -> None:
    if raw is None:
        read.values[name] = {}
        if name in ("pack", "network"):
            read.add("pack.section.missing", name, "", "", section=name)
        return
    if not isinstance(raw, dict):
        read.add("pack.section.not_table", name, "", str(raw)[:40], section=name)
        read.values[name] = {}
        return
    read.values[name] = _read_keys(read, name, raw)


def _read_keys(read: _Sections, name: str, raw: dict[str, Any]) -> dict[str, Any]:
    keys = KEYS[name]
    values: dict[str, Any] = {}
    for key, value in raw.items():
        if key not in keys:
            read.add("pack.key.unknown", name, key, key, section=name, near=_near(key, keys))
            continue
        try:
            values[keys[key].attribute] = keys[key].read(value)
        except BadValueError:
            read.add(f"pack.{name}.{key}", name, key, _as_written(value))
    for key, rule in keys.items():
        if rule.is_required and key not in raw:
            read.add(f"pack.{name}.{key}", name, key, "（没有写）")
    return values


def _as_written(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)[:60]


def _read_sources(read: _Sections, raw: Any) -> tuple[SourceNote, ...]:
    if not isinstance(raw, list):
        read.add("pack.source.single", "source", "", "[source]")
        return ()
    if not raw:
        read.add("pack.source.none", "source", "", "")
    notes = [_read_keys(read, "source", entry) for entry in raw if isinstance(entry, dict)]
    return tuple(SourceNote(**n) for n in notes if "name" in n and "licence" in n)


def _check_network(read: _Sections, is_there: bool) -> None:
    given = read.values["network"]
    has_file, has_pair = "file" in given, "nodes" in given and "edges" in given
    bad_before = any(f.column.startswith("[network]") for f in read.faults)
    if is_there and not bad_before and has_file == has_pair:
        read.add("pack.network.which", "network", "", "、".join(sorted(given)) or "（没有写）")
        return
    name = str(given.get("file", "")).lower()
    if name and not name.endswith(OSM_SUFFIXES + LINE_SUFFIXES):
        read.add("pack.network.suffix", "network", "file", given["file"])
    if name.endswith(OSM_SUFFIXES):
        given.setdefault("datum", "wgs84")  # OSM data is WGS-84 by its own definition


def _check_sources_of_tables(read: _Sections, raw: dict[str, Any]) -> None:
    """Each section names its file, or says that its data comes from elsewhere."""
    for name in ("outlets", "places", "communities", "circles", *_FILE_SECTIONS):
        section = raw.get(name)
        if not isinstance(section, dict) or any(f.column.startswith(f"[{name}]") for f in read.faults):
            continue
        values = read.values[name]
        source = values.get("source", "column" if "column" in values and "file" not in values else "file")
        if source == "file" and "file" not in values:
            read.add(f"pack.{name}.file", name, "file", "（没有写）")
        if source == "column" and "column" not in values:
            read.add(f"pack.{name}.column", name, "column", "（没有写）")
        if source in ("osm", "osm_residential"):
            network = str(read.values["network"].get("file", "")).lower()
            if not network.endswith(OSM_SUFFIXES) and not _has_own_osm(values):
                read.add("pack.source.needs_osm", name, "source", source, section=name)
        if name in ("outlets", "places", "communities", "circles"):
            values["source"] = source


def _has_own_osm(values: dict[str, Any]) -> bool:
    return str(values.get("file", "")).lower().endswith(OSM_SUFFIXES)


def _spec(
    values: dict[str, dict[str, Any]], sources: tuple[SourceNote, ...], raw: dict[str, Any]
) -> PackSpec:
    outlets = dict(values["outlets"])
    surveyed = outlets.pop("is_surveyed", False)
    if isinstance(surveyed, tuple):
        outlets["surveyed_types"] = surveyed
    else:
        outlets["is_surveyed"] = surveyed
    none = {"source": "none"}
    return PackSpec(
        pack=HeadSpec(**values["pack"]),
        network=NetworkSpec(**values["network"]),
        standards=StandardsSpec(**values["standards"]),
        outlets=OutletsSpec(**(outlets if "outlets" in raw else none)),
        places=PlacesSpec(**(values["places"] if "places" in raw else none)),
        communities=CommunitiesSpec(**(values["communities"] if "communities" in raw else none)),
        circles=CirclesSpec(**(values["circles"] if "circles" in raw else none)),
        compounds=FileSpec(**values["compounds"]),
        gates=FileSpec(**values["gates"]),
        overlay=FileSpec(**values["overlay"]),
        premises=FileSpec(**values["premises"]),
        survey=FileSpec(**values["survey"]),
        vendors=FileSpec(**values["vendors"]),
        stops=FileSpec(**values["stops"]),
        walk=WalkSpec(**values["walk"]),
        study=StudySpecKeys(**values["study"]),
        sources=sources,
    )
