"""What a person changed on a page, against the version that she had before her."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from yike.errors import InputError
from yike.standards.survey_form import Value, cell_keys
from yike.web.returns.entry import Posted, read_posted
from yike.web.returns.models import Return
from yike.web.returns.queries import values_at
from yike.web.returns.sheet import typed_text

WHY = "why-"


@dataclass(frozen=True)
class Edit:
    """A posted sheet, read."""

    seen: int
    values: Mapping[str, Value]  # cells that the person changed
    comments: Mapping[str, str]
    typed: Mapping[str, str] = field(default_factory=dict)  # their texts, to show again
    faults: Mapping[str, str] = field(default_factory=dict)  # cells that could not be read, in a sentence


def read_edit(of: Return, posted: Any) -> Edit:
    """Cells that differ from the version the page was made from; what others changed since is not ours."""
    seen = posted.get("seen", "")
    version = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 10 else of.version
    before = values_at(of, version)
    values: dict[str, Value] = {}
    typed: dict[str, str] = {}
    faults: dict[str, str] = {}
    for key in (k for k in cell_keys() if k in posted):
        text = text_of(key, posted)
        if _same_text(text, typed_text(before.get(key))):
            continue
        typed[key] = text
        try:
            value = read_posted(key, posted)
        except InputError as wrong:
            faults[key] = wrong.sentence
            continue
        if value != before.get(key):
            values[key] = value
    return Edit(version, values, _comments(posted), typed, faults)


def text_of(key: str, posted: Posted) -> str:
    """A cell's text as it was sent, boxes as their codes."""
    return "、".join(t for t in posted.getlist(key) if t)


def _comments(posted: Any) -> dict[str, str]:
    keys = [name.removeprefix(WHY) for name in posted if name.startswith(WHY)]
    return {key: posted.get(WHY + key, "").strip() for key in keys if key in cell_keys()}


def _same_text(one: str, other: str) -> bool:
    return one.replace("\r\n", "\n").strip() == other.strip()
