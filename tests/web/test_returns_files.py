import docx
import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings

from returns_town import PROGRAM, build_town, open_town
from returns_values import whole_forms
from yike.errors import RefusedError
from yike.reports.survey_form.document import write_docx
from yike.reports.survey_form.sheet import write_forms
from yike.web.returns.actions import apply_file, correct, drop_file, fill_cells, take_file, undo_file
from yike.web.returns.cells import values_to_json
from yike.web.returns.models import CellChange, Return, Revision
from yike.web.returns.queries import doc_of, findings_of, history_of, merged


@pytest.fixture
def east(db, now):
    build_town(now)
    open_town(now)
    return Return.objects.get(circle__code="C1")


@pytest.fixture
def sheet(east, tmp_path):
    """The form as it went out; ``edit({"D9": 5})`` changes cells of its file."""
    path = tmp_path / "out.xlsx"
    write_forms([doc_of(east)], path)

    def edit(cells):
        book = openpyxl.load_workbook(path)
        for cell, value in cells.items():
            book.worksheets[0][cell] = value
        book.save(path)
        return path

    edit.path = path
    return edit


def cell_of(path, key):
    from yike.sources.survey_form import read_forms

    return read_forms(path).forms[0].cells[key].partition("!")[2]


def take(of, path, now, name=None):
    with path.open("rb") as stream:
        return take_file(who=PROGRAM, of=of, stream=stream, name=name or path.name, now=now)


@pytest.mark.parametrize("suffix", ["xlsx", "docx"])
def test_a_file_nobody_touched_has_no_differences(east, tmp_path, now, suffix):
    path = tmp_path / f"out.{suffix}"
    write_docx(doc_of(east), path) if suffix == "docx" else write_forms([doc_of(east)], path)

    kept = take(east, path, now)

    assert (kept.changes, kept.faults, kept.questions) == ([], [], [])


def test_exactly_the_changed_cells_are_shown_and_taken(east, sheet, now):
    places = {k: cell_of(sheet.path, k) for k in ("B02.outlets", "B02.staff", "Q01.needs")}
    path = sheet({places["B02.outlets"]: 2, places["B02.staff"]: 0.02, places["Q01.needs"]: "还缺书店"})

    kept = take(east, path, now)
    assert [c["key"] for c in kept.changes] == ["B02.outlets", "B02.staff", "Q01.needs"]
    assert kept.changes[1]["new"] == 200
    assert kept.questions == []  # 合计 stands as it was sent: it goes on following its rows
    apply_file(who=PROGRAM, file=kept, answers={}, comments={}, now=now)

    values = doc_of(east).values
    assert (values["B02.outlets"], values["B02.staff"], values["ALL.outlets"]) == (2, 200, 5)
    assert values["B01.staff"] == 7  # 0.00 on paper, the seven persons stay
    line = history_of(east, "B02.outlets")[0]
    assert (line.origin, line.file_name, line.old, line.new) == ("表格导入", "out.xlsx", None, 2)


def test_a_typed_total_that_differs_is_kept_and_shown(east, sheet, now):
    path = sheet({cell_of(sheet.path, "ALL.outlets"): 9})

    kept = take(east, path, now)
    apply_file(who=PROGRAM, file=kept, answers={"ALL.outlets": "keep"}, comments={"": "原表如此"}, now=now)

    east.refresh_from_db()
    assert doc_of(east).values["ALL.outlets"] == 9
    found = [f for f in findings_of(east) if f.key == "ALL.outlets"]
    assert "9 个，逐行相加是 3 个" in found[0].text
    shown = merged(east.wave, "990101001", states=["draft"])
    assert [(m.key, m.typed, m.summed, m.why) for m in shown.mismatches] == [
        ("ALL.outlets", 9, 3, "原表如此")
    ]
    assert shown.doc.values["ALL.outlets"] == 4


def test_a_total_added_up_in_the_file_is_no_change_of_its_own(east, sheet, now):
    places = {k: cell_of(sheet.path, k) for k in ("B02.outlets", "ALL.outlets")}
    kept = take(east, sheet({places["B02.outlets"]: 2, places["ALL.outlets"]: 5}), now)

    assert [c["key"] for c in kept.changes] == ["B02.outlets"]
    assert kept.questions == []


def test_a_file_of_another_circle_is_refused(east, sheet, now):
    other = Return.objects.get(circle__code="C3")

    with pytest.raises(RefusedError, match="东一圈"):
        take(other, sheet.path, now)


def test_a_changed_structure_is_named_and_nothing_is_taken(east, sheet, now):
    book = openpyxl.load_workbook(sheet.path)
    book.worksheets[0].delete_rows(12)
    book.save(sheet.path)

    kept = take(east, sheet.path, now)

    assert kept.changes == []
    assert [f["key"] for f in kept.faults] == [""]
    assert kept.faults[0]["cure"]


def test_a_file_read_before_another_edit_is_refused(east, sheet, now):
    kept = take(east, sheet({cell_of(sheet.path, "Q01.needs"): "书店"}), now)
    fill_cells(who=PROGRAM, of=east, values={"Q02.needs": "球场"}, comments={}, seen=None, now=now)

    with pytest.raises(RefusedError, match="运动健身"):
        apply_file(who=PROGRAM, file=kept, answers={}, comments={}, now=now)
    assert doc_of(east).values["Q01.needs"] is None


