"""The parts of a circle's card that come from extras: bundles, themes, layout hint."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from yike.core.tables import GapState
from yike.reports.facts import ReportFacts
from yike.reports.html_report import figures
from yike.reports.html_report.extras import number_of, of_circle, rows_of_circle
from yike.reports.html_report.gap_section import Sign, sign_mark, sign_of
from yike.reports.html_report.labels import label, label_or
from yike.reports.html_report.list_sections import table
from yike.reports.html_report.markup import Html, tag
from yike.reports.html_report.policy import type_label

TOLD = ("met", "gap")
"""States whose share means something; any other is a word, never 0%."""


def state_sign(word: object, share: float = float("nan"), required: float = float("nan")) -> Sign:
    """Sign of a state word such as ``data_missing``."""
    try:
        state = GapState[str(word).upper()]
    except KeyError:
        state = GapState.UNKNOWN
    return sign_of(state, share, required)


def bundle_row(facts: ReportFacts, c: int) -> Html:
    """一店一早 and its sisters: each with its slots; nothing without the extra."""
    rows = rows_of_circle(facts, c, "bundles")
    return tag("ul", [_bundle(facts, c, row) for row in rows], class_="bundles") if rows else Html("")


def _bundle(facts: ReportFacts, c: int, row: Mapping[str, Any]) -> Html:
    rule = next((b for b in facts.rules.bundles if b.code == row.get("code")), None)
    slots = row.get("slots") or ()
    names = rule.slot_labels if rule and len(rule.slot_labels) == len(slots) else ("",) * len(slots)
    items = [_slot(name, slot) for name, slot in zip(names, slots, strict=True)]
    share_all = number_of(row, "share_all")
    is_told = all(slot.get("state") in TOLD for slot in slots)
    every = (
        ""
        if share_all != share_all or not is_told
        else label("circle.all_reached", share=figures.share(share_all))
    )
    return tag(
        "li",
        tag("b", rule.label if rule else str(row.get("code", ""))),
        sign_mark(state_sign(row.get("state"))),
        tag("span", items, class_="slots"),
        tag("button", every, type="button", class_="door", data_why=f"bundle:{c}:{row.get('code', '')}")
        if every
        else "",
    )


def _slot(name: str, slot: Mapping[str, Any]) -> Html:
    share, required = number_of(slot, "share"), number_of(slot, "share_required")
    sign = state_sign(slot.get("state"), share, required)
    shown = figures.share(share) if slot.get("state") in TOLD and share == share else sign.word
    return tag("span", sign_mark(sign, with_word=False), f"{name} {shown}")


def layout_line(facts: ReportFacts, c: int) -> Html:
    """The layout form as declared and as hinted (推定); nothing without either."""
    hint = of_circle(facts, c, "layout")
    declared = facts.circles.layout_form[c]
    parts = [label("circle.declared", form=declared) if declared else ""]
    if isinstance(hint, Mapping):
        form = label_or(f"layout.{hint.get('form', '')}", "")
        inside = number_of(hint, "share_in_clusters")
        detail = "" if inside != inside else label("circle.in_groups", share=figures.share(inside))
        seen = label("circle.looks_like", form=form, detail=detail) if form else label("circle.too_few")
        parts.append(seen)
    shown = "；".join(p for p in parts if p)
    return tag("p", tag("b", label("circle.layout")), " ", shown, class_="line") if shown else Html("")


def theme_table(facts: ReportFacts, c: int) -> Html:
    """The theme circles: types present, what is missing, lead unit; nothing without the extra."""
    rows = [_theme_row(facts, row) for row in rows_of_circle(facts, c, "themes")]
    if not rows:
        return Html("")
    body = table(f"themes-{c}", "circle.theme_columns", ("", "num", "", ""), rows)
    return Html(tag("h4", label("circle.themes")) + body)


def _theme_row(facts: ReportFacts, row: Mapping[str, Any]) -> Html:
    rule = next((t for t in facts.rules.themes if t.code == row.get("code")), None)
    missing = [
        type_label(facts, int(facts.access.type_rows[t["col"]]))
        for t in row.get("types") or ()
        if t.get("state") == "gap"
    ]
    unknown = int(row.get("n_unknown") or 0)
    words = [
        label("circle.missing", types="、".join(missing)) if missing else "",
        label("circle.untold", n=unknown) if unknown else "",
    ]
    return tag(
        "tr",
        tag("th", rule.label if rule else str(row.get("code", "")), scope="row"),
        tag("td", f"{row.get('n_present', 0)} / {row.get('n_types', 0)}", class_="num"),
        tag(
            "td",
            "；".join(w for w in words if w)
            or label("circle.complete" if row.get("n_types") else "circle.no_types"),
        ),
        tag("td", (rule.lead_unit if rule else "") or "–"),
    )
