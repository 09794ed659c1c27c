"""From a clerk's lists to numbers: small packs through a whole study, results worked out by hand."""

import numpy as np
import openpyxl
import pytest

from small_packs import (
    HEAD,
    NETWORK,
    OUTLETS,
    PLACES,
    SOURCE,
    at,
    outlets_csv,
    places_csv,
    small_pack,
    street_files,
)
from yike.core.tables import GapState
from yike.errors import InputError
from yike.reports.survey_form.sheet import write_annex5
from yike.sources.pack import read_pack
from yike.studies.pipeline import run_study
from yike.studies.study import StudySpec

SPEED = 4.0 / 3.6


def study(folder, **spec):
    return run_study(StudySpec(folder, with_isochrones=False, **spec)).facts


def nearest_s(facts, place_id, form_row):
    column = facts.access.column_of(facts.types.idx_of_row(form_row))
    return float(facts.access.nearest_s[facts.places.place_id.index(place_id), column])


def indicator(facts, code, circle=0):
    return float(facts.assessment.value[circle, facts.assessment.indicator.index(code)])


def test_van_serves_at_each_stop_and_counts_once(tmp_path):
    van = f'M1,菜车,菜市场,{at(0, 0)},"{at(50, 0)} 周二；{at(350, 0)} 周四",8'
    folder = small_pack(
        tmp_path / "pack",
        outlets=outlets_csv(van, header="编号,名称,业态,经度,纬度,停靠点,从业人数"),
        places=places_csv(f"P1,{at(0, 0)},100", f"P2,{at(400, 0)},200"),
    )
    facts = study(folder)
    write_annex5(facts, tmp_path / "annex5.xlsx")
    form = openpyxl.load_workbook(tmp_path / "annex5.xlsx").worksheets[0]

    assert nearest_s(facts, "P1", "B03") == pytest.approx(50 / SPEED, abs=0.05)
    assert nearest_s(facts, "P2", "B03") == pytest.approx(50 / SPEED, abs=0.05)
    assert (form["C7"].value, form["C10"].value) == (1, 1)  # total, 菜市场
    assert form["D7"].comment.text.startswith("实有 8 人")
    assert indicator(facts, "outlets_per_1000") == pytest.approx(1000 / 300)


def test_time_of_day_opens_and_closes_streets(tmp_path):
    # 50 m west of crossing 2 to 50 m east of crossing 3: 200 m; with 2-3 shut round the block, 400 m.
    edges = street_files()["edges.csv"].splitlines()
    lines = [edges[0] + ",closed_from,closed_to", *(e + ",," for e in edges[1:])]
    shut = [e.replace("2,3,100,,", "2,3,100,22:00,06:00") for e in lines]
    folder = small_pack(
        tmp_path / "pack",
        outlets=outlets_csv(f"W1,店,便利店,{at(250, 0)}"),
        places=places_csv(f"P1,{at(50, 0)},100"),
        files={"edges.csv": "\n".join(shut) + "\n"},
    )

    assert nearest_s(study(folder), "P1", "B01") == pytest.approx(200 / SPEED, abs=0.05)
    assert nearest_s(study(folder, at_minute=23 * 60), "P1", "B01") == pytest.approx(400 / SPEED, abs=0.05)
    assert nearest_s(study(folder, at_minute=6 * 60), "P1", "B01") == pytest.approx(200 / SPEED, abs=0.05)


def test_search_limit_and_cutoffs_come_from_the_pack(tmp_path):
    toml = HEAD + NETWORK + OUTLETS + PLACES + SOURCE + "\n[study]\ncutoffs = [1, 2]\nlimit = 3\n"
    folder = small_pack(
        tmp_path / "pack",
        toml=toml,
        outlets=outlets_csv(f"W1,店,便利店,{at(0, 0)}"),
        places=places_csv(f"P1,{at(200, 0)},100", f"P2,{at(201, 0)},100"),
    )
    facts = study(folder)

    # 3 minutes are 200 m
    assert facts.access.cutoffs_s == (60.0, 120.0)
    assert np.isfinite(nearest_s(facts, "P1", "B01"))
    assert np.isinf(nearest_s(facts, "P2", "B01"))
    with pytest.raises(InputError, match="还短"):
        study(folder, limit_s=60.0)


