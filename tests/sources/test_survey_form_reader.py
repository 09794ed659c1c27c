"""Returned survey forms: written, read, saved again by others, made by hand, changed in structure."""

import datetime as dt
import re
import tempfile
import zipfile
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
import xlwt
from docx import Document
from hypothesis import HealthCheck, given, settings
from openpyxl import load_workbook

from form_docs import (
    SOFFICE,
    any_docs,
    hand_made,
    plain_doc,
    save_hand_made,
    save_hand_made_docx,
    through_libreoffice,
)
from yike.errors import UnreadableFileError
from yike.reports.survey_form.document import write_docx
from yike.reports.survey_form.sheet import write_forms
from yike.sources.survey_form import read_forms
from yike.standards.survey_form import cell_keys, changes, is_untouched, printed
from yike.standards.survey_words import cell_name

SLOW = settings(deadline=None, max_examples=25, suppress_health_check=list(HealthCheck))


def only(path):
    """The one form of a file that has no faults."""
    read = read_forms(path)
    assert [f.message for f in read.faults] == []
    assert len(read.forms) == 1
    return read.forms[0]


def faults_of(path):
    read = read_forms(path)
    assert read.forms == ()
    return [f.message for f in read.faults]


def edited(tmp_path, cells, doc=None):
    """The form written, cells of its sheet given other values as in Excel, and read back."""
    write_forms([doc or plain_doc()], tmp_path / "a.xlsx")
    book = load_workbook(tmp_path / "a.xlsx")
    for address, value in cells.items():
        book.worksheets[0][address] = value
    book.save(tmp_path / "b.xlsx")
    return only(tmp_path / "b.xlsx")


def changed(doc, form):
    return {c.key: (c.old, c.new) for c in changes(doc, form.values, form.texts)}


def test_untouched_workbook_has_no_changes_and_keeps_its_code(tmp_path):
    doc = plain_doc()
    write_forms([doc], tmp_path / "a.xlsx")
    form = only(tmp_path / "a.xlsx")

    assert changes(doc, form.values, form.texts) == ()
    assert set(form.values) == set(cell_keys())
    assert (form.code, form.revision, form.circle_code) == ("F5-2026-000123", 2, "C-001")
    assert form.circle_name == "光明社区便民生活圈"
    assert form.cells["B06.outlets"] == "光明社区便民生活圈!C13"
    assert (form.faults, form.questions) == ((), ())


def test_untouched_document_has_no_changes_and_keeps_its_code(tmp_path):
    doc = plain_doc()
    write_docx(doc, tmp_path / "a.docx")
    form = only(tmp_path / "a.docx")

    assert changes(doc, form.values, form.texts) == ()
    assert set(form.values) == set(cell_keys())
    assert (form.code, form.revision, form.circle_code) == ("F5-2026-000123", 2, "C-001")


def test_page_of_sources_row_by_row_is_no_second_form(tmp_path):
    said = "登记册（2023-12-31）：营业网点 3 个，连锁 1 个，从业 7 万人次；居民满意度；需求"
    sources = tuple((cell_name(key), said) for key in cell_keys())
    write_docx(replace(plain_doc(), sources=sources), tmp_path / "a.docx")
    write_forms([replace(plain_doc(), sources=sources)], tmp_path / "a.xlsx")

    assert only(tmp_path / "a.docx").code == only(tmp_path / "a.xlsx").code == "F5-2026-000123"


@SLOW
@given(doc=any_docs())
def test_any_form_comes_back_from_a_workbook_as_it_went(doc):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.xlsx"
        write_forms([doc], path)
        form = only(path)

    assert changes(doc, form.values, form.texts) == ()
    assert form.faults == ()
    assert [q.key for q in form.questions if not is_untouched(doc, q.key, form.texts[q.key])] == []


@SLOW
@given(doc=any_docs())
def test_any_form_comes_back_from_a_document_as_it_went(doc):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.docx"
        write_docx(doc, path)
        form = only(path)

    assert changes(doc, form.values, form.texts) == ()
    assert form.faults == ()


