"""Indicators of the whole pack as one area, and the match index of each circle."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from yike.core.tables import Tri
from yike.reports.facts import ReportFacts
from yike.reports.html_report.extras import number_of, of_circle
from yike.reports.html_report.figures import share
from yike.reports.html_report.gap_section import sign_mark
from yike.reports.html_report.indicator_table import met_sign, value_words
from yike.reports.html_report.labels import label
from yike.reports.html_report.list_sections import table
from yike.reports.html_report.markup import Html, tag
from yike.reports.html_report.policy import limit_words, source_words


def city_table(facts: ReportFacts) -> Html:
    """Indicators with scope city: value, requirement, result, clause; nothing without the extra."""
    rows = [_row(facts, row) for row in facts.extras.get("city") or ()]
    if not rows:
        return Html("")
    body = table("city-table", "circle.city_columns", ("", "num", "num", "", ""), rows)
    return Html(tag("h3", label("circle.city")) + body)


def _row(facts: ReportFacts, row: Mapping[str, Any]) -> Html:
    rule = next((i for i in facts.rules.indicators if i.code == row.get("code")), None)
    is_met = Tri[str(row.get("is_met", "unknown")).upper()]
    return tag(
        "tr",
        tag("th", rule.label if rule else str(row.get("code", "")), scope="row"),
        tag("td", value_words(number_of(row, "value"), rule.unit if rule else "count"), class_="num"),
        tag("td", (limit_words(rule) if rule else "") or "–", class_="num"),
        tag("td", sign_mark(met_sign(int(is_met)))),
        tag("td", source_words(rule.source, facts.rules) if rule else "–"),
    )


def match_line(facts: ReportFacts, c: int) -> Html:
    """业态发展和居民需求相匹配: the match index of a circle; nothing without the extra."""
    found = of_circle(facts, c, "match")
    if not isinstance(found, Mapping):
        return Html("")
    unknown = int(found.get("n_unknown") or 0)
    words = label(
        "circle.match_words",
        value=share(number_of(found, "value")),
        n=found.get("n_types", 0),
        unknown=label("circle.match_unknown", n=unknown) if unknown else "",
    )
    return tag("p", tag("b", label("circle.match")), " ", words, class_="line")
