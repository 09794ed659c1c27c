"""Indicators of a circle against their targets, its score and its level with the reasons."""

from __future__ import annotations

import math

from yike.core.tables import Tri
from yike.reports.facts import ReportFacts
from yike.reports.html_report import figures
from yike.reports.html_report.gap_section import Sign, sign_mark
from yike.reports.html_report.labels import all_labels, label
from yike.reports.html_report.list_sections import label_list
from yike.reports.html_report.markup import Html, tag
from yike.reports.html_report.policy import gate_words, indicators_of, limit_words, unit_words

NUM = "num"


def value_words(value: float, unit: str) -> str:
    """A measured value with its unit; 未知 when NaN."""
    if math.isnan(value):
        return label("word.unknown")
    if unit == "share":
        return figures.share(value)
    whole = value == round(value)
    return (figures.count(value) if whole else figures.decimal(value)) + unit_words(unit)


def indicator_table(facts: ReportFacts, c: int) -> Html:
    """All indicators of the assessment; those typed in by people say 待填报 while they are unknown."""
    names = label_list("circle.indicator_columns")
    classes = ("", NUM, NUM, "", NUM)
    head = tag(
        "tr", [tag("th", n, scope="col", class_=k or None) for n, k in zip(names, classes, strict=True)]
    )
    rows = [_row(facts, c, i) for i in range(len(facts.assessment.indicator))]
    return tag("div", tag("table", tag("thead", head), tag("tbody", rows), class_="rows"), class_="frame")


def _row(facts: ReportFacts, c: int, i: int) -> Html:
    table, rule = facts.assessment, indicators_of(facts)[i]
    value = float(table.value[c, i])
    is_waiting = rule is not None and rule.measure == "external" and math.isnan(value)
    shown = (
        label("circle.external_wait") if is_waiting else value_words(value, rule.unit if rule else "count")
    )
    door = tag("button", shown, type="button", class_="door", data_why=f"indicator:{c}:{i}")
    return tag(
        "tr",
        tag("th", rule.label if rule else table.indicator[i], scope="row"),
        tag("td", door, class_=NUM),
        tag("td", limit_words(rule) if rule else "–", class_=NUM),
        tag("td", sign_mark(met_sign(int(table.is_met[c, i]))) if rule and limit_words(rule) else "–"),
        tag("td", points_words(float(table.points[c, i]), float(table.points_max[i])), class_=NUM),
    )


def met_sign(is_met: int) -> Sign:
    """Sign of yes, no or unknown (``Tri``) against a target."""
    words = all_labels()["state"]
    if is_met == Tri.YES:
        return Sign(words["signs"][0], words["names"][0], "met")
    if is_met == Tri.NO:
        return Sign(words["signs"][1], label("circle.not_met"), "gap")
    return Sign(words["signs"][4], words["names"][4], "unknown")


def points_words(points: float, points_max: float) -> str:
    """Points of the full mark: 9.2 / 10; 未计 where the value is unknown; a dash where it is not scored."""
    if math.isnan(points_max):
        return "–"
    shown = label("circle.not_counted") if math.isnan(points) else figures.decimal(points)
    return f"{shown} / {points_max:.6g}"


def score_words(facts: ReportFacts, c: int) -> str:
    """Score with the points that could be measured at all: 53.3 / 65."""
    score, known = float(facts.assessment.score[c]), float(facts.assessment.score_known_max[c])
    return label("word.unknown") if math.isnan(score) else f"{figures.decimal(score)} / {known:.6g}"


def grade_words(facts: ReportFacts, c: int) -> str:
    """Label of the level reached; 无法判定 and 未达等级 are words of their own."""
    code = facts.assessment.grade[c]
    known = {g.code: g.label for g in facts.rules.grades}
    return known.get(code) or label(f"grade.{'unknown' if code == 'unknown' else 'none'}")


def grade_line(facts: ReportFacts, c: int) -> Html:
    """Level, score, and the gates that failed or are unknown."""
    reasons = [gate_words(facts, code) for code in facts.assessment.grade_reason[c]]
    why = tag("p", label("circle.held_back"), "；".join(reasons), class_="fine") if reasons else ""
    score = tag("button", score_words(facts, c), type="button", class_="door", data_why=f"score:{c}")
    return tag(
        "div",
        tag(
            "p",
            tag("b", grade_words(facts, c)),
            tag("span", label("circle.score_word"), score),
            class_="grade",
        ),
        why,
        class_="grade-box",
    )
