"""12-digit statistical codes: 2 province, 2 city, 2 district, 3 subdistrict, 3 community."""

from __future__ import annotations

LENGTHS = {"province": 2, "city": 4, "district": 6, "subdistrict": 9, "community": 12}


def level_of(code: str) -> str:
    """Level of a full code, by its last group that is not zero; raises ValueError for anything else."""
    if len(code) != 12 or not code.isdigit() or code.startswith("00"):
        raise ValueError(code)
    level = "province"
    for name, end in LENGTHS.items():
        start = {"province": 0, "city": 2, "district": 4, "subdistrict": 6, "community": 9}[name]
        if code[start:end].strip("0"):
            level = name
    return level


def branch_of(code: str) -> str:
    """The digits that all areas below share: ``411281000000`` → ``411281``."""
    return code[: LENGTHS[level_of(code)]]


def full_code(branch: str) -> str:
    """The 12-digit code of a branch."""
    return branch.ljust(12, "0")


def parent_branch(branch: str) -> str:
    """The branch one level up, "" above a province; districts directly under a province skip the city."""
    shorter = [n for n in LENGTHS.values() if n < len(branch)]
    return branch[: max(shorter)] if shorter else ""


def is_village(branch: str) -> bool:
    """Whether a 12-digit branch is a village committee: its last three digits are 200 or more."""
    return len(branch) == LENGTHS["community"] and branch[9:] >= "200"
