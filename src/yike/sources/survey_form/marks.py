"""Ticked boxes as people tick them: ☑ √ ✓ ■ before or after the words, or the words alone."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from yike.standards.survey_words import words

CHECKED = "☑✅✔✓√☒■●◼⬛☻þ"
UNCHECKED = "□☐○◯◻⬜▢❑❏"
CROSS = "×✕✖✗✘"
_PLATFORM = re.compile(r"(?:另\s*:?\s*)?是否(?:建)?有.*?平台")


@dataclass(frozen=True)
class Ticked:
    """Options found ticked; ``has_marks`` is False where the cell only names some."""

    codes: frozenset[str]
    named: frozenset[str]
    has_marks: bool


def ticked(text: str, options: Mapping[str, str]) -> Ticked:
    """
    Which options of a cell are ticked.

    Parameters
    ----------
    options
        What the cell may say -> code; the longest fitting word counts.

    Notes
    -----
    A box before the first word means that boxes stand before their words throughout.
    """
    tokens = _tokens(text, options)
    before = bool(tokens) and tokens[0][0] == "mark"
    on: set[str] = set()
    code = ""
    pending = False
    for kind, what in tokens:
        if kind == "option":
            code = what
            if before and pending:
                on.add(code)
            pending = False
        elif what == "on":
            pending = True
            if not before and code:
                on.add(code)
    named = frozenset(w for k, w in tokens if k == "option")
    return Ticked(frozenset(on), named, any(k == "mark" for k, _ in tokens))


def _tokens(text: str, options: Mapping[str, str]) -> list[tuple[str, str]]:
    plain = unicodedata.normalize("NFKC", text)
    longest = sorted(options, key=len, reverse=True)
    pattern = re.compile("|".join([*(re.escape(w) for w in longest), f"[{CHECKED}{UNCHECKED}]"]))
    tokens = []
    for found in pattern.finditer(plain):
        word = found[0]
        if word in options:
            tokens.append(("option", options[word]))
        else:
            tokens.append(("mark", "on" if word in CHECKED else "off"))
    return tokens


def split_platform(text: str) -> tuple[str, str | None]:
    """The operators' part of their cell, and what follows the platform's question (None: none)."""
    plain = unicodedata.normalize("NFKC", text)
    found = _PLATFORM.search(plain)
    if not found:
        return plain, None
    return plain[: found.start()], plain[found.end() :].lstrip("?: \n\t")


def operators_in(text: str) -> tuple[Ticked, tuple[str, ...]]:
    """Operators ticked in the first part of their cell, in the form's order."""
    options = {unicodedata.normalize("NFKC", w): code for w, code in words()["operator_words"].items()}
    return _in_order(text, options, tuple(words()["operators"]))


def layouts_in(text: str) -> tuple[Ticked, tuple[str, ...]]:
    """Layout forms ticked, in the form's order."""
    options = {name: code for code, name in words()["layouts"].items()}
    return _in_order(text, options, tuple(words()["layouts"]))


def _in_order(
    text: str, options: Mapping[str, str], order: tuple[str, ...]
) -> tuple[Ticked, tuple[str, ...]]:
    found = ticked(text, options)
    chosen = found.codes
    if not found.has_marks and len(found.named) < len(order):
        chosen = found.named  # only those that hold were written
    return found, tuple(code for code in order if code in chosen)


def platform_in(text: str) -> bool | None:
    """
    Whether 有 or 无 is ticked or written; None where neither is.

    Raises
    ------
    ValueError
        Both are ticked, or something else is written.
    """
    found = ticked(text, {"有": "yes", "无": "no", "没有": "no", "是": "yes", "否": "no"})
    said = found.codes if found.has_marks and found.named else found.named
    if found.has_marks and not found.named:
        return True if _is_on(text) else None  # a tick without a word, straight after the question
    if len(said) == 2 and not found.has_marks:
        return None  # both words, as printed, without boxes
    if len(said) > 1:
        raise ValueError(text)
    if said:
        return "yes" in said
    if any(sign in text for sign in CROSS):
        return False
    if re.sub(r"[\W_]+", "", text):
        if found.named:
            return None
        raise ValueError(text)
    return None


def _is_on(text: str) -> bool:
    return any(sign in text for sign in CHECKED)
