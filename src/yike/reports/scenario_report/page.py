"""``compare.html``: one page that opens offline, in the look of the report; no script needed."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from string import Template
from typing import Any

from yike.reports import words
from yike.reports.brand.tokens import css_variables, mark_svg
from yike.reports.html_report import figures
from yike.reports.html_report.frame import STILL, badge, banner, page_head
from yike.reports.html_report.markup import Html, tag, text
from yike.reports.html_report.policy import short_title
from yike.reports.scenario_facts import ScenarioFacts, ScenarioOutcome
from yike.reports.scenario_report import rows
from yike.reports.scenario_report.labels import label
from yike.reports.scenario_report.page_tables import (
    area_table,
    band_table,
    grade_table,
    saturation_table,
    share_words,
    type_name,
    type_table,
    who_table,
)
from yike.reports.scenario_report.picture import scenario_map
from yike.reports.scenario_report.rows import Row
from yike.reports.scenario_report.workbook import note_lines

STYLES = ("base", "head", "tables", "print")
STRONG = ("people_better", "people_worse", "gaps")


def write_page(facts: ScenarioFacts, path: Path) -> None:
    """Write ``compare.html``; the same facts give the same bytes."""
    path.write_text(page_of(facts), "utf-8", newline="\n")


def page_of(facts: ScenarioFacts) -> str:
    """The whole page as text."""
    origin = facts.provenance
    title = label("title", name=origin.name)
    links = [tag("a", o.name, href=f"#s{k}") for k, o in enumerate(facts.outcomes, start=1)]
    slots = {
        "head": page_head(title, facts.version, _styles(), STILL),
        "title": text(title),
        "name": text(origin.name),
        "mark": mark_svg(),
        "facts": _facts(facts),
        "badge": badge(origin.is_invented),
        "banner": banner(origin.is_invented, label("invented_sentence")),
        "links": Html("".join(links)),
        "hypothetical": text(label("hypothetical")),
        "overview": _overview(facts),
        "types": _types(facts),
        "scenarios": Html("".join(_scenario(facts, o, k) for k, o in enumerate(facts.outcomes, start=1))),
        "notes": tag("ul", [tag("li", line) for line in note_lines(facts)], class_="plain"),
        "date": text(label("map.date", date=words.chinese_date(origin.as_of))),
        "attribution": text(" · ".join(dict.fromkeys(s.attribution or s.name for s in origin.sources))),
    }
    return Template((files(__package__) / "page.html").read_text("utf-8")).substitute(slots)


def _styles() -> str:
    folder = files("yike.reports.html_report") / "css"
    sheets = [(folder / f"{name}.css").read_text("utf-8") for name in STYLES]
    own = (files(__package__) / "scenario.css").read_text("utf-8")
    return css_variables() + "\n".join([*sheets, own])


def _facts(facts: ScenarioFacts) -> Html:
    items = [
        label("map.date", date=words.chinese_date(facts.provenance.as_of)),
        short_title(facts.before.rules.title),
        f"步行者：{facts.before.profile.label}",
        f"{len(facts.outcomes)} 个情景",
    ]
    if facts.before.places.is_estimated.any():
        items.append(f"人口{label('estimated')}")
    return tag("ul", [tag("li", item) for item in items], class_="facts")


def _overview(facts: ScenarioFacts) -> Html:
    head = [tag("th", "指标", scope="col"), tag("th", label("now"), scope="col", class_="num")]
    head += [tag("th", tag("b", o.name), o.note or None, scope="col", class_="num") for o in facts.outcomes]
    body = []
    for row in rows.overview(facts):
        cells = [tag("th", row["label"], scope="row")]
        now = "" if row["is_change"] else _value(row["now"], row["code"])
        cells.append(tag("td", now, class_="num"))
        cells += [tag("td", _moved(row, value), class_="num") for value in row["scenarios"]]
        body.append(tag("tr", cells, class_="strong" if row["code"] in STRONG else None))
    body.append(
        tag(
            "tr",
            tag("th", "重算范围", scope="row"),
            tag("td", "–", class_="num"),
            [tag("td", label(f"recomputed.{o.recomputed}"), class_="num wrap") for o in facts.outcomes],
        )
    )
    table = tag("table", tag("thead", tag("tr", head)), tag("tbody", body), class_="compare")
    return tag("div", table, class_="frame")


def _value(value: Any, code: str) -> str:
    """Scores with two places, all else as whole numbers."""
    if value is None:
        return words.UNKNOWN
    return figures.decimal(value, 2) if code == "score" else figures.count(value)


def _moved(row: Row, value: Any) -> Html:
    """A figure after a scenario, with the difference to now where it has one."""
    shown = _value(value, row["code"])
    if row["is_change"] or value is None or row["now"] is None:
        return text(shown)
    change = round(value - row["now"], 2)
    if not change:
        return text(shown)
    sign = "+" if change > 0 else "−"
    by = f"（{sign}{_value(abs(change), row['code'])}）"
    return Html(f"{text(shown)} {tag('small', by)}")


def _types(facts: ScenarioFacts) -> Html:
    """Business types with what each scenario gains and loses, side by side."""
    found: dict[str, dict[int, Row]] = {}
    for k, outcome in enumerate(facts.outcomes):
        for row in rows.type_rows(facts, outcome):
            found.setdefault(row["type"], {})[k] = row
    if not found:
        return tag("p", label("none"), class_="empty")
    head = [tag("th", "业态", scope="col"), tag("th", "达时限比例（现状）", scope="col", class_="num")]
    head += [tag("th", tag("b", o.name), scope="col", class_="num") for o in facts.outcomes]
    body = []
    for by_scenario in found.values():
        first = next(iter(by_scenario.values()))
        cells = [tag("th", type_name(first), scope="row")]
        cells.append(tag("td", share_words(first["share_before"]), class_="num"))
        for k in range(len(facts.outcomes)):
            mine = by_scenario.get(k)
            cells.append(tag("td", _gain_loss(mine) if mine else "–", class_="num"))
        body.append(tag("tr", cells))
    table = tag("table", tag("thead", tag("tr", head)), tag("tbody", body), class_="compare")
    return tag("div", table, class_="frame")


def _gain_loss(row: Row) -> Html:
    parts = []
    for key, sign, cls in (("gained", "▲", "gain"), ("lost", "▼", "loss")):
        places = row[f"places_{key}"]
        if places:
            people = row[key]
            said = (
                f"{figures.count(people)} 人"
                if people is not None
                else f"{places} 处（{label('estimated')}）"
            )
            parts.append(tag("span", f"{sign} {said}", class_=cls))
    shares = share_words(row["share_before"]), share_words(row["share_after"])
    if shares[0] != shares[1]:
        parts.append(tag("small", f"（{shares[0]} → {shares[1]}）"))
    elif row["outlets_before"] != row["outlets_after"]:
        parts.append(tag("small", f"网点 {row['outlets_before']} → {row['outlets_after']}"))
    elif not parts:
        parts.append(tag("small", label("change.slight")))
    return Html(" ".join(parts))


def _scenario(facts: ScenarioFacts, outcome: ScenarioOutcome, k: int) -> Html:
    title = tag("h2", outcome.name, " ", badge(facts.provenance.is_invented))
    head = tag("div", title, tag("span", outcome.note, class_="fine"), class_="scenario-head")
    said = [tag("li", tag("b", kind), words_) for _, _, kind, words_ in outcome.edits]
    left = [tag("h3", "改动"), tag("ol", said, class_="edits")]
    left += [tag("p", note, class_="note") for note in outcome.notes]
    left.append(tag("p", f"重算：{label(f'recomputed.{outcome.recomputed}')}", class_="fine"))
    left += [tag("h3", "业态变化（全域）"), type_table(facts, outcome)]
    body = tag("div", scenario_map(facts, outcome), tag("div", left), class_="scenario-body")
    parts = [
        tag("h3", "业态×生活圈 变化"),
        area_table(facts, outcome, "circles"),
        tag("h3", "等级、得分与缺口变化"),
        grade_table(facts, outcome),
        tag("h3", "供给（每千人网点）变化"),
        saturation_table(facts, outcome),
        _folded("业态×社区 变化", area_table(facts, outcome, "communities")),
        _folded("按年龄段", band_table(facts, outcome)),
        tag("h3", "受影响居住点"),
        who_table(facts, outcome),
    ]
    return tag("section", head, body, parts, class_="sheet scenario", id=f"s{k}")


def _folded(title: str, body: Html) -> Html:
    return tag("details", tag("summary", title), body, class_="long")
