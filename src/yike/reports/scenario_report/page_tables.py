"""The tables of one scenario on the page: types, areas, grades, supply, age bands, homes."""

from __future__ import annotations

from yike.core.tables import GapState
from yike.reports import words
from yike.reports.html_report import figures
from yike.reports.html_report.markup import Html, tag, text
from yike.reports.html_report.policy import band_label
from yike.reports.scenario_facts import ScenarioFacts, ScenarioOutcome
from yike.reports.scenario_report import rows
from yike.reports.scenario_report.labels import columns, label
from yike.reports.scenario_report.rows import Row
from yike.reports.scenario_report.workbook import change_words, minutes_of

MOST_PLACES = 200
MOST_AREAS = 300


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


def type_table(facts: ScenarioFacts, outcome: ScenarioOutcome) -> Html:
    """What a scenario changes for each type in the whole pack."""
    body = []
    for row in rows.type_rows(facts, outcome):
        norm = _pair(f"{row['norm_before_min']:g}", f"{row['norm_after_min']:g}")
        body.append(
            tag(
                "tr",
                tag("th", type_name(row), scope="row"),
                tag("td", norm, class_="num"),
                tag("td", _sided(row, "gained"), class_="num"),
                tag("td", _sided(row, "lost"), class_="num"),
                tag(
                    "td",
                    _pair(share_words(row["share_before"]), share_words(row["share_after"])),
                    class_="num",
                ),
                tag("td", _pair(str(row["outlets_before"]), str(row["outlets_after"])), class_="num"),
            )
        )
    head = ("业态", "时限（分钟）", "新增居民", "失去居民", "达时限比例", "网点")
    return _table(head, ("", "num", "num", "num", "num", "num"), body)


def area_table(facts: ScenarioFacts, outcome: ScenarioOutcome, level: str) -> Html:
    """The same by circle or community ("circles", "communities")."""
    found = rows.area_rows(facts, outcome, level)
    body = [
        tag(
            "tr",
            tag("th", row["name"] or row["id"], scope="row"),
            tag("td", type_name(row)),
            tag("td", _pair(_state(row["state_before"]), _state(row["state_after"]))),
            tag("td", _pair(_number(row["people_before"]), _number(row["people_after"])), class_="num"),
            tag("td", _pair(share_words(row["share_before"]), share_words(row["share_after"])), class_="num"),
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


def grade_table(facts: ScenarioFacts, outcome: ScenarioOutcome) -> Html:
    """Grades, scores and gaps of circles that change."""
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


def saturation_table(facts: ScenarioFacts, outcome: ScenarioOutcome) -> Html:
    """Outlets per 1,000 people where they change."""
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


def band_table(facts: ScenarioFacts, outcome: ScenarioOutcome) -> Html:
    """People of each age band who gain or lose a type."""
    body = [
        tag(
            "tr",
            tag("th", type_name(row), scope="row"),
            tag("td", band_label(band)),
            tag("td", _number(n["gained"]), class_="num"),
            tag("td", _number(n["lost"]), class_="num"),
        )
        for row in rows.type_rows(facts, outcome)
        if row["places_gained"] or row["places_lost"]
        for band, n in row["by_band"].items()
    ]
    return _table(columns("bands"), ("", "", "num", "num"), body)


def who_table(facts: ScenarioFacts, outcome: ScenarioOutcome) -> Html:
    """Homes whose walk changes, those that cross the norm first."""
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


def type_name(row: Row) -> str:
    """Row of the form and label."""
    return f"{row['form_row']} {row['type_label']}"


def share_words(value: float | None) -> str:
    """A share in per cent, or 未知."""
    return words.UNKNOWN if value is None else figures.share(value)
