"""Cells of the list of circles: lead community in brackets, year, operators, layout form, platform."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

import numpy as np

from yike.core.tables import IntArray, Tri, TriArray
from yike.sources.intake import ReadContext
from yike.sources.tabular import Table

OPERATOR_KINDS = {
    "街道": "街道（社区）",
    "社区": "街道（社区）",
    "国企": "国企",
    "国有": "国企",
    "民营": "民营企业",
    "民企": "民营企业",
    "专业": "专业运营商",
    "各自": "网点各自经营",
}
"""Words that mark the form's five operators."""

LAYOUT_FORMS = ("集聚式", "街坊式", "分布式")
_NEW_WORDS = ("新建", "新", "new")
_OLD_WORDS = ("老旧", "老", "旧", "已建", "old")
_LEAD = re.compile(r"\(([^()]+)\)\s*$")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d{2}(?!\d)")
_YES = ("是", "有", "√", "✓", "☑", "■", "1", "yes", "true", "y")
_NO = ("否", "无", "没有", "×", "□", "0", "no", "false", "n")


def kind_of(cell: str) -> str:
    """``Communities.kind`` of a cell: "new" for newly built estates, "old" for others, "" unknown."""
    word = cell.strip().casefold()
    if any(w in word for w in _OLD_WORDS):
        return "old"
    return "new" if any(w in word for w in _NEW_WORDS) else ""


def split_lead(name: str) -> tuple[str, str]:
    """Name of a circle and the lead community in brackets at its end: "西关…生活圈(聚宝盆社区)"."""
    text = unicodedata.normalize("NFKC", name).strip()
    found = _LEAD.search(text)
    return (text[: found.start()].strip(), found[1].strip()) if found else (text, "")


def build_years(ctx: ReadContext, table: Table) -> IntArray:
    """First year named in each cell ("2023年底"), -1 where none."""
    years = np.full(len(table), -1, np.int32)
    for i, cell in enumerate(table.text("build_year")):
        found = _YEAR.search(unicodedata.normalize("NFKC", cell))
        if found:
            years[i] = int(found[0])
        elif cell:
            ctx.faults.append(table.fault("areas.circle.year", i, "build_year", found=cell, level="warning"))
    return years


def operators(ctx: ReadContext, table: Table, i: int) -> tuple[str, ...]:
    """Kinds ticked in a cell: "国企、民营企业", or the form's own line with √ behind the chosen ones."""
    text = unicodedata.normalize("NFKC", table.text("operator_kinds")[i])
    ticked = re.findall(r"([^\s√☑■□、,;]+)\s*[√☑■]", text)
    words = ticked or ([] if "□" in text else re.split(r"[、,;/\s]+", text))
    kinds = []
    for word in (w for w in words if w):
        kind = next((k for key, k in OPERATOR_KINDS.items() if key in word), "")
        if kind and kind not in kinds:
            kinds.append(kind)
        elif not kind:
            ctx.faults.append(
                table.fault("areas.circle.operator", i, "operator_kinds", found=word, level="warning")
            )
    return tuple(kinds)


def layout(ctx: ReadContext, table: Table, i: int) -> str:
    """The layout form a cell names; more than one is kept, with a warning, as the form wants the main one."""
    cell = table.text("layout_form")[i]
    forms = [f for f in LAYOUT_FORMS if f[:2] in cell]
    if cell and len(forms) != 1:
        ctx.faults.append(table.fault("areas.circle.layout", i, "layout_form", found=cell, level="warning"))
    return "、".join(forms)


def platforms(cells: Sequence[str]) -> TriArray:
    """Whether each circle has a smart service platform; blank is unknown."""

    def tri(cell: str) -> Tri:
        word = cell.strip().casefold()
        if word in _NO or word.startswith(("无", "否", "没有")):
            return Tri.NO
        return Tri.YES if word in _YES or word.startswith(("有", "是")) else Tri.UNKNOWN

    return np.array([tri(c) for c in cells], np.int8)
