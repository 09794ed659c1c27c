"""The project list as a workbook: a form to sign, who gains, what becomes of every gap and need."""

from __future__ import annotations

import datetime as dt
import math
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from yike.reports import words
from yike.reports.project_facts import ProjectFacts
from yike.reports.project_list import rows as cells
from yike.reports.project_list.rows import labels
from yike.reports.project_list.shares import shares_sentence
from yike.reports.stable_zip import rewrite_stable
from yike.reports.survey_form.pen import CENTRE, LEFT, Pen

TITLE = Font(name="方正小标宋简体", size=18)
HEAD = Font(name="黑体", size=10)  # with these widths a page shrinks to nine tenths: 9 points on paper
BODY = Font(name="仿宋_GB2312", size=10)
STRONG = Font(name="黑体", size=10)
SMALL = Font(name="仿宋_GB2312", size=9.5)
FIGURES = Alignment(horizontal="right", vertical="center", wrap_text=True, indent=1)
SHADE = PatternFill("solid", fgColor="E3F1EE")
TOTAL_FILL = PatternFill("solid", fgColor="F6F7F5")
LINE_PT, PAD_PT = 13.5, 6.0
A4 = 9
HEADER_ROW = 3


def write_xlsx(facts: ProjectFacts, path: Path) -> None:
    """
    Write ``projects.xlsx``: 项目清单 (to print and sign), 惠及居民, 缺口对应, and 需求答复 with a needs list.

    The money columns 政府, 社会, 捐赠, the start and the progress are left blank for people to fill in.
    """
    book = Workbook()
    book.remove(book.active)
    styles: dict[tuple[Any, ...], Any] = {}
    _list_sheet(Pen(book.create_sheet(labels()["sheet_list"]), styles), facts)
    _who_sheet(Pen(book.create_sheet(labels()["sheet_who"]), styles), facts)
    _gaps_sheet(Pen(book.create_sheet(labels()["sheet_gaps"]), styles), facts)
    if len(facts.projects):
        _rooms_sheet(Pen(book.create_sheet(labels()["sheet_rooms"]), styles), facts)
    if facts.needs:
        _needs_sheet(Pen(book.create_sheet(labels()["sheet_needs"]), styles), facts)
    stamp = dt.datetime.fromisoformat(facts.provenance.as_of or "2000-01-01")
    book.properties.created = book.properties.modified = stamp
    book.properties.creator = "一刻 yike"
    book.properties.title = facts.title
    book.save(path)
    rewrite_stable(path)


def _list_sheet(pen: Pen, facts: ProjectFacts) -> None:
    table = labels()["list"]
    n = len(table["widths"])
    _title(pen, facts, n, table["widths"])
    _list_header(pen, table)
    row = HEADER_ROW + 2
    number = 1
    for group, members in cells.grouped(facts):
        first = row
        for i in members:
            _project_row(pen, facts, i, row, number, table["widths"])
            row, number = row + 1, number + 1
        _group_cell(pen, group, first, row - first)
    row = _total_row(pen, facts, row)
    _sign_off(pen, row, n)
    _note_rows(pen, facts, row + 1, n, sum(table["widths"]))
    _page(pen, facts, n, f"{HEADER_ROW}:{HEADER_ROW + 1}", freeze=f"D{HEADER_ROW + 2}")


def _group_cell(pen: Pen, group: str, first: int, n: int) -> None:
    """The group's name, two characters a line, over all its projects; lone rows grow to hold it."""
    lines = [group[k : k + 2] for k in range(0, len(group), 2)]
    pen.put(first, 1, 1, "\n".join(lines), font=STRONG, rows=n, align=CENTRE)
    least = (len(lines) * LINE_PT + PAD_PT) / n
    for row in range(first, first + n):
        height = pen.ws.row_dimensions[row].height or 0.0
        pen.ws.row_dimensions[row].height = max(height, least)


