"""New estates on the ladder of streets: what is in reach, what is to be planned, and the four steps."""

import datetime as dt
import re
import shutil

import numpy as np
import pytest
from openpyxl import load_workbook

from yike.errors import InputError
from yike.reports.estate_list.build import write_estate_list
from yike.studies.estate import EstateSpec, estate_from_pack, estates_of_scenario
from yike.studies.study import StudySpec

# The street runs along 40° N; shops at 116.302, .310 (pharmacy) and .330. 85 m a step of 0.001 degrees,
# 4 km/h: 600 s reach 667 m, that is 7.8 steps.
NEAR_BOTH = (116.306, 40.0)  # 4 steps to the store, 4 to the pharmacy: 306 s each
FAR_FROM_ALL = (116.355, 40.0)  # 25 steps from the last store


def checklist(pack, lon, lat, rules="yima-2023-9", **more):
    record = estate_from_pack(StudySpec(pack, rule_pack=rules), EstateSpec(6000, lon, lat, **more))
    return record["estates"][0]


@pytest.fixture(scope="module")
def surveyed(tiny_pack, tmp_path_factory):
    """The ladder with a list that claims to hold every outlet: what is not there is missing."""
    folder = tmp_path_factory.mktemp("estates") / "surveyed"
    folder.mkdir()
    for file in tiny_pack.iterdir():
        text = file.read_text("utf-8")
        if file.name == "pack.toml":
            text = text.replace('file = "outlets.csv"', 'file = "outlets.csv"\nsurveyed = true')
        (folder / file.name).write_text(text, "utf-8")
    return folder


def test_types_in_reach_are_there_and_the_others_are_planned_with_the_homes(surveyed):
    item = checklist(surveyed, *NEAR_BOTH)
    state = {t["code"]: t["state"] for t in item["types"]}
    store = next(t for t in item["types"] if t["code"] == "convenience_store")

    assert state["convenience_store"] == state["pharmacy"] == "reached"
    assert store["nearest_s"] == pytest.approx(4 * 85 / (4 / 3.6), abs=2)
    assert (store["nearest_id"], store["nearest_name"]) == ("s1", "一号便利店")
    assert set(item["missing"]) == {c for c, s in state.items() if s == "missing"}
    assert len(item["missing"]) == 9  # of the eleven that 义马 requires
    assert "须与住宅同步配建的：" in item["sentence"]


def test_a_shop_beyond_the_norm_is_planned_too(surveyed):
    item = checklist(surveyed, *FAR_FROM_ALL)
    store = next(t for t in item["types"] if t["code"] == "convenience_store")

    assert store["nearest_s"] > store["within_s"] == 600
    assert store["state"] == "missing"
    assert len(item["missing"]) == 11


def test_a_point_off_the_streets_knows_nothing(surveyed):
    far = checklist(surveyed, 116.9, 40.3)

    assert far["is_attached"] is False
    assert {t["state"] for t in far["types"]} == {"unknown"}
    assert "未知" in far["sentence"]
    assert far["missing"] == []


def test_a_big_town_without_one_shop_of_a_type_was_not_looked_at(yima_pack, tmp_path):
    """Nobody believes that 170,900 people have no pharmacy: the list cannot tell, it has to be checked."""
    pack = tmp_path / "yima"
    shutil.copytree(yima_pack, pack)
    rows = (pack / "outlets.csv").read_text("utf-8-sig").splitlines()
    (pack / "outlets.csv").write_text("\n".join(r for r in rows if "药" not in r) + "\n", "utf-8")
    head = (pack / "pack.toml").read_text("utf-8")
    (pack / "pack.toml").write_text(re.sub(r"surveyed = .*", "surveyed = false", head), "utf-8")
    item = checklist(pack, 111.88, 34.74)

    assert next(t["state"] for t in item["types"] if t["code"] == "pharmacy") == "unknown"
    assert "pharmacy" not in item["missing"]
    assert "须先补查的：药店" in item["sentence"]


def test_areas_carry_their_clause_and_the_share_becomes_square_metres(surveyed):
    floor, parcel = checklist(surveyed, *NEAR_BOTH, floor_m2=200_000)["areas"]
    assert (floor["at_least"], floor["need_m2"], floor["is_asked"]) == (0.1, 20_000, True)
    assert (parcel["at_least"], parcel["need_m2"], parcel["is_asked"]) == (15, 15, True)
    assert parcel["clause"].startswith("义政办〔2023〕9号 五（三）13")

    _, elsewhere = checklist(surveyed, *NEAR_BOTH, rules="tianshui-2023-54")["areas"]
    assert elsewhere["is_asked"] is False
    assert elsewhere["clause"].endswith("（参照，本规则包没有写）")


def test_the_four_steps_wait_for_their_dates(surveyed):
    steps = checklist(surveyed, *NEAR_BOTH)["steps"]

    assert [s["label"] for s in steps] == ["同步规划", "同步建设", "同步验收", "同步交付"]
    assert {s["planned_on"] for s in steps} | {s["done_on"] for s in steps} == {None}


SCENARIO = """
name = "新区"
[[edit]]
do = "新建小区"
people = 6000
name = "滨河新苑"
point = [116.355, 40.0]
[[edit]]
do = "新增网点"
type = "便利店"
point = [116.356, 40.0]
"""


def test_a_scenario_counts_the_shops_that_it_opens(surveyed, tmp_path):
    file = tmp_path / "new.toml"
    file.write_text(SCENARIO, "utf-8")
    study = StudySpec(surveyed, rule_pack="yima-2023-9")
    (item,) = estates_of_scenario(study, file)["estates"]

    assert (item["name"], item["people"]) == ("滨河新苑", 6000)
    assert "convenience_store" not in item["missing"]
    assert len(item["missing"]) == 10


def test_a_scenario_without_an_estate_is_refused(surveyed, tmp_path):
    file = tmp_path / "shops.toml"
    file.write_text(SCENARIO.split("[[edit]]")[0] + "[[edit]]" + SCENARIO.split("[[edit]]")[2], "utf-8")

    with pytest.raises(InputError, match="没有新建小区"):
        estates_of_scenario(StudySpec(surveyed), file)


def test_workbook_is_to_be_filled_in_and_always_the_same(surveyed, tmp_path):
    record = estate_from_pack(
        StudySpec(surveyed, rule_pack="yima-2023-9"), EstateSpec(6000, *NEAR_BOTH, "滨河新苑")
    )
    one, two = tmp_path / "1.xlsx", tmp_path / "2.xlsx"
    for path in (one, two):
        write_estate_list(record, path)
    book = load_workbook(one)
    sheet = book.active

    assert one.read_bytes() == two.read_bytes()
    assert book.properties.created == dt.datetime(2026, 1, 1)
    assert sheet["A1"].value == "滨河新苑　配套网点同步配建清单"
    labels = [cell.value for cell in sheet["A"]]
    row = labels.index("同步验收") + 1
    assert [sheet.cell(row, c).value or "" for c in (6, 7, 8)] == ["", "", ""]
    market = labels.index("菜市场") + 1
    assert sheet.cell(market, 4).value == "○ 同步配建"
    assert np.isclose(float(sheet.cell(market, 2).value), 10)
