"""The PDF foundation: text stays text, the same bytes, clear errors, no fonts but the package's."""

import io

import pytest
from pypdf import PdfReader

from timetable_facts_maker import usual
from yike.errors import StudyError
from yike.reports.pdf.render import render_pdf, render_png
from yike.reports.timetable_view import TimetableView
from yike.reports.vendor_poster.build import TEMPLATE, poster_data
from yike.reports.vendor_poster.content import posters


def given(name="光明社区广场"):
    facts = usual()
    (first, *_) = posters(TimetableView(facts))
    return poster_data(facts, [{**first, "name": name}])


def text_of(pdf):
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


@pytest.mark.parametrize("name", ["#[注入]", "*重* _点_ $x$", "@page <b>", "\\ // 注释", '"引号"'])
def test_signs_of_the_template_language_stay_text(name):
    assert name.replace(" ", "") in text_of(render_pdf(TEMPLATE, given(name))).replace(" ", "")


def test_control_characters_are_left_out():
    assert "光明广场" in text_of(render_pdf(TEMPLATE, given("光\x00明\x07广\ud800场"))).replace(" ", "")


def test_same_data_gives_the_same_bytes():
    assert render_pdf(TEMPLATE, given()) == render_pdf(TEMPLATE, given())


def test_paper_carries_no_date_of_its_making():
    about = PdfReader(io.BytesIO(render_pdf(TEMPLATE, given()))).metadata

    assert about.title == usual().title
    assert about.creation_date is None
    assert about.modification_date is None


def test_only_fonts_of_the_package_are_embedded():
    page = PdfReader(io.BytesIO(render_pdf(TEMPLATE, given()))).pages[0]
    names = {font.get_object()["/BaseFont"].split("+")[1] for font in page["/Resources"]["/Font"].values()}

    assert names == {"NotoSansSC-Regular-Identity-H"}


def test_preview_has_one_picture_a_page():
    (page,) = render_png(TEMPLATE, given(), ppi=36)

    assert page.startswith(b"\x89PNG")


def test_unknown_template_is_named():
    with pytest.raises(StudyError, match=r"vendor_poster/none\.typ"):
        render_pdf("vendor_poster/none.typ", {})


def test_data_that_do_not_fit_the_template_say_so():
    with pytest.raises(StudyError, match=r"vendor_poster/poster\.typ") as wrong:
        render_pdf(TEMPLATE, {"title": "无海报"})

    assert wrong.value.code == "pdf.compile"
    assert wrong.value.hint


def test_not_a_number_is_refused_rather_than_printed():
    with pytest.raises(ValueError, match="not JSON compliant"):
        render_pdf(TEMPLATE, {"title": float("nan")})
