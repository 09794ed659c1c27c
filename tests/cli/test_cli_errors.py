"""What the command line says when something is wrong: Chinese, exit code 2, JSON where asked for."""

import json
import os
import subprocess
import sys

import pytest

from small_packs import at, places_csv, small_pack


def yike(*args):
    return subprocess.run(
        [sys.executable, "-m", "yike.cli.main", *map(str, args)], capture_output=True, text=True, timeout=300
    )


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("run",), "缺少 '城市包'"),
        (("fly",), "没有命令“fly”"),
        (("run", "/nowhere", "-o", "x"), "找不到“/nowhere”"),
        (("pack", "synth", "--city", "moon", "-o", "x"), "“moon”不在可选之中"),
        (("run", ".", "-o", "x", "--threads", "0"), "0 超出范围"),
    ],
)
def test_wrong_use_is_told_in_chinese(args, words):
    result = yike(*args)

    assert result.returncode == 2
    assert words in result.stderr
    assert "Error" not in result.stderr
    assert result.stdout == ""


def test_json_holds_the_error_and_every_fault(tmp_path):
    folder = small_pack(tmp_path / "pack", places=places_csv(f"P1,{at(10, 10)},-5", f"P2,{at(20, 10)},十"))
    result = yike("run", folder, "-o", tmp_path / "out", "--json", "-q")
    told = json.loads(result.stdout)

    assert result.returncode == 2
    assert told["error"]["code"] == "pack.faults"
    assert [(f["code"], f["row"]) for f in told["faults"] if f["level"] == "error"] == [
        ("places.number.small", 2),
        ("places.number.bad", 3),
    ]


def test_folder_that_cannot_be_made_is_told_without_a_traceback(tmp_path):
    folder = small_pack(tmp_path / "pack")
    result = yike("run", folder, "-o", folder / "places.csv" / "out", "-q")

    assert result.returncode == 2
    assert "不是文件夹" in result.stderr
    assert "Traceback" not in result.stderr


def test_unknown_rule_pack_stops_before_anything_is_written(tmp_path):
    folder = small_pack(tmp_path / "pack")
    result = yike("run", folder, "-o", tmp_path / "out", "--compare", "nope", "-q")

    assert result.returncode == 2
    assert "nope" in result.stderr
    assert not (tmp_path / "out").exists()


def test_toml_fault_is_told_in_chinese(tmp_path):
    folder = small_pack(tmp_path / "pack", toml='[pack]\ncode = "a"\nfile = "数据\\店.csv"\n')
    result = yike("pack", "check", folder, "-q")

    assert result.returncode == 1
    assert "第 3 行" in result.stdout
    assert "反斜杠" in result.stdout


def test_check_tells_points_far_from_streets_like_a_run(tmp_path):
    folder = small_pack(tmp_path / "pack", places=places_csv(f"P1,{at(10, 10)},100", f"P2,{at(610, 10)},50"))
    check = json.loads(yike("pack", "check", folder, "--json", "-q").stdout)
    run = yike("run", folder, "-o", tmp_path / "out", "-q")
    record = json.loads((tmp_path / "out" / "run.json").read_text("utf-8"))

    assert run.returncode == 0
    assert {f["code"] for f in check["faults"]} == {f["code"] for f in record["warnings"]}
    assert "study.places.unattached" in {f["code"] for f in check["faults"]}


@pytest.mark.parametrize("encoding", ["latin-1", "ascii", "gbk"])
def test_a_terminal_that_lacks_characters_still_gets_the_answer(tiny_pack, encoding):
    done = subprocess.run(
        [sys.executable, "-m", "yike.cli.main", "siting", "solve", str(tiny_pack), "--type", "药店", "-q"],
        capture_output=True,
        env={**os.environ, "PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"},
        timeout=300,
    )

    assert done.returncode in (0, 1)
    assert b"Traceback" not in done.stderr
    assert done.stdout
