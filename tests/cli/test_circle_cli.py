"""``yike circle forecast``, ``shortlist``, ``estate``, ``instant``: what they print and what they refuse."""

import json

import pytest

from yike.cli.aligned import aligned
from yike.cli.main import main


def run(capsys, *args):
    with pytest.raises(SystemExit) as ended:
        main([str(a) for a in args])
    out, err = capsys.readouterr()
    return ended.value.code, out, err


def test_forecast_tells_years_targets_and_both_readings(capsys, yima_pack):
    code, out, _ = run(capsys, "circle", "forecast", yima_pack, "--rules", "tianshui-2023-54", "-q")
    lines = out.splitlines()

    assert code == 0
    assert lines[0] == "义马市（虚构演示）（虚构数据）：22个生活圈，按建设年限"
    assert lines[1].split() == ["年底", "新建", "累计", "覆盖社区", "社区比例", "覆盖居民", "居民比例"]
    year = next(line.split() for line in lines if line.startswith("2025"))
    assert year == ["2025", "22个", "22", "35", "100.0%", "170,900", "100.0%"]
    assert any("差30.0个百分点（11个社区）" in line for line in lines)  # 30 % of 35 communities by 2023: none
    assert any(line.startswith("双条件 ○ 不够") for line in lines)
    assert any("51%" in line and "60%" in line for line in lines)


def test_shortlist_prints_points_weights_and_sources(capsys, yima_pack):
    code, out, _ = run(capsys, "circle", "shortlist", yima_pack, "--n", "2", "-q")

    assert code == 0
    assert out.count("★") == 2
    assert out.count("〔推定〕") == 6
    assert "占社区总数 5.7%" in out  # 2 of 35


def test_estate_prints_what_to_plan_and_leaves_dates_open(capsys, yima_pack, tmp_path):
    file = tmp_path / "list.xlsx"
    where = ("--people", "6000", "--point", "111.88", "34.74")
    code, out, _ = run(capsys, "circle", "estate", yima_pack, *where, "-o", file, "-q")

    assert code == 0
    assert "同步规划、同步建设、同步验收、同步交付：日期待填" in out
    assert "15 平方米" in out
    assert file.is_file()


@pytest.mark.parametrize(("args", "words"), [
    ((), "--point"),
    (("--people", "6000"), "--point"),
    (("--people", "6000", "--point", "34.74", "111.88"), "经度在前"),
    (("--people", "6000", "--point", "nan", "34.74"), "经度在前"),
])  # fmt: skip
def test_estate_refuses_with_the_cure(capsys, yima_pack, args, words):
    code, _, err = run(capsys, "circle", "estate", yima_pack, *args, "-q")

    assert code == 2
    assert words in err


def test_instant_retail_nobody_wrote_down_is_unknown(capsys, yima_pack):
    code, out, _ = run(capsys, "circle", "instant", yima_pack, "--json", "-q")
    data = json.loads(out)

    assert code == 0
    assert (data["share"], data["people"]) == (None, 170_900)
    assert "未知" in data["sentence"]


def test_columns_line_up_under_chinese_headers():
    assert aligned(("名称", "数"), [("甲乙丙", "5"), ("a", "120")]) == [
        "名称     数",
        "甲乙丙    5",
        "a       120",
    ]
