"""
``drawn_facts()``: a drawn town through the real engine, from streets to ``ReportFacts``.

::

    h-s-------b---m      h, i, j: homes of 60, 30 and 10 people; s: convenience store; b: breakfast
    |             |      m: market; x: a home 900 m off every street (未接入)
    i-------------j

Streets are 50 m a cell, people walk 1 m/s. One circle of two communities: h and i in the first, j in the
second.
"""

from __future__ import annotations

import dataclasses
from functools import cache
from typing import Any

import numpy as np

from circle_tables import make_circles, make_communities, make_outlets, make_places
from maps import Town, walk_map
from yike.core.access.access import compute_access
from yike.core.geo.projection import LocalProjection
from yike.core.network.attach import attach_points, direct_walks
from yike.core.network.profile import WalkProfile
from yike.core.tables import Provenance, SourceNote
from yike.errors import Fault
from yike.reports.facts import IsochroneArea, ReportFacts
from yike.standards.loader import load_rule_pack, load_supply, load_types
from yike.studies.circle_areas import CircleInputs
from yike.studies.circles import assess_areas
from yike.studies.policy import choose_columns, services_of

STROLL = WalkProfile("adult", "成人", 1.0)
HOMES = "hij"
PEOPLE = (60.0, 30.0, 10.0, 5.0)  # the last one is the home off every street


@cache
def town() -> Town:
    return walk_map(
        """
        h-s-------b---m
        |             |
        i-------------j
        """,
        metres_per_cell=50,
    )


@cache
def drawn_facts(rule_pack: str = "mofcom-2023-401", *, is_surveyed: bool = True) -> ReportFacts:
    """Facts of the drawn town under a rule pack; shared between tests, so vary it with ``replace``."""
    drawn, types, rules = town(), load_types(), load_rule_pack(rule_pack)
    graph = drawn.graph(STROLL)
    home_x, home_y = (np.append(v, [350.0, 1100.0][k]) for k, v in enumerate(drawn.xy(HOMES)))
    lon, lat = LocalProjection(drawn.network.origin_lon, drawn.network.origin_lat).inverse(home_x, home_y)
    places = dataclasses.replace(
        make_places(
            PEOPLE,
            community=[0, 0, 1, 1],
            bands=("60_over",),
            by_band=[[12], [6], [4], [1]],
            x_m=home_x,
            y_m=home_y,
        ),
        lon=lon,
        lat=lat,
    )
    codes = ["convenience_store", "breakfast_shop", "food_market"]
    shop_x, shop_y = drawn.xy("sbm")
    outlets = make_outlets(
        [types.idx(c) for c in codes],
        outlet_id=("s", "b", "m"),
        name=("街角便利店", "早点铺", "菜市场"),
        is_chain=[1, 0, 0],
        hours=("24小时", "05:30-10:00", "06:00-19:00"),
        x_m=shop_x,
        y_m=shop_y,
    )
    columns = choose_columns(types, rules, outlets)
    ptr, col = services_of(outlets, types, columns)
    ends = attach_points(drawn.network, graph, home_x, home_y, min_component=1)
    shop_ends = attach_points(drawn.network, graph, shop_x, shop_y, min_component=1)
    access = compute_access(
        graph,
        ends,
        shop_ends,
        direct_walks(graph, ends, shop_ends),
        ptr,
        col,
        len(columns),
        type_rows=columns,
        is_open=outlets.status == 0,
    )
    communities = make_communities(
        2,
        kind=("old", "new"),
        households=[40.0, 10.0],
        service_floor_m2=[12.0, 3.0],
        commercial_floor_m2=[50.0, 99.9],
        total_floor_m2=[5000.0, 1000.0],
    )
    circles = make_circles(1, name=("画中圈",), polygons=(drawn.box(-1, -1, 15, 3),))
    inputs = CircleInputs(
        access=access,
        places=places,
        outlets=outlets,
        communities=communities,
        circles=circles,
        types=types,
        rules=rules,
        supply=load_supply(),
        provenance=provenance(is_surveyed),
        profile=STROLL,
        service_ptr=ptr,
        service_col=col,
    )
    done = assess_areas(inputs)
    return ReportFacts(
        provenance=inputs.provenance,
        profile=STROLL,
        types=types,
        rules=rules,
        network=drawn.network,
        graph=graph,
        outlets=outlets,
        places=places,
        communities=communities,
        circles=circles,
        place_attachments=ends,
        outlet_attachments=shop_ends,
        access=access,
        circle_coverage=done.circle_coverage,
        community_coverage=done.community_coverage,
        assessment=done.assessment,
        gaps=done.gaps,
        isochrones=(
            IsochroneArea("k0", "画中圈", 300.0, drawn.box(0, 0, 6, 2), 30_000.0, 650.0, 60.0),
            IsochroneArea("k0", "画中圈", 900.0, drawn.box(0, 0, 14, 2), 70_000.0, 1600.0, 100.0),
        ),
        faults=(Fault("places.far_from_street", "places.csv", row=5, column="经度", level="warning"),),
        extras=done.extras,
        version="0.0.0",
    )


def provenance(is_surveyed: bool) -> Provenance:
    return Provenance(
        code="drawn",
        name="画中小镇",
        division="110108",
        as_of="2026-01-01",
        is_invented=True,
        sources=(SourceNote("OpenStreetMap", "ODbL-1.0", attribution="© OpenStreetMap 贡献者"),),
        estimates=("人口为测试所设。",),
        is_surveyed=is_surveyed,
    )


def type_entry(assessment: dict[str, Any], code: str, level: str = "circles", i: int = 0) -> dict[str, Any]:
    """One type of one circle or community of ``assessment.json``."""
    return next(t for t in assessment[level][i]["types"] if t["code"] == code)
