"""
A person's own units, costs and ways (``--units FILE``), instead of those that the task tables suggest.

::

    [type."维修点"]            # 业态名称或代码
    lead = ["市商务局"]
    coop = ["市住建局", "某某街道"]
    due = "2024年9月底"
    mode = "以空间换服务"
    cost_wan = [3, 8]

    [site."R0022"]             # 某一处点位，优先于业态
    lead = ["新区街道办事处"]
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from yike.errors import Fault, UnreadableFileError
from yike.sources.intake import fault, input_error
from yike.sources.toml_words import why_unreadable
from yike.standards.classify import classify
from yike.standards.due_dates import Due, parse_due
from yike.standards.project_policy import FEN_PER_WAN, load_modes
from yike.standards.types import BusinessTypes

MOST_WAN = 1e6
"""Ten billion yuan: no project of a living circle costs more."""

KEYS = ("lead", "coop", "due", "mode", "cost_wan")


@dataclass(frozen=True)
class Override:
    """What a person set; None leaves the suggestion."""

    lead: tuple[str, ...] | None = None
    supporting: tuple[str, ...] | None = None
    due: Due | None = None
    mode: str | None = None  # code
    cost_fen: tuple[int, int] | None = None


@dataclass(frozen=True)
class Overrides:
    """A whole file: by type (code of the top-level type) and by site id."""

    types: Mapping[str, Override] = field(default_factory=dict)
    sites: Mapping[str, Override] = field(default_factory=dict)

    def of(self, site_id: str, type_code: str) -> Override:
        """The site's own settings go before the type's, key by key."""
        site, kind = self.sites.get(site_id, Override()), self.types.get(type_code, Override())
        picked = {k: v if v is not None else getattr(kind, k) for k, v in vars(site).items()}
        return Override(**picked)


def read_units(path: Path, types: BusinessTypes) -> Overrides:
    """Read a person's own units; raises InputError with every fault, UnreadableFileError when not TOML."""
    try:
        raw = tomllib.loads(path.read_text("utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as wrong:
        raise UnreadableFileError("units.unreadable", found=path.name, why=why_unreadable(wrong)) from wrong
    faults: list[Fault] = [
        fault("units.key", file=path.name, column=key, found=key)
        for key in raw
        if key not in ("type", "site")
    ]
    by_type: dict[str, Override] = {}
    for name, entry in _tables(raw, "type", path, faults):
        hit = classify(name, types)
        if hit.type_idx < 0:
            near = "、".join(hit.suggestions) or "没有相近的"
            faults.append(fault("units.type", file=path.name, column=f"type.{name}", found=name, near=near))
            continue
        code = types.types[types.with_parents(hit.type_idx)[-1]].code
        if code in by_type:
            label = types.types[types.idx(code)].label
            faults.append(
                fault("units.twice", file=path.name, column=f"type.{name}", found=name, label=label)
            )
        by_type[code] = _override(entry, f"type.{name}", path, faults)
    by_site = {
        name: _override(entry, f"site.{name}", path, faults)
        for name, entry in _tables(raw, "site", path, faults)
    }
    if faults:
        raise input_error(faults, path.name)
    return Overrides(by_type, by_site)


def _tables(
    raw: Mapping[str, Any], section: str, path: Path, faults: list[Fault]
) -> list[tuple[str, dict[str, Any]]]:
    found = raw.get(section, {})
    if not isinstance(found, dict):
        faults.append(fault("units.key", file=path.name, column=section, found=section))
        return []
    rows = []
    for name, entry in found.items():
        if isinstance(entry, dict):
            rows.append((name, entry))
        else:
            faults.append(fault("units.key", file=path.name, column=f"{section}.{name}", found=name))
    return rows


def _override(entry: dict[str, Any], at: str, path: Path, faults: list[Fault]) -> Override:
    def wrong(key: str, expected: str) -> None:
        faults.append(
            fault(
                "units.value", file=path.name, column=f"{at}.{key}", found=str(entry[key]), expected=expected
            )
        )

    def names(key: str) -> tuple[str, ...] | None:
        value = entry.get(key)
        if value is None:
            return None
        value = [value] if isinstance(value, str) else value
        if not isinstance(value, list) or not all(isinstance(v, str) and v.strip() for v in value):
            wrong(key, "单位名称的数组")
            return None
        return tuple(v.strip() for v in value)

    for key in entry:
        if key not in KEYS:
            faults.append(fault("units.key", file=path.name, column=f"{at}.{key}", found=key))
    return Override(
        names("lead"), names("coop"), _due(entry, wrong), _mode(entry, wrong), _cost(entry, wrong)
    )


def _due(entry: dict[str, Any], wrong: Any) -> Due | None:
    if "due" not in entry:
        return None
    try:
        return parse_due(str(entry["due"]))
    except ValueError:
        wrong("due", "如“2024年9月底”“常态化推进”或 2024-09-30")
        return None


def _mode(entry: dict[str, Any], wrong: Any) -> str | None:
    if "mode" not in entry:
        return None
    for mode in load_modes():
        if entry["mode"] in (mode.code, mode.label):
            return mode.code
    wrong("mode", "、".join(dict.fromkeys(m.label for m in load_modes())))
    return None


def _cost(entry: dict[str, Any], wrong: Any) -> tuple[int, int] | None:
    if "cost_wan" not in entry:
        return None
    value = entry["cost_wan"]
    pair = [value, value] if isinstance(value, int | float) else value
    is_numbers = isinstance(pair, list) and len(pair) == 2 and all(
        isinstance(v, int | float) and not isinstance(v, bool) for v in pair
    )  # fmt: skip
    if not is_numbers or not 0 <= pair[0] <= pair[1] <= MOST_WAN:
        wrong("cost_wan", f"两个数 [下限, 上限]，单位万元，不超过 {MOST_WAN:,.0f}")
        return None
    return round(pair[0] * FEN_PER_WAN), round(pair[1] * FEN_PER_WAN)
