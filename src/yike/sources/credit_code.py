"""
Unified social credit codes (统一社会信用代码, GB 32100-2015): shape and check character.

A code that fails the check is warned about and never refused: a real company's code does
(91350211M0000XUF46).
"""

from __future__ import annotations

import re
import unicodedata

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""31 characters; I, O, S, V and Z are left out because they look like digits or each other."""

_WEIGHTS = tuple(3**i % 31 for i in range(17))
_SHAPE = re.compile(f"[{ALPHABET}]{{2}}[0-9]{{6}}[{ALPHABET}]{{10}}")


def clean_code(text: str) -> str:
    """Half-width, upper case, without blanks and dashes."""
    return re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", text)).upper()


def check_character(first_17: str) -> str:
    """
    The 18th character that belongs to the first 17.

    Raises
    ------
    ValueError
        A character is not in the alphabet, or there are not 17 of them.
    """
    if len(first_17) != 17:
        raise ValueError(f"{len(first_17)} characters, expected 17")
    total = sum(w * ALPHABET.index(c) for w, c in zip(_WEIGHTS, first_17, strict=True))
    # Without the outer "mod 31" a remainder of 0 would point behind the alphabet: a usual mistake.
    return ALPHABET[(31 - total % 31) % 31]


def code_fault(code: str) -> str:
    """
    What is odd about a cleaned code.

    Returns
    -------
    "" when all is well, "length", "shape" (a character or the area part) or "check".
    """
    if len(code) != 18:
        return "length"
    if not _SHAPE.fullmatch(code):
        return "shape"
    return "" if check_character(code[:17]) == code[17] else "check"


def is_sole_trader(code: str) -> bool:
    """Whether the code is that of a sole trader (个体工商户)."""
    return code.startswith("92")
