"""Names and numbers as lists and records show them."""

from __future__ import annotations

import re

DIGITS = re.compile(r"\d{5,}")
SHOWN_AT_START, SHOWN_AT_END, HIDDEN = 3, 4, 4
MOBILE_DIGITS = 11


def masked_phone(text: str) -> str:
    """``138****5678``; a landline keeps its last two digits; what has no long number stays."""

    def hide(found: re.Match[str]) -> str:
        digits = found[0]
        if len(digits) >= MOBILE_DIGITS:
            return digits[:SHOWN_AT_START] + "*" * HIDDEN + digits[-SHOWN_AT_END:]
        return "*" * (len(digits) - 2) + digits[-2:]

    return DIGITS.sub(hide, text)


def masked_name(text: str) -> str:
    """The first character, then stars: 张**."""
    return text[:1] + "*" * min(max(len(text) - 1, 0), HIDDEN)


def masked(text: str) -> str:
    """A name or a number, whichever it is."""
    return masked_phone(text) if DIGITS.search(text) else masked_name(text)
