"""The questionnaire and how answers are counted: everything of ``data/questions.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from yike.standards.loader import load_types
from yike.standards.survey_form import BASIC_ROWS, TYPE_ROWS


@dataclass(frozen=True)
class Settings:
    """Numbers of the survey; see the file for their sources."""

    least_valid: int
    satisfied_from: int
    small_cell: int
    numbers_per_minute: int
    numbers_per_day: int
    number_hours: int
    most_urgent: int
    most_import_rows: int


@dataclass(frozen=True)
class Questionnaire:
    """Choices as (code, label), in the order they are asked."""

    consent: str
    scale: tuple[tuple[int, str], ...]
    reach: tuple[tuple[str, str], ...]
    reach_digits: Mapping[str, str]
    age_bands: tuple[tuple[str, str], ...]
    households: tuple[tuple[str, str], ...]
    years: tuple[tuple[str, str], ...]
    rows: tuple[tuple[str, str], ...]  # rows of the form that are asked one by one, with their names
    missing: tuple[tuple[str, str], ...]  # rows that may be named as missing


@cache
def _raw() -> dict[str, Any]:
    return tomllib.loads((files("yike.web.voices") / "data" / "questions.toml").read_text("utf-8"))


@cache
def settings() -> Settings:
    """The numbers."""
    return Settings(**_raw()["settings"])


@cache
def questionnaire() -> Questionnaire:
    """What is asked."""
    raw = _raw()
    labels = row_labels()
    asked = tuple((r, labels[r]) for r in TYPE_ROWS if r not in raw["rows"]["unasked"])
    return Questionnaire(
        consent=raw["consent"]["text"],
        scale=tuple((c["value"], c["label"]) for c in raw["scale"]),
        reach=_choices("reach"),
        reach_digits={c["digit"]: c["code"] for c in raw["reach"]},
        age_bands=_choices("age_band"),
        households=_choices("household"),
        years=_choices("years"),
        rows=asked,
        missing=asked,
    )


def _choices(name: str) -> tuple[tuple[str, str], ...]:
    return tuple((c["code"], c["label"]) for c in _raw()[name])


@cache
def row_labels() -> dict[str, str]:
    """Rows of the form and of facilities by their names in the catalogue."""
    return {t.form_row: t.label for t in load_types() if not t.parent and t.form_row}


def is_basic(row: str) -> bool:
    """Whether a row of the form is of the basic group."""
    return row in BASIC_ROWS


def age_label(code: str) -> str:
    """What people read for an age band; "" when it was not told."""
    return dict(questionnaire().age_bands).get(code, "")
