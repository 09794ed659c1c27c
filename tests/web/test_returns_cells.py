import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given

from returns_town import PROGRAM, build_town, clerk, open_town
from returns_values import any_value, forms
from yike.errors import RefusedError
from yike.standards.survey_form import SUMMED, TYPE_ROWS, cell_keys
from yike.web.outlets.actions import create_outlet
from yike.web.returns.actions import fill_cells, refresh_from_register
from yike.web.returns.cells import clean, from_json, to_json, total_of, with_totals
from yike.web.returns.checks import Filled, answer_days, findings, half_width
from yike.web.returns.models import CellChange, Return
from yike.web.returns.queries import doc_of, findings_of, history_of, revision_of, sources_of, values_of
from yike.web.voices.models import Answer, Need, Survey


@pytest.fixture
def wave(db, now):
    build_town(now)
    return open_town(now)


@pytest.fixture
def east(wave):
    return Return.objects.select_related("wave", "circle").get(circle__code="C1")


def fill(of, now, values, comments=None, seen=None):
    return fill_cells(who=PROGRAM, of=of, values=values, comments=comments or {}, seen=seen, now=now)


@given(any_value())
def test_a_value_survives_the_database(cell):
    key, value = cell

    assert from_json(key, to_json(key, clean(key, value))) == clean(key, value)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("B01.outlets", Decimal("1.5")), ("B01.outlets", True), ("B01.staff", "3"), ("operators", ("none",)),
        ("has_platform", 1), ("as_of", "2026-11-30"), ("area_share", Decimal("NaN")), ("circle", "字" * 2001),
        ("B01.outlets", 10**13),
    ],
)  # fmt: skip
def test_a_value_of_another_kind_is_refused_with_the_cell_named(key, value):
    with pytest.raises(RefusedError) as wrong:
        clean(key, value)

    assert wrong.value.facts["key"] == key


def test_text_loses_what_no_workbook_can_carry():
    assert clean("B01.needs", " 修鞋\x00\x08铺 ") == "修鞋铺"
    assert clean("B01.needs", "   ") is None


@given(forms())
def test_the_total_is_the_sum_of_the_known_rows(values):
    shown = with_totals(values)

    for column in SUMMED:
        known = [values[f"{r}.{column}"] for r in TYPE_ROWS if values.get(f"{r}.{column}") is not None]
        assert shown[f"ALL.{column}"] == (sum(known) if known else None)
    assert with_totals(values | {"ALL.outlets": 7})["ALL.outlets"] == 7


def test_another_edit_in_between_is_refused_and_named(east, now):
    seen = east.version
    fill(east, now, {"Q01.needs": "书店", "centres": 2}, seen=seen)

    with pytest.raises(RefusedError, match="社区商业中心数量、新式书店 · 需求清单") as stale:
        fill(east, now, {"Q02.needs": "球场"}, seen=seen)
    assert (stale.value.facts["status"], stale.value.facts["keys"]) == (409, ["Q01.needs", "centres"])
    assert doc_of(east).values["Q02.needs"] is None


def test_overriding_the_register_asks_for_a_comment(east, now):
    with pytest.raises(RefusedError, match="便利店 · 网点数量") as wrong:
        fill(east, now, {"B01.outlets": 4, "Q01.outlets": 1})
    assert wrong.value.facts["keys"] == ["B01.outlets"]
    fill(east, now, {"B01.outlets": 4, "Q01.outlets": 1}, {"B01.outlets": "新开一家"})

    assert revision_of(east).comments == {"B01.outlets": "新开一家"}
    assert doc_of(east).notes["B01.outlets"] == "说明：新开一家"
    assert (sources_of(east)["B01.outlets"].mark, sources_of(east)["B01.outlets"].stands) == ("register", 3)
    assert sources_of(east)["Q01.outlets"].said.startswith("系统 2026-11-22")
    fill(east, now, {"B01.outlets": 3})
    assert revision_of(east).comments == {}
    assert [(h.old, h.new, h.why) for h in history_of(east, "B01.outlets")] == [
        (4, 3, ""),
        (3, 4, "新开一家"),
    ]


