"""What one row of a list says of an outlet, as values of the register's columns, with what is odd in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from yike.core.tables import Outlets, OutletStatus, Tri
from yike.errors import Fault
from yike.sources.credit_code import clean_code
from yike.sources.headers import plain as plain_header
from yike.sources.numbers import is_blank
from yike.sources.opening_hours import parse_hours
from yike.sources.outlet_fields import parse_date, parse_stops, parse_yes_no
from yike.sources.pack_keys import BadValueError
from yike.sources.row_datum import datum_word
from yike.sources.tabular import Table
from yike.standards.classify import classify
from yike.standards.loader import load_types
from yike.web.outlets import cells
from yike.web.outlets.models import Outlet
from yike.web.personal.masks import masked_phone

SERIAL_HEADERS = frozenset({"序号", "no", "fid", "objectid"})
"""Columns that number the rows of a file; they tell no outlet from another."""

STATUS = {
    OutletStatus.OPEN: "open",
    OutletStatus.PLANNED: "planned",
    OutletStatus.SUSPENDED: "suspended",
    OutletStatus.CLOSED: "closed",
}
TEXTS = (
    ("code", "id"), ("name", "name"), ("type_text", "type"), ("brand", "brand"), ("address", "address"),
    ("hours", "hours"), ("holiday_hours", "holiday_hours"), ("phone", "phone"),
    ("no_code_reason", "no_code_reason"), ("credit_grade", "credit_grade"),
)  # fmt: skip
"""Column of the register and field of the list whose text it takes as it stands."""

FLAGS = (("delivers_at_night", "night"), ("is_accessible", "accessible"), ("takes_cash", "cash"))
LONGEST = {f.name: f.max_length or 0 for f in Outlet._meta.concrete_fields if f.name in {c for c, _ in TEXTS}}
CUT = ("type_text",)
"""Texts kept for reading only: a long one is cut."""

_FLAG: Mapping[Tri, bool | None] = {Tri.YES: True, Tri.NO: False, Tri.UNKNOWN: None}


class RowValues:
    """Cells of a table, asked for row by row."""

    def __init__(self, table: Table, datum: str, source: str) -> None:
        self.table, self.datum, self.source = table, datum, source
        self.text = {name: table.text(name) for name in table.fields}
        if table.has("id") and plain_header(table.header("id")) in SERIAL_HEADERS:
            del self.text["id"]
        self.lon, self.lat = table.degrees()
        self.types = load_types()
        self.faults: list[Fault] = []

    def values(self, i: int, outlets: Outlets, entries: Sequence[int]) -> tuple[dict[str, Any], list[Fault]]:
        """What a row says (columns it leaves blank are not there), and what is wrong with it."""
        self.faults = []
        at = entries[0]
        values = self._texts(i) | self._kind(i, outlets, at) | self._numbers(i, outlets, at)
        values["is_movable"] = bool(outlets.is_movable[at])
        values["is_unstaffed"] = bool(outlets.is_unstaffed[at])
        values |= self._hours(i, values) | self._flags(i) | self._papers(i) | self._days(i, outlets, at)
        if services := self._services(i):
            values["services"] = services
        return values | self._point(i, outlets, entries), self.faults

    def cell(self, name: str, i: int) -> str:
        """Text of a field, "" where it says nothing."""
        told = self.text[name][i].replace("\x00", "").strip() if name in self.text else ""
        return "" if is_blank(told) else told

    def _odd(self, code: str, i: int, name: str, **named: object) -> None:
        self.faults.append(self.table.fault(code, i, name, found=self._shown(name, i), **named))

    def _shown(self, name: str, i: int) -> str:
        cell = self.cell(name, i)[:80]
        return masked_phone(cell) if name == "phone" else cell

    def _texts(self, i: int) -> dict[str, Any]:
        told = {}
        for column, name in TEXTS:
            cell = self.cell(name, i)
            if column == "phone" and "*" in cell:
                continue  # a masked number out of a list tells nothing
            if len(cell) > LONGEST[column] and column not in CUT:
                self._odd("register.import.too_long", i, name, count=len(cell), limit=LONGEST[column])
            if cell:
                told[column] = cell[: LONGEST[column]]
        return told

    def _kind(self, i: int, outlets: Outlets, at: int) -> dict[str, Any]:
        """Type, chain, credit code."""
        told: dict[str, Any] = {}
        type_idx = int(outlets.type_idx[at])
        if type_idx >= 0:
            told["type_code"] = self.types.types[type_idx].code
        if finer := self._finer(i, type_idx):
            told["type_code"] = finer
        if code := self.cell("credit_code", i):
            told["credit_code"] = clean_code(code)[:18]
        if (chain := _FLAG[Tri(int(outlets.is_chain[at]))]) is not None:
            told["is_chain"] = chain
        if mode := cells.chain_mode(self.cell("mode", i) + self.cell("chain", i)):
            told["chain_mode"] = mode
        return told

    def _finer(self, i: int, type_idx: int) -> str:
        """Code of the sub-type that 细分业态 names, when it refines the row's type."""
        cell = self.cell("subtype", i)
        if not cell:
            return ""
        found = classify(cell, self.types).type_idx
        kind = self.types.types[found] if found >= 0 else None
        main = self.types.types[type_idx].code if type_idx >= 0 else ""
        if kind and main in ("", kind.code, kind.parent):
            return kind.code
        self._odd("register.import.subtype", i, "subtype", level="warning")
        return ""

    def _numbers(self, i: int, outlets: Outlets, at: int) -> dict[str, Any]:
        told: dict[str, Any] = {}
        for column, limit in cells.words()["limits"].items():
            number = float(getattr(outlets, column)[at])
            if np.isfinite(number) and number > limit:
                self._odd("register.import.too_large", i, column, limit=f"{limit:,.0f}")
            elif np.isfinite(number):
                told[column] = round(number) if column == "staff" else number
        return told

    def _hours(self, i: int, values: Mapping[str, Any]) -> dict[str, Any]:
        """Hours out of the columns 24小时 and 季节, where 营业时间 does not say it itself."""
        hours, season = str(values.get("hours", "")), self.cell("season", i)
        if not hours and self._yes_no("always", i):
            hours = "24小时"
        if season and parse_yes_no(season) is None and hours and not parse_hours(hours).is_seasonal:
            seasonal = f"{season} {hours}"
            if parse_hours(seasonal).is_seasonal and len(seasonal) <= LONGEST["hours"]:
                hours = seasonal
            else:
                self._odd("register.import.season", i, "season", level="warning")
        return {"hours": hours} if hours else {}

    def _yes_no(self, name: str, i: int) -> bool | None:
        cell = self.cell(name, i)
        read = parse_yes_no(cell)
        if read is None:
            self._odd("outlets.yes_no.unknown", i, name, level="warning")
        return None if read is None else _FLAG[read]

    def _flags(self, i: int) -> dict[str, Any]:
        told: dict[str, Any] = {
            column: answer for column, name in FLAGS if (answer := self._yes_no(name, i)) is not None
        }
        payments = self.cell("payments", i)
        if means := cells.read_payments(payments):
            told["payments"] = means
        if cells.refuses_cash(payments):
            told.setdefault("takes_cash", False)
        elif "现金" in means:
            told.setdefault("takes_cash", True)
        invented = self.cell("invented", i)
        if invented and ("虚构" in invented or parse_yes_no(invented) is Tri.YES):
            told["is_invented"] = True
        return told

    def _papers(self, i: int) -> dict[str, Any]:
        kind, until = self.cell("licence_kind", i), self.cell("licence_until", i)
        found = cells.read_licences(self.cell("licences", i), kind, until)
        if until and parse_date(until) is None and "长期" not in until:
            self._odd("register.import.date", i, "licence_until", level="warning")
        return {"licences": found} if found else {}

    def _days(self, i: int, outlets: Outlets, at: int) -> dict[str, Any]:
        """Status, the day it began, the day somebody looked."""
        told: dict[str, Any] = {}
        status = OutletStatus(int(outlets.status[at]))
        if self.cell("status", i):
            told["status"] = STATUS[status]
        name = (
            "status_on" if self.cell("status_on", i) else "opened_on" if status == OutletStatus.OPEN else ""
        )
        if name and (cell := self.cell(name, i)):
            day = parse_date(cell)
            if day is None:
                self._odd("register.import.date", i, name, level="warning")
            else:
                told["status_on"] = day.isoformat()
        if outlets.checked_on[at]:
            told["verified_on"] = outlets.checked_on[at]
        return told

    def _services(self, i: int) -> list[dict[str, Any]]:
        public = cells.read_services(self.cell("public_services", i), is_public=True)
        known = {s["label"] for s in public}
        return [s for s in cells.read_services(self.cell("services", i)) if s["label"] not in known] + public

    def _point(self, i: int, outlets: Outlets, entries: Sequence[int]) -> dict[str, Any]:
        at = entries[0]
        point: dict[str, Any] = {
            "lon": round(float(outlets.lon[at]), 7), "lat": round(float(outlets.lat[at]), 7),
            "source_datum": self._datum(i), "source": self.source[:200],
        }  # fmt: skip
        if np.isfinite(self.lon[i].value) and np.isfinite(self.lat[i].value):
            point |= {"source_lon": self.lon[i].value, "source_lat": self.lat[i].value}
        told = self.cell("stops", i)
        if len(entries) > 1 or told:
            places = [s.place[:120] for s in parse_stops(told)[0]]
            if len(places) != len(entries):
                places = [""] * len(entries)
            point["stops"] = [
                {
                    "place": place,
                    "lon": round(float(outlets.lon[k]), 7),
                    "lat": round(float(outlets.lat[k]), 7),
                    "hours": outlets.hours[k][:200],
                }
                for k, place in zip(entries, places, strict=True)
            ]
        return point

    def _datum(self, i: int) -> str:
        """The datum the row's own point came in."""
        try:
            return datum_word(cell) if (cell := self.cell("datum", i)) else self.datum or "wgs84"
        except BadValueError:
            return self.datum or "wgs84"
