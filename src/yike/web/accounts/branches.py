"""Codes of branches as people write them."""

from __future__ import annotations

ENDS = (2, 4, 6, 9, 12)


def branch_from(text: str) -> str:
    """
    ``411281000000`` → ``411281``; ``411281`` stays; ``全部`` and blank are all branches, "".

    Raises
    ------
    ValueError
        It is no code of an area.
    """
    code = text.strip()
    if code in ("", "全部"):
        return ""
    if not (code.isascii() and code.isdigit()) or len(code) not in ENDS:
        raise ValueError(text)
    if len(code) == 12:
        return next(code[:end] for end in ENDS if not code[end:].strip("0"))
    return code