def drawn_docs(number):
    """Some forms of the strategy above, the same ones each time."""
    found = []

    @settings(deadline=None, max_examples=number, derandomize=True, database=None,
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(doc=any_docs())
    def collect(doc):
        found.append(doc)

    collect()
    return found


@pytest.mark.slow
@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice (soffice) is not installed here")
@pytest.mark.parametrize("suffix", ["xlsx", "xls", "ods"])
def test_workbook_that_libreoffice_saved_again_has_no_changes(tmp_path, suffix):
    docs = drawn_docs(30)
    write_forms(docs, tmp_path / "a.xlsx")
    read = read_forms(through_libreoffice(tmp_path, tmp_path / "a.xlsx", suffix))

    assert [f.message for f in read.faults] == []
    assert [changes(doc, form.values, form.texts) for doc, form in zip(docs, read.forms, strict=True)] == [
        ()
    ] * 30
    assert [form.code for form in read.forms] == [doc.code for doc in docs]


@pytest.mark.slow
@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice (soffice) is not installed here")
@pytest.mark.parametrize("middle", ["docx", "odt"])
def test_document_that_libreoffice_saved_again_has_no_changes(tmp_path, middle):
    doc = drawn_docs(8)[-1]
    write_docx(doc, tmp_path / "a.docx")
    path = through_libreoffice(tmp_path, tmp_path / "a.docx", middle)
    if middle == "odt":
        path = through_libreoffice(tmp_path, path, "docx")
    form = only(path)

    assert changes(doc, form.values, form.texts) == ()
    assert form.code == doc.code


def test_only_edited_cells_are_changes(tmp_path):
    doc = plain_doc()
    form = edited(tmp_path, {"C8": 5, "D9": 0.07, "G10": "缺早市"})

    assert changed(doc, form) == {
        "B01.outlets": (3, 5),
        "B02.staff": (7, 700),  # 7 persons were printed as 0.00; 0.07 万人 was typed
        "B03.needs": (None, "缺早市"),
    }


def test_figure_more_exact_than_the_print_is_a_change(tmp_path):
    # 7 persons print as 0.00; 0.0061 prints as 0.01, and 0.0007 is what stood there
    form = edited(tmp_path, {"D8": 0.0061, "D9": 0.0007})

    assert changed(plain_doc(), form) == {"B01.staff": (7, 61)}


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("12个", 12), ("１２", 12), ("12.00", 12), (" 12 家 ", 12), ("1,234", 1234), (0, 0), ("０", 0),
        (None, None), ("", None), ("—", None), ("暂缺", None), ("/", None), ("不详", None),
    ],
)  # fmt: skip
def test_counts_are_understood_as_people_type_them(tmp_path, typed, value):
    form = edited(tmp_path, {"C8": typed})

    assert form.values["B01.outlets"] == value
    assert form.faults == ()


@pytest.mark.parametrize(
    ("typed", "persons"),
    [
        ("0.06", 600),
        ("0.06万", 600),
        ("0.06万人", 600),
        ("561人", 561),
        ("０．０５", 500),
        (0, 0),
        (None, None),
    ],
)
def test_persons_are_understood_as_people_type_them(tmp_path, typed, persons):
    form = edited(tmp_path, {"D8": typed})

    assert form.values["B01.staff"] == persons
    assert form.questions == ()


@pytest.mark.parametrize(
    ("address", "key", "typed", "word"),
    [
        ("C8", "B01.outlets", "若干", "不是数字"),
        ("C8", "B01.outlets", -3, "负数"),
        ("C8", "B01.outlets", 2.5, "整数"),
        ("C8", "B01.outlets", dt.datetime(2023, 1, 2), "日期"),
        ("C8", "B01.outlets", True, "是非"),
        ("C8", "B01.outlets", "12,5", "不是数字"),
        ("D8", "B01.staff", "3户8", "不是数字"),
        ("F8", "B01.satisfaction", 108, "100%"),
        ("F8", "B01.satisfaction", "八成", "不是数字"),
        ("E5", "area_share", 250, "100%"),
        ("C8", "B01.outlets", "=3+4", "公式"),
        ("G3", "layouts", "沿街", "选了哪一项"),
        ("G2", "as_of", "截至日期：去年底", "读不出来"),
    ],
)
def test_values_out_of_kind_are_faults_with_place_and_cure(tmp_path, address, key, typed, word):
    doc = plain_doc()
    form = edited(tmp_path, {address: typed}, doc)
    (fault,) = form.faults

    assert (fault.key, fault.cell) == (key, f"光明社区便民生活圈!{address}")
    assert word in fault.reason
    assert fault.cure
    assert key not in form.values
    assert changed(doc, form) == {}


