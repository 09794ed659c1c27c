"""依据: every norm, share, indicator and level with its clause, so that the page can be checked by hand."""

from __future__ import annotations

from yike.reports.facts import ReportFacts
from yike.reports.html_report import figures
from yike.reports.html_report.labels import label, label_or
from yike.reports.html_report.list_sections import table
from yike.reports.html_report.markup import Html, tag
from yike.reports.html_report.policy import document_title, gate_words, how_words, limit_words, source_words
from yike.standards.types import TypeRule

NUM = "num"


def rules_section(facts: ReportFacts) -> Html:
    """The rule pack as three tables: types, indicators, levels."""
    rules = facts.rules
    types = [_type_row(facts, r) for r in rules.types]
    indicators = [
        tag(
            "tr",
            tag("th", i.label, scope="row"),
            tag("td", limit_words(i) or "–", class_=NUM),
            tag("td", "–" if i.points is None else f"{i.points:.6g}", class_=NUM),
            tag("td", how_words(i.measure) or "–"),
            tag("td", source_words(i.source, rules)),
        )
        for i in rules.indicators
    ]
    grades = [
        tag(
            "tr",
            tag("th", g.label, scope="row"),
            tag("td", "；".join(gate_words(facts, gate.code) for gate in g.gates)),
            tag("td", source_words(g.source, rules)),
        )
        for g in rules.grades
    ]
    parts = [tag("p", _lineage(facts), class_="fine")]
    for title, columns, classes, rows in (
        ("types", "type_columns", ("", "", "", NUM, NUM, ""), types),
        ("indicators", "indicator_columns", ("", NUM, NUM, "", ""), indicators),
        ("grades", "grade_columns", ("", "", ""), grades),
    ):
        if rows:
            parts += [
                tag("h3", label(f"rules.{title}")),
                table(f"rule-{title}", f"rules.{columns}", classes, rows),
            ]
    return Html("".join(parts))


def _lineage(facts: ReportFacts) -> str:
    rules = facts.rules
    above = "、".join(document_title(code, rules) for code in rules.lineage[:-1])
    which = "rules.lineage" if above else "rules.lineage_plain"
    sentence = label(which, title=rules.title, issuer=rules.issuer, base=above)
    return sentence + (label("rules.inferred_pack") if rules.is_inferred else "")


def _type_row(facts: ReportFacts, rule: TypeRule) -> Html:
    kind = next((t for t in facts.types if t.code == rule.code), None)
    sources = (rule.within_source, rule.share_source, rule.required_source)
    words = dict.fromkeys(source_words(s, facts.rules) for s in sources)
    return tag(
        "tr",
        tag("th", kind.label if kind else rule.code, scope="row"),
        tag("td", label_or(f"group.{rule.group}", rule.group)),
        tag("td", label("rules.asked" if rule.is_required else "rules.not_asked")),
        tag("td", figures.whole_minutes(rule.within_s), class_=NUM),
        tag("td", figures.share_limit(rule.share), class_=NUM),
        tag("td", "；".join(w for w in words if w)),
    )
