import datetime as dt
import errno
from itertools import product
from pathlib import Path

import pytest
from django.db import OperationalError
from django.template.loader import render_to_string

from yike.reports.brand.tokens import contrast, css_variables, load_tokens
from yike.web import ui
from yike.web.regions.models import Area, AreaName
from yike.web.ui.faults import Refusals
from yike.web.ui.marks import marks
from yike.web.ui.places import forget_names, place_of
from yike.web.ui.table import Cell, Column, Table, cell_of
from yike.web.ui.words import thousands

STATIC = Path(ui.__file__).parent / "static" / "ui"


def test_the_sheet_of_tokens_is_that_of_the_brand():
    written = (STATIC / "tokens.css").read_text("utf-8").split("*/")[1]

    assert "".join(written.split()).replace(";}", "}") == "".join(css_variables().split())


@pytest.mark.parametrize(
    "sheet", sorted(p.name for p in STATIC.glob("*.css") if p.name not in ("tokens.css", "print.css"))
)
def test_sheets_use_tokens_and_no_colours_of_their_own(sheet):
    assert "#" not in "".join(
        line
        for line in (STATIC / sheet).read_text("utf-8").splitlines()
        if "color" in line or "background" in line
    )


def test_every_pair_of_text_and_ground_can_be_read():
    colour = load_tokens()["colour"]
    texts = ["ink", "muted", "primary", "primary-hover", "amber", "danger", "good"]
    pairs = [
        *product(texts, ["paper"]),
        ("amber", "amber-tint"),
        ("danger", "danger-tint"),
        ("primary", "tint"),
    ]
    pairs += [
        ("muted", "ground"),
        ("ink", "ground"),
        ("paper", "primary"),
        ("paper", "danger"),
        ("ink", "tint"),
    ]

    assert {p: r for p in pairs if (r := contrast(colour[p[0]], colour[p[1]])) < 4.5} == {}


def test_marks_differ_in_black_and_white_too():
    said = [(m.shape, m.word) for m in marks().values()]

    assert len(set(said)) == len(said)
    assert all(m.colour in load_tokens()["colour"] for m in marks().values())


@pytest.mark.parametrize(
    ("value", "text"), [(None, "暂缺"), (0, "0"), (9999, "9999"), (12345, "12\u202f345")]
)
def test_figures_are_grouped_from_ten_thousand_on(value, text):
    assert thousands(value) == text


@pytest.mark.parametrize(
    ("wrong", "status", "title"),
    [
        (OperationalError("database or disk is full"), 507, "磁盘已满"),
        (OSError(errno.ENOSPC, "No space left on device"), 507, "磁盘已满"),
        (OperationalError("connection to server was lost"), 503, "系统正忙"),
    ],
)
def test_a_full_disk_and_a_database_away_have_pages_of_their_own(rf, wrong, status, title):
    page = Refusals(lambda request: None).process_exception(rf.post("/desk/"), wrong)

    assert (page.status_code, title in page.content.decode(), "数据没有改动" in page.content.decode()) == (
        status, True, True,
    )  # fmt: skip


@pytest.mark.parametrize("wrong", [OperationalError("no such table: x"), ValueError("x"), OSError(2, "x")])
def test_mistakes_of_the_program_stay_mistakes(rf, wrong):
    assert Refusals(lambda request: None).process_exception(rf.get("/desk/"), wrong) is None


def test_a_list_with_an_invented_row_is_invented():
    columns = [Column("name", "名称", lambda row: Cell(row[0], is_invented=row[1]))]

    assert Table.plain([("桥南圈", False), ("东关圈", True)], columns, label="圈").is_invented
    assert Table.plain([("王记修鞋（虚构）", False)], columns, label="网点").is_invented
    assert not Table.plain([("桥南圈", False)], columns, label="圈").is_invented


def test_what_is_named_invented_is_not_marked_twice():
    columns = [Column("name", "名称", lambda row: Cell(row, is_invented=True))]
    table = Table.plain(["王记修鞋（虚构）", "东关圈"], columns, label="网点")

    page = render_to_string("ui/parts/table.html", {"table": table})

    assert page.count("虚构") == 2


def test_days_are_not_broken_over_lines():
    assert cell_of(Column("at", "日期", lambda row: row), dt.date(2026, 11, 2)) == Cell(
        "2026年11月2日", is_day=True
    )


@pytest.mark.django_db
def test_branches_are_called_by_their_names():
    city = Area.objects.create(code="411281000000", branch="411281", level="district")
    AreaName.objects.create(area=city, name="义马市")
    forget_names()

    assert [place_of("411281"), place_of("990101"), place_of("")] == ["义马市", "990101", "全部辖区"]
