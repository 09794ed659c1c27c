"""Every code that the source can raise has a Chinese text and a cure; the drawing of the tree is true."""

import re
import tomllib
from pathlib import Path

import pytest

from yike import errors
from yike.errors import Fault, YikeError, cure_of, has_text, message_of

SOURCE = Path(errors.__file__).parent
ROOMS = {p.stem for p in (SOURCE / "messages" / "zh").glob("*.toml")}
SENTENCES = {"circle", "circle_words", "site_words", "timetable_words"}  # explanations, not faults
CALLS = re.compile(r"(?:Error|Fault|fault|\.add|_error)\(\s*\n?\s*\"([a-z_]+(?:\.[a-z0-9_]+)+)\"")


def used_codes():
    found = {}
    for path in sorted(SOURCE.rglob("*.py")):
        for code in CALLS.findall(path.read_text("utf-8")):
            found.setdefault(code, path.relative_to(SOURCE).as_posix())
    return found


def test_every_code_in_use_has_a_text():
    assert {c: where for c, where in used_codes().items() if not has_text(c)} == {}


@pytest.mark.parametrize("room", sorted(ROOMS - SENTENCES))
def test_every_message_says_what_to_do(room):
    def leaves(entry, path):
        if "text" in entry and isinstance(entry["text"], str):
            yield path, entry
            return
        for key, value in entry.items():
            if isinstance(value, dict):
                yield from leaves(value, (*path, key))

    texts = tomllib.loads((SOURCE / "messages" / "zh" / f"{room}.toml").read_text("utf-8"))
    assert texts
    without = [".".join(p) for p, e in leaves(texts, ()) if not e.get("cure") and not e.get("note")]
    assert without == []


def test_drawn_tree_and_classes_are_the_same():
    drawn = set(re.findall(r"([A-Za-z]+Error)", errors.__doc__))
    classes = {
        name for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, YikeError)
    }

    assert drawn - {"ValueError", "RuntimeError"} == classes


def test_missing_fact_never_hides_the_message():
    assert "{near}" in message_of("pack.walk.profile_unknown", {}) + cure_of("pack.walk.profile_unknown", {})


def test_fault_says_where_in_words():
    assert (
        Fault("x", file="a.xlsx", sheet="表1", row=3, column="名称").where
        == "a.xlsx 工作表“表1” 第 3 行 “名称”列"
    )
