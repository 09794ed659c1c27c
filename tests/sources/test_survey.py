"""The summary of a survey: shares of valid answers, pooled and never averaged, refused where unclear."""

import numpy as np
import pytest

from small_packs import HEAD, NETWORK, OUTLETS, PLACES, SOURCE, at, codes, places_csv, small_pack
from yike.sources.pack import inspect_pack

CIRCLES = '[circles]\ncolumn = "圈"\n'
SURVEY = '[survey]\nfile = "survey.csv"\n'
HEADER = "便民生活圈,业态,满意度,满意人数,有效回答,样本数,需求清单"


def _read(tmp_path, *rows, header=HEADER):
    homes = places_csv(
        f"P1,{at(10, 10)},100,甲圈", f"P2,{at(310, 390)},200,乙圈", header="编号,经度,纬度,人口,圈"
    )
    folder = small_pack(
        tmp_path / "pack",
        toml=HEAD + NETWORK + OUTLETS + PLACES + CIRCLES + SURVEY + SOURCE,
        places=homes,
        files={"survey.csv": "\n".join((header, *rows)) + "\n"},
    )
    report, pack = inspect_pack(folder)
    return [f for f in report.faults if f.code.startswith("survey")], pack.survey if pack else None


def test_overall_row_gives_share_samples_and_needs(tmp_path):
    faults, survey = _read(tmp_path, "甲圈,,,45,50,60,停车", "乙圈,合计,88%,,,70,")

    assert faults == []
    assert survey.satisfaction_share.tolist() == [0.9, 0.88]
    assert survey.samples.tolist() == [60, 70]
    assert survey.needs == ("停车", "")


def test_answers_by_type_are_pooled_not_averaged(tmp_path):
    # 9 of 10 and 30 of 90: pooled 39 / 100, the mean of the shares would be 0.617
    _, survey = _read(tmp_path, "甲圈,便利店,,9,10,,", "甲圈,B10,,30,90,,再来一家")

    assert survey.satisfaction_share[0] == pytest.approx(0.39)
    assert survey.form_rows == ("B01", "B10")
    assert survey.share_by_row[0].tolist() == [0.9, pytest.approx(1 / 3)]
    assert survey.row(0, "B10")[1] == "再来一家"
    assert survey.samples[0] == 90  # at least as many as answered one question


def test_percentages_without_counts_give_no_overall(tmp_path):
    faults, survey = _read(tmp_path, "甲圈,便利店,90%,,,60,", "甲圈,药店,50%,,,60,")

    assert codes(faults) == ["survey.overall.unknown"]
    assert np.isnan(survey.satisfaction_share[0])
    assert survey.row(0, "B01")[0] == 0.9


def test_nobody_answered_is_unknown_and_not_zero(tmp_path):
    _, survey = _read(tmp_path, "甲圈,便利店,,0,0,,", "甲圈,,,45,50,60,")

    assert np.isnan(survey.row(0, "B01")[0])
    assert np.isnan(survey.satisfaction_share[1])


def test_too_few_samples_are_a_warning_by_the_rule_pack(tmp_path):
    faults, _ = _read(tmp_path, "甲圈,,90,,,49,", "乙圈,,90,,,50,")

    assert [(f.code, f.level, f.found, f.expected) for f in faults] == [
        ("survey.samples.few", "warning", "49", "50")
    ]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("丙圈,,90,,,60,", "survey.circle.unknown"),
        (",,90,,,60,", "survey.circle.missing"),
        ("甲圈,量子力学,90,,,60,", "survey.type.unknown"),
        ("甲圈,,120,,,60,", "survey.share.bad"),
        ("甲圈,,很好,,,60,", "survey.share.bad"),
        ("甲圈,,,51,50,60,", "survey.satisfied.more"),
        ("甲圈,,90,,,-1,", "survey.number.small"),
        ("甲圈,,90,,,六十,", "survey.number.bad"),
    ],
)
def test_wrong_rows_are_errors(tmp_path, row, code):
    faults, _ = _read(tmp_path, row)

    assert code in codes(faults, "error")


def test_share_up_to_one_under_a_header_in_per_cent_is_not_guessed(tmp_path):
    faults, _ = _read(tmp_path, "甲圈,0.9,60", header="便民生活圈,满意度（%）,样本数")

    assert codes(faults, "error") == ["survey.share.unclear"]
    assert "90%" in faults[0].message


def test_stated_share_that_differs_gives_way_to_the_counts(tmp_path):
    faults, survey = _read(tmp_path, "甲圈,,80,45,50,60,")

    assert codes(faults) == ["survey.differs"]
    assert survey.satisfaction_share[0] == 0.9


def test_same_circle_and_type_twice_is_an_error(tmp_path):
    faults, _ = _read(tmp_path, "甲圈,便利店,90,,,60,", "甲圈,B01,80,,,60,")

    assert [(f.code, f.row, f.facts["other_row"]) for f in faults if f.level == "error"] == [
        ("survey.row.twice", 3, 2)
    ]


def test_further_columns_of_numbers_are_kept_by_their_header(tmp_path):
    _, survey = _read(
        tmp_path, "甲圈,90,60,75%,张三", header="便民生活圈,满意度,样本数,经营秩序检查表,调查员"
    )

    assert set(survey.other) == {"经营秩序检查表"}
    assert survey.other["经营秩序检查表"][0] == 0.75
    assert np.isnan(survey.other["经营秩序检查表"][1])
