"""Reads the business-type files into the catalogue, in form order."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from yike.errors import PolicyFileError
from yike.standards.entry import Entry, read_toml
from yike.standards.types import BusinessType, BusinessTypes, RulePack

FORM_ROWS = (
    *("B01", "B02", "B03", "B04", "B05", "B06", "B07", "B08", "B09", "B10", "B11", "B12", "B13", "B99"),
    *("Q01", "Q02", "Q03", "Q04", "Q05", "Q06", "Q07", "Q08", "Q99"),
)
"""The 14 + 9 rows of the survey form, in its order. Source: 天政办发〔2023〕54号 annex 5."""

KINDS = ("outlet", "facility", "movable")
GROUPS = ("basic", "quality", "facility")


def read_types(folder: Path) -> BusinessTypes:
    """
    Read every business-type file of a folder.

    Returns
    -------
    BusinessTypes
        The 23 form rows first, in form order; then sub-types by their row, facilities, movable kinds.

    Raises
    ------
    PolicyFileError
        A file is wrong, two files claim one code or one row, or a parent does not exist.
    """
    found: dict[str, BusinessType] = {}
    for path in sorted(folder.glob("*.toml")):
        entry = read_toml(path)
        business_type = _read_type(entry)
        if business_type.code != path.stem:
            raise entry.fault("standards.type.file_name", "code", found=business_type.code)
        found[business_type.code] = business_type
    types = BusinessTypes(tuple(sorted(found.values(), key=_place)))
    _check_family(types)
    return types


def _read_type(entry: Entry) -> BusinessType:
    form_row = entry.need("form_row", str)
    business_type = BusinessType(
        code=entry.need("code", str),
        form_row=form_row,
        label=entry.need("label", str),
        kind=entry.one_of("kind", KINDS, "outlet"),
        parent=entry.get("parent", str, ""),
        group=entry.one_of("group", GROUPS),
        alias=entry.words("alias"),
        osm=_read_osm(entry),
        amap=entry.words("amap"),
        amap_name=entry.words("amap_name"),
        gbt4754=entry.words("gbt4754"),
        is_unstaffed=entry.get("is_unstaffed", bool, False),
        is_movable=entry.get("is_movable", bool, False),
        source=entry.source("", "official"),
        order=entry.need("order", int),
        amap_named=_read_amap_named(entry),
        name_words=entry.words("name_words"),
        early_hours_of=entry.words("early_hours_of"),
        unverified=entry.words("unverified"),
        note=entry.get("note", str, ""),
        visit_label=entry.get("visit_label", str, ""),
    )
    entry.done()
    return business_type


def _read_osm(entry: Entry) -> tuple[dict[str, str], ...]:
    sets = entry.get("osm", list, [])
    for tags in sets:
        if not isinstance(tags, dict) or not all(isinstance(v, str) for v in tags.values()) or not tags:
            raise entry.fault("standards.key.kind", "osm", found=tags, expected="标签表的数组")
    return tuple(dict(tags) for tags in sets)


def _read_amap_named(entry: Entry) -> tuple[tuple[str, tuple[str, ...]], ...]:
    pairs = []
    for item in entry.tables("amap_named"):
        pairs.append((item.need("code", str), item.words("words")))
        item.done()
    return tuple(pairs)


def _place(business_type: BusinessType) -> tuple[int, int, str]:
    """Sort key: form rows, then the rest by their ``order``."""
    is_row = business_type.kind == "outlet" and not business_type.parent
    return (0 if is_row else 1, business_type.order, business_type.code)


def _check_family(types: BusinessTypes) -> None:
    rows = tuple(types.types[i].form_row for i in types.form_idx)
    if rows != FORM_ROWS:
        raise PolicyFileError("standards.type.rows", file="business_types", found=" ".join(rows))
    by_code = {t.code: t for t in types}
    for t in types:
        if not t.parent:
            continue
        if t.parent not in by_code:
            raise PolicyFileError(
                "standards.type.parent", file=f"{t.code}.toml", key="parent", found=t.parent
            )
        if by_code[t.parent].form_row != t.form_row:
            raise PolicyFileError(
                "standards.type.row", file=f"{t.code}.toml", key="form_row", found=t.form_row
            )


def types_under(types: BusinessTypes, rules: RulePack) -> BusinessTypes:
    """
    The catalogue as a rule pack wants it filed: 社区食堂 goes to the row its city says.

    Annex 5 has no row for the community canteen; the setting ``community_canteen_row`` names one
    (default Q99). Order and indices stay the same, so tables made with either catalogue agree.
    """
    row = rules.settings.get("community_canteen_row", "Q99")
    parent = types.types[types.idx_of_row(str(row))]
    moved = [
        dataclasses.replace(t, form_row=parent.form_row, parent=parent.code, group=parent.group)
        if t.code == "community_canteen"
        else t
        for t in types
    ]
    return BusinessTypes(tuple(moved))
