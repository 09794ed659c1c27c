"""Side navigation: every app names its pages and for whom they are; the page shows those of the role."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse


@dataclass(frozen=True)
class Item:
    """One page of the navigation. ``roles`` None is for everybody who is signed in."""

    label: str
    url_name: str
    order: int
    roles: frozenset[str] | None = None
    group: str = ""


@dataclass(frozen=True)
class Shown:
    """An item as a page shows it."""

    label: str
    href: str
    is_here: bool
    group: str
    opens_group: bool


_ITEMS: dict[str, Item] = {}


def add_item(
    label: str, url_name: str, order: int, roles: Iterable[str] | None = None, group: str = ""
) -> None:
    """Add a page to the navigation; call it in the app's ``ready``."""
    wanted = None if roles is None else frozenset(roles)
    _ITEMS[url_name] = Item(label, url_name, order, wanted, group)


def menu_of(roles: Iterable[str], path: str) -> list[Shown]:
    """What a person with these roles may go to, from a page at ``path``."""
    mine = set(roles)
    items = [i for i in _ITEMS.values() if i.roles is None or i.roles & mine]
    items.sort(key=lambda i: (i.order, i.label))
    hrefs = [reverse(i.url_name) for i in items]
    here = max((h for h in hrefs if path.startswith(h) and (h != "/desk/" or path == h)), key=len, default="")
    shown, group = [], ""
    for item, href in zip(items, hrefs, strict=True):
        shown.append(
            Shown(item.label, href, href == here, item.group, bool(item.group) and item.group != group)
        )
        group = item.group
    return shown
