"""``yike timetable`` on a real pack in a folder of its own: what it prints, writes and answers."""

import json
import sys

import pytest

from timetable_pack import STOPS, VENDORS, write_timetable_pack
from yike.cli.main import main


@pytest.fixture
def pack(tmp_path):
    return write_timetable_pack(tmp_path / "pack")


def yike(capsys, *args):
    with pytest.raises(SystemExit) as done:
        main([str(a) for a in args])
    told = capsys.readouterr()
    return done.value.code, told.out, told.err


def test_solve_prints_the_week_the_coverage_and_the_proof(pack, capsys):
    code, out, _ = yike(capsys, "timetable", "solve", pack, "-q")

    assert code == 0
    assert "  周六上午　西头　李师傅" in out
    before = "未知（登记中没有写明做修鞋的网点，清单未经普查）"
    assert f"修鞋：{before} → 每周至少一次 98.8%（最多增 600 人），至少两次 0.0%" in out
    assert "已证明最优" in out


def test_solve_answers_a_program_with_proof_and_visits_and_no_phone(pack, capsys):
    code, out, _ = yike(capsys, "timetable", "solve", pack, "--json")
    record = json.loads(out)

    assert code == 0
    assert (record["objective"], record["bound"], record["gap"]) == (1200, 1200, 0)
    assert record["status"] == "optimal"
    assert {"vendor_id": "v2", "stop_id": "b", "day": 5, "half": "am"}.items() <= record["visits"][0].items()
    assert "000-0001" not in out


def test_solve_writes_every_paper(pack, tmp_path, capsys):
    out = tmp_path / "班表"
    code, _, _ = yike(capsys, "timetable", "solve", pack, "-o", out, "-q")

    assert code == 0
    assert {"timetable.xlsx", "timetable.json", "posters", "calendar"} <= {p.name for p in out.iterdir()}
    assert list((out / "posters").glob("*.pdf"))
    assert list((out / "calendar").glob("*.ics"))


def test_what_solve_wrote_passes_its_check(pack, tmp_path, capsys):
    out = tmp_path / "班表"
    yike(capsys, "timetable", "solve", pack, "-o", out, "--no-posters", "-q")
    code, said, _ = yike(capsys, "timetable", "check", pack, out / "timetable.json", "-q")

    assert code == 0
    assert "没有问题。" in said


def test_check_of_a_broken_timetable_answers_no(pack, tmp_path, capsys):
    visits = [{"vendor_id": "v1", "stop_id": "b", "day": 0, "half": "am"}]
    (tmp_path / "t.json").write_text(json.dumps({"visits": visits}), "utf-8")
    code, said, _ = yike(capsys, "timetable", "check", pack, tmp_path / "t.json", "-q")
    as_json_code, as_json, _ = yike(capsys, "timetable", "check", pack, tmp_path / "t.json", "--json")

    assert (code, as_json_code) == (1, 1)
    assert "西头 周一上午不开放，王师傅不能停。" in said
    assert [f["code"] for f in json.loads(as_json)["faults"]] == ["timetable.check.not_open"]


def test_files_may_come_from_outside_the_pack(tiny_pack, tmp_path, capsys):
    (tmp_path / "师傅.csv").write_text(VENDORS + "v1,甲,修鞋,,,\n", "utf-8")
    (tmp_path / "点位.csv").write_text(STOPS + "a,东头,,116.303,40.0,,,\n", "utf-8")
    files = ("--vendors", tmp_path / "师傅.csv", "--stops", tmp_path / "点位.csv")
    code, out, _ = yike(capsys, "timetable", "solve", tiny_pack, *files, "-q", "--walk-min", "10")

    assert code == 0
    assert "东头　甲" in out


def test_wrong_input_is_told_with_its_cure_and_code_2(tiny_pack, pack, tmp_path, capsys):
    no_vendors, _, err = yike(capsys, "timetable", "solve", tiny_pack, "-q")
    (tmp_path / "v.csv").write_text(VENDORS + "v1,甲,修鞋,随缘,,\n", "utf-8")
    bad_file, _, told = yike(capsys, "timetable", "solve", pack, "--vendors", tmp_path / "v.csv", "-q")

    assert (no_vendors, bad_file) == (2, 2)
    assert "没有流动服务者名单" in err
    assert "办法" in err
    assert "v.csv 第 2 行 “可服务时段”列：可服务时段“随缘”看不懂。" in told


def test_help_imports_nothing_heavy():
    import subprocess

    code = "import sys; from yike.cli.main import main\ntry: main(['timetable', 'solve', '--help'])\n"
    code += "except SystemExit: pass\nprint(sorted({'numpy', 'highspy', 'openpyxl'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip().endswith("[]")


@pytest.mark.parametrize(
    "args",
    [
        ["--fairness", "0.9"],
        ["--fairness", "nan", "--fair", "weighted"],
        ["--datum", "gcj02"],
        ["--stops", "STOPS", "--stops-from", "premises"],
        ["--no-posters"],
        ["--url", "http://a.cn"],
        ["--first-day", "2026-02-30"],
        ["--first-day", "9999-12-27"],
        ["--last-day", "2020-01-01"],
        ["--walk-min", "nan"],
        ["--time-limit", "inf"],
        ["--seed", "-1"],
    ],
)
def test_what_would_be_passed_over_or_is_no_value_is_refused(pack, capsys, args):
    args = [str(pack / "stops.csv") if a == "STOPS" else a for a in args]
    code, _, err = yike(capsys, "timetable", "solve", pack, "-q", *args)

    assert code == 2
    assert any("\u4e00" <= c <= "\u9fff" for c in err)
    assert "does not match" not in err


@pytest.mark.parametrize("day", ["2026-01-12", "2026/1/12", "2026年1月12日", "２０２６－０１－１２"])
def test_days_are_read_as_people_write_them(pack, capsys, day):
    code, out, _ = yike(capsys, "timetable", "solve", pack, "-q", "--first-day", day)

    assert code == 0
    assert "2026-01-12 起" in out


def test_a_week_without_visits_is_an_answer_of_no(tmp_path, capsys):
    pack = write_timetable_pack(tmp_path / "shut", stops=["a,东头,,116.303,40.0,0,,"])
    code, out, _ = yike(capsys, "timetable", "solve", pack, "--json")

    assert code == 1
    assert json.loads(out)["answer"] == "no"
    assert "容量为 0 或没有可用时段的停靠点：东头。" in json.loads(out)["notes"]
