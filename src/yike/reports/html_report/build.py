"""Puts the page together: template, styles, tables, script and data in one file."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from string import Template

from yike.reports.brand.tokens import css_variables, mark_svg
from yike.reports.facts import ReportFacts
from yike.reports.html_report import figures
from yike.reports.html_report.circle_section import circle_section
from yike.reports.html_report.frame import LIVELY, badge, banner, page_head
from yike.reports.html_report.gap_section import gap_table
from yike.reports.html_report.head_section import fact_list, stat_list, type_options
from yike.reports.html_report.labels import label
from yike.reports.html_report.list_sections import outlet_table, place_table
from yike.reports.html_report.markup import text
from yike.reports.html_report.notes_section import notes_section
from yike.reports.html_report.packed import PACK_FROM, data_script
from yike.reports.html_report.payload import as_script, payload_of
from yike.reports.html_report.rules_section import rules_section
from yike.reports.html_report.script import joined_script
from yike.reports.html_report.siting_section import siting_section
from yike.reports.html_report.summary import attribution_of, headline_of

STYLES = ("base", "head", "gaps", "map", "why", "tables", "circles", "siting", "small", "print")


def write_html(facts: ReportFacts, path: Path, *, pack_from: int = PACK_FROM) -> None:
    """
    Write ``report.html``: one file without any outside resource; the same facts give the same bytes.

    Parameters
    ----------
    facts
        Everything the page may say.
    path
        The file to write; its folder must exist.
    pack_from
        Letters of data from which on it is packed.
    """
    Path(path).write_text(page_of(facts, pack_from=pack_from), "utf-8", newline="\n")


def page_of(facts: ReportFacts, *, pack_from: int = PACK_FROM) -> str:
    """The whole page as text."""
    headline = headline_of(facts)
    title = label("title", name=facts.provenance.name)
    slots = {
        "head": page_head(title, facts.version, styles_of(facts), LIVELY),
        "title": text(title),
        "name": text(facts.provenance.name),
        "mark": mark_svg(),
        "facts": fact_list(facts),
        "banner": banner(facts.provenance.is_invented, label("invented_sentence")),
        "badge": badge(facts.provenance.is_invented),
        "stats": stat_list(facts, headline),
        "types": type_options(facts),
        "gap_table": gap_table(facts),
        "siting": siting_section(facts),
        "circles": circle_section(facts),
        "place_table": place_table(facts),
        "outlet_table": outlet_table(facts),
        "rules": rules_section(facts),
        "notes": notes_section(facts, headline),
        "date": text(label("data_date", date=figures.date_words(facts.provenance.as_of))),
        "review": text(_review(facts)),
        "attribution": text(attribution_of(facts)),
        "data": data_script(as_script(payload_of(facts)), pack_from),
        "script": joined_script(),
    }
    return Template((files(__package__) / "page.html").read_text("utf-8")).substitute(slots)


def styles_of(facts: ReportFacts) -> str:
    """Colours, all stylesheets, and the words of the printed page's foot."""
    folder = files(__package__) / "css"
    sheets = [(folder / f"{name}.css").read_text("utf-8") for name in STYLES]
    left = label("title", name=facts.provenance.name)
    middle = label("invented") if facts.provenance.is_invented else ""
    date = label("data_date", date=figures.date_words(facts.provenance.as_of))
    foot = (
        f"@page{{@bottom-left{{content:{_css_string(left)};font-size:8pt;width:45%}}"
        f"@bottom-center{{content:{_css_string(f'{middle}　{date}'.strip())};"
        "font-size:8pt;width:35%}}"
    )
    return css_variables() + "\n".join(sheets) + foot


def _css_string(words: str) -> str:
    safe = "".join(c if c.isalnum() or c in " 　年月日·" else f"\\{ord(c):x} " for c in words)
    return f'"{safe}"'


def _review(facts: ReportFacts) -> str:
    number = facts.provenance.map_review_no
    return label("review", number=number) if number else label("no_review")
