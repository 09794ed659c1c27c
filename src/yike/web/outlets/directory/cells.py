"""Cells of lists: read one by one into values, and written so that they can be read again."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from yike.core.tables import Tri
from yike.sources.numbers import clean_text, is_blank, parse_number
from yike.sources.outlet_fields import parse_date, parse_stops, parse_yes_no, split_services
from yike.sources.premises import ANY_WORDS, FEN_PER_YUAN, MONTHS
from yike.standards.classify import classify
from yike.standards.loader import load_types
from yike.standards.site_rules import load_site_rules
from yike.web.outlets.directory.choices import facility_types, settings, types_text

_PARTS = re.compile(r"[；;\n]+")
_PRICE = re.compile(
    r"^(?P<item>.+?)[\s:：]*(?:[￥¥]?(?P<yuan>\d+(?:\.\d{1,2})?)\s*元?(?:\s*/\s*(?P<per>[^（(]+))?|(?P<free>免费))"
    r"\s*(?:[（(](?P<note>[^（）()]*)[）)])?$"
)
_ITEM = re.compile(r"^(?P<item>[^（(]+?)\s*(?:[（(](?P<note>[^（）()]*)[）)])?$")
PHONE_LONGEST = 40
YES_NO: Mapping[bool | None, str] = {True: "是", False: "否", None: ""}

Values = list[dict[str, Any]]


@dataclass(frozen=True)
class CellIn:
    """One cell that says something: its text, its header, and whom to tell what is odd about it."""

    text: str
    header: str
    odd: Callable[..., None]  # (code, level="error", **facts)
    moved: Callable[[float, float], tuple[float, float] | None]  # a point of the row's datum → WGS-84


Read = Callable[[CellIn], Any]
"""None where the cell cannot be used."""


def text_of(longest: int) -> Read:
    """Text as it stands."""

    def read(cell: CellIn) -> str:
        if len(cell.text) > longest:
            cell.odd("register.import.too_long", count=len(cell.text), limit=longest)
        return cell.text[:longest]

    return read


def phone(cell: CellIn) -> str | None:
    """A telephone number; a masked one out of a list tells nothing."""
    return None if "*" in cell.text else text_of(PHONE_LONGEST)(cell)


def yes_no(cell: CellIn) -> bool | None:
    """是, 否 and the like."""
    told = parse_yes_no(cell.text)
    if told is None or told is Tri.UNKNOWN:
        cell.odd("outlets.yes_no.unknown", level="warning")
        return None
    return told is Tri.YES


def number_up_to(limit: str) -> Read:
    """A number that is not negative and not beyond what is likely."""

    def read(cell: CellIn) -> float | None:
        number, most = parse_number(cell.text), settings()["limits"][limit]
        if number.how == "bad" or number.value < 0:
            cell.odd("register.directory.number")
        elif number.value > most:
            cell.odd("register.import.too_large", limit=f"{most:,.0f}")
        else:
            return number.value
        return None

    return read


def money(cell: CellIn) -> int | None:
    """Yuan into fen; a header in 万元 counts ten thousand each, one by the month twelve times."""
    per_unit = (
        FEN_PER_YUAN * (10_000 if "万元" in cell.header else 1) * (MONTHS if "月" in cell.header else 1)
    )
    number = parse_number(cell.text.removeprefix("￥").removeprefix("¥"))
    if number.how == "bad" or not 0 <= number.value * per_unit <= settings()["limits"]["fen"]:
        cell.odd("premises.cost")
        return None
    return round(number.value * per_unit)


def date(cell: CellIn) -> str | None:
    """A day."""
    day = parse_date(cell.text)
    if day is None:
        cell.odd("register.import.date")
    return day.isoformat() if day else None


def facility_type(cell: CellIn) -> str | None:
    """A type of facility, by its name or a usual word for it."""
    types = load_types()
    match = classify(cell.text, types)
    code = types.types[match.type_idx].code if match.type_idx >= 0 else ""
    if code in {t.code for t in facility_types()}:
        return code
    if code:
        cell.odd("register.directory.not_facility", label=types.types[match.type_idx].label)
    else:
        cell.odd("register.directory.type", near="、".join(match.suggestions) or "没有相近的")
    return None


def premises_kind(cell: CellIn) -> str | None:
    """A kind of idle space, by its name or a usual word for it."""
    if cell.text in settings()["premises"]["nameless_kinds"]:
        return None
    rules = load_site_rules()
    kind = rules.kind_of(cell.text)
    if kind is None:
        cell.odd("register.directory.kind", near="、".join(k.label for k in rules.kinds))
    return kind.code if kind else None


def move_in_types(cell: CellIn) -> list[str]:
    """Types that may move in; [] for any."""
    if any(word in cell.text for word in ANY_WORDS):
        return []
    types, codes = load_types(), list[str]()
    for word in split_services(cell.text):
        match = classify(word, types)
        if match.type_idx < 0:
            cell.odd("premises.type", found=word, near="、".join(match.suggestions) or "没有相近的")
        elif (code := types.types[match.type_idx].code) not in codes:
            codes.append(code)
    return codes


def prices(cell: CellIn) -> Values:
    """A price list: 午餐 12元；理发 10元（70岁以上半价）；量血压 免费."""
    found = []
    for part in map(clean_text, _PARTS.split(cell.text)):
        if is_blank(part):
            continue
        told = _PRICE.match(part) or _ITEM.match(part)
        if told is None:
            cell.odd("register.directory.price", found=part)
            continue
        named = told.groupdict()
        if "yuan" not in named:
            cell.odd("register.directory.price", found=part, level="warning")
        found.append(_price(named))
    return found


def _price(named: Mapping[str, str | None]) -> dict[str, Any]:
    amount, per = named.get("yuan"), named.get("per")
    fen = 0 if named.get("free") else None if amount is None else round(float(amount) * FEN_PER_YUAN)
    parts = (f"每{per.strip()}" if per else "", named["note"] or "")
    note = "，".join(filter(None, parts)).replace(",", "，")  # reading makes signs half as wide
    return {"item": (named["item"] or "")[:40], "price_fen": fen, "note": note[:60]}


def write_prices(found: Iterable[Mapping[str, Any]]) -> str:
    """A price list as ``prices`` reads it."""
    return "；".join(
        f"{p['item']} {price_text(p['price_fen'])}".strip() + (f"（{p['note']}）" if p.get("note") else "")
        for p in found
    )


def price_text(fen: int | None) -> str:
    """``12元``, ``免费``, or "" where nobody knows."""
    return "" if fen is None else "免费" if fen == 0 else f"{yuan(fen)}元"


def yuan(fen: int | None) -> float | int | None:
    """Fen as yuan, whole where it is whole."""
    if fen is None:
        return None
    return fen // FEN_PER_YUAN if fen % FEN_PER_YUAN == 0 else fen / FEN_PER_YUAN


def tidy(number: float | None) -> float | int | None:
    """A whole number without its point."""
    return int(number) if number is not None and float(number).is_integer() else number


def stops(cell: CellIn) -> Values:
    """Where a movable facility stands, and when, as ``sources.outlet_fields.parse_stops`` has it."""
    told, bad = parse_stops(cell.text)
    for part in bad:
        cell.odd("outlets.stop.bad", found=part)
    places = [(s, cell.moved(s.lon, s.lat)) for s in told]
    return [
        {"place": s.place[:120], "lon": at[0], "lat": at[1], "hours": s.hours[:200]} for s, at in places if at
    ]


def write_stop_rows(found: Iterable[Mapping[str, Any]]) -> str:
    """Stops as ``stops`` reads them."""
    return "；".join(f"{s['place']} {s['lon']},{s['lat']} {s['hours']}".strip() for s in found)


def write_types(codes: Iterable[str]) -> str:
    """Types that may move in, as ``move_in_types`` reads them."""
    return types_text(codes)
