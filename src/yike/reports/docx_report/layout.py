"""
The paper: A4, margins, type area, fonts, headings, page numbers, tables, as GB/T 9704-2012 has them.

Type area 156 x 225 mm, 22 lines of 28 characters, body 3号仿宋, title 2号小标宋, headings 黑体 and 楷体,
page number 4号 between dashes. Source: domain notes on GB/T 9704-2012.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from yike.reports.stable_zip import rewrite_stable

BODY_FONT, TITLE_FONT, HEAD_FONT, SUBHEAD_FONT = "仿宋_GB2312", "方正小标宋简体", "黑体", "楷体_GB2312"
FALLBACKS = {BODY_FONT: "仿宋", TITLE_FONT: "华文中宋", SUBHEAD_FONT: "楷体", HEAD_FONT: "SimHei"}
SIZE_2, SIZE_3, SIZE_4, SIZE_5, SIZE_SMALL_5 = Pt(22), Pt(16), Pt(14), Pt(10.5), Pt(9)
LINE = Pt(29)  # 225 mm / 22 lines
TOP, LEFT, RIGHT, BOTTOM = Mm(37), Mm(28), Mm(26), Mm(35)
TYPE_WIDTH, TYPE_HEIGHT = Mm(156), Mm(225)
MARK_COLOUR = RGBColor(0x9C, 0x52, 0x00)
SHADE = "F6F7F5"


class OfficialPaper:
    """A growing document in official layout."""

    def __init__(self, as_of: str, is_invented: bool) -> None:
        self.doc: Any = Document()
        self.is_invented = is_invented
        stamp = dt.datetime.fromisoformat(as_of or "2000-01-01")
        self.doc.core_properties.created = self.doc.core_properties.modified = stamp
        self.doc.core_properties.author = "一刻 yike"
        self._set_section(self.doc.sections[0])
        style = self.doc.styles["Normal"]
        _set_font(style, BODY_FONT, SIZE_3)
        style.paragraph_format.line_spacing_rule = WD_LINE_SPACING.EXACTLY
        style.paragraph_format.line_spacing = LINE
        style.paragraph_format.space_after = style.paragraph_format.space_before = Pt(0)
        self.doc.settings.odd_and_even_pages_header_footer = True

    def _set_section(self, section: Any, landscape: bool = False) -> None:
        section.page_width, section.page_height = (Mm(297), Mm(210)) if landscape else (Mm(210), Mm(297))
        section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
        if landscape:
            section.top_margin, section.bottom_margin = LEFT, RIGHT
            section.left_margin, section.right_margin = BOTTOM, TOP
        else:
            section.top_margin, section.bottom_margin = TOP, BOTTOM
            section.left_margin, section.right_margin = LEFT, RIGHT
        section.footer_distance = Mm(25)
        for footer, align in (
            (section.footer, WD_ALIGN_PARAGRAPH.RIGHT),
            (section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT),
        ):
            footer.is_linked_to_previous = False
            _page_number(footer.paragraphs[0], align)
        if self.is_invented:
            for header in (section.header, section.even_page_header):
                header.is_linked_to_previous = False
                header.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.CENTER
                run = header.paragraphs[0].add_run("虚构数据，仅供演示")
                _set_font(run, HEAD_FONT, SIZE_5)
                run.font.color.rgb = MARK_COLOUR

    def landscape(self) -> None:
        """Start a landscape section for wide tables."""
        self._set_section(self.doc.add_section(), landscape=True)

    def portrait(self) -> None:
        """Go back to portrait pages."""
        self._set_section(self.doc.add_section())

    def title(self, *lines: str) -> None:
        """Title: 2号小标宋, centred."""
        for text in lines:
            p = self.doc.add_paragraph()
            p.alignment = WD_ALIGN_PARAGRAPH.CENTER
            p.paragraph_format.line_spacing = Pt(36)
            _set_font(p.add_run(text), TITLE_FONT, SIZE_2)
        self.doc.add_paragraph()

    def heading(self, text: str, level: int = 1) -> None:
        """Heading ``一、`` (黑体) or ``（一）`` (楷体); a Word heading too, for the navigation pane."""
        p = self.doc.add_paragraph()
        _outline(p, level)
        p.paragraph_format.first_line_indent = SIZE_3 * 2
        p.paragraph_format.keep_with_next = True
        _set_font(p.add_run(text), HEAD_FONT if level == 1 else SUBHEAD_FONT, SIZE_3)

    def text(self, text: str) -> None:
        """Body paragraph, first line two characters in."""
        p = self.doc.add_paragraph()
        p.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
        p.paragraph_format.first_line_indent = SIZE_3 * 2
        p.add_run(text)

    def note(self, text: str) -> None:
        """Small note under a table or picture."""
        p = self.doc.add_paragraph()
        p.paragraph_format.line_spacing = Pt(16)
        _set_font(p.add_run(text), BODY_FONT, SIZE_5)

    def table(
        self,
        header: Sequence[str],
        rows: Sequence[Sequence[str]],
        widths_mm: Sequence[float],
        *,
        caption: str = "",
        numbers_from: int = 1,
        small: bool = False,
    ) -> None:
        """Real table: repeated header, rows kept whole, numbers to the right from a column on."""
        if caption:
            p = self.doc.add_paragraph()
            p.alignment = WD_ALIGN_PARAGRAPH.CENTER
            p.paragraph_format.keep_with_next = True
            _set_font(p.add_run(caption), HEAD_FONT, SIZE_4)
        table = self.doc.add_table(rows=1, cols=len(header))
        table.style = "Table Grid"
        table.alignment = WD_TABLE_ALIGNMENT.CENTER
        table.autofit = False
        for column, width in zip(table.columns, widths_mm, strict=True):
            column.width = Mm(width)
        size = SIZE_SMALL_5 if small else SIZE_5
        for cell, text, width in zip(table.rows[0].cells, header, widths_mm, strict=True):
            _cell(cell, text, Mm(width), size, HEAD_FONT, WD_ALIGN_PARAGRAPH.CENTER)
            _shade(cell)
        _repeat(table.rows[0])
        for row in rows:
            cells = table.add_row().cells
            for i, (cell, text, width) in enumerate(zip(cells, row, widths_mm, strict=True)):
                side = WD_ALIGN_PARAGRAPH.RIGHT if i >= numbers_from else WD_ALIGN_PARAGRAPH.LEFT
                _cell(cell, text, Mm(width), size, BODY_FONT, side)
            _keep_whole(table.rows[-1])
        self.doc.add_paragraph().paragraph_format.line_spacing = Pt(12)

    def picture(self, png: bytes, width_mm: float, caption: str) -> None:
        """Centred picture with its caption under it."""
        p = self.doc.add_paragraph()
        p.alignment = WD_ALIGN_PARAGRAPH.CENTER
        p.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
        p.paragraph_format.keep_with_next = True
        run = p.add_run()
        shape = run.add_picture(io.BytesIO(png), width=Mm(width_mm))
        shape._inline.docPr.set("descr", caption)
        p = self.doc.add_paragraph()
        p.alignment = WD_ALIGN_PARAGRAPH.CENTER
        _set_font(p.add_run(caption), HEAD_FONT, SIZE_5)

    def save(self, path: Path) -> None:
        """Write the file; the same content gives the same bytes."""
        _name_fallbacks(self.doc)
        self.doc.save(path)
        rewrite_stable(path)


def _set_font(target: Any, name: str, size: Any) -> None:
    target.font.name, target.font.size = "Times New Roman", size
    properties = (
        target.element.get_or_add_rPr() if hasattr(target, "element") else target._element.get_or_add_rPr()
    )
    fonts = properties.find(qn("w:rFonts"))
    if fonts is None:
        fonts = OxmlElement("w:rFonts")
        properties.insert(0, fonts)
    fonts.set(qn("w:eastAsia"), name)


def _outline(paragraph: Any, level: int) -> None:
    mark = OxmlElement("w:outlineLvl")
    mark.set(qn("w:val"), str(level - 1))
    paragraph._p.get_or_add_pPr().append(mark)


def _page_number(paragraph: Any, align: Any) -> None:
    paragraph.alignment = align
    for text, is_field in (("—", False), ("PAGE", True), ("—", False)):
        run = paragraph.add_run("" if is_field else text)
        _set_font(run, "宋体", SIZE_4)
        if is_field:
            for kind in ("begin", None, "end"):
                if kind is None:
                    part = OxmlElement("w:instrText")
                    part.text = text
                else:
                    part = OxmlElement("w:fldChar")
                    part.set(qn("w:fldCharType"), kind)
                run._r.append(part)


def _cell(cell: Any, text: str, width: Any, size: Any, font: str, align: Any) -> None:
    cell.width = width
    p = cell.paragraphs[0]
    p.alignment = align
    p.paragraph_format.line_spacing = Pt(size.pt * 1.35)
    _set_font(p.add_run(text), font, size)


def _shade(cell: Any) -> None:
    fill = OxmlElement("w:shd")
    for key, value in (("val", "clear"), ("color", "auto"), ("fill", SHADE)):
        fill.set(qn(f"w:{key}"), value)
    cell._tc.get_or_add_tcPr().append(fill)


def _repeat(row: Any) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    _keep_whole(row)


def _keep_whole(row: Any) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def _name_fallbacks(doc: Any) -> None:
    """Name a stand-in for fonts that many machines lack (w:altName of the font table)."""
    for part in doc.part.package.iter_parts():
        if str(part.partname) == "/word/fontTable.xml":
            entries = "".join(
                f'<w:font w:name="{name}"><w:altName w:val="{other}"/></w:font>'
                for name, other in FALLBACKS.items()
            )
            part._blob = part.blob.replace(b"</w:fonts>", entries.encode() + b"</w:fonts>")
