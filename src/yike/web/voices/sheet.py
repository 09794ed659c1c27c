"""What somebody sent of a questionnaire, by link or on paper, as columns of an answer; no more than that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from yike.web.voices.questions import is_basic, questionnaire, settings

MOST_TEXT = 200


@dataclass(frozen=True)
class Asked:
    """One type as the questionnaire shows it, with what is ticked so far."""

    row: str
    label: str
    is_basic: bool
    score: str = ""
    reach: str = ""


def values_of(sent: QueryDict) -> dict[str, Any]:
    """
    Columns of an answer out of a form.

    Names: ``s_B01`` score, ``r_B01`` reach (code, or digit as on paper), ``overall``, ``missing`` (several),
    ``urgent1`` …, ``missing_text``, ``age_band``, ``household``, ``years``. What is no choice counts as
    not answered.
    """
    asked = questionnaire()
    missing = [row for row, _ in asked.missing if row in sent.getlist("missing")]
    satisfaction = {row: score for row, _ in asked.rows if (score := _score(sent.get(f"s_{row}", "")))}
    reach = {row: code for row, _ in asked.rows if (code := _reach(sent.get(f"r_{row}", "")))}
    urgent = _urgent(sent)
    return {
        "age_band": _one_of(sent.get("age_band", ""), asked.age_bands),
        "household": _one_of(sent.get("household", ""), asked.households),
        "years": _one_of(sent.get("years", ""), asked.years),
        "satisfaction": satisfaction,
        "reach": reach,
        "overall": _score(sent.get("overall", "")),
        "missing": missing + [row for row in urgent if row not in missing],
        "urgent": urgent,
        "missing_text": sent.get("missing_text", "").strip()[:MOST_TEXT],
    }


def _score(text: str) -> int | None:
    return int(text) if text in {str(value) for value, _ in questionnaire().scale} else None


def _reach(text: str) -> str:
    code = questionnaire().reach_digits.get(text, text)
    return _one_of(code, questionnaire().reach)


def _one_of(text: str, choices: tuple[tuple[str, str], ...]) -> str:
    return text if text in dict(choices) else ""


def _urgent(sent: Mapping[str, Any]) -> list[str]:
    rows = dict(questionnaire().missing)
    told = [str(sent.get(f"urgent{i}", "")) for i in range(1, settings().most_urgent + 1)]
    return list(dict.fromkeys(row for row in told if row in rows))


def asked_rows(sent: QueryDict | None = None) -> list[Asked]:
    """The types in their order, with what was ticked before."""
    told = sent or QueryDict()
    return [
        Asked(row, label, is_basic(row), told.get(f"s_{row}", ""), told.get(f"r_{row}", ""))
        for row, label in questionnaire().rows
    ]
