"""Words of the pages and the choices people have, from ``data``."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

from yike.standards.loader import load_rule_pack, load_types
from yike.standards.survey_words import words as form_words

SIGN_OF_STATE = {
    "": "waiting", "candidate": "waiting", "rectifying": "wrong", "accepted": "met", "listed": "met",
    "promoted": "met", "withdrawn": "stopped",
}  # fmt: skip


@dataclass(frozen=True)
class Suggestion:
    """Types that a class or theme of circles suggests, and where that is written."""

    label: str
    groups: tuple[tuple[str, str], ...]  # what is wanted, any of these types
    source: str


def read(name: str) -> dict[str, Any]:
    """One file of ``data``."""
    return _read(name)


@cache
def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((files("yike.web.regions") / "data" / f"{name}.toml").read_text("utf-8"))


def sign_of(state: str | None) -> str:
    """The mark of a circle's state; what is not listed is under way."""
    return SIGN_OF_STATE.get(state or "", "busy")


def age_bands() -> list[tuple[str, str, str]]:
    """(code, label, group) of every age band, youngest first."""
    return [(b["code"], b["label"], b["group"]) for b in read("profile")["age_band"]]


def choices(name: str) -> list[tuple[str, str]]:
    """Choices of ``profile.toml``: income, housing, consumption, unified."""
    return list(read("profile")[name].items())


def class_choices() -> list[tuple[str, str]]:
    """The three classes of 洪江."""
    return [(c["code"], c["label"]) for c in read("classes")["class"]]


def theme_choices() -> list[tuple[str, str]]:
    """Themes of circles for particular groups of people."""
    return [(t["code"], t["label"]) for t in read("themes")["theme"]]


def operator_choices() -> list[tuple[str, str]]:
    """The five kinds of operators, as the form prints them."""
    return list(form_words()["operators"].items())


def layout_choices() -> list[tuple[str, str]]:
    """The three layouts, as the form prints them."""
    return list(form_words()["layouts"].items())


def labels(known: list[tuple[str, str]], codes: list[str]) -> str:
    """Labels of codes in the order of the choices, joined; "" for none."""
    return "、".join(label for code, label in known if code in codes)


def suggestions(neighbourhood_class: str, themes: list[str]) -> list[Suggestion]:
    """What the class and the themes of a circle suggest having."""
    found = [_of_class(c) for c in read("classes")["class"] if c["code"] == neighbourhood_class]
    named = {t.code: t.label for t in load_types()}
    for theme in read("themes")["theme"]:
        if theme["code"] in themes:
            groups = tuple((named[t], "") for t in theme["types"])
            found.append(Suggestion(theme["label"], groups, read("themes")["source"]))
    return found


def _of_class(told: dict[str, Any]) -> Suggestion:
    pack = load_rule_pack(read("classes")["pack"])
    bundle = next(b for b in pack.bundles if b.code == told["bundle"])
    named = {t.code: t.label for t in load_types()}
    groups = tuple(
        (label, "、".join(named[t] for t in types if named[t] != label))
        for label, types in zip(bundle.slot_labels, bundle.slots, strict=True)
    )
    return Suggestion(told["label"], groups, read("classes")["source"])


def figure(value: Decimal | None, decimals: int = 2) -> str:
    """A figure with two decimals, cut and never rounded up: 9.999 must not read 10.00."""
    if value is None:
        return "暂缺"
    step = Decimal(1).scaleb(-decimals)
    return str(value.quantize(step, rounding="ROUND_DOWN"))


def whole(value: object) -> object:
    """A float without a fraction as a whole number: 4737.0 reads 4737; anything else stays."""
    return int(value) if isinstance(value, float) and value.is_integer() else value
