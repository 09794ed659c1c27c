"""A run's folder as the workbench keeps it: a sentence, its papers in sections, its gaps."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from yike.studies.demo import Step, parts_of
from yike.web.analyses.words import FIRST_SECTION, REPORT, REPORT_WORDS

GAP_COLUMNS = (
    "circle_name", "form_row", "type_label", "norm_min", "share_in_norm", "share_required", "people_unserved",
    "person_minutes", "rank", "option", "source_document", "source_clause", "is_inferred",
)  # fmt: skip


def summary_of(folder: Path, told: Mapping[str, Any], steps: Sequence[Step] = ()) -> dict[str, Any]:
    """
    What an analysis keeps in its row.

    Parameters
    ----------
    folder
        Where the run wrote its files.
    told
        What ``studies.outputs.run_and_write`` returned.
    steps
        What came after the report, with files below the same folder.
    """
    head, _, found = str(told["sentence"]).partition("：")
    own = {REPORT: REPORT_WORDS} | {f: w for f, w in told["files"].items() if f != REPORT}
    sections = [_section(folder, FIRST_SECTION, parts_of(found), own)]
    sections += [_section(folder, s.title, s.parts, s.files) for s in steps]
    return {
        "head": head,
        "sentence": told["sentence"],
        "counts": told["counts"],
        "sections": sections,
        "circles": circles_in(folder / "gaps.csv"),
        "gaps": gaps_in(folder / "gaps.csv"),
    }


def _section(folder: Path, title: str, parts: Sequence[str], files: Mapping[str, str]) -> dict[str, Any]:
    there = [[name, what] for name, what in files.items() if (folder / name).is_file()]
    return {"title": title, "parts": list(parts), "papers": there}


def gaps_in(path: Path) -> list[dict[str, str]]:
    """The gaps of a run, worst first, as its ``gaps.csv`` tells them."""
    if not path.is_file():
        return []
    with path.open(encoding="utf-8-sig", newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if row["state"] == "gap"]
    return [{name: row[name] for name in GAP_COLUMNS} for row in rows]


def circles_in(path: Path) -> list[str]:
    """Names of the circles a run judged."""
    if not path.is_file():
        return []
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return sorted({row["circle_name"] for row in csv.DictReader(lines)})