def test_a_typed_total_that_is_the_sum_follows_its_rows(east, now):
    fill(east, now, {"B02.outlets": 2, "ALL.outlets": 5})
    assert values_of(east)["ALL.outlets"] is None
    fill(east, now, {"ALL.outlets": 6})
    fill(east, now, {"B02.outlets": 3})
    assert (values_of(east)["ALL.outlets"], doc_of(east).values["ALL.outlets"]) == (6, 6)
    fill(east, now, {"ALL.outlets": 6})
    assert values_of(east)["ALL.outlets"] is None


def test_writing_what_is_there_changes_nothing(east, now):
    before = (east.version, CellChange.objects.count())
    held = fill(east, now, {"B01.outlets": 3, "B02.outlets": None}, seen=east.version)

    assert (held.version, CellChange.objects.count()) == before


def test_refreshing_takes_over_untouched_cells_alone(east, now):
    fill(east, now, {"B01.staff": 9, "Q01.outlets": 2}, {"B01.staff": "补了一人"})
    kinds = [("convenience_store", None), ("supermarket", 11)]
    for i, (kind, staff) in enumerate(kinds):
        shop = {"name": f"新店{i}（虚构）", "type_code": kind, "area_code": "990101001001", "staff": staff}
        create_outlet(who=PROGRAM, values=shop, now=now)
    refresh_from_register(who=PROGRAM, of=east, now=now + dt.timedelta(days=1))

    values = doc_of(east).values
    assert (values["B01.outlets"], values["B01.staff"], values["Q01.outlets"]) == (4, 9, 2)
    assert (values["B02.outlets"], values["B02.staff"]) == (1, 11)
    assert "2 个网点没有登记从业人数" in sources_of(east)["B01.staff"].said
    assert sources_of(east)["Q01.outlets"].mark == "hand"
    assert history_of(east, "B02.staff")[0].origin == "登记册预填"
    again = refresh_from_register(who=PROGRAM, of=east, now=now + dt.timedelta(days=1))
    assert CellChange.objects.filter(of=east, version=again.version).count() == 0


def test_a_register_that_moves_under_an_edit_asks_for_a_comment(east, now):
    fill(east, now, {"B02.outlets": 5})
    shop = {"name": "超市（虚构）", "type_code": "supermarket", "area_code": "990101001001"}
    create_outlet(who=PROGRAM, values=shop, now=now)
    refresh_from_register(who=PROGRAM, of=east, now=now)

    assert [f.text for f in findings_of(east) if f.code == "comment_missing"] == [
        "综合超市 · 网点数量与登记册不同（1.00），没有写说明。"
    ]
    fill(east, now, {"B02.outlets": 5}, {"B02.outlets": "登记册少了四家"})
    assert "comment_missing" not in {f.code for f in findings_of(east)}


def test_answers_and_needs_fill_their_columns(wave, east, now):
    survey = Survey.objects.create(
        circle=east.circle, area_code="990101001", title="问卷", opens_on=dt.date(2026, 11, 1),
        closes_on=dt.date(2026, 11, 30), token="t",
    )  # fmt: skip
    for i, score in enumerate([5, 4, 3]):
        Answer.objects.create(
            survey=survey, number=str(i), channel="paper", satisfaction={"B01": score}, overall=score,
            entered_at=now,
        )  # fmt: skip
    Need.objects.create(
        circle=east.circle, area_code="990101001", text="修鞋", form_row="B06", channel="talk",
        state="confirmed", said_on=now.date(), noted_at=now,
    )  # fmt: skip
    refresh_from_register(who=PROGRAM, of=east, now=now)

    values, sources = values_of(east), sources_of(east)
    assert values["B01.satisfaction"] == Decimal("66.666667")
    assert values["ALL.satisfaction"] == Decimal("66.666667")
    assert values["B06.needs"] == "修鞋"
    assert "有效 3 份，满意 2 份" in sources["B01.satisfaction"].said
    assert "有效问卷 3 份" in next(f.text for f in findings_of(east) if f.code == "samples_few")


