"""From residents' words to a type of the catalogue, and how alike two sayings are."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files

from yike.standards.classify import classify
from yike.standards.loader import load_types
from yike.web.outlets.values import types_by_code

_NUMBERS = re.compile(r"\d(?:[\s-]?\d){6,}[\dXx]?")
_NOISE = re.compile(
    r"[\s，。、；：！？,.;:!?（）()“”\"']+|没有|没|太少|太远|缺少|缺|想要|希望|附近|楼下|地方|一个|个|的|了"
)
WITHHELD = "〔号码已略去〕"


def type_of(text: str) -> str:
    """Code of the type that somebody's words ask for, "" when they name none."""
    found = classify(text, load_types()).type_idx
    if found >= 0:
        return str(load_types().types[found].code)
    return next((code for says, code in _sayings() if any(word in text for word in says)), "")


def row_of(type_code: str) -> str:
    """Row of the form or of facilities that a type stands in."""
    kind = types_by_code().get(type_code)
    return kind.form_row if kind else ""


def without_numbers(text: str) -> str:
    """The text without telephone and identity numbers: needs and answers are nobody's in particular."""
    return _NUMBERS.sub(WITHHELD, text.strip())


def alike(one: str, other: str) -> float:
    """0 to 1: share of two-character groups that two sayings have in common (Dice)."""
    a, b = _pairs(one), _pairs(other)
    return 2 * len(a & b) / (len(a) + len(b)) if a and b else 0.0


def _pairs(text: str) -> frozenset[str]:
    bare = _NOISE.sub("", text)
    return frozenset(bare[i : i + 2] for i in range(len(bare) - 1)) or frozenset(filter(None, [bare]))


@cache
def _sayings() -> tuple[tuple[tuple[str, ...], str], ...]:
    raw = tomllib.loads((files("yike.web.voices") / "data" / "speech.toml").read_text("utf-8"))
    return tuple((tuple(w["says"]), w["type"]) for w in raw["word"])
