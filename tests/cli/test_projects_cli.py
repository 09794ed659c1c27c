"""``yike projects draft`` and ``yike siting target``: what they print, write and return."""

import json

import pytest

from yike.cli.main import main


def run(capsys, *args):
    with pytest.raises(SystemExit) as ended:
        main([str(a) for a in args])
    out, err = capsys.readouterr()
    return ended.value.code, out, err


def test_draft_writes_the_papers_and_says_what_they_are(capsys, tiny_pack, tmp_path):
    code, out, _ = run(capsys, "projects", "draft", tiny_pack, "-o", tmp_path / "out", "-q")
    assert code == 0
    assert out.splitlines()[0].startswith("共2个项目")
    assert (tmp_path / "out" / "projects.xlsx").is_file()
    assert "projects_scenario.toml" in out


def test_draft_prints_the_list_as_json_without_a_folder(capsys, tiny_pack):
    code, out, _ = run(capsys, "projects", "draft", tiny_pack, "--type", "B06", "--kinds", "premises",
                       "--no-street-points", "--json", "-q")  # fmt: skip
    data = json.loads(out)
    assert code == 0
    assert [(p["site"]["id"], p["people_gained"]) for p in data["projects"]] == [("r1", 300.0)]
    assert data["plan"]["status"] == "optimal"


@pytest.mark.parametrize(
    ("args", "words"),
    [
        ((), "-o"),
        (("--json", "--kinds", "castle"), "premises"),
        (("--json", "--start", "明天"), "2026-03-01"),
        (("--json", "--type", "飞船坞"), "不认识的业态"),
    ],
)
def test_draft_refuses_with_the_cure(capsys, tiny_pack, args, words):
    code, _, err = run(capsys, "projects", "draft", tiny_pack, "-q", *args)
    assert code == 2
    assert words in err


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("--budget", "nan"),
        ("--budget", "inf"),
        ("--seed", "-1"),
        ("--time-limit-s", "nan"),
        ("--start", "2025-02-30"),
        ("--kinds", ""),
    ],
)
def test_draft_and_target_refuse_values_that_are_none(capsys, tiny_pack, option, value):
    code, _, err = run(capsys, "projects", "draft", tiny_pack, "--json", "-q", option, value)
    assert (code, option in err) == (2, True)
    if option != "--start":
        code, _, err = run(capsys, "siting", "target", tiny_pack, "--level", "basic", "--share", "0.5", "-q",
                           option, value)  # fmt: skip
        assert (code, option in err) == (2, True)


def test_days_are_read_as_people_write_them(capsys, tiny_pack):
    for day in ("2026-03-01", "2026/3/1", "2026年3月1日"):
        _, out, _ = run(capsys, "projects", "draft", tiny_pack, "--json", "-q", "--start", day)
        assert {p["start_on"] for p in json.loads(out)["projects"]} == {"2026-03-01"}


def test_money_for_nothing_is_an_answer_of_no(capsys, tiny_pack):
    code, out, _ = run(capsys, "projects", "draft", tiny_pack, "--json", "-q", "--budget", "0.0001")
    assert code == 1
    assert "本批资金 0.0001 万元不够" in json.loads(out)["summary"]


def test_faults_of_a_file_beside_the_pack_are_not_called_the_packs(capsys, tiny_pack, tmp_path):
    (tmp_path / "u.toml").write_text('[type."药店"]\nmode = "飞"\n', "utf-8")
    _, _, err = run(capsys, "projects", "draft", tiny_pack, "--json", "-q", "--units", tmp_path / "u.toml")
    assert "错误：“u.toml”有 1 处错误" in err
    assert "yike pack check" not in err


def test_target_tells_aim_projects_and_conditions(capsys, yima_pack):
    code, out, _ = run(capsys, "siting", "target", yima_pack, "--level", "basic", "--share", "0.9",
                       "--basic-share", "1", "--by", "2026-12-31", "-q")  # fmt: skip
    assert code == 0
    assert out.startswith("● 社区达到基础保障类的比例 90.0%，2026年12月31日：现 65.7%")
    assert "已证明最优" in out
    assert "另须满足：满意度有效样本数" in out


def test_target_prints_the_record_as_json(capsys, yima_pack, tmp_path):
    code, out, _ = run(capsys, "siting", "target", yima_pack, "--target", "communities_basic_2025",
                       "--basic-share", "1", "--json", "-q", "-o", tmp_path)  # fmt: skip
    record = json.loads(out)
    assert code == 0
    assert {
        "status",
        "objective",
        "bound",
        "gap",
        "seconds",
        "aims",
        "projects",
        "circles",
        "conditions",
    } <= set(record)
    assert [p["order"] for p in record["projects"]] == list(range(1, len(record["projects"]) + 1))
    assert {p["due_on"] for p in record["projects"]} == {"2025-12-31"}
    assert (tmp_path / "projects.docx").is_file()


def test_target_out_of_reach_is_an_answer_with_its_reason(capsys, yima_pack):
    args = ("siting", "target", yima_pack, "--level", "basic", "--share", "1", "--basic-share", "1",
            "--budget", "10", "-q")  # fmt: skip
    code, _, err = run(capsys, *args)
    assert code == 1
    assert "做不到" in err
    assert "办法" in err
    code, out, _ = run(capsys, *args, "--json")
    told = json.loads(out)
    assert (code, told["status"], told["code"]) == (1, "infeasible", "siting.target.budget")


@pytest.mark.parametrize("args", [(), ("--level", "basic"), ("--target", "x", "--level", "basic")])
def test_target_wants_to_know_what_is_to_be_reached(capsys, yima_pack, args):
    code, _, err = run(capsys, "siting", "target", yima_pack, *args)
    assert code == 2
    assert "--target" in err
