"""One person's data as a workbook, to be handed to that person."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Mapping, Sequence

from openpyxl import Workbook
from openpyxl.styles import Font

from yike.web.personal.holdings import Found, policies
from yike.web.ui.sheets import without_formulas

HEAD = Font(bold=True)
WIDTHS = (28, 18, 60)


def workbook_of(found: Mapping[str, Sequence[Found]], words: str, today: dt.date) -> bytes:
    """A sheet with every column of every record, and one on purposes and periods."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "个人信息"
    sheet.append(["查询", words])
    sheet.append(["导出日期", today.isoformat()])
    sheet.append([])
    sheet.append(["记录", "项目", "内容"])
    for records in found.values():
        for one in records:
            for name, value in one.columns.items():
                sheet.append([one.label, name, value or "（空）"])
    kept = book.create_sheet("用途和期限")
    kept.append(["信息", "用途", "保存期限", "期限依据"])
    for code in found:
        policy = policies()[code]
        kept.append([policy.what, policy.purpose, policy.kept, policy.source])
    for ws, row in ((sheet, 4), (kept, 1)):
        for cell in ws[row]:
            cell.font = HEAD
        for letter, width in zip("ABCD", (*WIDTHS, 30), strict=True):
            ws.column_dimensions[letter].width = width
    stream = io.BytesIO()
    without_formulas(book).save(stream)
    return stream.getvalue()
