"""Invented facilities and idle premises of the communities in circles."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from random import Random
from typing import Any

from django.db.models import Avg
from django.utils.timezone import localdate

from yike.web.accounts.trace import Who
from yike.web.config.demo.chance import drawn
from yike.web.config.demo.people import Cast
from yike.web.outlets.directory.actions import create_entry
from yike.web.outlets.directory.kinds import FACILITY, PREMISES, Kind
from yike.web.outlets.models import Facility, Outlet, Premises
from yike.web.regions.models import Area, Circle
from yike.web.regions.queries import named

SOURCE = "演示用虚构数据"
SPREAD_DEG = 0.0018
FEN = 100
VAN_EVERY = 4
"""Every so many communities a van has a stop in three of them."""


@cache
def _words() -> dict[str, Any]:
    return tomllib.loads((files("yike.web.config.demo") / "data" / "directory.toml").read_text("utf-8"))


def load_directory(circles: list[Circle], cast: Cast, *, now: dt.datetime) -> None:
    """Facilities of every circle's communities, and premises where the register has none."""
    keys = {
        k for c in circles for k in c.members.filter(ends_on__isnull=True).values_list("community", flat=True)
    }
    areas = list(named(Area.objects.filter(pk__in=keys), localdate(now)).order_by("code"))
    codes = [a.branch for a in areas]
    if Facility.objects.filter(area_code__in=codes).exists():
        return
    with_premises = (
        not Premises.objects.filter(area_code__startswith=codes[0][:6]).exists() if codes else False
    )
    for i, area in enumerate(areas):
        who, home = cast.by("community", area.branch), _home(area)
        _facilities(area, home, who, now)
        if i % VAN_EVERY == 0:
            _van(area, home, who, now)
        if with_premises:
            _premises(area, home, who, now)


def _home(area: Area) -> tuple[float, float] | None:
    """The middle of a community's outlets."""
    placed = Outlet.objects.filter(area_code=area.branch, lon__isnull=False, gone_at__isnull=True)
    middle = placed.aggregate(x=Avg("lon"), y=Avg("lat"))
    return None if middle["x"] is None else (middle["x"], middle["y"])


def _facilities(area: Area, home: tuple[float, float] | None, who: Who, now: dt.datetime) -> None:
    for k, told in enumerate(_words()["facility"]["kind"]):
        chance = drawn("facility", area.code, told["type"])
        if chance.random() >= told["share"]:
            continue
        values = {
            "code": f"S{area.branch[4:]}-{k + 1}", "name": f"{_short(area)}{told['name']}（虚构）",
            "type_code": told["type"], "provider": f"{told['provider']}（虚构）", "hours": told["hours"],
            "prices": [{"item": i, "price_fen": fen, "note": n} for i, fen, n in told.get("prices", ())],
            "is_accessible": chance.choice([True, True, False, None]),
            "begins_on": localdate(now) - dt.timedelta(days=chance.randrange(90, 2400)),
        }  # fmt: skip
        if "capacity" in told:
            values["capacity"] = float(chance.randint(*told["capacity"]))
        _add(FACILITY, values, area, _near(home, chance), who, now)


def _van(area: Area, home: tuple[float, float] | None, who: Who, now: dt.datetime) -> None:
    told, chance = _words()["van"], drawn("van", area.code)
    spots = [_near(home, chance) for _ in told["places"]]
    stops = [
        {"place": place, "lon": at["lon"], "lat": at["lat"], "hours": hours}
        for place, hours, at in zip(told["places"], told["hours"], spots, strict=True)
        if at
    ]
    values = {
        "code": f"C{area.branch[4:]}", "name": f"{_short(area)}{told['name']}（虚构）",
        "type_code": told["type"], "provider": f"{told['provider']}（虚构）", "is_movable": True,
        "stops": stops, "hours": "；".join(told["hours"]),
    }  # fmt: skip
    _add(FACILITY, values, area, {}, who, now)


def _premises(area: Area, home: tuple[float, float] | None, who: Who, now: dt.datetime) -> None:
    told, chance = _words()["premises"], drawn("premises", area.code)
    count = int(told["per_community"] + chance.random())
    for k in range(count):
        kind = chance.choice(told["kind"])
        place = f"{chance.choice(told['places'])}{chance.randrange(1, 40)}号"
        values = {
            "code": f"K{area.branch[4:]}-{k + 1}", "name": f"{place}{kind['name']}（虚构）",
            "kind_code": kind["kind"], "area_m2": float(chance.randint(*kind["area_m2"])),
            "owner": chance.choice(told["owners"]), "address": f"{place}（虚构）",
            "state": chance.choices(["闲置", "部分闲置", "短期出租", ""], [6, 2, 1, 1])[0],
            "allowed_types": list(kind.get("allowed", ())),
        }  # fmt: skip
        for column, name in (("rent_fen", "rent_yuan"), ("cost_fen", "cost_yuan")):
            if name in kind:
                values[column] = chance.randrange(*kind[name], 500) * FEN
        _add(PREMISES, values, area, _near(home, chance), who, now)


def _near(home: tuple[float, float] | None, chance: Random) -> dict[str, Any]:
    if home is None:
        return {}
    return {
        name: round(at + chance.uniform(-SPREAD_DEG, SPREAD_DEG), 6)
        for name, at in zip(("lon", "lat"), home, strict=True)
    }


def _short(area: Area) -> str:
    name = str(getattr(area, "name", "") or area.code)
    return name.removesuffix("居民委员会").removesuffix("居委会").removesuffix("社区")


def _add(
    kind: Kind, values: Mapping[str, Any], area: Area, at: Mapping[str, Any], who: Who, now: dt.datetime
) -> None:
    point = {"source_lon": at["lon"], "source_lat": at["lat"], "source_datum": "wgs84"} if at else {}
    place = {"area_code": area.branch, "community_id": area.pk, "source": SOURCE, "is_invented": True}
    create_entry(who=who, kind=kind, values={**values, **at, **point, **place}, now=now, note=SOURCE)
