"""What every page has around its content: the head, and the word 虚构 where data are invented."""

from __future__ import annotations

from importlib.resources import files
from string import Template

from yike.reports.brand.tokens import mark_svg
from yike.reports.html_report.labels import label
from yike.reports.html_report.markup import Html, tag, text

STILL = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
"""Content policy of a page without script."""

LIVELY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data: blob:"
"""Content policy of a page with script of its own, which may hand out pictures."""


def page_head(title: str, version: str, styles: str, policy: str) -> Html:
    """Everything before the body; nothing in it asks for anything from outside."""
    slots = {
        "title": text(title), "version": text(version), "styles": styles, "policy": policy, "icon": _icon(),
    }  # fmt: skip
    return Html(Template((files(__package__) / "head.html").read_text("utf-8")).substitute(slots).rstrip())


def badge(is_invented: bool) -> Html:
    """The word 虚构 beside every section's title; nothing for real data."""
    return tag("span", label("invented"), class_="badge") if is_invented else Html("")


def banner(is_invented: bool, sentence: str) -> Html:
    """The strip under the head that says 虚构; nothing for real data."""
    if not is_invented:
        return Html("")
    return tag("p", tag("b", label("invented")), " ", sentence, class_="invented", role="note")


def _icon() -> str:
    """The mark as a data address, for the browser's tab."""
    drawn = mark_svg().replace("currentColor", "#0B6B5B")
    return "data:image/svg+xml," + "".join(
        c if c.isalnum() or c in "-._~" else f"%{ord(c):02X}" for c in drawn
    )