def test_types_that_were_surveyed_are_gaps_where_others_are_missing_data(tmp_path):
    settings = 'surveyed = ["菜市场"]\n'
    folder = small_pack(
        tmp_path / "pack",
        toml=HEAD + NETWORK + OUTLETS + settings + PLACES + SOURCE,
        places=places_csv(f"P1,{at(10, 10)},60000"),
    )
    gaps = study(folder).gaps
    types = study(folder).types
    state = {
        types.types[t].form_row: GapState(int(s)) for t, s in zip(gaps.type_idx, gaps.state, strict=True)
    }

    assert state["B03"] == GapState.GAP  # surveyed: none means none
    assert state["B07"] == GapState.DATA_MISSING


def test_verified_share_counts_visits_of_the_last_ninety_days(tmp_path):
    # as_of 2026-01-01: 2025-10-03 is 90 days before, 2025-10-02 is 91
    dates = ("2025-10-03", "2025-10-02", "2025-12-31", "")
    rows = [f"{i},店{i},药店,{at(60 * i, 0)},{day}" for i, day in enumerate(dates)]
    folder = small_pack(
        tmp_path / "pack", outlets=outlets_csv(*rows, header="编号,名称,业态,经度,纬度,核实日期")
    )

    assert indicator(study(folder, rule_pack="yike-default"), "verified_share") == pytest.approx(2 / 3)


def test_answers_of_residents_reach_the_indicators_and_the_form(tmp_path):
    header = "业态,满意人数,有效回答,样本数,需求清单,经营秩序检查表"
    rows = (header, ",45,50,60,停车,75%", "便利店,30,40,,再来一家,")
    folder = small_pack(
        tmp_path / "pack",
        toml=HEAD + NETWORK + OUTLETS + PLACES + SOURCE + '\n[survey]\nfile = "s.csv"\n',
        files={"s.csv": "\n".join(rows) + "\n"},
    )
    facts = study(folder, rule_pack="yike-default")
    write_annex5(facts, tmp_path / "annex5.xlsx")
    form = openpyxl.load_workbook(tmp_path / "annex5.xlsx").worksheets[0]

    assert indicator(facts, "satisfaction_share") == 0.9
    assert indicator(facts, "samples") == 60
    assert indicator(facts, "order_checklist") == 0.75
    assert [form[c].value for c in ("F7", "G7", "F8", "G8", "F9")] == [90, "停车", 75, "再来一家", None]


def test_early_dining_is_one_trade_and_no_second_function(tmp_path):
    rows = (f"1,面馆,特色餐饮店,{at(5, 0)},06:00-14:00,", f"2,超市,便利店,{at(105, 0)},,洗衣")
    folder = small_pack(
        tmp_path / "pack", outlets=outlets_csv(*rows, header="编号,名称,业态,经度,纬度,营业时间,服务")
    )

    assert indicator(study(folder), "multi_function_share") == 0.5


def test_outlets_of_circles_without_boundaries_go_with_the_nearest_home(tmp_path):
    homes = places_csv(
        f"P1,{at(0, 0)},100,东圈", f"P2,{at(400, 0)},200,西圈", header="编号,经度,纬度,人口,圈"
    )
    rows = (f"1,甲,药店,{at(50, 0)},", f"2,乙,药店,{at(300, 0)},", f"3,丙,药店,{at(10, 0)},西圈")
    folder = small_pack(
        tmp_path / "pack",
        toml=HEAD + NETWORK + OUTLETS + PLACES + SOURCE + '\n[circles]\ncolumn = "圈"\n',
        places=homes,
        outlets=outlets_csv(*rows, header="编号,名称,业态,经度,纬度,所属生活圈"),
    )
    facts = study(folder)

    assert facts.circles.name == ("东圈", "西圈")
    assert facts.outlets.circle_idx.tolist() == [0, 1, 1]
    assert any("推定" in text for text in facts.provenance.estimates)


def test_pack_with_an_unknown_rule_pack_is_refused_when_read(tmp_path):
    toml = HEAD + NETWORK + OUTLETS + PLACES + SOURCE + '\n[standards]\nrule_pack = "yima-2023-8"\n'

    with pytest.raises(InputError) as told:
        read_pack(small_pack(tmp_path / "pack", toml=toml))
    assert [f.code for f in told.value.faults if f.level == "error"] == ["pack.standards.rule_pack_unknown"]
    assert "yima-2023-9" in told.value.faults[0].cure


def test_whole_pack_as_one_circle_has_every_outlet(tmp_path):
    # 5 m south of the southernmost street lies outside the streets' box
    folder = small_pack(
        tmp_path / "pack", outlets=outlets_csv(f"1,甲,药店,{at(50, -5)}", f"2,乙,药店,{at(50, 100)}")
    )

    assert study(folder).outlets.circle_idx.tolist() == [0, 0]
