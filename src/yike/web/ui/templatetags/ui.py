"""Tags and filters: ``{% load ui %}``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import template
from django.conf import settings
from django.forms import BoundField
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from yike.reports.brand.tokens import mark_svg
from yike.web.ui import words
from yike.web.ui.marks import marks
from yike.web.ui.places import place_of
from yike.web.ui.table import Pager

register = template.Library()
register.filter("thousands", words.thousands)
register.filter("day", words.day)
register.filter("moment", words.moment)
register.filter("place", place_of)


@register.filter
def at(values: Sequence[Any], number: int) -> Any:
    """The value at a place of a list."""
    return values[number]


@register.simple_tag
def mark() -> SafeString:
    """The mark of the house, in the colour of the text."""
    return mark_safe(mark_svg().replace("<svg ", '<svg class="mark" aria-hidden="true" ', 1))  # noqa: S308 - our own file


@register.simple_tag
def status(code: str, word: str = "") -> SafeString:
    """``{% status "met" %}`` or ``{% status "done" "已提交" %}``."""
    found = marks().get(code) or marks()["unknown"]
    return format_html(
        '<span class="sign {}"><i aria-hidden="true">{}</i>{}</span>',
        found.colour,
        found.shape,
        word or found.word,
    )


@register.inclusion_tag("ui/parts/field.html")
def field(field: BoundField, shows_must: bool = True) -> Mapping[str, Any]:
    """One field: label, control, fault beside it, hint below it."""
    told = [f"{field.id_for_label}_fault"] if field.errors else []
    told += [f"{field.id_for_label}_hint"] if field.help_text else []
    attributes: dict[str, str | bool] = {"aria-invalid": "true"} if field.errors else {}
    if told:
        attributes["aria-describedby"] = " ".join(told)
    return {"field": field, "control": field.as_widget(attrs=attributes), "shows_must": shows_must}


@register.inclusion_tag("ui/parts/form.html")
def form(form: Any) -> Mapping[str, Any]:
    """All fields of a form, faults of the whole form first."""
    return {"form": form}


@register.inclusion_tag("ui/parts/table.html")
def table(table: Any) -> Mapping[str, Any]:
    """A list; see ``ui.table.Table``."""
    return {"table": table}


@register.inclusion_tag("ui/parts/pager.html")
def pager(pager: Pager | None) -> Mapping[str, Any]:
    """Earlier and later pages; nothing when there is one."""
    return vars(pager) if pager else {}


@register.inclusion_tag("ui/parts/tabs.html")
def tabs(tabs: Any, label: str = "分页") -> Mapping[str, Any]:
    """Tabs that are links: each is a page with its own address."""
    return {"tabs": tabs, "label": label}


@register.inclusion_tag("ui/parts/empty.html")
def empty(text: str, href: str = "", label: str = "") -> Mapping[str, Any]:
    """What an empty list says: what would fill it, and the way there."""
    return {"text": text, "href": href, "label": label}


@register.inclusion_tag("ui/parts/progress.html")
def progress(stage: str, done: int, total: int) -> Mapping[str, Any]:
    """A bar with a count."""
    return {"stage": stage, "done": done, "total": total}


@register.inclusion_tag("ui/parts/map.html", name="map")
def map_of(url: str, label: str = "地图", **more: str) -> Mapping[str, Any]:
    """
    A map of what ``url`` answers (``ui.geojson.collection``); ``static/ui/map.js`` tells the contract.

    ``more``: size ("low", "tall"), list ("#id" of the list beside), by_view, pick_lon and pick_lat, draw,
    centre.
    """
    return {"url": url, "label": label, "review": getattr(settings, "MAP_REVIEW_NO", ""), **more}