def test_error_of_a_formula_is_a_fault(tmp_path):
    write_forms([plain_doc()], tmp_path / "a.xlsx")
    book = load_workbook(tmp_path / "a.xlsx")
    book.worksheets[0]["C8"] = "#DIV/0!"
    book.worksheets[0]["C8"].data_type = "e"
    book.save(tmp_path / "b.xlsx")
    (fault,) = only(tmp_path / "b.xlsx").faults

    assert fault.found == "#DIV/0!"
    assert "公式出错" in fault.reason


@pytest.mark.parametrize(
    ("address", "typed", "kept", "suggested"),
    [
        ("D8", 7, 70_000, 7),  # persons where 万人 is asked
        ("D7", 161, 1_610_000, 161),
        ("H4", 32468, 324_680_000, 32468),
        ("F8", 0.86, Decimal("0.86"), Decimal("86")),  # a share where per cent is asked
        ("F8", 1, Decimal(1), Decimal(100)),
        ("C8", "无", None, 0),  # none, or nobody knows
        ("G2", "截至日期：2023年12月", None, dt.date(2023, 12, 31)),
    ],
)
def test_slips_of_unit_are_asked_about(tmp_path, address, typed, kept, suggested):
    doc = plain_doc()
    form = edited(tmp_path, {address: typed}, doc)
    (question,) = form.questions

    assert question.cell.endswith(f"!{address}")
    assert question.suggested == suggested
    assert form.values[question.key] == kept
    assert question.reason
    assert not is_untouched(doc, question.key, form.texts[question.key])


def test_percent_signs_and_shares_marked_as_per_cent_are_not_asked_about(tmp_path):
    form = edited(tmp_path, {"F8": "0.86%", "F9": "８６．５％"})

    assert form.questions == ()
    assert form.values["B01.satisfaction"] == Decimal("0.86")
    assert form.values["B02.satisfaction"] == Decimal("86.5")


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("2024年3月1日", dt.date(2024, 3, 1)),
        ("２０２４年０３月０１日", dt.date(2024, 3, 1)),
        ("2024-3-1", dt.date(2024, 3, 1)),
        ("2024/03/01", dt.date(2024, 3, 1)),
        ("2024.3.1", dt.date(2024, 3, 1)),
        ("20240301", dt.date(2024, 3, 1)),
        ("2024年2月底", dt.date(2024, 2, 29)),
        ("2023年底", dt.date(2023, 12, 31)),
        ("2023年12月31日止", dt.date(2023, 12, 31)),
        ("二〇二四年三月一日", dt.date(2024, 3, 1)),
        ("二○二三年十二月三十一日", dt.date(2023, 12, 31)),
        ("2023年 月 日", None),
        ("", None),
    ],
)
def test_days_are_understood_in_many_shapes(tmp_path, typed, day):
    form = edited(tmp_path, {"G2": f"截至日期：{typed}"})

    assert form.values["as_of"] == day
    assert form.faults == ()


def test_day_typed_as_a_day_of_the_workbook_is_read(tmp_path):
    assert edited(tmp_path, {"G2": dt.datetime(2024, 3, 1)}).values["as_of"] == dt.date(2024, 3, 1)


@pytest.mark.parametrize(
    ("typed", "codes"),
    [
        ("街道（社区）√　国企□　民营企业■　专业运营商□　网点各自经营□", ("community", "private")),
        ("街道(社区)□√ 国企□ 民营企业□ 专业运营商□ 网点各自经营□", ("community",)),
        ("□街道(社区) ☑国企 □民营企业 □专业运营商 ✓网点各自经营", ("state", "outlets")),
        ("街道☐ 国有企业☒ 民营☐ 专业☐ 各自经营☐", ("state",)),
        ("街道（社区）　国企√　民营企业　专业运营商　网点各自经营", ("state",)),
        ("国企、民营企业", ("state", "private")),
        ("街道（社区）□　国企□　民营企业□　专业运营商□　网点各自经营□", None),
        ("街道（社区）　国企　民营企业　专业运营商　网点各自经营", None),
        (None, None),
    ],
)
def test_ticks_are_read_before_and_behind_their_words(tmp_path, typed, codes):
    form = edited(tmp_path, {"B3": typed})

    assert form.values["operators"] == codes
    assert form.faults == ()


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("：有☑　无□", True), ("：有□　无☑", False), ("有√ 无", True), (" □有 ☑无", False),
        (":是", True), (" 无", False),
        ("√", True), ("×", False), ("□", None), ("：有□　无□", None), ("", None), (":有 无", None),
    ],
)  # fmt: skip
def test_platform_is_read_behind_its_question(tmp_path, typed, answer):
    operators = "街道（社区）☑　国企□　民营企业□　专业运营商□　网点各自经营□"
    form = edited(tmp_path, {"B3": f"{operators}\n另：是否有便民生活圈智慧服务平台{typed}"})

    assert form.values["has_platform"] is answer
    assert form.values["operators"] == ("community",)


