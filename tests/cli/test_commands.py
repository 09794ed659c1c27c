"""The command line: help, examples, exit codes, JSON, and errors in Chinese."""

import json
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from yike.cli.document import commands, help_of, page
from yike.cli.main import cli

ROOT = Path(__file__).parents[2]
ALL = commands(cli)
LEAVES = [(path, c) for path, c in ALL if not hasattr(c, "list_commands")]


def yike(*args: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "yike.cli.main", *args], capture_output=True, text=True, cwd=cwd, timeout=300
    )


@pytest.mark.parametrize(("path", "command"), ALL, ids=[" ".join(p) for p, _ in ALL])
def test_every_command_ends_its_help_with_an_example(path, command):
    text = help_of(path, command)

    assert "示例" in text
    assert re.search(r"^\s+yike ", text, re.M)


@pytest.mark.parametrize(("path", "command"), ALL, ids=[" ".join(p) for p, _ in ALL])
def test_every_example_names_a_command_and_options_that_exist(path, command):
    examples = re.findall(r"^\s+(yike .+)$", help_of(path, command).split("示例")[1], re.M)

    for example in examples:
        words = shlex.split(example)[1:]
        target, used = cli, []
        while words and hasattr(target, "list_commands") and words[0] in target.list_commands(None):
            used.append(words.pop(0))
            target = target.get_command(None, used[-1])
        known = {o for p in target.params for o in (*p.opts, *p.secondary_opts)}
        assert used, example
        assert {w.split("=")[0] for w in words if w.startswith("-")} <= known, example


def test_results_that_a_program_may_read_come_as_json():
    without = {("demo",), ("warm",), ("init",), ("serve",), ("worker",)}  # they talk, they give no result
    missing = [p for p, c in LEAVES if p not in without and not any("--json" in o.opts for o in c.params)]

    assert missing == []


def test_reference_page_is_what_the_commands_say_now():
    assert (ROOT / "docs/reference/cli.md").read_text("utf-8") == page()


def test_help_imports_nothing_heavy():
    heavy = ("numpy", "numba", "pyarrow")
    code = f"import sys; from yike.cli.main import cli; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"


def test_unknown_command_exits_with_2():
    assert yike("fly").returncode == 2


def test_missing_pack_exits_with_2_and_says_so(tmp_path):
    (tmp_path / "empty").mkdir()

    done = yike("run", str(tmp_path / "empty"), "-o", str(tmp_path / "out"), "--quiet")

    assert done.returncode == 2
    assert "pack.toml" in done.stderr
    assert "办法" in done.stderr
    assert not (tmp_path / "out" / "report.html").exists()


def test_time_of_day_that_nobody_can_read_is_refused(tiny_pack, tmp_path):
    done = yike("access", "compute", str(tiny_pack), "-o", str(tmp_path), "--at", "25点")

    assert done.returncode == 2
    assert "25点" in done.stderr


def test_unknown_profile_names_the_known_ones(tiny_pack, tmp_path):
    done = yike("access", "compute", str(tiny_pack), "-o", str(tmp_path), "--profile", "bird")

    assert done.returncode == 2
    assert "adult" in done.stderr


def test_gaps_list_gives_the_gaps_with_their_clauses(tiny_pack):
    done = yike("gaps", "list", str(tiny_pack), "--json", "--quiet")

    rows = json.loads(done.stdout)
    assert done.returncode == 0
    assert {r["state"] for r in rows} == {"gap"}
    assert all(r["clause"] for r in rows)


def test_circle_assess_gives_a_row_per_circle(tiny_pack):
    done = yike("circle", "assess", str(tiny_pack), "--quiet")

    assert done.returncode == 0
    assert done.stdout.splitlines()[0].startswith("生活圈")
    assert len(done.stdout.splitlines()) == 2


def test_report_make_writes_only_what_was_asked(tiny_pack, tmp_path):
    done = yike(
        "report", "make", str(tiny_pack), "--kind", "annex5", "--kind", "gaps", "-o", str(tmp_path), "--quiet"
    )

    assert done.returncode == 0
    assert sorted(p.name for p in tmp_path.iterdir()) == ["annex5.xlsx", "gaps.csv", "run.json"]
