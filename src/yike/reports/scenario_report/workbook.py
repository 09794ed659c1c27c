"""``compare.xlsx``: the comparison as sheets a clerk can sort and print."""

from __future__ import annotations

import datetime as dt
import math
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from yike.core.tables import GapState
from yike.reports import words
from yike.reports.scenario_facts import ScenarioFacts
from yike.reports.scenario_report import rows
from yike.reports.scenario_report.labels import label
from yike.reports.scenario_report.rows import Row
from yike.reports.stable_zip import rewrite_stable

MOST_PLACES = 5_000
_HEAD = PatternFill("solid", fgColor="E3F1EE")
_THIN = Side(style="thin", color="DDE2DF")
_BORDER = Border(top=_THIN, bottom=_THIN, left=_THIN, right=_THIN)
_WHOLE, _SHARE, _TENTH = "#,##0", "0.0%", "0.0"


def write_workbook(facts: ScenarioFacts, path: Path) -> None:
    """Write ``compare.xlsx``; the same facts give the same bytes."""
    book = Workbook()
    try:
        day = dt.datetime.fromisoformat(facts.provenance.as_of)
    except ValueError:
        day = dt.datetime(2000, 1, 1)
    book.properties.created = book.properties.modified = day
    book.properties.creator = "yike"
    sheets = (
        ("overview", _overview), ("areas", _areas), ("communities", _communities), ("grades", _grades),
        ("who", _who), ("bands", _bands), ("notes", _notes),
    )  # fmt: skip
    for at, (name, write) in enumerate(sheets):
        sheet = book.active if at == 0 else book.create_sheet()
        sheet.title = label(f"sheet.{name}")
        write(_Pen(sheet, facts), facts)
    book.save(path)
    rewrite_stable(path)


class _Pen:
    """Writes tables into one sheet, from the top down."""

    def __init__(self, sheet: Worksheet, facts: ScenarioFacts) -> None:
        self.sheet = sheet
        self.row = 1
        origin = facts.provenance
        mark = f"【{label('invented')}】" if origin.is_invented else ""
        cell = sheet.cell(1, 1, f"{mark}{label('title', name=origin.name)}　{sheet.title}")
        cell.font = Font(bold=True, size=14, color="9C5200" if origin.is_invented else "1B2421")
        sheet.cell(2, 1, label("hypothetical")).font = Font(color="5C6A65", size=10)
        self.row = 4

    def table(
        self,
        head: Sequence[str],
        body: Iterable[Sequence[Any]],
        formats: Sequence[str],
        wide: Sequence[float],
    ) -> None:
        """A table; empty cells stay empty, and a format of "" is text."""
        for at, name in enumerate(head, start=1):
            cell = self.sheet.cell(self.row, at, name)
            cell.font, cell.fill, cell.border = Font(bold=True), _HEAD, _BORDER
            cell.alignment = Alignment(wrap_text=True, vertical="center", horizontal="center")
        self.sheet.row_dimensions[self.row].height = 32
        first = self.row + 1
        for line in body:
            self.row += 1
            most = max(
                lines_in(v, wide[at])
                for at, (v, kind) in enumerate(zip(line, formats, strict=True))
                if not kind
            )
            self.sheet.row_dimensions[self.row].height = 4 + 14 * most
            for at, (value, kind) in enumerate(zip(line, formats, strict=True), start=1):
                cell = self.sheet.cell(self.row, at, value)
                if cell.data_type == "f":
                    cell.data_type = "s"  # a name that begins with = is a name
                cell.border = _BORDER
                cell.alignment = Alignment(vertical="center", wrap_text=not kind)
                if kind and isinstance(value, int | float):
                    cell.number_format = kind
                elif kind:
                    cell.alignment = Alignment(vertical="center", horizontal="right")
        if self.row < first:
            self.row += 1
            self.sheet.cell(self.row, 1, label("none"))
        else:
            last = f"{get_column_letter(len(head))}{self.row}"
            self.sheet.auto_filter.ref = f"A{first - 1}:{last}"
        for at, width in enumerate(wide, start=1):
            self.sheet.column_dimensions[get_column_letter(at)].width = width
        self.sheet.freeze_panes = f"A{first}"
        self.sheet.print_title_rows = f"{first - 1}:{first - 1}"
        self.sheet.page_setup.orientation = "landscape" if sum(wide) > 95 else "portrait"
        self.sheet.page_setup.paperSize = 9
        self.sheet.page_setup.fitToHeight = 0
        self.sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        self.sheet.oddFooter.center.text = "&P / &N"

    def lines(self, texts: Iterable[str]) -> None:
        """Sentences, one a row."""
        for text in texts:
            cell = self.sheet.cell(self.row, 1, text)
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            self.sheet.row_dimensions[self.row].height = 2 + 15 * lines_in(text, 96)
            self.row += 1
        self.sheet.column_dimensions["A"].width = 100
        self.sheet.page_setup.paperSize = 9
        self.sheet.page_setup.fitToHeight = 0
        self.sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        self.sheet.oddFooter.center.text = "&P / &N"