def _title(pen: Pen, facts: ProjectFacts, n: int, widths: Sequence[float]) -> None:
    for at, width in enumerate(widths, 1):
        pen.ws.column_dimensions[get_column_letter(at)].width = width
    mark = labels()["invented"] if facts.provenance.is_invented else ""
    pen.put(1, 1, n, facts.title + mark, font=TITLE, box=False)
    pen.ws.row_dimensions[1].height = 32
    left, middle = n // 3, 2 * n // 3
    pen.put(2, 1, left, labels()["unit_line"], font=BODY, align=LEFT, box=False)
    dates = f"数据日期：{words.chinese_date(facts.provenance.as_of)}"
    pen.put(2, left + 1, middle, dates, font=BODY, box=False)
    unit = "人次" if facts.weights == "people" else "处次"
    told = f"依据：{facts.rules.title.split(' ')[0]}　单位：万元、{unit}"
    pen.put(2, middle + 1, n, told, font=BODY, align=FIGURES, box=False)
    pen.ws.row_dimensions[2].height = 18


def _list_header(pen: Pen, table: dict[str, Any]) -> None:
    money = table["headers"].index("投资（万元）") + 1
    for at, text in enumerate(table["headers"], 1):
        if money <= at < money + len(labels()["list"]["money"]):
            pen.put(HEADER_ROW + 1, at, at, table["money"][at - money], font=HEAD, fill=SHADE)
        else:
            pen.put(HEADER_ROW, at, at, text, font=HEAD, fill=SHADE, rows=2)
    last = money + len(table["money"]) - 1
    pen.put(HEADER_ROW, money, last, table["headers"][money - 1], font=HEAD, fill=SHADE)
    pen.ws.row_dimensions[HEADER_ROW].height = 18
    pen.ws.row_dimensions[HEADER_ROW + 1].height = 30


def _project_row(
    pen: Pen, facts: ProjectFacts, i: int, row: int, number: int, widths: Sequence[float]
) -> None:
    p, d = facts.projects, facts.details[i]
    values: list[tuple[Any, Alignment, str]] = [
        (p.project_id[i], CENTRE, "General"),
        (p.name[i], LEFT, "General"),
        (cells.answered(facts, i), LEFT, "General"),
        (cells.site_text(facts, i), LEFT, "General"),
        (p.content[i], LEFT, "General"),
        (d.mode_label, CENTRE, "General"),
        ("\n".join(p.lead[i]), LEFT, "General"),
        ("、".join(p.supporting[i]), LEFT, "General"),
        (cells.band(int(p.cost_low_fen[i]), int(p.cost_high_fen[i])), CENTRE, "General"),
        (None, CENTRE, "0.0"),
        (None, CENTRE, "0.0"),
        (None, CENTRE, "0.0"),
        (round(cells.gained(facts, i)), FIGURES, "#,##0"),
        (cells.start_text(facts, i), CENTRE, "General"),
        (cells.due_text(facts, i), CENTRE, "General"),
        (None, CENTRE, "0"),
        (cells.remark(facts, i), LEFT, "General"),
    ]
    for at, (value, align, form) in enumerate(values, 2):
        pen.put(row, at, at, value, font=BODY, align=align, number=form)
    pen.ws.row_dimensions[row].height = _height([str(v or "") for v, _, _ in values], widths[1:])


def _total_row(pen: Pen, facts: ProjectFacts, row: int) -> int:
    low, high, people = cells.totals(facts)
    money = labels()["list"]["headers"].index("投资（万元）") + 1
    n = len(labels()["list"]["widths"])
    told = f"{labels()['total']}（{len(facts.projects)}个项目）"
    pen.put(row, 1, money - 1, told, font=STRONG, fill=TOTAL_FILL)
    pen.put(row, money, money, cells.band(low, high), font=STRONG, fill=TOTAL_FILL)
    for at in range(money + 1, n + 1):
        pen.put(row, at, at, None, font=STRONG, fill=TOTAL_FILL)
    people_at = money + len(labels()["list"]["money"])
    pen.put(row, people_at, people_at, round(people), font=STRONG, align=FIGURES, fill=TOTAL_FILL,
            number="#,##0")  # fmt: skip
    pen.ws.row_dimensions[row].height = 32
    return row + 1


