"""``yike standards``: check, list, show, diff, as text and as JSON."""

import json

import pytest
from click.testing import CliRunner

from yike.cli.standards import standards

BROKEN = """
code = "own"
title = "自己的"
issuer = "我"
base = "mofcom-2021-247"
[[type]]
code = "pharmacy"
share = { value = 80 }
source = { text = "80%" }
"""


def run(*words):
    return CliRunner().invoke(standards, [str(word) for word in words], catch_exceptions=False)


@pytest.fixture
def own(tmp_path):
    (tmp_path / "own.toml").write_text(BROKEN, "utf-8")
    return tmp_path


def test_check_of_what_ships_says_no_error_and_ends_with_0():
    result = run("check")
    assert result.exit_code == 0
    assert result.stdout.startswith("0 处错误，0 处提醒")


def test_check_names_file_fault_and_cure_and_ends_with_1(own):
    result = run("check", "--extra", own)
    assert result.exit_code == 1
    line = result.stdout.splitlines()[0]
    assert line.startswith("提醒 own.toml") or line.startswith("错误 own.toml")
    assert "比例 80.0 超出 0 到 1" in result.stdout
    assert "80% 写 0.8" in result.stdout


def test_check_as_json_lists_faults(own):
    result = run("check", "--extra", own, "--json")
    faults = {fault["code"] for fault in json.loads(result.stdout) if fault["level"] == "error"}
    assert faults == {"standards.check.share"}


def test_list_names_every_pack_and_its_nature():
    result = run("list")
    assert result.exit_code == 0
    lines = {line.split()[0]: line for line in result.stdout.splitlines() if line.strip()}
    assert lines["yike-default"].endswith("整包推定")
    assert lines["tianshui-2023-54"].endswith("文件原文")
    assert lines["shanxi-2023-star"].endswith("转引")


def test_list_of_types_as_json_begins_with_the_form():
    rows = [t["form_row"] for t in json.loads(run("list", "--types", "--json").stdout)]
    assert rows[0] == "B01"
    assert rows[22] == "Q99"


def test_show_marks_every_inferred_value():
    text = run("show", "yima-2023-9").stdout
    pharmacy = next(line for line in text.splitlines() if line.startswith("B10"))
    assert "80%〔推定〕" in pharmacy
    assert "10 分钟  " in pharmacy  # the norm is the document's own
    assert "≥85%" in text


def test_show_as_json_carries_sources():
    pack = json.loads(run("show", "tianshui-2023-54", "--json").stdout)
    chain = next(i for i in pack["indicators"] if i["code"] == "chain_share")
    assert chain["at_least"] == 0.3
    assert chain["source"]["is_inferred"] is False
    assert chain["points_source"]["is_inferred"] is True


def test_show_takes_a_business_type_or_its_row():
    by_row, by_code = run("show", "B06").stdout, run("show", "repair").stdout
    assert by_row == by_code
    assert "维修点" in by_row


def test_diff_shows_both_values_with_both_sources():
    result = run("diff", "yima-2023-9", "tianshui-2023-54")
    assert result.exit_code == 0
    line = next(line for line in result.stdout.splitlines() if "居民满意度" in line and "不低于" in line)
    assert "0.85" in line
    assert "0.9" in line
    assert "义政办〔2023〕9号" in line
    assert "天政办发〔2023〕54号" in line


def test_diff_of_a_pack_with_itself_says_so():
    assert run("diff", "yike-default", "yike-default").stdout == "两个规则包没有不同。\n"
    assert json.loads(run("diff", "yike-default", "yike-default", "--json").stdout) == []


@pytest.mark.parametrize("verb", ["check", "list", "show", "diff"])
def test_help_is_chinese_and_ends_with_an_example(verb):
    text = run(verb, "--help").stdout
    assert f"示例：\n    yike standards {verb}" in text


def test_an_unknown_pack_is_wrong_input(capsys):
    from yike.cli.main import main

    with pytest.raises(SystemExit) as end:
        main(["standards", "show", "nowhere-1"])
    assert end.value.code == 2
    assert "没有代码为“nowhere-1”的规则包" in capsys.readouterr().err
