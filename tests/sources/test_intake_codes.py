"""Every code of a fault or error that the readers can give has a Chinese text and a cure."""

import ast
import re
from importlib.resources import files
from pathlib import Path

import pytest

import yike.sources
from yike.errors import cure_of, has_text, message_of

ROOT = Path(yike.sources.__file__).parent
ROOMS = {p.name.removesuffix(".toml") for p in (files("yike") / "messages" / "zh").iterdir()}
SHAPE = re.compile(r"[a-z]+(\.[a-z0-9_]+)+")
NO_CODES = ("pack.toml", "outlets.csv", "places.csv", "network.osm.pbf")

# Codes put together from parts, with the words that fill the part.
PARTS = {
    "table.number.{}": ("bad", "small"),
    "outlets.credit_code.{}": ("length", "shape", "check"),
    "outlets.duplicate.{}": ("credit_code", "phone", "name"),
    "pack.{}.file": (
        "outlets",
        "places",
        "communities",
        "circles",
        "compounds",
        "gates",
        "overlay",
        "premises",
    ),
    "pack.{}.column": ("communities", "circles"),
}


def _number_prefixes(tree):
    """``table.numbers(…, code="places.number")`` gives the codes places.number.bad and .small."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "numbers":
            for keyword in node.keywords:
                if keyword.arg == "code" and isinstance(keyword.value, ast.Constant):
                    yield keyword.value.value


def _codes_in(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            for value in [*node.args[:1], *(k.value for k in node.keywords if k.arg == "code")]:
                yield from (n.value for n in ast.walk(value) if isinstance(n, ast.Constant))
        if isinstance(node, (ast.Assign, ast.Dict, ast.IfExp)):
            yield from (n.value for n in ast.walk(node) if isinstance(n, ast.Constant))


def _all_codes():
    trees = [ast.parse(path.read_text("utf-8")) for path in sorted(ROOT.rglob("*.py"))]
    prefixes = {prefix for tree in trees for prefix in _number_prefixes(tree)}
    found = {f"{prefix}.{end}" for prefix in prefixes for end in ("bad", "small")}
    for value in (v for tree in trees for v in _codes_in(tree)):
        is_code = isinstance(value, str) and SHAPE.fullmatch(value) and value.split(".")[0] in ROOMS
        is_file = value in NO_CODES or str(value).endswith((".csv", ".xlsx", ".toml", ".geojson"))
        if is_code and not is_file and value not in prefixes:
            found.add(value)
    found |= {shape.replace("{}", word) for shape, words in PARTS.items() for word in words}
    return sorted(found)


CODES = _all_codes()


def test_the_search_finds_codes_of_many_readers():
    assert {"table.file.empty", "datum.missing", "outlets.type.unknown", "pack.zip.bomb"} <= set(CODES)
    assert len(CODES) > 100


@pytest.mark.parametrize("code", CODES)
def test_every_code_has_a_chinese_text_and_a_cure(code):
    assert has_text(code)
    assert cure_of(code, {})
    assert re.search(r"[\u4e00-\u9fff]", message_of(code, {}))
