"""The survey form as workbook, document and PDF: same structure, same bytes, notes outside the form."""

import io
from dataclasses import replace
from decimal import Decimal

import pytest
from docx import Document
from openpyxl import load_workbook
from pypdf import PdfReader

from form_docs import plain_doc
from yike.reports.pdf.render import render_png
from yike.reports.survey_form.document import write_docx
from yike.reports.survey_form.print import TEMPLATE, form_data, write_pdf
from yike.reports.survey_form.sheet import write_forms
from yike.standards.survey_form import TYPE_ROWS, FormDoc, FormSettings
from yike.standards.survey_layout import boxes

WRITERS = {"xlsx": lambda doc, path: write_forms([doc], path), "docx": write_docx, "pdf": write_pdf}


def pdf_text(path):
    """Text of all pages, without the blanks and line ends that the page put in."""
    return "".join("".join(page.extract_text() for page in PdfReader(path).pages).split())


def sheet_text(path):
    ws = load_workbook(path).worksheets[0]
    return ws.oddHeader.center.text + ws["A2"].value


def document_text(path):
    document = Document(path)
    return document.sections[0].header.paragraphs[0].text + document.tables[0].cell(0, 0).text


@pytest.mark.parametrize("kind", WRITERS)
def test_same_form_gives_the_same_bytes(tmp_path, kind):
    for name in "ab":
        WRITERS[kind](plain_doc(), tmp_path / f"{name}.{kind}")

    assert (tmp_path / f"a.{kind}").read_bytes() == (tmp_path / f"b.{kind}").read_bytes()
    assert sorted(p.name for p in tmp_path.iterdir()) == [f"a.{kind}", f"b.{kind}"]


@pytest.mark.parametrize("kind", WRITERS)
def test_blank_form_can_be_printed_and_filled_by_hand(tmp_path, kind):
    WRITERS[kind](FormDoc({}), tmp_path / f"a.{kind}")

    assert (tmp_path / f"a.{kind}").stat().st_size > 3_000


def test_sheet_has_the_boxes_of_the_form_and_no_others(tmp_path):
    write_forms([plain_doc()], tmp_path / "a.xlsx")
    ws = load_workbook(tmp_path / "a.xlsx").worksheets[0]

    assert {str(m) for m in ws.merged_cells.ranges} == {b.area for b in boxes() if b.rows * b.columns > 1}
    assert ws["D7"].value == 0.02  # 23 rows of 7 persons are 161
    assert ws["D7"].comment.text == "实有 161 人；按万人逐行相加 0.00，实际 0.02"
    assert ws["D8"].value == 0
    assert ws["G13"].value == "缺修鞋；缺配钥匙"


def test_counts_print_without_decimals_when_set(tmp_path):
    write_forms([replace(plain_doc(), settings=FormSettings(count_decimals=0))], tmp_path / "a.xlsx")
    ws = load_workbook(tmp_path / "a.xlsx").worksheets[0]

    assert (ws["C8"].number_format, ws["E8"].number_format, ws["C4"].number_format) == ("0", "0", "0")
    assert (ws["D8"].number_format, ws["F8"].number_format) == ("0.00", "0.00")
    assert any("保留 0 位小数" in str(c.value) for c in load_workbook(tmp_path / "a.xlsx")["数据来源"]["B"])


def test_text_that_looks_like_a_formula_stays_text(tmp_path):
    write_forms([plain_doc(B01__needs="=HYPERLINK(1)")], tmp_path / "a.xlsx")
    ws = load_workbook(tmp_path / "a.xlsx").worksheets[0]

    assert (ws["G8"].value, ws["G8"].data_type) == ("=HYPERLINK(1)", "s")


def test_page_code_stands_in_every_foot_and_on_the_last_sheet(tmp_path):
    write_forms([plain_doc()], tmp_path / "a.xlsx")
    write_docx(plain_doc(), tmp_path / "a.docx")
    write_pdf(plain_doc(), tmp_path / "a.pdf")
    book = load_workbook(tmp_path / "a.xlsx")
    foot = "表号 F5-2026-000123 修订 2"

    assert foot in book.worksheets[0].oddFooter.center.text
    assert "工作表“光明社区便民生活圈”：表号 F5-2026-000123，修订 2，生活圈编号 C-001" in [
        c.value for c in book["数据来源"]["B"]
    ]
    assert foot in Document(tmp_path / "a.docx").sections[0].footer.paragraphs[0].text
    assert "F5-2026-000123" in PdfReader(tmp_path / "a.pdf").pages[0].extract_text()


def test_circle_with_an_ampersand_keeps_its_foot(tmp_path):
    write_forms([plain_doc(circle="A&P圈")], tmp_path / "a.xlsx")

    assert "A&&P圈" in load_workbook(tmp_path / "a.xlsx").worksheets[0].oddFooter.center.text


def test_document_is_a_real_table_of_seven_columns_and_24_rows(tmp_path):
    write_docx(plain_doc(), tmp_path / "a.docx")
    table = Document(tmp_path / "a.docx").tables[0]
    grid = [[cell.text for cell in row.cells] for row in table.rows]

    assert len(table.columns) == 9
    assert grid[5][:2] == ["合　计", "合　计"]
    assert [row[1] for row in grid[6:9]] == ["便利店", "综合超市", "菜市场"]
    assert grid[6][2:7] == ["3.00", "0.00", "1.00", "86.67", ""]
    assert grid[5][3] == "0.02"
    assert len(grid) == 30  # line, three rows above, head, 24 rows, 说明


def test_notes_stand_behind_the_form_not_in_it(tmp_path):
    write_docx(plain_doc(), tmp_path / "a.docx")
    write_pdf(plain_doc(), tmp_path / "a.pdf")
    document = Document(tmp_path / "a.docx")
    pages = [page.extract_text() for page in PdfReader(tmp_path / "a.pdf").pages]

    assert "实有" not in "".join(c.text for row in document.tables[0].rows for c in row.cells)
    assert "实有 161 人" in "".join(c.text for row in document.tables[1].rows for c in row.cells)
    assert "实有" not in pages[0]
    assert len(pages) == 2
    assert "161" in pages[1]


@pytest.mark.parametrize("kind", WRITERS)
def test_invented_forms_say_so_on_the_page(tmp_path, kind):
    path = tmp_path / f"a.{kind}"
    WRITERS[kind](replace(plain_doc(), is_invented=True), path)
    text = {"xlsx": sheet_text, "docx": document_text, "pdf": pdf_text}[kind](path)

    assert "虚构数据，仅供演示" in text
    assert "（虚构演示数据）" in text


def test_form_with_long_needs_in_every_row_prints_whole(tmp_path):
    long = "希望在楼下有修鞋、配钥匙、改裤边的固定点位；" * 4
    doc = plain_doc(**{f"{row}__needs": long for row in TYPE_ROWS})
    write_pdf(doc, tmp_path / "a.pdf")

    assert pdf_text(tmp_path / "a.pdf").count("改裤边") == 4 * len(TYPE_ROWS)
    assert len(render_png(TEMPLATE, form_data(doc), ppi=20)) <= 4


def test_satisfaction_prints_in_decimal_arithmetic(tmp_path):
    # 2.675 is 2.67499… as a binary float
    write_forms([plain_doc(B01__satisfaction=Decimal("2.675"))], tmp_path / "a.xlsx")

    assert load_workbook(io.BytesIO((tmp_path / "a.xlsx").read_bytes())).worksheets[0]["F8"].value == 2.68
