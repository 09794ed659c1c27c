"""The official paper, opened again: page, tables, pictures, marks, the same bytes."""

import zipfile
from dataclasses import replace

import numpy as np
import pytest
from docx import Document
from docx.shared import Mm

from report_facts import make_facts
from yike.core.tables import GapState
from yike.reports.docx_report.build import write_docx


@pytest.fixture(scope="module")
def paper(tmp_path_factory):
    path = tmp_path_factory.mktemp("docx") / "report.docx"
    write_docx(make_facts(), path)
    return path


def test_page_is_the_official_one(paper):
    first = Document(str(paper)).sections[0]

    assert abs(first.page_width - Mm(210)) < Mm(0.1)
    assert abs(first.top_margin - Mm(37)) < Mm(0.1)
    assert abs(first.left_margin - Mm(28)) < Mm(0.1)
    assert abs(first.page_width - first.left_margin - first.right_margin - Mm(156)) < Mm(0.2)


def test_headings_follow_the_official_numbering(paper):
    texts = [p.text for p in Document(str(paper)).paragraphs]

    assert [t for t in texts if t[1:2] == "、"] == [
        "一、基本情况",
        "二、步行可达情况",
        "三、主要缺口",
        "四、各生活圈评价",
        "五、补齐建议",
        "六、推荐选址",
        "七、数据来源、方法和说明",
    ]


def test_gap_table_lists_the_ranked_gaps_in_order(paper):
    facts = make_facts()
    table = next(
        t
        for t in Document(str(paper)).tables
        if t.cell(0, 1).text == "生活圈" and t.cell(0, 0).text == "序号"
    )
    first = int(np.flatnonzero(facts.gaps.rank == 1)[0])

    assert [r.cells[0].text for r in table.rows[1:4]] == ["1", "2", "3"]
    assert table.cell(1, 1).text == facts.circles.name[facts.gaps.circle_idx[first]]
    assert table.cell(1, 2).text == facts.types.types[facts.gaps.type_idx[first]].label


def test_map_pictures_are_there_with_words_for_those_who_cannot_see_them(paper):
    shapes = Document(str(paper)).inline_shapes

    assert len(shapes) == 2
    assert all("步行时间" in s._inline.docPr.get("descr") for s in shapes)


def test_invented_data_is_marked_in_the_header_of_every_page(paper):
    doc = Document(str(paper))

    for section in doc.sections:
        assert "虚构" in section.header.paragraphs[0].text
        assert "虚构" in section.even_page_header.paragraphs[0].text


def test_inference_is_named(paper):
    text = "\n".join(p.text for p in Document(str(paper)).paragraphs)

    assert "推定" in text
    assert "估算" in text


def test_types_the_source_hardly_maps_are_not_called_gaps(tmp_path):
    facts = make_facts()
    state = np.full(len(facts.gaps), GapState.NOT_SURVEYED, np.uint8)
    none = replace(facts.gaps, state=state, rank=np.zeros(len(facts.gaps), np.int32))
    write_docx(replace(facts, gaps=none), tmp_path / "r.docx")
    doc = Document(str(tmp_path / "r.docx"))
    words = "\n".join(c.text for t in doc.tables for r in t.rows for c in r.cells)

    assert "未调查" in words
    assert "缺口" not in words


def test_same_facts_give_the_same_bytes(paper, tmp_path):
    write_docx(make_facts(), tmp_path / "again.docx")

    assert (tmp_path / "again.docx").read_bytes() == paper.read_bytes()


def test_fonts_that_machines_lack_name_a_stand_in(paper):
    with zipfile.ZipFile(paper) as book:
        table = book.read("word/fontTable.xml").decode()

    assert 'w:name="仿宋_GB2312"' in table
    assert 'w:altName w:val="仿宋"' in table


def test_a_circle_without_residents_does_not_hide_the_others_shares(tmp_path):
    facts = make_facts()
    cover = facts.circle_coverage
    people = {f: getattr(cover, f).copy() for f in ("people_attached", "people_within", "people_in_norm")}
    for values in people.values():
        values[0] = np.nan
    write_docx(replace(facts, circle_coverage=replace(cover, **people)), tmp_path / "one_unknown.docx")
    table = Document(str(tmp_path / "one_unknown.docx")).tables[0]
    told = [r for r in table.rows[1:] if "缺口" in r.cells[-1].text or "达标" in r.cells[-1].text]

    assert told
    assert all("未知" not in cell.text for row in told for cell in row.cells[1:-1])


def test_without_a_list_of_outlets_no_gap_is_denied(tmp_path):
    facts = make_facts()
    state = np.full(len(facts.gaps), GapState.NOT_SURVEYED, np.uint8)
    gaps = replace(facts.gaps, state=state, rank=np.zeros(len(state), np.int32))
    write_docx(replace(facts, gaps=gaps), tmp_path / "unsurveyed.docx")
    text = "\n".join(p.text for p in Document(str(tmp_path / "unsurveyed.docx")).paragraphs)

    assert "不能判断有没有缺口" in text
    assert "没有发现必备业态的缺口" not in text
