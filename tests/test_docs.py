"""The documents are true: links lead somewhere, commands and targets exist, no machine is named."""

import re
import shlex
import subprocess
from pathlib import Path

import pytest

from yike.cli.main import cli

ROOT = Path(__file__).parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
NAMES = [p.relative_to(ROOT).as_posix() for p in PAGES]
LINK = re.compile(r"!?\[[^\]]*\]\(([^)#\s]+)(?:#[^)]*)?\)")
COMMAND = re.compile(r"^\s*(?:\$ )?(yike [^\n]+)$", re.M)
TARGET = re.compile(r"`make ([a-z]+)[^`]*`|^make ([a-z]+)", re.M)


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_links_lead_to_files_that_are_there(page):
    links = [
        t for t in LINK.findall(page.read_text("utf-8")) if "://" not in t and not t.startswith("mailto:")
    ]

    assert [t for t in links if not (page.parent / t).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_commands_exist_with_their_options(page):
    wrong = []
    blocks = re.findall(r"```(?:sh|bash|shell|text)?\n(.*?)```", page.read_text("utf-8"), re.S)
    if page.name == "cli.md":
        blocks = []  # generated from the commands themselves
    for command in COMMAND.findall("\n".join(blocks)):
        words = shlex.split(command.split("#")[0].split(" | ")[0])[1:]
        target = cli
        while words and hasattr(target, "list_commands") and words[0] in target.list_commands(None):
            target = target.get_command(None, words.pop(0))
        known = {o for p in target.params for o in (*p.opts, *p.secondary_opts)} | {"--help", "--version"}
        if hasattr(target, "list_commands") and words and not words[0].startswith("-"):
            wrong.append(command)
        wrong += [command for w in words if w.startswith("-") and w.split("=")[0] not in known]
    assert wrong == []


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_make_targets_exist(page):
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.M))
    named = {a or b for a, b in TARGET.findall(page.read_text("utf-8"))}

    assert named - targets == set()


def test_both_read_mes_name_the_same_files():
    english, chinese = (
        set(LINK.findall((ROOT / n).read_text("utf-8"))) for n in ("README.md", "README.zh-CN.md")
    )

    assert english - {"README.zh-CN.md"} == chinese - {"README.md"}


def test_every_dependency_has_its_reason_beside_it():
    lines = (
        (ROOT / "pyproject.toml").read_text("utf-8").split("dependencies = [")[1].split("\n]")[0].splitlines()
    )
    named = [i for i, line in enumerate(lines) if line.strip().startswith('"')]

    assert len(named) > 10
    assert all(lines[i - 1].strip().startswith("# ") for i in named)


def test_no_file_names_a_place_of_one_machine():
    files = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split("\n")
    found = []
    for name in files:
        path = ROOT / name
        if not name or not path.is_file() or path.suffix in {".pbf", ".otf", ".png", ".lock"}:
            continue
        text = path.read_text("utf-8", errors="ignore")
        found += [f"{name}: {m}" for m in re.findall(r"(?<![\w./])/(?:work|root|home)/[A-Za-z.]+", text)]
    assert found == []