def _note_rows(pen: Pen, facts: ProjectFacts, row: int, n: int, width: float) -> None:
    said = (cells.summary(facts), shares_sentence(facts), *facts.notes, sources_text(facts))
    notes = [text for text in said if text]
    pen.put(row, 1, n, labels()["notes_title"] + "：", font=STRONG, align=LEFT, box=False)
    for k, text in enumerate(notes, 1):
        row += 1
        told = f"{k}. {text}"
        pen.put(row, 1, n, told, font=SMALL, align=LEFT, box=False)
        pen.ws.row_dimensions[row].height = _height([told], [width * 1.05], line=12.0, pad=2.0)


def sources_text(facts: ProjectFacts) -> str:
    """Data and their licences, in one sentence."""
    named = "；".join(f"{s.name}（{s.licence}）" for s in facts.provenance.sources)
    return f"数据来源：{named}。本清单由一刻 yike 起草，供研究立项参考。"


def _sign_off(pen: Pen, row: int, n: int) -> None:
    """The seal box right under the table, so that it never stands alone on a page."""
    parts = labels()["sign_off"]
    edges = [1 + round(k * n / len(parts)) for k in range(len(parts) + 1)]
    for k, text in enumerate(parts):
        pen.put(row, edges[k], edges[k + 1] - 1, text, font=BODY, align=LEFT)
    pen.ws.row_dimensions[row].height = 50


def _who_sheet(pen: Pen, facts: ProjectFacts) -> None:
    table = labels()["who"]
    row = _plain_head(pen, f"{labels()['sheet_who']}：哪些居民、几分钟、依据哪一条", table)
    for i, detail in enumerate(facts.details):
        for gain in detail.gains:
            people = gain.people if not math.isnan(gain.people) else float(gain.places)
            places = "、".join(
                f"{c.community or '未划社区'}{c.places if math.isnan(c.people) else words.count(c.people)}"
                for c in gain.communities[:4]
            )
            values = [
                facts.projects.project_id[i], facts.projects.name[i], gain.type_label, round(people), places,
                _whole(cells.elders(gain)), _minutes(gain.before_s), _whole(gain.out_of_reach or 0.0),
                _minutes(gain.after_s), f"{gain.norm_s / 60:g}分钟　{gain.clause}",
                "；".join(t for t in dict.fromkeys((detail.task_clause, detail.due_clause)) if t),
                detail.cost_words,
            ]  # fmt: skip
            _plain_row(pen, row, values, table["widths"], figures=(4, 6, 7, 8, 9))
            row += 1
    _page(pen, facts, len(table["widths"]), "2:2", freeze="C3")


def _gaps_sheet(pen: Pen, facts: ProjectFacts) -> None:
    table = labels()["gaps"]
    row = _plain_head(pen, f"{labels()['sheet_gaps']}：按 未覆盖居民 × 需求票数 排列", table)
    for place, gap in enumerate(facts.gaps, 1):
        told = labels()["outcome"][gap.outcome]
        values = [
            place, gap.circle, gap.type_label, f"{gap.norm_s / 60:g}", _whole(gap.people_unserved),
            _whole(gap.voices), words.share(gap.share_before), words.share(gap.share_required),
            words.share(gap.share_after), "、".join(gap.projects) or "—",
            told if gap.outcome == "closed" else f"{told}：{gap.reason_text}",
        ]  # fmt: skip
        _plain_row(pen, row, values, table["widths"], figures=(4, 5, 6, 7, 8, 9))
        row += 1
    _page(pen, facts, len(table["widths"]), "2:2", freeze="D3")


