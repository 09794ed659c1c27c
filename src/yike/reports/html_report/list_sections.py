"""Everything on the map once more as tables: homes and outlets."""

from __future__ import annotations

import numpy as np

from yike.core.tables import LongArray
from yike.reports.facts import ReportFacts
from yike.reports.html_report import figures
from yike.reports.html_report.labels import all_labels, label
from yike.reports.html_report.markup import Html, tag
from yike.reports.html_report.policy import type_label
from yike.reports.html_report.told import untold_words

MAX_ROWS = 1000
NUM = "num"


def first_column(facts: ReportFacts) -> int:
    """Column of the access table that the page opens with: the worst gap's type, else the first; -1 none."""
    rows = facts.access.type_rows
    worst = facts.gaps.type_idx[facts.gaps.rank == 1]
    hit = np.flatnonzero(np.isin(rows, worst))
    return int(hit[0]) if len(hit) else min(len(rows), 1) - 1


def place_table(facts: ReportFacts) -> Html:
    """Homes with their walk to the nearest outlet of the first type, longest walk first."""
    column = first_column(facts)
    n = len(facts.places)
    if not n or column < 0:
        return tag("p", label("lists.no_places"), class_="empty")
    order = _longest_first(facts.access.nearest_s[:, column].astype(np.float64))[:MAX_ROWS]
    kind = type_label(facts, int(facts.access.type_rows[column]))
    which = "lists.place_all" if n <= MAX_ROWS else "lists.place_first"
    note = tag(
        "p", label(which, n=figures.count(n), type=kind, shown=len(order)), class_="fine", id="place-note"
    )
    untold = untold_words(facts)[column]
    rows = [_place_row(facts, int(i), column, untold) for i in order]
    classes = ("", "", NUM, NUM, "", NUM, NUM)
    return Html(note + table("place-table", "lists.place_columns", classes, rows))


def _longest_first(nearest_s: np.ndarray) -> LongArray:
    """Unreachable, then longest walks, then unknown; ties by row."""
    key = np.where(np.isnan(nearest_s), -1.0, np.ceil(nearest_s))  # whole seconds, as they are shown
    return np.argsort(-key, kind="stable")


def _place_row(facts: ReportFacts, i: int, column: int, untold: str) -> Html:
    places, access = facts.places, facts.access
    outlet = int(access.nearest_outlet_idx[i, column])
    attached = bool(access.is_attached[i])
    return tag(
        "tr",
        tag("th", places.name[i] or places.place_id[i], scope="row"),
        tag("td", circle_name(facts, int(places.circle_idx[i]))),
        tag("td", figures.count(float(places.people[i])), class_=NUM),
        tag("td", _time(facts, i, column, untold), class_=NUM),
        tag("td", facts.outlets.name[outlet] if outlet >= 0 else "–"),
        tag("td", str(access.count[i, column, -1]) if attached and not untold else "–", class_=NUM),
        tag("td", row_number(int(places.source_row[i])), class_=NUM),
    )


def _time(facts: ReportFacts, i: int, column: int, untold: str) -> str:
    """Minutes, or the word that says why there are none."""
    if not facts.access.is_attached[i]:
        return label("word.unattached")
    return untold or figures.minutes(float(facts.access.nearest_s[i, column]))


def outlet_table(facts: ReportFacts) -> Html:
    """Outlets in the order of the pack."""
    n = len(facts.outlets)
    if not n:
        return tag("p", label("lists.no_outlets"), class_="empty")
    which = "lists.outlet_all" if n <= MAX_ROWS else "lists.outlet_first"
    note = tag("p", label(which, n=figures.count(n), shown=MAX_ROWS), class_="fine", id="outlet-note")
    rows = [_outlet_row(facts, i) for i in range(min(n, MAX_ROWS))]
    return Html(note + table("outlet-table", "lists.outlet_columns", ("", "", "", "", "", "", NUM), rows))


def _outlet_row(facts: ReportFacts, i: int) -> Html:
    outlets, words = facts.outlets, all_labels()["lists"]
    return tag(
        "tr",
        tag("th", outlets.name[i] or outlets.outlet_id[i], scope="row"),
        tag("td", type_label(facts, int(outlets.type_idx[i]))),
        tag("td", circle_name(facts, int(outlets.circle_idx[i]))),
        tag("td", words["status"][outlets.status[i]]),
        tag("td", words["tri"][outlets.is_chain[i] + 1]),
        tag("td", outlets.hours[i] or label("word.unknown")),
        tag("td", row_number(int(outlets.source_row[i])), class_=NUM),
    )


def circle_name(facts: ReportFacts, circle_idx: int) -> str:
    """Name of a circle by its row; 圈外 for -1."""
    return facts.circles.name[circle_idx] if circle_idx >= 0 else label("word.outside")


def row_number(source_row: int) -> str:
    """Row in the source file, a dash where there is none."""
    return str(source_row) if source_row >= 0 else "–"


def table(key: str, columns: str, classes: tuple[str, ...], rows: list[Html]) -> Html:
    """A table with the headings at a labels path, in a frame that scrolls sideways on small screens."""
    names = label_list(columns)
    head = [tag("th", n, scope="col", class_=c or None) for n, c in zip(names, classes, strict=True)]
    inner = tag("table", tag("thead", tag("tr", head)), tag("tbody", rows), id=key, class_="rows")
    return tag("div", inner, class_="frame")


def label_list(path: str) -> list[str]:
    """A list of labels at a dotted path of two words."""
    room, name = path.split(".")
    return list(all_labels()[room][name])