GOOD = {
    "circle": "东一圈", "city": "虚构市", "as_of": dt.date(2026, 11, 30), "operators": ("private",),
    "has_platform": False, "layouts": ("street",), "centres": 0, "residents": 12000,
    "area_share": Decimal(12),
} | {f"{row}.outlets": 0 for row in TYPE_ROWS}  # fmt: skip


def found(values, **more):
    return {(f.key, f.code, f.severity) for f in findings(Filled(values=GOOD | values, n_samples=50, **more))}


def test_a_good_form_has_nothing_to_look_at():
    assert found({}) == set()


@pytest.mark.parametrize(
    ("values", "key", "code", "severity"),
    [
        ({"operators": None}, "operators", "operator_missing", "error"),
        ({"layouts": ("street", "cluster")}, "layouts", "layout_several", "warning"),
        ({"has_platform": None}, "has_platform", "platform_missing", "error"),
        ({"as_of": None}, "as_of", "date_missing", "error"),
        ({"B01.outlets": 2, "B01.chain": 3}, "B01.chain", "chain_over", "error"),
        ({"B01.outlets": None, "B01.chain": 3}, "B01.chain", "chain_alone", "error"),
        ({"B01.outlets": 2, "B01.staff": 0}, "B01.staff", "staff_none", "warning"),
        ({"B01.outlets": 0, "B01.staff": 4}, "B01.staff", "staff_alone", "question"),
        ({"B01.outlets": 2, "B01.staff": 900}, "B01.staff", "staff_many", "question"),
        ({"B01.satisfaction": Decimal(108)}, "B01.satisfaction", "percent_range", "error"),
        ({"area_share": Decimal(-1)}, "area_share", "percent_range", "error"),
        ({"area_share": Decimal("9.99")}, "area_share", "area_share_low", "warning"),
        ({"B01.outlets": -1}, "B01.outlets", "negative", "error"),
        ({"residents": 3}, "residents", "residents_few", "question"),
        ({"residents": 120_000_000}, "residents", "residents_many", "question"),
        ({"centres": 100}, "centres", "centres_many", "question"),
        ({"B01.outlets": None}, "B01.outlets", "row_blank", "warning"),
        ({"B01.outlets": 9000}, "B01.outlets", "outlets_many", "question"),
        ({"B01.outlets": 2, "ALL.outlets": 3}, "ALL.outlets", "total_differs", "error"),
    ],
)
def test_each_check_finds_its_case(values, key, code, severity):
    assert (key, code, severity) in found(values)


def test_every_finding_says_what_to_do():
    wrong = dict.fromkeys(cell_keys()) | {"B01.outlets": 1, "B01.chain": 2, "B01.staff": 0}
    told = findings(Filled(values=wrong, n_samples=3))

    assert len(told) > 20
    assert all(f.text and f.cure and "{" not in f.text + f.cure for f in told)


@given(forms())
def test_checks_never_fail_and_zero_is_not_blank(values):
    told = findings(Filled(values=values, n_samples=0))
    blank = {f.key for f in told if f.code == "row_blank"}

    assert blank == {f"{r}.outlets" for r in TYPE_ROWS if values.get(f"{r}.outlets") is None}


def test_a_typed_total_passes_with_a_reason():
    typed = {"ALL.staff": 10, "B01.outlets": 1, "B01.staff": 8}

    assert ("ALL.staff", "total_differs_explained", "warning") in found(
        typed, comments={"ALL.staff": "照原表"}
    )


def test_answers_of_a_year_count(wave):
    assert answer_days(wave) == (dt.date(2025, 11, 30), dt.date(2026, 12, 10))


def test_fifty_samples_leave_8_3_points_open():
    assert [half_width(n) for n in (0, 50, 200)] == [None, Decimal("8.3"), Decimal("4.2")]


def test_a_stranger_fills_nothing(east, now):
    with pytest.raises(RefusedError, match="职责"):
        fill_cells(
            who=clerk("community", "990101002001"), of=east, values={"centres": 1}, comments={}, seen=None,
            now=now,
        )  # fmt: skip


def test_total_of_unknown_rows_is_unknown():
    assert total_of({}, "outlets") is None
    assert total_of({"B01.outlets": 0}, "outlets") == 0
