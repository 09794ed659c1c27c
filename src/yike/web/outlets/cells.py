"""Cells that hold several things: services with hours, licences, payments, stops; read and written."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from yike.sources.numbers import clean_text, is_blank
from yike.sources.opening_hours import parse_hours
from yike.sources.outlet_fields import parse_date
from yike.standards.classify import classify
from yike.standards.loader import load_types

_BETWEEN = re.compile(r"[、,，;；/+＋\n|]+(?![^(（]*[)）])")
"""What stands between services, but not inside brackets: they hold hours."""

_IN_BRACKETS = re.compile(r"^(.*?)[(（]([^()（）]+)[)）]\s*$")
_LICENCES = re.compile(r"[;；\n]+")
_DAY = re.compile(r"(?:有效期)?(?:至|到)?\s*(\d{4}[-./年]\d{1,2}(?:[-./月]\d{1,2}日?|月)?)")
_NUMBER = re.compile(r"[A-Za-z0-9〔〕\[\]()（）第号字-]*\d[A-Za-z0-9〔〕\[\]()（）第号字-]*")
_FOREVER = ("长期", "永久")


@cache
def words() -> Mapping[str, Any]:
    """Words of cells, as ``data/cells.toml`` has them."""
    return tomllib.loads((files("yike.web.outlets") / "data" / "cells.toml").read_text("utf-8"))


def read_services(cell: str, *, is_public: bool = False) -> list[dict[str, Any]]:
    """Services of a cell: "早餐（6:00-9:00）、打印" → two, the first with hours of its own."""
    found: dict[str, dict[str, Any]] = {}
    types = load_types()
    for word in map(str.strip, _BETWEEN.split(cell)):
        if is_blank(word):
            continue
        label, hours = _own_hours(word)
        at = classify(label, types).type_idx
        code = types.types[at].code if at >= 0 else ""
        found.setdefault(
            label, {"label": label[:40], "type_code": code, "hours": hours[:200], "is_public": is_public}
        )
    return list(found.values())


def _own_hours(word: str) -> tuple[str, str]:
    told = _IN_BRACKETS.match(word)
    if told and parse_hours(told[2]).is_known:
        return clean_text(told[1]), told[2].strip()
    return clean_text(word), ""


def write_services(services: Iterable[Mapping[str, Any]]) -> str:
    """Services as ``read_services`` reads them."""
    return "、".join(f"{s['label']}（{s['hours']}）" if s["hours"] else s["label"] for s in services)


def read_payments(cell: str) -> list[str]:
    """Means of payment, by the names the register uses."""
    named = words()["payments"]
    parts = (clean_text(p) for p in _BETWEEN.split(cell))
    known = (named.get(p, p) for p in parts if not is_blank(p))
    return list(dict.fromkeys(p[:20] for p in known if not refuses_cash(p)))


def refuses_cash(cell: str) -> bool:
    """Whether a payment cell says that cash is not taken."""
    return any(w in clean_text(cell) for w in words()["refusals"]["no_cash"])


def chain_mode(text: str) -> str:
    """直营, 加盟 and so on as the register codes it; "" when not told."""
    return next((code for word, code in words()["modes"].items() if word in text), "")


def read_licences(cell: str, kind: str = "", until: str = "") -> list[dict[str, str]]:
    """
    Licences of a cell: "食品经营许可证 JY141… 2027-06-30；烟草专卖零售许可证 4112…".

    Parameters
    ----------
    kind, until
        Of the first one, where the list has columns of their own for them.
    """
    found = []
    for part in _LICENCES.split(cell):
        text = clean_text(part)
        if is_blank(text):
            continue
        day = _DAY.search(text)
        expires = parse_date(day[1]) if day else None
        rest = text.replace(day[0], " ") if day and expires else text
        for word in _FOREVER:
            rest = rest.replace(word, " ")
        number = _NUMBER.search(rest)
        name = (rest.replace(number[0], " ") if number else rest).strip(" :：,，")
        found.append(
            {
                "kind": name[:40],
                "number": number[0][:60] if number else "",
                "expires_on": expires.isoformat() if expires else "",
            }
        )
    if found and (kind or until):
        day_of_column = parse_date(until)
        found[0]["kind"] = found[0]["kind"] or clean_text(kind)[:40]
        found[0]["expires_on"] = found[0]["expires_on"] or (
            day_of_column.isoformat() if day_of_column else ""
        )
    return found


def write_licences(licences: Iterable[Mapping[str, Any]]) -> str:
    """Licences as ``read_licences`` reads them."""
    keys = ("kind", "number", "expires_on")
    return "；".join(" ".join(str(x[k]) for k in keys if x.get(k)) for x in licences)


def write_stops(stops: Iterable[Any]) -> str:
    """Stops as the reader takes them: place, point, hours."""
    return "；".join(f"{s.place} {s.lon},{s.lat} {s.hours}".strip() for s in stops)
