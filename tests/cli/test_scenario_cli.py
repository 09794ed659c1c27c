"""``yike scenario``: from files to files, exit codes, JSON, kept bases."""

import json
import subprocess
import sys

import pytest

EDIT = """name = "{name}"
[[edit]]
do = "{do}"
{rest}
"""


def yike(*args, cwd):
    command = [sys.executable, "-m", "yike.cli.main", *map(str, args)]
    return subprocess.run(command, capture_output=True, text=True, cwd=cwd, timeout=300)


@pytest.fixture
def files(tmp_path):
    (tmp_path / "a.toml").write_text(
        EDIT.format(name="补药店", do="新增网点", rest='type = "药店"\nat = "r1"'), "utf-8"
    )
    (tmp_path / "b.toml").write_text(EDIT.format(name="关便利店", do="关店", rest='outlet = "s1"'), "utf-8")
    (tmp_path / "bad.toml").write_text(EDIT.format(name="错", do="关店", rest='outlet = "s7"'), "utf-8")
    return tmp_path


def test_compare_writes_three_files_and_says_who_gains_and_loses(tiny_pack, files):
    done = yike("scenario", "compare", tiny_pack, "a.toml", "b.toml", "-o", "对比", "-q", cwd=files)

    assert done.returncode == 0, done.stderr
    assert sorted(p.name for p in (files / "对比").iterdir()) == [
        "compare.html",
        "compare.json",
        "compare.xlsx",
    ]
    first, second = done.stdout.splitlines()[:2]
    assert first.startswith("补药店：至少一类业态变为达时限的居民 300 人")  # p3, 10 pieces from s2, is at r1
    assert "变为超时限的 300 人" in second


def test_kept_base_gives_the_same_comparison(tiny_pack, files):
    kept = yike("scenario", "base", tiny_pack, "-o", "底稿", "-q", cwd=files)
    assert kept.returncode == 0, kept.stderr

    args = ("a.toml", "b.toml", "--json", "-q")
    one = json.loads(yike("scenario", "compare", tiny_pack, *args, cwd=files).stdout)
    other = json.loads(yike("scenario", "compare", "底稿", *args, cwd=files).stdout)

    assert one.pop("seconds").keys() == other.pop("seconds").keys()
    assert one == other


def test_kept_base_takes_no_other_rules(tiny_pack, files):
    yike("scenario", "base", tiny_pack, "-o", "底稿", "-q", cwd=files)
    refused = yike("scenario", "compare", "底稿", "a.toml", "--profile", "elder", cwd=files)

    assert refused.returncode == 2
    assert "--profile" in refused.stderr


def test_check_tells_faults_and_exits_by_them(tiny_pack, files):
    alone = yike("scenario", "check", "bad.toml", cwd=files)
    beside = yike("scenario", "check", "bad.toml", tiny_pack, "--json", "-q", cwd=files)
    good = yike("scenario", "check", "a.toml", tiny_pack, "-q", cwd=files)

    assert alone.returncode == 0  # only a pack knows which outlets there are
    assert beside.returncode == 1
    (fault,) = json.loads(beside.stdout)["faults"]
    assert (fault["file"], fault["row"], fault["code"]) == ("bad.toml", 2, "scenario.outlet_unknown")
    assert "s1" in fault["cure"]
    assert good.returncode == 0
    assert "在 r1 新增药店" in good.stdout


def test_new_writes_a_scenario_that_checks(tiny_pack, files):
    made = yike("scenario", "new", "新.toml", "--name", "试一试", cwd=files)
    checked = yike("scenario", "check", "新.toml", "--json", cwd=files)
    again = yike("scenario", "new", "新.toml", cwd=files)

    assert made.returncode == 0
    assert json.loads(checked.stdout)["name"] == "试一试"
    assert again.returncode == 2
    assert "不会覆盖" in again.stderr


def test_faults_of_all_files_come_together(tiny_pack, files):
    (files / "c.toml").write_text("[[edit]]\ndo = 1\n", "utf-8")
    (files / "d.toml").write_text("[[edit]]\ndo = 2\n", "utf-8")
    wrong = yike("scenario", "compare", tiny_pack, "c.toml", "d.toml", "--json", "-q", cwd=files)

    assert wrong.returncode == 2
    assert [f["file"] for f in json.loads(wrong.stdout)["faults"]] == ["c.toml", "d.toml"]
