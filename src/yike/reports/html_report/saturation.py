"""Outlets per 1,000 residents of a circle beside the other circles, in words."""

from __future__ import annotations

from yike.reports.facts import ReportFacts
from yike.reports.html_report import figures
from yike.reports.html_report.extras import number_of, rows_of_circle
from yike.reports.html_report.labels import label, label_or
from yike.reports.html_report.markup import Html, tag


def saturation_of(facts: ReportFacts, c: int) -> dict[int, Html]:
    """Cell of each access column: the rate, and 偏多 or 偏少 where it stands out; empty without the extra."""
    found = {}
    for row in rows_of_circle(facts, c, "saturation"):
        rate = number_of(row, "per_1000")
        if rate != rate:
            continue
        middle = number_of(row, "median")
        word = label_or(f"saturation.{row.get('flag', '')}", "")
        hint = label("circle.middle", value=figures.decimal(middle, 2)) if middle == middle else None
        found[int(row["col"])] = tag(
            "span", figures.decimal(rate, 2), tag("small", f" {word}") if word else "", title=hint
        )
    return found
