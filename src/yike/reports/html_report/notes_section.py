"""What the reader must know: assumptions, warnings of the intake, sources, estimates."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

import numpy as np

from yike.core.tables import AttachRule
from yike.errors import Fault
from yike.reports.facts import ReportFacts
from yike.reports.html_report import figures
from yike.reports.html_report.labels import label, label_or
from yike.reports.html_report.list_sections import table
from yike.reports.html_report.markup import Html, tag
from yike.reports.html_report.summary import Headline, is_short

MAX_PLACES_NAMED = 6


def notes_section(facts: ReportFacts, headline: Headline) -> Html:
    """Assumptions, people, warnings, sources, estimates, version."""
    parts = [
        tag("ul", [tag("li", sentence) for sentence in _assumptions(facts, headline)], class_="plain"),
        tag("h3", label("notes.faults")),
        _faults(facts.faults),
        tag("h3", label("notes.sources")),
        _sources(facts),
        tag("p", _version(facts), class_="fine"),
    ]
    return Html("".join(parts))


def _assumptions(facts: ReportFacts, headline: Headline) -> list[str]:
    found = [label("notes.states"), label("notes.near"), label("notes.rounding")]
    speed = figures.decimal(facts.profile.speed_m_s * 3.6)
    found.append(label("notes.profile", label=facts.profile.label, speed=speed))
    found.append(label("notes.search", limit=figures.whole_minutes(facts.access.limit_s)))
    found.append(label_or(f"method.{facts.places.people_method}", ""))
    found += [f"{label('estimated')}：{s}" for s in facts.provenance.estimates]
    found.append(label_or(f"delineation.{facts.communities.delineation}", ""))
    found += [*_counts(facts, headline), _gates(facts)]
    if is_short(facts):
        found.append(label("notes.short"))
    if headline.can_tell:
        found.append(_exact(headline))
    return [s for s in found if s]


def _counts(facts: ReportFacts, headline: Headline) -> list[str]:
    found = []
    if headline.n_unattached:
        people = figures.count(headline.people_unattached)
        found.append(label("notes.unattached", n=headline.n_unattached, people=people))
    lost = int((~facts.outlet_attachments.is_attached).sum())
    if lost:
        found.append(label("notes.unattached_outlets", n=lost))
    unmatched = int((facts.outlets.type_idx < 0).sum())
    if unmatched:
        found.append(label("notes.unmatched_outlets", n=unmatched))
    if headline.n_people_unknown:
        found.append(label("notes.people_unknown", n=headline.n_people_unknown))
    return found


def _gates(facts: ReportFacts) -> str:
    """Share of the people who join the network under the default rule, gates unknown."""
    known = np.nan_to_num(facts.places.people)
    is_default = facts.place_attachments.rule == AttachRule.STREET
    joined = known @ facts.place_attachments.is_attached
    if not joined:
        return ""
    share = float(known @ is_default / joined)
    return (
        label("notes.gates_none") if share == 1 else label("notes.gates_default", share=figures.share(share))
    )


def _exact(headline: Headline) -> str:
    affected, people = figures.count(headline.people_affected), figures.count(headline.people)
    return label("notes.exact", affected=affected, people=people)


def _faults(faults: Iterable[Fault]) -> Html:
    order = {"error": 0, "warning": 1, "note": 2}
    ranked = sorted(faults, key=lambda f: (order.get(f.level, 3), f.code))
    groups = [list(group) for _, group in groupby(ranked, key=lambda f: (f.level, f.code))]
    if not groups:
        return tag("p", label("notes.fault_none"), class_="empty")
    return table(
        "fault-table", "notes.fault_columns", ("", "", "num", "", ""), [_fault_row(g) for g in groups]
    )


def _fault_row(group: list[Fault]) -> Html:
    first = group[0]
    where = "；".join(dict.fromkeys(f.where for f in group[:MAX_PLACES_NAMED] if f.where))
    if len(group) > MAX_PLACES_NAMED:
        where += label("notes.where_more", n=len(group))
    return tag(
        "tr",
        tag("td", label_or(f"notes.fault_levels.{first.level}", first.level)),
        tag("td", first.message),
        tag("td", figures.count(len(group)), class_="num"),
        tag("td", where or "–"),
        tag("td", first.cure or "–"),
    )


def _sources(facts: ReportFacts) -> Html:
    rows = [
        tag(
            "tr",
            tag("th", _link(s.name, s.url), scope="row"),
            tag("td", s.licence or label("word.not_stated")),
            tag("td", figures.date_words(s.as_of)),
            tag("td", "、".join(label_or(f"covers.{c}", c) for c in s.covers) or "–"),
            tag("td", s.attribution or s.name),
        )
        for s in facts.provenance.sources
    ]
    return table("source-table", "notes.source_columns", ("", "", "", "", ""), rows)


def _link(name: str, url: str) -> Html:
    is_web = url.startswith(("https://", "http://"))
    return tag("a", name, href=url, rel="noopener noreferrer") if is_web else tag("span", name)


def _version(facts: ReportFacts) -> str:
    return label("notes.version", version=facts.version, rules=facts.rules.code, pack=facts.provenance.code)
