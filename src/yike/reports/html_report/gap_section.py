"""First screen: the ranked list of gaps, as a table that stands without script."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from yike.core.tables import GapState
from yike.reports.facts import ReportFacts
from yike.reports.html_report import figures
from yike.reports.html_report.labels import all_labels, label
from yike.reports.html_report.markup import Html, tag, text
from yike.reports.html_report.policy import source_words, type_label

MAX_ROWS = 400
LISTED = (GapState.GAP, GapState.DATA_MISSING, GapState.NOT_SURVEYED, GapState.UNKNOWN)


@dataclass(frozen=True)
class Sign:
    """A status as shape, word and colour class."""

    shape: str
    word: str
    code: str


def sign_of(state: int, share: float, required: float) -> Sign:
    """Sign of a gap state; a gap within ten points of the required share is 接近."""
    words = all_labels()["state"]
    near = required - share <= all_labels()["near_within_share"] + 1e-9
    if state == GapState.GAP and not math.isnan(share) and near:
        return Sign(words["near_sign"], words["near"], "near")
    return Sign(words["signs"][state], words["names"][state], words["codes"][state])


def sign_mark(sign: Sign, *, with_word: bool = True) -> Html:
    """Shape and word of a status; the word is read aloud even where it is not shown."""
    word = tag("span", sign.word, class_=None if with_word else "sr")
    return tag("span", tag("i", sign.shape, aria_hidden="true"), word, class_=f"sign {sign.code}")


def gap_table(facts: ReportFacts) -> Html:
    """The ranked table; rows carry their number in the gaps table for the script."""
    rows = np.flatnonzero(np.isin(facts.gaps.state, LISTED))
    if not len(facts.circle_coverage.area_ids):
        return tag("p", label("gaps.none_circles"), class_="empty")
    if not len(rows):
        return tag("p", label("gaps.none"), class_="empty")
    names = all_labels()["gaps"]["columns"]
    kinds = ("num", "", "num", "num", "num more", "num more", "more")
    head = tag("tr", [tag("th", n, scope="col", class_=k or None) for n, k in zip(names, kinds, strict=True)])
    body = [_row(facts, int(row)) for row in rows[:MAX_ROWS]]
    table = tag(
        "table",
        tag("caption", label("gaps.caption"), class_="sr"),
        tag("thead", head),
        tag("tbody", body),
        class_="gap-table",
        id="gap-table",
    )
    left = len(rows) - MAX_ROWS
    return Html(table + (tag("p", label("gaps.more", n=left), class_="fine") if left > 0 else ""))


def _row(facts: ReportFacts, row: int) -> Html:
    gaps = facts.gaps
    circle = facts.circles.name[gaps.circle_idx[row]]
    kind = type_label(facts, int(gaps.type_idx[row]))
    share, required = float(gaps.share_in_norm[row]), float(gaps.share_required[row])
    sign = sign_of(int(gaps.state[row]), share, required)
    title = tag("button", tag("b", kind), tag("span", circle), type="button", class_="pick")
    return tag(
        "tr",
        tag("td", str(gaps.rank[row]) if gaps.rank[row] else "–", class_="num"),
        tag("th", sign_mark(sign, with_word=False), title, scope="row"),
        tag("td", figures.count(float(gaps.people_unserved[row])), class_="num strong"),
        tag("td", share_against(share, required, sign), class_="num"),
        tag("td", figures.count(float(gaps.person_minutes[row])), class_="num more"),
        tag("td", figures.whole_minutes(float(gaps.norm_s[row])), class_="num more"),
        tag("td", _clause(facts, int(gaps.type_idx[row])), class_="more"),
        data_gap=row,
    )


def share_against(share: float, required: float, sign: Sign) -> Html:
    """Share, required share and a bar with a mark at the requirement; a word where the share is unknown."""
    if math.isnan(share):
        return share_words(share, sign)
    limit = "" if math.isnan(required) else f"/ {figures.share_limit(required)}"
    shown = tag("span", figures.share(share), tag("small", limit), class_="pair")
    return Html(shown + share_bar(share, required))


def share_words(share: float, sign: Sign) -> Html:
    """The share, or the word of the state where it is unknown."""
    if math.isnan(share):
        return tag("span", label("word.unknown") if sign.code == "quiet" else sign.word, class_="word")
    return text(figures.share(share))


def share_bar(share: float, required: float) -> Html:
    """A bar from 0 to 100% with a mark at the requirement; nothing where the share is unknown."""
    if math.isnan(share):
        return Html("")
    mark = tag("span", class_="limit", style=f"left:{required * 100:.1f}%")
    return tag(
        "span",
        tag("span", class_="fill", style=f"width:{share * 100:.1f}%"),
        "" if math.isnan(required) else mark,
        class_="bar",
        aria_hidden="true",
    )


def _clause(facts: ReportFacts, type_idx: int) -> str:
    rule = facts.rules.rule(facts.types.types[type_idx].code)
    return source_words(rule.within_source, facts.rules, with_text=False) if rule else ""
