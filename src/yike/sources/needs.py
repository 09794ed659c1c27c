"""The needs list (需求清单): what residents of a circle say is missing, and how many of them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

from yike.core.tables import Circles, Communities
from yike.errors import Fault
from yike.sources.intake import fault, input_error
from yike.sources.names import match_name
from yike.sources.numbers import is_blank
from yike.sources.tabular import Table, read_table
from yike.standards.classify import classify
from yike.standards.types import BusinessTypes

URGENT_WORDS = ("急", "紧急", "是", "特急", "urgent", "1", "√")


@dataclass(frozen=True)
class NeedRow:
    """One need as the list gives it."""

    row: int  # as a person counts in the sheet
    circle_idx: int  # -1: the whole pack
    type_idx: int  # row of BusinessTypes, -1 when the words name no type
    text: str
    voices: float  # NaN not told
    source: str  # survey, council, hotline …
    is_urgent: bool


def read_needs(
    path: Path, circles: Circles, communities: Communities, types: BusinessTypes
) -> tuple[tuple[NeedRow, ...], tuple[Fault, ...]]:
    """
    Read a needs list: 生活圈 or 社区, 业态 or 需求内容, 票数, 来源, 紧急; a blank area is the whole pack.

    Parameters
    ----------
    path
        CSV or workbook.

    Returns
    -------
    needs, faults
        A row whose words name no type is kept (with a warning): somebody has to answer it too.

    Raises
    ------
    InputError
        A circle that nobody knows, a number that is none; all faults come along.
    """
    table = read_table(path, kind="needs")
    faults: list[Fault] = list(table.faults)
    if not (table.has("type") or table.has("text")):
        faults.append(
            fault("needs.columns", file=table.file, sheet=table.sheet, found="、".join(table.headers))
        )
        raise input_error(faults, table.file)
    voices = table.numbers("votes", faults, at_least=0, code="needs.number")
    rows = tuple(
        _read_row(table, i, float(voices[i]), circles, communities, types, faults) for i in range(len(table))
    )
    if not rows:
        faults.append(fault("needs.none", file=table.file, sheet=table.sheet))
    if any(f.level == "error" for f in faults):
        raise input_error(faults, table.file)
    return rows, tuple(faults)


def _read_row(
    table: Table,
    i: int,
    voices: float,
    circles: Circles,
    communities: Communities,
    types: BusinessTypes,
    faults: list[Fault],
) -> NeedRow:
    kind, text = table.text("type")[i], table.text("text")[i]
    type_idx = _type_of(kind, text, types)
    if type_idx < 0:
        faults.append(table.fault("needs.type", i, "type", found=kind or text, level="warning"))
    return NeedRow(
        row=int(table.row_number[i]),
        circle_idx=_circle_of(table, i, circles, communities, faults),
        type_idx=type_idx,
        text=text or kind,
        voices=voices if not is_blank(table.text("votes")[i]) else math.nan,
        source=table.text("source")[i],
        is_urgent=table.text("urgent")[i].strip().casefold() in URGENT_WORDS,
    )


def _type_of(kind: str, text: str, types: BusinessTypes) -> int:
    for words in (kind, text):
        if not is_blank(words):
            found = classify(words, types).type_idx
            if found >= 0:
                return types.with_parents(found)[-1]
    return -1


def _circle_of(table: Table, i: int, circles: Circles, communities: Communities, faults: list[Fault]) -> int:
    cell = table.text("area")[i]
    if is_blank(cell):
        return 0 if len(circles) == 1 else -1
    match = match_name(cell, circles.name, circles.circle_id)
    if match.idx >= 0:
        return match.idx
    community = match_name(cell, communities.name, communities.community_id)
    if community.idx >= 0:
        return int(communities.circle_idx[community.idx])
    near = "、".join((*match.suggestions, *community.suggestions)) or "没有相近的"
    faults.append(table.fault("needs.area", i, "area", found=cell, near=near))
    return -1