def lines_in(value: Any, width: float) -> int:
    """Lines that a cell's words take in a column of so many characters; a Chinese one is two wide."""
    signs = sum(2 if unicodedata.east_asian_width(c) in "WFA" else 1 for c in str(value or ""))
    return max(1, math.ceil(signs * 1.08 / width))


def _unknown(value: Any) -> Any:
    return words.UNKNOWN if value is None else value


def _overview(pen: _Pen, facts: ScenarioFacts) -> None:
    names = [o.name for o in facts.outcomes]
    body = [
        [r["label"], "" if r["is_change"] else _unknown(r["now"]), *map(_unknown, r["scenarios"])]
        for r in rows.overview(facts)
    ]
    n = len(names)
    pen.table(["指标", label("now"), *names], body, ["", *["#,##0.##"] * (n + 1)], [44, 14, *[22] * n])


def _area_table(pen: _Pen, facts: ScenarioFacts, level: str, first: str) -> None:
    head = [
        "情景", first, "业态", "时限（分钟）前", "时限（分钟）后", "判定前", "判定后", "达时限人数前",
        "达时限人数后", "达时限比例前", "达时限比例后", "新增覆盖居民", "失去覆盖居民", "新增居住点",
        "失去居住点", "营业网点前", "营业网点后",
    ]  # fmt: skip
    body = [
        [
            o.name,
            r["name"],
            r["type_label"],
            r["norm_before_min"],
            r["norm_after_min"],
            _state_words(r["state_before"]),
            _state_words(r["state_after"]),
            _unknown(r["people_before"]),
            _unknown(r["people_after"]),
            _unknown(r["share_before"]),
            _unknown(r["share_after"]),
            _unknown(r["gained"]),
            _unknown(r["lost"]),
            r["places_gained"],
            r["places_lost"],
            r["outlets_before"],
            r["outlets_after"],
        ]
        for o in facts.outcomes
        for r in rows.area_rows(facts, o, level)
    ]
    formats = [
        "", "", "", "0.#", "0.#", "", "", _WHOLE, _WHOLE, _SHARE, _SHARE, _WHOLE, _WHOLE, _WHOLE, _WHOLE,
        _WHOLE, _WHOLE,
    ]  # fmt: skip
    pen.table(head, body, formats, [14, 20, 22, 8.5, 8.5, 11, 11, 10, 10, 9, 9, 10, 10, 8.5, 8.5, 8.5, 8.5])


def _areas(pen: _Pen, facts: ScenarioFacts) -> None:
    _area_table(pen, facts, "circles", "生活圈")


def _communities(pen: _Pen, facts: ScenarioFacts) -> None:
    _area_table(pen, facts, "communities", "社区")


def _grades(pen: _Pen, facts: ScenarioFacts) -> None:
    head = ["情景", "生活圈", "等级前", "等级后", "得分前", "得分后", "缺口项数前", "缺口项数后"]
    body = [
        [
            o.name,
            r["name"],
            r["grade_label_before"],
            r["grade_label_after"],
            _unknown(r["score_before"]),
            _unknown(r["score_after"]),
            r["gaps_before"],
            r["gaps_after"],
        ]
        for o in facts.outcomes
        for r in rows.grade_rows(facts, o)
    ]
    pen.table(head, body, ["", "", "", "", "0.00", "0.00", "0", "0"], [18, 26, 12, 12, 10, 10, 12, 12])


