"""Merges the layers of a rule pack: base first, then the score sheet, then the pack's own words."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from yike.errors import PolicyFileError
from yike.standards.entry import read_toml
from yike.standards.layers import SECTIONS, Layer, Values, overlay, read_layer
from yike.standards.types import BusinessTypes, IndicatorRule, RulePack, Source, TypeRule

_INHERITED = ("indicator", "grade")
"""Sections a score sheet lends: points and levels. Its types and targets stay its own."""


@dataclass
class _Stack:
    """Merged values while the layers are being laid."""

    sections: dict[str, dict[str, Values]] = field(default_factory=lambda: {name: {} for name in SECTIONS})
    defaults: dict[str, tuple[float, Source]] = field(default_factory=dict)
    settings: dict[str, tuple[float | str | bool, Source]] = field(default_factory=dict)
    lineage: tuple[str, ...] = ()
    scoring: str = ""
    documents: dict[str, str] = field(default_factory=dict)

    def lay(self, layer: Layer) -> None:
        """Lay one file on top."""
        for name in SECTIONS:
            self.sections[name] = overlay(self.sections[name], layer.sections[name])
        self.defaults = self.defaults | layer.defaults
        self.settings = self.settings | layer.settings
        self.lineage = (*self.lineage, layer.code)
        self.documents[layer.code] = layer.title

    def lend(self, sheet: Layer) -> None:
        """Take points and levels from a score sheet where the documents below give none of their own."""
        for name in _INHERITED:
            self.sections[name] = _lend(self.sections[name], sheet.sections[name], name)
        self.scoring = sheet.code
        self.documents[sheet.code] = sheet.title


def _lend(below: dict[str, Values], sheet: dict[str, Values], section: str) -> dict[str, Values]:
    """Points of the sheet join the official limit of the same indicator; the official limit stays."""
    if section == "grade":
        return overlay(below, sheet)
    merged = dict(below)
    for code, values in sheet.items():
        merged[code] = values | below.get(code, {})
    return merged


def find_files(folders: tuple[Path, ...]) -> dict[str, Path]:
    """Rule-pack files by code, in order of code; a later folder's file wins over an earlier one's."""
    found = {path.stem: path for folder in folders for path in sorted(folder.glob("*.toml"))}
    return dict(sorted(found.items()))


def load_layer(code: str, files: dict[str, Path]) -> Layer:
    """Read one pack's own file; raises PolicyFileError when there is none."""
    if code not in files:
        raise PolicyFileError("standards.pack.missing", found=code, expected="、".join(files))
    entry = read_toml(files[code])
    layer = read_layer(entry)
    if layer.code != code:
        raise entry.fault("standards.pack.file_name", "code", found=layer.code)
    return layer


def load_lineage(code: str, files: dict[str, Path]) -> tuple[Layer, ...]:
    """The pack's layers, base first; raises PolicyFileError on a missing base or a circle of bases."""
    line: list[Layer] = []
    while code:
        if any(layer.code == code for layer in line):
            path = " → ".join([*(layer.code for layer in line), code])
            raise PolicyFileError("standards.pack.loop", found=code, expected=path)
        layer = load_layer(code, files)
        line.append(layer)
        code = layer.base
    return tuple(reversed(line))


def build_pack(code: str, files: dict[str, Path], types: BusinessTypes) -> RulePack:
    """
    Merge a pack with everything it takes over.

    Parameters
    ----------
    code
        Code of the pack, the stem of its file.
    files
        All files that may be named as base or score sheet, by code (``find_files``).
    types
        The catalogue; it gives the types their order.

    Raises
    ------
    PolicyFileError
        A file is missing or wrong, or a type has no norm and no default.
    """
    line = load_lineage(code, files)
    stack = _Stack()
    for layer in line:
        if layer.scoring:
            stack.lend(load_layer(layer.scoring, files))
        stack.lay(layer)
    top = line[-1]
    return RulePack(
        code=top.code,
        title=top.title,
        issuer=top.issuer,
        base=top.base,
        lineage=stack.lineage,
        valid_from=top.valid_from,
        checked=top.checked,
        is_inferred=top.is_inferred,
        types=_build_types(stack, types, f"{code}.toml"),
        indicators=tuple(
            _build_indicator(c, v, f"{code}.toml") for c, v in stack.sections["indicator"].items()
        ),
        grades=tuple(v["rule"] for v in sorted(stack.sections["grade"].values(), key=lambda v: v["level"])),
        bundles=tuple(v["rule"] for v in stack.sections["bundle"].values()),
        themes=tuple(v["rule"] for v in stack.sections["theme"].values()),
        targets=tuple(v["rule"] for v in stack.sections["target"].values()),
        settings={name: value for name, (value, _) in sorted(stack.settings.items())},
        setting_sources={name: source for name, (_, source) in sorted(stack.settings.items())},
        notes=top.notes,
        scoring=stack.scoring,
        mark=top.mark,
        documents=stack.documents,
    )


def _build_types(stack: _Stack, types: BusinessTypes, file: str) -> tuple[TypeRule, ...]:
    place = {t.code: i for i, t in enumerate(types)}
    named = stack.sections["type"]
    in_order = sorted(named, key=lambda code: (place.get(code, len(place)), code))
    return tuple(_build_type(code, named[code], stack, file) for code in in_order)


def _build_type(code: str, values: Values, stack: _Stack, file: str) -> TypeRule:
    if "group" not in values:
        raise PolicyFileError("standards.key.missing", file=file, key=f"type[{code}].group")
    filled = dict(values)
    for name, default in (("within_s", f"within_{values['group']}"), ("share", "share")):
        if name in filled:
            continue
        if default not in stack.defaults:
            raise PolicyFileError("standards.pack.no_default", file=file, key=code, expected=default)
        source_name = "within_source" if name == "within_s" else "share_source"
        filled[name], filled[source_name] = stack.defaults[default]
    return TypeRule(
        code=code,
        group=filled["group"],
        is_required=filled.get("is_required", False),
        within_s=filled["within_s"],
        share=filled["share"],
        source=filled["source"],
        within_source=filled["within_source"],
        share_source=filled["share_source"],
        required_source=filled.get("required_source", filled["source"]),
    )


def _build_indicator(code: str, values: Values, file: str) -> IndicatorRule:
    for name in ("label", "measure", "unit"):
        if name not in values:
            raise PolicyFileError("standards.key.missing", file=file, key=f"indicator[{code}].{name}")
    points_source: Source = values.get("points_source", Source(""))
    source: Source = values.get("source", points_source)
    return IndicatorRule(
        code=code,
        label=values["label"],
        measure=values["measure"],
        unit=values["unit"],
        at_least=values.get("at_least"),
        at_most=values.get("at_most"),
        equals=values.get("equals"),
        points=values.get("points"),
        points_from=values.get("points_from"),
        points_full=values.get("points_full"),
        params=values.get("params", {}),
        scope=values.get("scope", "circle"),
        due=values.get("due"),
        source=source,
        points_source=points_source,
    )
