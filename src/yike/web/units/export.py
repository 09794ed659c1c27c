"""The roster of a team as a workbook, laid out as the annexes print it."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font

from yike.web.ui.sheets import without_formulas
from yike.web.units.models import Team, TeamMember

WIDTHS = (16, 20, 32, 44)


def roster_workbook(team: Team, members: Sequence[TeamMember], day: dt.date) -> bytes:
    """Part, name, unit, post; the office in the last line."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "名单"
    sheet.append([f"{team.name}组成人员名单" + ("（虚构）" if team.is_invented else "")])
    sheet.merge_cells("A1:D1")
    sheet["A1"].font = Font(name="黑体", size=16)
    sheet["A1"].alignment = Alignment(horizontal="center")
    sheet.append([f"截至 {day.year}年{day.month}月{day.day}日"])
    sheet.append(["职责", "姓名", "单位", "职务"])
    for cell in sheet[3]:
        cell.font = Font(bold=True)
    for m in members:
        sheet.append([m.get_part_display(), m.person, m.unit.name if m.unit else "", m.post])
    sheet.append([f"办公室设在{team.office.name}" if team.office else "办公室未定"])
    for letter, width in zip("ABCD", WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.page_setup.paperSize, sheet.page_setup.fitToHeight = 9, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    stream = io.BytesIO()
    without_formulas(book).save(stream)
    return stream.getvalue()