def test_undoing_a_file_leaves_cells_changed_since(east, sheet, now):
    places = {cell_of(sheet.path, "Q01.needs"): "书店", cell_of(sheet.path, "Q02.needs"): "球场"}
    kept = take(east, sheet(places), now)
    apply_file(who=PROGRAM, file=kept, answers={}, comments={}, now=now)
    fill_cells(who=PROGRAM, of=east, values={"Q02.needs": "泳池"}, comments={}, seen=None, now=now)

    stays = undo_file(who=PROGRAM, file=kept, now=now)

    values = doc_of(east).values
    assert stays == ("Q02.needs",)
    assert (values["Q01.needs"], values["Q02.needs"]) == (None, "泳池")
    assert CellChange.objects.filter(of=east, file=kept).count() == 2


def test_a_dropped_file_changes_nothing(east, sheet, now):
    kept = take(east, sheet({cell_of(sheet.path, "Q01.needs"): "书店"}), now)
    drop_file(who=PROGRAM, file=kept, now=now)

    with pytest.raises(RefusedError, match="已放弃"):
        apply_file(who=PROGRAM, file=kept, answers={}, comments={}, now=now)


def test_writing_the_same_form_again_gives_the_same_bytes(east, tmp_path):
    for name in ("a.xlsx", "b.xlsx"):
        write_forms([doc_of(Return.objects.get(pk=east.pk))], tmp_path / name)

    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(whole_forms())
def test_any_form_goes_out_and_comes_back_with_0_differences(east, tmp_path, now, values):
    Revision.objects.filter(of=east).update(values=values_to_json(values))
    path = tmp_path / "any.xlsx"
    write_forms([doc_of(east)], path)

    kept = take(east, path, now)

    assert (kept.changes, kept.faults, kept.questions) == ([], [], [])


def test_a_cell_changed_here_after_the_download_is_not_put_back_by_an_untouched_file(east, sheet, now):
    fill_cells(who=PROGRAM, of=east, values={"B03.outlets": 8}, comments={}, seen=None, now=now)

    kept = take(east, sheet({cell_of(sheet.path, "B02.outlets"): 2}), now)
    assert [c["key"] for c in kept.changes] == ["B02.outlets"]
    assert kept.questions == []
    apply_file(who=PROGRAM, file=kept, answers={}, comments={}, now=now)

    values = doc_of(east).values
    assert (values["B02.outlets"], values["B03.outlets"]) == (2, 8)


@pytest.mark.parametrize(("answer", "stands"), [("suggested", 8), ("keep", 5)])
def test_a_cell_changed_here_and_in_the_file_is_asked_about(east, sheet, now, answer, stands):
    fill_cells(who=PROGRAM, of=east, values={"B03.outlets": 8}, comments={}, seen=None, now=now)

    kept = take(east, sheet({cell_of(sheet.path, "B03.outlets"): 5}), now)
    assert [(c["key"], c["old"], c["new"]) for c in kept.changes] == [("B03.outlets", 8, 5)]
    (question,) = kept.questions
    assert question["kind"] == "both"
    assert "下载时是 空" in question["reason"]
    assert "已改为 8.00，文件里是 5" in question["reason"]
    with pytest.raises(RefusedError, match="菜市场"):
        apply_file(who=PROGRAM, file=kept, answers={}, comments={}, now=now)
    apply_file(who=PROGRAM, file=kept, answers={"B03.outlets": answer}, comments={}, now=now)

    assert doc_of(east).values["B03.outlets"] == stands


def test_the_same_change_here_and_in_the_file_is_no_difference(east, sheet, now):
    fill_cells(who=PROGRAM, of=east, values={"B03.outlets": 5}, comments={}, seen=None, now=now)

    kept = take(east, sheet({cell_of(sheet.path, "B03.outlets"): 5}), now)

    assert (kept.changes, kept.questions) == ([], [])


@pytest.mark.parametrize("suffix", ["xlsx", "docx"])
def test_the_version_stays_in_the_properties_when_feet_and_second_sheet_are_lost(east, tmp_path, now, suffix):
    path = tmp_path / f"out.{suffix}"
    write_docx(doc_of(east), path) if suffix == "docx" else write_forms([doc_of(east)], path)
    fill_cells(who=PROGRAM, of=east, values={"B03.outlets": 8}, comments={}, seen=None, now=now)
    if suffix == "xlsx":
        book = openpyxl.load_workbook(path)
        del book["数据来源"]
        book.worksheets[0].oddFooter.center.text = None
        book.save(path)
    else:
        document = docx.Document(str(path))
        document.sections[0].footer.paragraphs[0].clear()
        behind = document.tables[1]._element
        behind.getparent().remove(behind)
        document.save(str(path))

    kept = take(east, path, now)

    assert (kept.changes, kept.questions) == ([], [])


def test_a_file_of_the_revision_before_keeps_what_the_correction_changed(east, sheet, now):
    Return.objects.filter(pk=east.pk).update(state="locked")
    Revision.objects.filter(of=east).update(locked_at=now)
    correct(who=PROGRAM, of=east, why="漏了一家", now=now)
    fill_cells(who=PROGRAM, of=east, values={"B03.outlets": 8}, comments={}, seen=None, now=now)

    kept = take(east, sheet({cell_of(sheet.path, "B02.outlets"): 2}), now)

    assert [c["key"] for c in kept.changes] == ["B02.outlets"]


def test_none_written_into_a_blank_cell_is_asked_about(east, sheet, now):
    kept = take(east, sheet({cell_of(sheet.path, "B03.outlets"): "没有"}), now)

    assert [(q["key"], q["suggested"]) for q in kept.questions] == [("B03.outlets", 0)]


def test_a_paper_is_the_same_to_the_byte_before_and_after_a_step(east, tmp_path, now):
    one, other = tmp_path / "1.xlsx", tmp_path / "2.xlsx"
    write_forms([doc_of(east)], one)
    Return.objects.filter(pk=east.pk).update(version=9, state="submitted")
    east.refresh_from_db()

    write_forms([doc_of(east)], other)

    assert one.read_bytes() == other.read_bytes()
