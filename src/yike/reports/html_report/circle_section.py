"""The living circles: one overview table, then a card for each with every type and indicator."""

from __future__ import annotations

import numpy as np

from yike.core.tables import GapState
from yike.reports.facts import ReportFacts
from yike.reports.html_report import figures
from yike.reports.html_report.circle_extras import bundle_row, layout_line, theme_table
from yike.reports.html_report.city_table import city_table, match_line
from yike.reports.html_report.gap_section import share_bar, share_words, sign_mark, sign_of
from yike.reports.html_report.indicator_table import grade_line, grade_words, indicator_table, score_words
from yike.reports.html_report.labels import all_labels, label
from yike.reports.html_report.list_sections import label_list, table
from yike.reports.html_report.markup import Html, tag
from yike.reports.html_report.saturation import saturation_of
from yike.reports.html_report.summary import is_short

UNTOLD = (GapState.DATA_MISSING, GapState.NOT_SURVEYED, GapState.UNKNOWN)
NUM = "num"


def circle_section(facts: ReportFacts) -> Html:
    """Overview and cards; a sentence where the pack has no circles."""
    n = len(facts.circle_coverage.area_ids)
    if not n:
        return tag("p", label("gaps.none_circles"), class_="empty")
    rows = [_overview_row(facts, c) for c in range(n)]
    classes = ("", NUM, NUM, NUM, NUM, NUM, NUM, "")
    overview = table("circle-table", "circle.columns", classes, rows)
    cards = [_card(facts, c) for c in range(n)]
    return Html(overview + city_table(facts) + tag("div", cards, id="circle-cards", class_="cards"))


def door(shown: object, why: str, hint: str = "") -> Html:
    """A figure that opens 为什么; plain text where there is no script."""
    return tag("button", shown, type="button", class_="door", data_why=why, title=hint or None)


def _overview_row(facts: ReportFacts, c: int) -> Html:
    here = facts.gaps.circle_idx == c
    n_gaps = int((here & (facts.gaps.state == GapState.GAP)).sum())
    n_untold = int((here & np.isin(facts.gaps.state, UNTOLD)).sum())
    name = tag("a", facts.circles.name[c], href=f"#circle-{c}", data_circle=c)
    return tag(
        "tr",
        tag("th", name, scope="row"),
        tag("td", door(figures.count(float(facts.circle_coverage.people[c])), f"people:{c}"), class_=NUM),
        tag("td", _present(facts, c, "basic"), class_=NUM),
        tag("td", _present(facts, c, "quality"), class_=NUM),
        tag("td", door(str(n_gaps), f"group:{c}:gap"), class_=NUM),
        tag("td", door(str(n_untold), f"group:{c}:untold"), class_=NUM),
        tag("td", door(score_words(facts, c), f"score:{c}"), class_=NUM),
        tag("td", grade_words(facts, c)),
    )


def _present(facts: ReportFacts, c: int, group: str) -> Html:
    """Rows of the form that are there, of those that the pack names in a group, such as 9 / 13."""
    gaps = facts.gaps
    counts = [_group_of(facts, t) == group and _is_form_row(facts, t) for t in range(len(facts.types))]
    here = (gaps.circle_idx == c) & np.array(counts, bool)[gaps.type_idx]
    met = here & (np.nan_to_num(gaps.share_in_norm, nan=-1.0) >= gaps.share_required)
    return door(f"{int(met.sum())} / {int(here.sum())}", f"group:{c}:{group}") if here.any() else Html("–")


def _card(facts: ReportFacts, c: int) -> Html:
    head = tag(
        "header",
        tag("div", tag("h3", facts.circles.name[c]), tag("p", _about(facts, c), class_="fine")),
        grade_line(facts, c),
    )
    side = [
        tag("h4", label("circle.indicators")),
        indicator_table(facts, c),
        match_line(facts, c),
        layout_line(facts, c),
        "" if is_short(facts) else theme_table(facts, c),
    ]
    main = [tag("h4", label("circle.types")), _type_table(facts, c)]
    body = tag("div", tag("div", main), tag("div", side), class_="card-body")
    return tag(
        "article",
        head,
        bundle_row(facts, c),
        body,
        class_="card",
        id=f"circle-{c}",
        data_circle=c,
        tabindex="-1",
    )