def _rooms_sheet(pen: Pen, facts: ProjectFacts) -> None:
    """Shape of each circle, and per room what is promised for it: blanks for people."""
    table = labels()["rooms"]
    row = _plain_head(pen, f"{labels()['sheet_rooms']}：形态为推定，由人确认；空格由填报单位填写", table)
    shape_of = {project: s for s in facts.shapes for project in s.projects}
    for i, detail in enumerate(facts.details):
        shape = shape_of.get(facts.projects.project_id[i])
        is_room = facts.projects.site_kind[i] == "premises"
        values = [
            facts.projects.project_id[i], facts.projects.name[i], (shape and shape.label) or "待定",
            shape.why if shape else "", detail.mode_label, *("" if is_room else "—",) * 5,
        ]  # fmt: skip
        _plain_row(pen, row, values, table["widths"], figures=())
        row += 1
    _page(pen, facts, len(table["widths"]), "2:2", freeze="C3")


def _needs_sheet(pen: Pen, facts: ProjectFacts) -> None:
    table = labels()["needs"]
    row = _plain_head(pen, f"{labels()['sheet_needs']}：每条需求都有答复", table)
    for need in facts.needs:
        values = [
            need.row, need.circle, need.type_label or "未识别", need.text, _whole(need.voices), need.source,
            "急" if need.is_urgent else "", labels()["decision"][need.decision], need.answer,
        ]  # fmt: skip
        _plain_row(pen, row, values, table["widths"], figures=(5,))
        row += 1
    _page(pen, facts, len(table["widths"]), "2:2", freeze="C3")


def _plain_head(pen: Pen, title: str, table: dict[str, Any]) -> int:
    for at, width in enumerate(table["widths"], 1):
        pen.ws.column_dimensions[get_column_letter(at)].width = width
    pen.put(1, 1, len(table["widths"]), title, font=Font(name="黑体", size=13), align=LEFT, box=False)
    pen.ws.row_dimensions[1].height = 24
    for at, text in enumerate(table["headers"], 1):
        pen.put(2, at, at, text, font=HEAD, fill=SHADE)
    pen.ws.row_dimensions[2].height = 30
    return 3


def _plain_row(
    pen: Pen, row: int, values: Sequence[Any], widths: Sequence[float], figures: tuple[int, ...]
) -> None:
    for at, value in enumerate(values, 1):
        align = FIGURES if at in figures else CENTRE if at == 1 else LEFT
        form = "#,##0" if isinstance(value, int) else "General"
        pen.put(row, at, at, value, font=BODY, align=align, number=form)
    pen.ws.row_dimensions[row].height = _height([str(v) for v in values], widths)


def _whole(value: float) -> int | str:
    return "—" if math.isnan(value) else round(value)


def _minutes(seconds: float) -> str:
    return "—" if math.isnan(seconds) else words.minutes(seconds, 1)


def _height(
    texts: Sequence[str], widths: Sequence[float], line: float = LINE_PT, pad: float = PAD_PT
) -> float:
    """Points that the tallest cell needs; a Chinese character is two columns wide."""
    most = 1
    for text, width in zip(texts, widths, strict=False):
        fits = max(width / 0.92, 2.0)
        lines = sum(max(1, math.ceil(_columns(part) / fits)) for part in text.split("\n"))
        most = max(most, lines)
    return min(most * line + pad, 400.0)


def _columns(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WFA" else 1 for c in text)


def _page(pen: Pen, facts: ProjectFacts, n: int, repeat: str, freeze: str) -> None:
    ws = pen.ws
    ws.page_setup.orientation, ws.page_setup.paperSize = "landscape", A4
    ws.page_setup.fitToWidth, ws.page_setup.fitToHeight = 1, 0
    ws.sheet_properties.pageSetUpPr.fitToPage = True
    ws.print_title_rows = repeat
    ws.print_area = f"A1:{get_column_letter(n)}{ws.max_row}"
    ws.freeze_panes = freeze
    ws.page_margins.left = ws.page_margins.right = 0.47
    ws.page_margins.top, ws.page_margins.bottom = 0.6, 0.55
    ws.page_margins.header = ws.page_margins.footer = 0.28
    ws.print_options.horizontalCentered = True
    ws.oddFooter.center.text = "第 &P 页　共 &N 页"
    ws.oddFooter.left.text = facts.provenance.name.replace("&", "&&")
    if facts.provenance.is_invented:
        ws.oddHeader.center.text = "虚构数据，仅供演示"