def _who(pen: _Pen, facts: ScenarioFacts) -> None:
    head = [
        "情景",
        "居住点",
        "名称",
        "生活圈",
        "居民",
        "业态",
        "步行分钟前",
        "步行分钟后",
        "变化",
        "经度",
        "纬度",
    ]
    body = [
        [
            o.name,
            r["place_id"],
            r["place_name"],
            r["circle"] or label("outside"),
            _unknown(r["people"]),
            r["type_label"],
            minutes_of(r, "before"),
            minutes_of(r, "after"),
            change_words(r),
            r["lon"],
            r["lat"],
        ]
        for o in facts.outcomes
        for r in rows.who_rows(facts, o, MOST_PLACES)
    ]
    formats = ["", "", "", "", _WHOLE, "", _TENTH, _TENTH, "", "0.000000", "0.000000"]
    pen.table(head, body, formats, [14, 11, 14, 20, 8.5, 22, 9.5, 9.5, 15, 12, 12])


def _bands(pen: _Pen, facts: ScenarioFacts) -> None:
    from yike.reports.html_report.policy import band_label

    head = ["情景", "业态", "年龄段", "新增覆盖居民", "失去覆盖居民"]
    body = [
        [o.name, r["type_label"], band_label(band), _unknown(n["gained"]), _unknown(n["lost"])]
        for o in facts.outcomes
        for r in rows.type_rows(facts, o)
        for band, n in r["by_band"].items()
    ]
    pen.table(head, body, ["", "", "", _WHOLE, _WHOLE], [18, 30, 16, 14, 14])


def _notes(pen: _Pen, facts: ScenarioFacts) -> None:
    pen.lines(note_lines(facts))


def note_lines(facts: ScenarioFacts) -> list[str]:
    """Method, date, rules, sources and what each scenario does, as sentences."""
    origin = facts.provenance
    found = [label("invented_sentence")] if origin.is_invented else []
    found += [label("notes.method"), label("notes.people"), label("notes.equal")]
    found += [
        f"数据日期：{words.chinese_date(origin.as_of)}",
        f"规则包：{facts.before.rules.title}（{facts.before.rules.code}）",
        f"步行者：{facts.before.profile.label}",
        *(f"{label('estimated')}：{sentence}" for sentence in origin.estimates),
        *(f"来源：{s.name}　{s.licence}　{s.attribution}".rstrip() for s in origin.sources),
    ]
    for outcome in facts.outcomes:
        found.append(f"情景“{outcome.name}”{f'：{outcome.note}' if outcome.note else ''}")
        found += [f"　{n}. {kind}：{said}" for n, _, kind, said in outcome.edits]
        found.append(f"　重算：{label(f'recomputed.{outcome.recomputed}')}")
        found += [f"　注意：{note}" for note in outcome.notes]
        if outcome.who.n_all > MOST_PLACES:
            found.append(f"　{label('notes.xlsx_cut', most=MOST_PLACES)}")
    found.append(f"yike {facts.version}")
    return found


def _state_words(state: str | None) -> str:
    return "–" if state is None else words.STATE_WORDS[GapState[state.upper()]]


def minutes_of(row: Row, side: str) -> float | str:
    """Minutes rounded up from whole seconds, or the word that says why there are none."""
    state = row[side]
    if state != "reached":
        return "未接入" if state == "unattached" else "走不到"
    return float(-(-row[f"{side}_s"] // 1) / 60)


def change_words(row: Row) -> str:
    """What happened to a home's walk, in a word."""
    if row["within_before"] != row["within_after"]:
        return label("change.gained" if row["within_after"] else "change.lost")
    if row["before"] != row["after"]:
        return label("change.reached" if row["after"] == "reached" else "change.cut_off")
    if row["before_s"] is None:
        return label("change.other")
    return label("change.shorter" if row["after_s"] < row["before_s"] else "change.longer")