def test_platform_ticked_both_ways_is_a_fault(tmp_path):
    form = edited(tmp_path, {"B3": "国企☑\n另：是否有便民生活圈智慧服务平台：有☑　无☑"})

    assert [f.key for f in form.faults] == ["has_platform"]


# Structure


def spoiled(tmp_path, spoil):
    write_forms([plain_doc()], tmp_path / "a.xlsx")
    book = load_workbook(tmp_path / "a.xlsx")
    spoil(book.worksheets[0])
    book.save(tmp_path / "b.xlsx")
    return faults_of(tmp_path / "b.xlsx")


def test_inserted_row_is_named(tmp_path):
    (first, *_) = spoiled(tmp_path, lambda ws: ws.insert_rows(12))

    assert "!B12 多出一行“空行”" in first


def test_deleted_row_is_named(tmp_path):
    (first, *_) = spoiled(tmp_path, lambda ws: ws.delete_rows(12))

    assert "第 12 行处少了“早餐店”一行" in first


def test_inserted_column_is_named(tmp_path):
    def spoil(ws):
        ws.insert_cols(4)
        ws["D6"] = "备注"

    assert any("D6" in f and "备注" in f for f in spoiled(tmp_path, spoil))


def test_blank_column_inside_is_named(tmp_path):
    assert spoiled(tmp_path, lambda ws: ws.insert_cols(4)) != []


def test_renamed_row_and_head_are_named(tmp_path):
    def spoil(ws):
        ws["B12"] = "早点铺子"

    (row,) = spoiled(tmp_path, spoil)
    assert "B12 的业态是“早点铺子”，应为“早餐店”" in row

    def spoil_head(ws):
        ws["D6"] = "从业人数（人）"

    (head,) = spoiled(tmp_path, spoil_head)
    assert "D6 的表头是“从业人数（人）”，应为“从业人数（万人）”" in head


def test_swapped_rows_are_named(tmp_path):
    def spoil(ws):
        ws["B8"], ws["B9"] = ws["B9"].value, ws["B8"].value

    assert spoiled(tmp_path, spoil) != []


def test_merges_added_and_taken_apart_are_named(tmp_path):
    assert spoiled(tmp_path, lambda ws: ws.merge_cells("C9:C10")) == ["单元格 C9:C10 被合并了。"]
    (apart,) = spoiled(tmp_path, lambda ws: ws.unmerge_cells("G9:I9"))
    assert "G9:I9" in apart

    def move(ws):
        ws.unmerge_cells("C4:D4")
        ws.merge_cells("C4:C5")

    moved = spoiled(tmp_path, move)
    assert [re.findall(r"[A-I]\d+:[A-I]\d+", m)[0] for m in moved] == ["C4:C5", "C4:D4"]


def test_label_typed_over_is_named(tmp_path):
    def spoil(ws):
        ws["E4"] = "居民（人）"

    (fault,) = spoiled(tmp_path, spoil)
    assert "E4" in fault
    assert "万人" in fault


def test_note_beside_the_form_is_told_and_the_form_still_read(tmp_path):
    write_forms([plain_doc()], tmp_path / "a.xlsx")
    book = load_workbook(tmp_path / "a.xlsx")
    book.worksheets[0]["K9"] = "已核对"
    book.save(tmp_path / "b.xlsx")
    read = read_forms(tmp_path / "b.xlsx")

    assert [(f.level, f.column) for f in read.faults] == [("warning", "K")]
    assert len(read.forms) == 1


