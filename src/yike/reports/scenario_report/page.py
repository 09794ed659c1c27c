"""``compare.html``: one page that opens offline, in the look of the report; no script needed."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from string import Template
from typing import Any

from yike.core.tables import GapState
from yike.reports import words
from yike.reports.brand.tokens import css_variables, mark_svg
from yike.reports.html_report import figures
from yike.reports.html_report.markup import Html, tag, text
from yike.reports.html_report.policy import band_label, short_title
from yike.reports.scenario_facts import ScenarioFacts, ScenarioOutcome
from yike.reports.scenario_report import rows
from yike.reports.scenario_report.labels import columns, label
from yike.reports.scenario_report.picture import scenario_map
from yike.reports.scenario_report.rows import Row
from yike.reports.scenario_report.workbook import change_words, minutes_of, note_lines

STYLES = ("base", "head", "tables", "print")
MOST_PLACES = 200
MOST_AREAS = 300
STRONG = ("people_better", "people_worse", "gaps")


def write_page(facts: ScenarioFacts, path: Path) -> None:
    """Write ``compare.html``; the same facts give the same bytes."""
    path.write_text(page_of(facts), "utf-8", newline="\n")


def page_of(facts: ScenarioFacts) -> str:
    """The whole page as text."""
    origin = facts.provenance
    links = [tag("a", o.name, href=f"#s{k}") for k, o in enumerate(facts.outcomes, start=1)]
    slots = {
        "title": text(label("title", name=origin.name)),
        "name": text(origin.name),
        "version": text(facts.version),
        "styles": _styles(facts),
        "mark": mark_svg(),
        "icon": _icon(),
        "facts": _facts(facts),
        "badge": _badge(facts),
        "banner": _banner(facts),
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


def _styles(facts: ScenarioFacts) -> str:
    folder = files("yike.reports.html_report") / "css"
    sheets = [(folder / f"{name}.css").read_text("utf-8") for name in STYLES]
    own = (files(__package__) / "scenario.css").read_text("utf-8")
    return css_variables() + "\n".join([*sheets, own])


def _icon() -> str:
    drawn = mark_svg().replace("currentColor", "#0B6B5B")
    return "data:image/svg+xml," + "".join(
        c if c.isalnum() or c in "-._~" else f"%{ord(c):02X}" for c in drawn
    )


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


def _badge(facts: ScenarioFacts) -> Html:
    return tag("span", label("invented"), class_="badge") if facts.provenance.is_invented else Html("")


def _banner(facts: ScenarioFacts) -> Html:
    if not facts.provenance.is_invented:
        return Html("")
    return tag(
        "p", tag("b", label("invented")), " ", label("invented_sentence"), class_="invented", role="note"
    )


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
        cells = [tag("th", _type_name(first), scope="row")]
        cells.append(tag("td", _share(first["share_before"]), class_="num"))
        for k in range(len(facts.outcomes)):
            mine = by_scenario.get(k)
            cells.append(tag("td", _gain_loss(mine) if mine else "–", class_="num"))
        body.append(tag("tr", cells))
    table = tag("table", tag("thead", tag("tr", head)), tag("tbody", body), class_="compare")
    return tag("div", table, class_="frame")


def _type_name(row: Row) -> str:
    return f"{row['form_row']} {row['type_label']}"


def _share(value: float | None) -> str:
    return words.UNKNOWN if value is None else figures.share(value)


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
    shares = _share(row["share_before"]), _share(row["share_after"])
    if shares[0] != shares[1]:
        parts.append(tag("small", f"（{shares[0]} → {shares[1]}）"))
    elif row["outlets_before"] != row["outlets_after"]:
        parts.append(tag("small", f"网点 {row['outlets_before']} → {row['outlets_after']}"))
    elif not parts:
        parts.append(tag("small", label("change.slight")))
    return Html(" ".join(parts))


def _scenario(facts: ScenarioFacts, outcome: ScenarioOutcome, k: int) -> Html:
    head = tag(
        "div", tag("h2", outcome.name, " ", _badge(facts)), tag("span", outcome.note, class_="fine"),
        class_="scenario-head",
    )  # fmt: skip
    said = [tag("li", tag("b", kind), words_) for _, _, kind, words_ in outcome.edits]
    left = [tag("h3", "改动"), tag("ol", said, class_="edits")]
    left += [tag("p", note, class_="note") for note in outcome.notes]
    left.append(tag("p", f"重算：{label(f'recomputed.{outcome.recomputed}')}", class_="fine"))
    left += [tag("h3", "业态变化（全域）"), _type_table(facts, outcome)]
    body = tag("div", scenario_map(facts, outcome), tag("div", left), class_="scenario-body")
    parts = [
        tag("h3", "业态×生活圈 变化"),
        _area_table(facts, outcome, "circles"),
        tag("h3", "等级、得分与缺口变化"),
        _grade_table(facts, outcome),
        tag("h3", "供给（每千人网点）变化"),
        _saturation_table(facts, outcome),
        _folded("业态×社区 变化", _area_table(facts, outcome, "communities")),
        _folded("按年龄段", _band_table(facts, outcome)),
        tag("h3", "受影响居住点"),
        _who_table(facts, outcome),
    ]
    return tag("section", head, body, parts, class_="sheet scenario", id=f"s{k}")


def _folded(title: str, body: Html) -> Html:
    return tag("details", tag("summary", title), body, class_="long")


def _table(head: tuple[str, ...], classes: tuple[str, ...], body: list[Html]) -> Html:
    if not body:
        return tag("p", label("none"), class_="empty")
    cells = [tag("th", name, scope="col", class_=c or None) for name, c in zip(head, classes, strict=True)]
    return tag(
        "div", tag("table", tag("thead", tag("tr", cells)), tag("tbody", body), class_="rows"), class_="frame"
    )


def _pair(before: str, after: str) -> Html:
    """Before and after, or one word where they are the same."""
    if before == after:
        return text(before)
    return Html(f"{text(before)}{tag('span', '→', class_='arrow')}{tag('b', after)}")


def _number(value: float | None) -> str:
    return words.UNKNOWN if value is None else figures.count(value)


def _sided(row: Row, key: str) -> Html:
    """Gained or lost people; homes where no people are known."""
    places = row[f"places_{key}"]
    if not places:
        return Html("–")
    sign, cls = ("▲", "gain") if key == "gained" else ("▼", "loss")
    people = row[key]
    said = f"{figures.count(people)}" if people is not None else f"{places} 处（{label('estimated')}）"
    return tag("span", f"{sign} {said}", class_=cls)


def _type_table(facts: ScenarioFacts, outcome: ScenarioOutcome) -> Html:
    body = []
    for row in rows.type_rows(facts, outcome):
        norm = _pair(f"{row['norm_before_min']:g}", f"{row['norm_after_min']:g}")
        body.append(
            tag(
                "tr",
                tag("th", _type_name(row), scope="row"),
                tag("td", norm, class_="num"),
                tag("td", _sided(row, "gained"), class_="num"),
                tag("td", _sided(row, "lost"), class_="num"),
                tag("td", _pair(_share(row["share_before"]), _share(row["share_after"])), class_="num"),
                tag("td", _pair(str(row["outlets_before"]), str(row["outlets_after"])), class_="num"),
            )
        )
    head = ("业态", "时限（分钟）", "新增居民", "失去居民", "达时限比例", "网点")
    return _table(head, ("", "num", "num", "num", "num", "num"), body)


def _area_table(facts: ScenarioFacts, outcome: ScenarioOutcome, level: str) -> Html:
    found = rows.area_rows(facts, outcome, level)
    body = [
        tag(
            "tr",
            tag("th", row["name"] or row["id"], scope="row"),
            tag("td", _type_name(row)),
            tag("td", _pair(_state(row["state_before"]), _state(row["state_after"]))),
            tag("td", _pair(_number(row["people_before"]), _number(row["people_after"])), class_="num"),
            tag("td", _pair(_share(row["share_before"]), _share(row["share_after"])), class_="num"),
            tag("td", _sided(row, "gained"), class_="num"),
            tag("td", _sided(row, "lost"), class_="num"),
            tag("td", _pair(str(row["outlets_before"]), str(row["outlets_after"])), class_="num"),
        )
        for row in found[:MOST_AREAS]
    ]
    head = columns("areas" if level == "circles" else "communities")
    table = _table(head, ("", "", "", "num", "num", "num", "num", "num"), body)
    return _told_cut(table, len(found), MOST_AREAS)


def _told_cut(table: Html, n: int, most: int) -> Html:
    if n <= most:
        return table
    return Html(table + tag("p", f"共 {n} 行，这里列前 {most} 行，其余见 compare.xlsx。", class_="fine"))


def _state(state: str | None) -> str:
    return "–" if state is None else words.STATE_WORDS[GapState[state.upper()]]


def _grade_table(facts: ScenarioFacts, outcome: ScenarioOutcome) -> Html:
    found = rows.grade_rows(facts, outcome)
    body = [
        tag(
            "tr",
            tag("th", row["name"] or row["id"], scope="row"),
            tag("td", _pair(row["grade_label_before"], row["grade_label_after"])),
            tag("td", _pair(_points(row, "before"), _points(row, "after")), class_="num"),
            tag("td", _pair(str(row["gaps_before"]), str(row["gaps_after"])), class_="num"),
        )
        for row in found[:MOST_AREAS]
    ]
    return _told_cut(_table(columns("grades"), ("", "", "num", "num"), body), len(found), MOST_AREAS)


def _points(row: Row, side: str) -> str:
    """Score of a side, with the points that could be scored where both sides differ in them."""
    score = _score(row[f"score_{side}"])
    if row["score_of_before"] == row["score_of_after"]:
        return score
    return f"{score}（可评 {_score(row[f'score_of_{side}'])}）"


def _score(value: float | None) -> str:
    return words.UNKNOWN if value is None else figures.decimal(value, 2)


def _saturation_table(facts: ScenarioFacts, outcome: ScenarioOutcome) -> Html:
    found = rows.saturation_rows(facts, outcome)
    body = [
        tag(
            "tr",
            tag("th", row["name"] or row["id"], scope="row"),
            tag("td", row["type_label"]),
            tag("td", _pair(_rate(row["per_1000_before"]), _rate(row["per_1000_after"])), class_="num"),
            tag("td", _pair(_flag(row["flag_before"]), _flag(row["flag_after"]))),
        )
        for row in found[:MOST_AREAS]
    ]
    return _told_cut(_table(columns("saturation"), ("", "", "num", ""), body), len(found), MOST_AREAS)


def _rate(value: float | None) -> str:
    return words.UNKNOWN if value is None else figures.decimal(value, 3)


def _flag(flag: str) -> str:
    return label(f"flag.{flag}") if flag in ("over", "under", "unknown") else label("flag.normal")


def _band_table(facts: ScenarioFacts, outcome: ScenarioOutcome) -> Html:
    body = [
        tag(
            "tr",
            tag("th", _type_name(row), scope="row"),
            tag("td", band_label(band)),
            tag("td", _number(n["gained"]), class_="num"),
            tag("td", _number(n["lost"]), class_="num"),
        )
        for row in rows.type_rows(facts, outcome)
        if row["places_gained"] or row["places_lost"]
        for band, n in row["by_band"].items()
    ]
    return _table(columns("bands"), ("", "", "num", "num"), body)


def _who_table(facts: ScenarioFacts, outcome: ScenarioOutcome) -> Html:
    found = rows.who_rows(facts, outcome, MOST_PLACES)
    body = [
        tag(
            "tr",
            tag("th", row["place_name"] or row["place_id"], scope="row"),
            tag("td", row["circle"] or label("outside")),
            tag("td", _number(row["people"]), class_="num"),
            tag("td", row["type_label"]),
            tag("td", _pair(_minutes(row, "before"), _minutes(row, "after")), class_="num"),
            tag("td", change_words(row)),
        )
        for row in found
    ]
    note = label("notes.listed", n=outcome.who.n_all)
    if outcome.who.n_all > len(found):
        note += label("notes.listed_first", shown=len(found))
    table = _table(columns("who"), ("", "", "num", "", "num", ""), body)
    return Html(
        tag("p", note, class_="fine") + tag("details", tag("summary", "展开名单"), table, class_="long")
    )


def _minutes(row: Row, side: str) -> str:
    value = minutes_of(row, side)
    return value if isinstance(value, str) else figures.decimal(value)
