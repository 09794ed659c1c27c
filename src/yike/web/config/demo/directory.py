"""Invented facilities and idle premises of the communities in circles."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from random import Random
from typing import Any

import numpy as np
from django.db.models import Avg, QuerySet
from django.utils.timezone import localdate

from yike.web.accounts.trace import Who
from yike.web.config.demo.chance import drawn
from yike.web.config.demo.people import PROGRAM, Cast
from yike.web.outlets.directory.actions import change_entry, create_entry
from yike.web.outlets.directory.kinds import FACILITY, PREMISES, Kind
from yike.web.outlets.models import Facility, Outlet, Premises
from yike.web.regions.models import Area, Circle, CircleMember
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
    """Facilities of every circle's communities, and premises where the register has none; once."""
    members = CircleMember.objects.filter(circle__in=circles, ends_on__isnull=True)
    found = Area.objects.filter(pk__in=members.values("community"))
    areas = list(named(found, localdate(now)).order_by("code"))
    if not areas or Facility.objects.filter(community__in=areas).exists():
        return
    there = Premises.objects.filter(area_code__startswith=areas[0].branch[:6])
    has_premises = there.exists()
    for i, area in enumerate(areas):
        who, home = cast.by("community", area.branch), _home(area)
        _facilities(area, home, who, now)
        if i % VAN_EVERY == 0:
            _van(area, home, who, now)
        if not has_premises:
            _premises(area, home, who, now)
    _find_communities(there.filter(community__isnull=True, lon__isnull=False), areas, now)


def _find_communities(premises: QuerySet[Premises], areas: list[Area], now: dt.datetime) -> None:
    """Premises of a pack lie in the community of the outlet nearest to them (推定)."""
    placed = Outlet.objects.filter(community__in=areas, lon__isnull=False, gone_at__isnull=True)
    known = list(placed.order_by("pk").values_list("lon", "lat", "community_id", "area_code"))
    if not known:
        return
    points = np.array([k[:2] for k in known])
    for entry in premises.order_by("pk"):
        squeeze = np.array([np.cos(np.radians(entry.lat or 0.0)), 1.0])
        apart = np.hypot(*((points - [entry.lon, entry.lat]) * squeeze).T)
        _, _, key, code = known[int(apart.argmin())]
        change_entry(
            who=PROGRAM, kind=PREMISES, entry=entry, values={"community_id": key, "area_code": code}, now=now,
            note="按最近的网点推定所在社区",
        )  # fmt: skip


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
                low, high = kind[name]
                values[column] = chance.randrange(low, high, 500) * FEN
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