def test_one_changed_sheet_does_not_spoil_the_others(tmp_path):
    write_forms([plain_doc(), plain_doc(circle="南湖圈"), plain_doc(circle="北山圈")], tmp_path / "a.xlsx")
    book = load_workbook(tmp_path / "a.xlsx")
    book["南湖圈"].delete_rows(20)
    book.save(tmp_path / "b.xlsx")
    read = read_forms(tmp_path / "b.xlsx")

    assert [f.circle_name for f in read.forms] == ["光明社区便民生活圈", "北山圈"]
    assert {f.sheet for f in read.faults} == {"南湖圈"}


def test_rows_above_and_columns_before_the_form_do_no_harm(tmp_path):
    save_hand_made(tmp_path / "a.xlsx", [["附件5"], [], *[[None, *row] for row in hand_made()]])

    assert only(tmp_path / "a.xlsx").values["B13.outlets"] == 3


def test_document_with_merged_or_missing_cells_is_refused_by_row(tmp_path):
    write_docx(plain_doc(), tmp_path / "a.docx")

    across = Document(tmp_path / "a.docx")
    cells = across.tables[0].rows[8].cells
    cells[2].merge(cells[3])
    across.save(tmp_path / "b.docx")
    assert faults_of(tmp_path / "b.docx") == ["第 9 行有 6 个格，应为 7 个。"]

    down = Document(tmp_path / "a.docx")
    down.tables[0].cell(8, 2).merge(down.tables[0].cell(9, 2))
    down.save(tmp_path / "c.docx")
    assert len(faults_of(tmp_path / "c.docx")) == 1

    gone = Document(tmp_path / "a.docx")
    row = gone.tables[0].rows[10]._tr
    row.getparent().remove(row)
    gone.save(tmp_path / "d.docx")
    assert "少了“早餐店”一行" in faults_of(tmp_path / "d.docx")[0]


# Made by hand


def test_workbook_made_by_hand_is_read(tmp_path):
    save_hand_made(tmp_path / "a.xlsx", hand_made())
    form = only(tmp_path / "a.xlsx")

    assert form.values["circle"] == "光明社区"
    assert form.values["city"] == "天水市"
    assert form.values["as_of"] == dt.date(2023, 12, 31)
    assert form.values["operators"] == ("community",)
    assert form.values["has_platform"] is True
    assert form.values["layouts"] == ("street",)
    assert (form.values["centres"], form.values["residents"]) == (1, 32_500)
    assert form.values["area_share"] == Decimal("11.35")
    assert form.values["B13.outlets"] == 3
    assert form.values["Q99.staff"] == 100
    assert form.values["ALL.staff"] == 200
    assert set(form.values) == set(cell_keys())
    assert (form.code, form.revision, form.faults, form.questions) == ("", 0, (), ())


def test_document_made_by_hand_is_read_like_the_workbook(tmp_path):
    save_hand_made(tmp_path / "a.xlsx", hand_made())
    save_hand_made_docx(tmp_path / "a.docx", hand_made())

    assert only(tmp_path / "a.docx").values == only(tmp_path / "a.xlsx").values


def test_old_workbook_made_by_hand_is_read(tmp_path):
    book = xlwt.Workbook()
    sheet = book.add_sheet("表")
    for r, row in enumerate(hand_made()):
        for c, value in enumerate(row):
            sheet.write(r, c, value)
    book.save(str(tmp_path / "a.xls"))

    assert only(tmp_path / "a.xls").values["B06.outlets"] == 3


def test_head_in_cells_of_its_own_and_group_on_every_row_are_read(tmp_path):
    rows = hand_made()
    rows[1] = [
        "试点生活圈：",
        "光明社区",
        "所在城市：",
        "天水市",
        None,
        "截至日期：",
        dt.datetime(2023, 12, 31),
    ]
    for i in range(7, 21):
        rows[i][0] = "基本保障类"
    save_hand_made(tmp_path / "a.xlsx", rows)
    form = only(tmp_path / "a.xlsx")

    assert [form.values[k] for k in ("circle", "city", "as_of")] == [
        "光明社区",
        "天水市",
        dt.date(2023, 12, 31),
    ]


