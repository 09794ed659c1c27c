"""The head of the page: what this is, of when, by which rules, and six figures."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from yike.core.tables import GapState
from yike.reports.facts import ReportFacts
from yike.reports.html_report import figures
from yike.reports.html_report.labels import all_labels, label
from yike.reports.html_report.list_sections import first_column
from yike.reports.html_report.markup import Html, tag
from yike.reports.html_report.policy import short_title
from yike.reports.html_report.summary import Headline

UNTOLD = (GapState.DATA_MISSING, GapState.NOT_SURVEYED, GapState.UNKNOWN)
WAN_FROM = 10_000


def fact_list(facts: ReportFacts) -> Html:
    """Date, rule pack, profile and, where people are estimated, 估算."""
    speed = figures.decimal(facts.profile.speed_m_s * 3.6)
    items = [
        label("data_date", date=figures.date_words(facts.provenance.as_of)),
        label("head.rules", title=short_title(facts.rules.title)),
        label("head.profile", label=facts.profile.label, speed=speed),
    ]
    links = [tag("li", item) for item in items]
    if facts.provenance.estimates or facts.places.is_estimated.any():
        links.append(tag("li", tag("a", label("head.estimated"), href="#notes")))
    return tag("ul", links, class_="facts")


@dataclass(frozen=True)
class Stat:
    """One headline figure: code of its words, figure, unit, small print, exact words on hover."""

    code: str
    shown: str
    unit: str
    small: str
    hint: str = ""


def stat_list(facts: ReportFacts, headline: Headline) -> Html:
    """Six figures, each with a word on what stands behind it."""
    untold = int(np.isin(facts.gaps.state, UNTOLD).sum())
    affected = headline.people_affected if headline.can_tell else math.nan
    people, unit = _people(affected)
    total = "".join(_people(headline.people))
    words = all_labels()["stats"]
    n_places = figures.count(headline.n_places)
    lost = figures.count(headline.n_unattached)
    of_places, of_circles = words["of_places"], words["of_circles"]
    stats = (
        Stat("gaps", *_gaps(headline)),
        Stat(
            "affected",
            people,
            unit,
            label("stats.affected_small", total=total),
            _exact(affected),
        ),
        Stat(
            "circles",
            str(headline.n_circles),
            of_circles,
            _told(headline, label("stats.circles_small", n=headline.n_gap_circles)),
        ),
        Stat("outlets", *_outlets(facts, headline)),
        Stat("untold", str(untold), words["of_items"], words["untold_small"]),
        Stat("unattached", lost, of_places, label("stats.unattached_small", n=n_places)),
    )
    return tag("dl", [_stat(s) for s in stats], class_="stats")


def _gaps(headline: Headline) -> tuple[str, str, str]:
    """Number of gaps with unit and small print, unknown where nothing could be judged."""
    small = _told(headline, label("stats.gaps_small", n=headline.n_types))
    shown = str(headline.n_gaps) if headline.can_tell else label("word.unknown")
    return shown, label("stats.of_places") if headline.can_tell else "", small


def _told(headline: Headline, words: str) -> str:
    return words if headline.can_tell else label("stats.nothing_told")


def _outlets(facts: ReportFacts, headline: Headline) -> tuple[str, str, str]:
    """Number of open outlets with unit and small print; 未调查 where the pack has no list."""
    if not len(facts.outlets):
        return label("state.not_surveyed"), "", label("stats.outlets_small_none")
    return figures.count(headline.n_outlets), label("stats.of_places"), _closed(facts, headline)


def _closed(facts: ReportFacts, headline: Headline) -> str:
    n = len(np.unique(facts.outlets.unit_idx)) - headline.n_outlets
    return label("stats.outlets_small_closed", n=figures.count(n)) if n else label("stats.outlets_small")


def _stat(stat: Stat) -> Html:
    door = tag("button", tag("b", stat.shown), type="button", class_="door", data_why=f"headline:{stat.code}")
    figure = tag("dd", door, f" {stat.unit}", tag("small", stat.small), title=stat.hint or None)
    return tag("div", tag("dt", label(f"stats.{stat.code}")), figure)


def _people(value: float) -> tuple[str, str]:
    """In 万 from 10,000 on, two places, as clerks write it."""
    if math.isnan(value):
        return label("word.unknown"), ""
    if value < WAN_FROM:
        return figures.count(value), label("stats.of_people")
    return figures.decimal(value / 10_000, 2), label("stats.of_people_wan")


def _exact(value: float) -> str:
    return "" if math.isnan(value) else f"{figures.count(value)} {label('stats.of_people')}"


def type_options(facts: ReportFacts) -> Html:
    """Choices of the type switch, by group; the value is the column of the access table."""
    chosen = first_column(facts)
    groups: dict[str, list[Html]] = {}
    for column, row in enumerate(facts.access.type_rows):
        kind = facts.types.types[int(row)]
        name = f"　{kind.label}" if kind.parent else kind.label
        group = kind.group if kind.group in all_labels()["group"] else "other"
        option = tag("option", name, value=column, selected=column == chosen)
        groups.setdefault(group, []).append(option)
    order = [g for g in all_labels()["group"] if g in groups]
    return Html("".join(tag("optgroup", groups[g], label=label(f"group.{g}")) for g in order))