def _about(facts: ReportFacts, c: int) -> str:
    circles, communities, coverage = facts.circles, facts.communities, facts.circle_coverage
    members = [n for n, at in zip(communities.name, communities.circle_idx, strict=True) if at == c]
    parts = [
        label("circle.lead", name=circles.lead_community[c]) if circles.lead_community[c] else "",
        label("circle.members", names="、".join(members)) if members else "",
        label("circle.people", n=figures.count(float(coverage.people[c]))),
        label("circle.attached", n=figures.count(float(coverage.people_attached[c]))),
        label("circle.year", year=circles.build_year[c]) if circles.build_year[c] > 0 else "",
    ]
    return " · ".join(p for p in parts if p)


def _type_table(facts: ReportFacts, c: int) -> Html:
    gaps, short = facts.gaps, is_short(facts)
    gap_row = {
        int(t): int(i)
        for i, (t, at) in enumerate(zip(facts.gaps.type_idx, facts.gaps.circle_idx, strict=True))
        if at == c
    }
    columns = [
        (col, int(t))
        for col, t in enumerate(facts.circle_coverage.type_rows)
        if int(t) in gap_row and not (short and gaps.state[gap_row[int(t)]] == GapState.NOT_REQUIRED)
    ]
    saturation = {} if short else saturation_of(facts, c)
    names = [*label_list("circle.type_columns"), *([label("circle.saturation")] if saturation else [])]
    classes = ["", "", *[NUM] * (len(names) - 2)]
    head = tag(
        "tr", [tag("th", n, scope="col", class_=k or None) for n, k in zip(names, classes, strict=True)]
    )
    bodies = []
    for group in ("basic", "quality", "facility", "movable", "other"):
        rows = [
            _type_row(facts, c, col, gap_row[t], saturation)
            for col, t in columns
            if _group_of(facts, t) == group
        ]
        if rows:
            head_of_group = tag("th", label(f"group.{group}"), colspan=len(names), scope="rowgroup")
            title = tag("tr", head_of_group, class_="group")
            bodies.append(tag("tbody", title, rows))
    return tag("div", tag("table", tag("thead", head), bodies, class_="rows types"), class_="frame")


def _group_of(facts: ReportFacts, type_idx: int) -> str:
    kind = facts.types.types[type_idx]
    rule = facts.rules.rule(kind.code)
    group = rule.group if rule else kind.group
    return group if group in all_labels()["group"] else "other"


def _is_form_row(facts: ReportFacts, type_idx: int) -> bool:
    """A row of its own, not a refinement and not 其他."""
    kind = facts.types.types[type_idx]
    return not kind.parent and not kind.form_row.endswith("99")


def _type_row(facts: ReportFacts, c: int, col: int, row: int, saturation: dict[int, Html]) -> Html:
    gaps = facts.gaps
    type_idx = int(gaps.type_idx[row])
    share, required = float(gaps.share_in_norm[row]), float(gaps.share_required[row])
    sign = sign_of(int(gaps.state[row]), share, required)
    why = f"type:{c}:{type_idx}"
    cells = [
        tag("th", facts.types.types[type_idx].label, scope="row"),
        tag("td", sign_mark(sign)),
        tag("td", door(share_words(share, sign), why), share_bar(share, required), class_=NUM),
        tag("td", _asked(float(gaps.norm_s[row]), required), class_=NUM),
        tag("td", figures.count(float(gaps.people_unserved[row])), class_=NUM),
        tag("td", _outlets(facts, c, col, share), class_=NUM),
        tag("td", _median(facts, c, col) if share == share else "–", class_=NUM),
    ]
    if saturation:
        cells.append(tag("td", saturation.get(col, "–"), class_=NUM))
    return tag("tr", cells, class_=sign.code)


def _asked(norm_s: float, required: float) -> str:
    return label("circle.asked", minutes=figures.whole_minutes(norm_s), share=figures.share_limit(required))


def _outlets(facts: ReportFacts, c: int, col: int, share: float) -> str:
    """Outlets in the circle; a dash for none where the data cannot tell."""
    n = float(facts.circle_coverage.n_outlets[c, col])
    return "–" if share != share and n == 0 else figures.count(n)


def _median(facts: ReportFacts, c: int, col: int) -> str:
    coverage = facts.circle_coverage
    if coverage.median_nearest_s.size:
        return figures.minutes(float(coverage.median_nearest_s[c, col]))
    return "–"
