"""Official divisions and the circles of 天水, out of the files in ``data``."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import io
import tomllib
from functools import cache
from importlib.resources import files
from itertools import chain

from django.db import transaction

from yike.web.audit.chain import Who, record
from yike.web.regions.actions import create_circle
from yike.web.regions.codes import LENGTHS, branch_of, level_of, parent_branch
from yike.web.regions.models import Area, AreaName, Circle

SOURCE = "国家统计局统计用区划代码，2023-06-30（china-division 2.7.0）"


@cache
def official_divisions() -> dict[str, str]:
    """12-digit code → official name, by code."""
    packed = (files("yike.web.regions") / "data" / "divisions.csv.gz").read_bytes()
    rows = csv.reader(io.StringIO(gzip.decompress(packed).decode("utf-8")))
    next(rows)
    return {row[0]: row[1] for row in rows}


def load_divisions(prefix: str, *, who: Who, now: dt.datetime) -> int:
    """
    Put the official units below a branch, and those above it, into the register; what is there stays.

    Returns
    -------
    Units added. Repeating it adds nothing.
    """
    wanted = {c: n for c, n in official_divisions().items() if c.startswith(prefix)}
    above = {prefix[:n].ljust(12, "0") for n in LENGTHS.values() if n < len(prefix)}
    wanted |= {c: official_divisions()[c] for c in above if c in official_divisions()}
    with transaction.atomic():
        there = set(Area.objects.values_list("code", flat=True))
        fresh = {c: n for c, n in wanted.items() if c not in there}
        for level in LENGTHS:
            _add_level(level, {c: n for c, n in fresh.items() if level_of(c) == level})
        if fresh:
            record(
                who, "area.load", "area", prefix, now=now, area_code=prefix, after={"added": len(fresh)},
                note=SOURCE,
            )  # fmt: skip
    return len(fresh)


def _add_level(level: str, units: dict[str, str]) -> None:
    above = {a.branch: a for a in Area.objects.exclude(level=level)} if units else {}
    areas = Area.objects.bulk_create(
        Area(
            code=code, branch=branch_of(code), level=level, parent=above.get(parent_branch(branch_of(code))),
            source=SOURCE,
        )
        for code in units
    )  # fmt: skip
    AreaName.objects.bulk_create(AreaName(area=a, name=units[a.code]) for a in areas)


def load_tianshui_circles(*, who: Who, now: dt.datetime, lead_counts: bool | None = None) -> list[Circle]:
    """
    The six circles of 天水 (2023) with their communities; figures are invented and marked.

    Parameters
    ----------
    lead_counts
        Whether the community in brackets belongs to its circle; None takes the file's setting.
    """
    listed = tomllib.loads((files("yike.web.regions") / "data" / "tianshui_circles.toml").read_text("utf-8"))
    counts = listed["lead_counts"] if lead_counts is None else lead_counts
    codes = list(chain.from_iterable((c["lead"], *c["communities"]) for c in listed["circle"]))
    there = set(Circle.objects.values_list("code", flat=True))
    with transaction.atomic():
        for district in sorted({c[:6] for c in codes}):
            load_divisions(district, who=who, now=now)
        areas = {a.code: a for a in Area.objects.filter(code__in=codes)}
        return [
            create_circle(
                who=who,
                code=c["code"],
                name=c["name"],
                lead=areas[c["lead"]],
                communities=[areas[x] for x in ([c["lead"]] if counts else []) + c["communities"]],
                fields={
                    "build_year": listed["build_year"],
                    "people": c["people"],
                    "households": c["households"],
                    "is_invented": True,
                },
                now=now,
            )
            for c in listed["circle"]
            if c["code"] not in there
        ]
