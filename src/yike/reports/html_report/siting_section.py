"""Where to add: per type the curve, all numbers of sites in a table, and who is newly served."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

from yike.reports.facts import ReportFacts
from yike.reports.html_report import figures
from yike.reports.html_report.labels import label
from yike.reports.html_report.list_sections import table
from yike.reports.html_report.markup import Html, tag
from yike.reports.html_report.policy import source_words, type_label
from yike.reports.html_report.siting_curve import curve_svg
from yike.reports.siting_lines import (
    KIND_WORDS,
    REASON_WORDS,
    SiteLine,
    added,
    kind_words,
    lines_of,
    proof_short,
    site_name,
    siting_of,
    source_of,
    wan_yuan,
)

NUM = "num"
OVERVIEW_K = (1, 3, 5)
HOMES, AREAS = 3, 3


def siting_section(facts: ReportFacts) -> Html:
    """The whole section; a sentence where nothing is sited."""
    siting = siting_of(facts)
    types = siting.get("types") or ()
    if not types:
        reason = REASON_WORDS.get(siting.get("reason", ""), "")
        words = reason or (_left_out(facts, siting) if siting else label("siting.not_run"))
        return tag("p", words, class_="empty")
    rows = [_overview_row(facts, i, one) for i, one in enumerate(types)]
    classes = ("", NUM, "", NUM, NUM, NUM, NUM, "")
    overview = table("siting-table", "siting.overview_columns", classes, rows)
    cards = [_type(facts, i, one) for i, one in enumerate(types)]
    left = _left_out(facts, siting)
    return Html(
        tag("p", label("siting.about"), class_="fine")
        + _estimate(siting)
        + overview
        + tag("div", cards, id="siting-types")
        + (tag("p", left, class_="fine") if left else "")
        + tag("p", label("siting.limits"), class_="fine")
    )


def _estimate(siting: Mapping[str, Any]) -> Html:
    if not siting.get("is_estimate"):
        return Html("")
    words = label("siting.equal" if siting["weights"] == "equal" else "siting.estimated")
    return tag("p", mark("estimated"), " ", words, class_="fine")


def mark(word: str) -> Html:
    """估算 or 推定 as a small framed word."""
    return tag("span", label(f"siting.mark_{word}"), class_="mark-inferred")


def _left_out(facts: ReportFacts, siting: Mapping[str, Any]) -> str:
    groups: dict[str, list[str]] = {}
    for row in siting.get("left_out", ()):
        groups.setdefault(row["reason"], []).append(type_label(facts, row["type_idx"]))
    parts = [f"{'、'.join(names)}：{REASON_WORDS.get(why, why)}" for why, names in groups.items()]
    return label("siting.left_out", parts="；".join(parts)) if parts else ""


def _plan_for(one: Mapping[str, Any], k: int) -> Mapping[str, Any] | None:
    return next((p for p in one["plans"] if p["k"] == k), None)


def _overview_row(facts: ReportFacts, i: int, one: Mapping[str, Any]) -> Html:
    plans, last = one["plans"], one["plans"][-1]
    name = tag("a", type_label(facts, one["type_idx"]), href=f"#siting-{i}", data_siting=i)
    few = [_plan_for(one, k) for k in OVERVIEW_K]
    cells = [tag("td", figures.count(p["people"]) if p else "–", class_=NUM) for p in few]
    return tag(
        "tr",
        tag("th", name, scope="row"),
        tag("td", figures.whole_minutes(one["cutoff_s"]), class_=NUM),
        tag("td", _offer_words(one)),
        tag("td", figures.count(one["not_reached"]), class_=NUM),
        cells,
        tag("td", label("siting.most", k=plans[-1]["k"], share=figures.share(last["share"]))),
    )


def _offer_words(one: Mapping[str, Any]) -> str:
    kind = label("siting.street_points") if one["kind"] == "street_point" else KIND_WORDS[one["kind"]]
    return label("siting.offer", kind=kind, n=one["n_candidates"])


def _type(facts: ReportFacts, i: int, one: Mapping[str, Any]) -> Html:
    show = tag("button", label("siting.on_map"), type="button", class_="door needs-script", data_siting_map=i)
    svgs = [curve_svg(one, "sites"), curve_svg(one, "money") if one["has_costs"] else ""]
    caption = tag("figcaption", _key(), class_="fine")
    body = tag("div", tag("figure", svgs, caption), tag("div", _curve_table(i, one)), class_="siting-body")
    last = one["plans"][-1]
    return tag(
        "article",
        tag("header", tag("h3", type_label(facts, one["type_idx"])), show),
        tag("p", _offer_line(one), class_="fine"),
        body,
        tag("h4", label("siting.sites_of", k=last["k"])),
        _site_table(facts, i, one, last),
        _warned(one, last),
        tag("p", tag("b", label("siting.clause")), " ", _clause(facts, one), class_="fine"),
        class_="siting-type",
        id=f"siting-{i}",
        data_siting_type=i,
        tabindex="-1",
    )


def _key() -> Html:
    """What lines and dots mean."""
    kinds = (
        ("gained", "key_gained"), ("bound", "key_bound"), ("dot proven", "key_proven"), ("dot", "key_open"),
    )  # fmt: skip
    return tag(
        "span",
        [tag("span", tag("i", class_=f"key {k}"), label(f"siting.{word}")) for k, word in kinds],
        class_="curve-key",
    )


def _offer_line(one: Mapping[str, Any]) -> Html:
    """Where the candidates come from, and what was left out."""
    facts = {k: one[k] for k in ("n_offered", "n_rejected", "n_candidates")}
    if one["kind"] == "street_point":
        words = label("siting.from_street", spacing=f"{one['spacing_m']:g}", **facts)
    else:
        words = label("siting.from_premises", **facts)
    thin = label("siting.thinned") if one["is_thinned"] else ""
    return Html(tag("span", words + thin) + (mark("inferred") if one["kind"] == "street_point" else ""))


def _curve_table(i: int, one: Mapping[str, Any]) -> Html:
    plans = one["plans"]
    with_money = any(p["cost_fen"] is not None for p in plans)
    rows = [_curve_row(one, at, with_money) for at in range(len(plans))]
    columns = "siting.money_columns" if with_money else "siting.curve_columns"
    classes = (NUM, "", NUM, NUM, NUM, *([NUM] if with_money else []), "")
    return table(f"siting-curve-{i}", columns, classes, rows)


def _curve_row(one: Mapping[str, Any], at: int, with_money: bool) -> Html:
    plan = one["plans"][at]
    cost = "–" if plan["cost_fen"] is None else wan_yuan(plan["cost_fen"])
    before = one["plans"][at - 1]["people"] if at else 0.0
    return tag(
        "tr",
        tag("td", str(plan["k"]), class_=NUM),
        tag("td", _chosen_words(one, at)),
        tag("td", f"+{figures.count(plan['people'] - before)}", class_=NUM),
        tag("td", tag("b", figures.count(plan["people"])), class_=NUM),
        tag("td", figures.share(plan["share"]), class_=NUM),
        tag("td", cost, class_=NUM) if with_money else "",
        tag("td", proof_short(plan)),
        data_k=plan["k"],
    )


def _chosen_words(one: Mapping[str, Any], at: int) -> str:
    """The site that comes in; with those that make room for others where the plan is another one."""
    new = added(one["plans"], at)
    if new is not None:
        return label("siting.adds", name=site_name(one["sites"][new]))
    now = one["plans"][at]["sites"]
    before = one["plans"][at - 1]["sites"] if at else ()
    come, gone = ([r for r in a if r not in b] for a, b in ((now, before), (before, now)))
    if not gone:
        return label("siting.adds", name=_names(one, come))
    return label("siting.swap", new=_names(one, come), gone=_names(one, gone))


def _names(one: Mapping[str, Any], rows: Iterable[int]) -> str:
    return "、".join(site_name(one["sites"][row]) for row in rows)


def _site_table(facts: ReportFacts, i: int, one: Mapping[str, Any], plan: Mapping[str, Any]) -> Html:
    rows = [_site_row(facts, line) for line in lines_of(facts, one, plan)]
    classes = (NUM, "", "", NUM, NUM, "", "")
    return table(f"siting-sites-{i}", "siting.site_columns", classes, rows)


def _warned(one: Mapping[str, Any], plan: Mapping[str, Any]) -> Html:
    """What the site rules say against the sites, by their numbers; nothing where they say nothing."""
    sites = enumerate((one["sites"][row] for row in plan["sites"]), start=1)
    lines = [
        tag("li", f"{order} {site_name(site)}：", "".join(w["text"] for w in site["warnings"]))
        for order, site in sites
        if site["warnings"]
    ]
    if not lines:
        return Html("")
    return tag("div", tag("h4", label("siting.warned")), tag("ul", lines, class_="plain fine"))


def _site_row(facts: ReportFacts, line: SiteLine) -> Html:
    homes = "；".join(_home_words(facts, line, at) for at in range(min(HOMES, len(line.homes))))
    areas = "、".join(f"{name} {figures.count(n)}" for name, n in line.areas[:AREAS])
    return tag(
        "tr",
        tag("td", str(line.order), class_=NUM),
        tag("th", site_name(line.site), scope="row"),
        tag("td", _kind(line.site)),
        tag("td", figures.count(line.people_gained), class_=NUM),
        tag("td", figures.minutes(line.mean_walk_s), class_=NUM),
        tag("td", areas),
        tag("td", homes),
    )


def _kind(site: Mapping[str, Any]) -> str:
    """Kind in few words; what a street point is stands above the table."""
    return label("siting.street_point") if site["kind"] == "street_point" else kind_words(site)


def _home_words(facts: ReportFacts, line: SiteLine, at: int) -> str:
    place = int(line.homes[at])
    name = facts.places.name[place] or facts.places.place_id[place]
    before = line.before_s[at]
    was = label("siting.beyond", minutes=f"{facts.access.limit_s / 60:g}") if math.isinf(before) else ""
    return label(
        "siting.home",
        name=name,
        before=was or figures.minutes(before),
        after=figures.minutes(line.after_s[at]),
    )


def _clause(facts: ReportFacts, one: Mapping[str, Any]) -> str:
    source = source_of(facts, one)
    words = source_words(source, facts.rules) if source is not None else ""
    return words or label("siting.no_clause", minutes=figures.whole_minutes(one["cutoff_s"]))