def test_form_by_hand_on_nine_columns_with_merges_of_its_own_is_read(tmp_path):
    """As the official page comes pasted into a sheet."""
    rows = hand_made()
    rows[2] = [*rows[2][:2], None, None, *rows[2][2:]]  # 运营主体 A, its cell B:D, 发展形态 E, its cell F:I
    rows[3] = [*rows[3][:2], None, None, *rows[3][2:]]
    save_hand_made(tmp_path / "a.xlsx", rows)
    book = load_workbook(tmp_path / "a.xlsx")
    for area in ("B3:D3", "F3:I3", "B4:D4", "F4:I4", "B5:I5", *(f"G{r}:I{r}" for r in range(6, 31))):
        book.active.merge_cells(area)
    book.save(tmp_path / "b.xlsx")
    form = only(tmp_path / "b.xlsx")

    assert (form.values["layouts"], form.values["residents"]) == (("street",), 32_500)
    assert form.cells["area_share"] == "Sheet1!B5"


def test_form_by_hand_with_two_cells_in_one_is_refused(tmp_path):
    save_hand_made(tmp_path / "a.xlsx", hand_made())
    book = load_workbook(tmp_path / "a.xlsx")
    book.active.merge_cells("C9:C10")
    book.save(tmp_path / "b.xlsx")

    assert faults_of(tmp_path / "b.xlsx") == ["单元格 C9:C10 被合并了。"]


def test_form_by_hand_without_a_label_is_refused(tmp_path):
    save_hand_made(tmp_path / "a.xlsx", hand_made({(4, 3): "人口"}))
    (fault,) = faults_of(tmp_path / "a.xlsx")

    assert "生活圈服务覆盖的居民数量（万人）" in fault


def test_wingdings_ticks_and_controls_of_word_are_read(tmp_path):
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    save_hand_made_docx(tmp_path / "a.docx", hand_made({(3, 2): "街道(社区) "}))
    document = Document(tmp_path / "a.docx")
    cell = document.tables[0].cell(0, 1)
    run = cell.paragraphs[0].add_run()
    run._element.append(parse_xml(f'<w:sym {nsdecls("w")} w:font="Wingdings 2" w:char="F052"/>'))
    cell._tc.append(
        parse_xml(
            f"<w:sdt {nsdecls('w')}><w:sdtContent><w:p><w:r><w:t>国企☐民营企业☒</w:t></w:r></w:p>"
            "</w:sdtContent></w:sdt>"
        )
    )
    document.save(tmp_path / "b.docx")

    assert only(tmp_path / "b.docx").values["operators"] == ("community", "private")


# Files that are none


def test_workbook_without_a_form_says_so(tmp_path):
    save_hand_made(tmp_path / "a.xlsx", [["名称", "地址"], ["甲", "乙"]])

    assert "没有《试点便民生活圈建设情况调查表》" in faults_of(tmp_path / "a.xlsx")[0]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "table.file.empty"),
        (b"%PDF-1.7 ...", "form.file.kind"),
        (b"PK\x03\x04 torn", "form.file.kind"),
        (
            bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 64 + "WordDocument".encode("utf-16-le"),
            "form.file.old_word",
        ),
    ],
)
def test_files_of_another_kind_are_refused_in_words(tmp_path, content, code):
    (tmp_path / "a.xlsx").write_bytes(content)

    with pytest.raises(UnreadableFileError) as refused:
        read_forms(tmp_path / "a.xlsx")
    assert refused.value.code == code
    assert refused.value.hint


def test_cell_far_out_is_refused_before_it_fills_the_memory(tmp_path):
    write_forms([plain_doc()], tmp_path / "a.xlsx")
    book = load_workbook(tmp_path / "a.xlsx")
    book.worksheets[0].cell(1_048_576, 16_384, "x")
    book.save(tmp_path / "b.xlsx")

    with pytest.raises(UnreadableFileError, match="XFD1048576"):
        read_forms(tmp_path / "b.xlsx")


def test_part_that_unpacks_to_too_much_is_refused(tmp_path):
    write_docx(plain_doc(), tmp_path / "a.docx")
    with zipfile.ZipFile(tmp_path / "a.docx", "a", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("word/more.xml", b" " * 21_000_000)

    with pytest.raises(UnreadableFileError, match="21 MB"):
        read_forms(tmp_path / "a.docx")


def test_untouched_means_the_text_that_was_sent():
    doc = plain_doc()

    assert is_untouched(doc, "B01.staff", "0.00")
    assert is_untouched(doc, "B01.staff", "0")
    assert not is_untouched(doc, "B01.staff", "")
    assert is_untouched(doc, "B01.needs", "")
    assert not is_untouched(doc, "B01.needs", "无")
    assert is_untouched(doc, "layouts", printed("layouts", ("street",)))
