"""Small tables for tests of circles, with every column a test does not care about filled in."""

from __future__ import annotations

import math

import numpy as np

from yike.core.circle.context import MeasureContext
from yike.core.circle.coverage import area_coverage
from yike.core.circle.presence import judge_presence
from yike.core.circle.rules import CirclePolicy, TypeNorm
from yike.core.tables import AccessTable, Circles, Communities, GapState, Outlets, Places

CUTOFFS_S = (300.0, 600.0, 900.0)
LIMIT_S = 3600.0


def make_places(people, *, community=None, circle=None, bands=(), by_band=None, x_m=None, y_m=None) -> Places:
    n = len(people)
    zero = np.zeros(n)
    return Places(
        place_id=tuple(f"p{i}" for i in range(n)),
        name=("",) * n,
        lon=zero,
        lat=zero,
        x_m=zero if x_m is None else np.asarray(x_m, float),
        y_m=zero if y_m is None else np.asarray(y_m, float),
        people=np.asarray(people, float),
        households=np.full(n, np.nan),
        bands=tuple(bands),
        people_by_band=np.empty((n, 0)) if by_band is None else np.asarray(by_band, float),
        community_idx=_idx(community, n),
        circle_idx=_idx(circle, n),
        compound_idx=np.full(n, -1, np.int32),
        is_estimated=np.zeros(n, bool),
        people_method="given",
        source_row=np.arange(n, dtype=np.int32),
    )


def _idx(values, n, otherwise=0):
    return np.full(n, otherwise, np.int32) if values is None else np.asarray(values, np.int32)


def make_outlets(types, **columns) -> Outlets:
    """``types``: per outlet one business type or a tuple of them, the main one first."""
    served = [t if isinstance(t, tuple) else (t,) for t in types]
    n = len(served)
    flat = [t for s in served for t in sorted(set(s))]
    zero = np.zeros(n)
    table = {
        "outlet_id": tuple(f"o{i}" for i in range(n)),
        "name": tuple(f"店{i}" for i in range(n)),
        "lon": zero,
        "lat": zero,
        "x_m": zero,
        "y_m": zero,
        "type_idx": np.array([s[0] for s in served], np.int32),
        "service_ptr": np.cumsum([0, *(len(set(s)) for s in served)]).astype(np.int64),
        "service_type_idx": np.array(flat, np.int32),
        "status": np.zeros(n, np.uint8),
        "is_chain": np.full(n, -1, np.int8),
        "is_movable": np.zeros(n, bool),
        "is_unstaffed": np.zeros(n, bool),
        "staff": np.full(n, np.nan),
        "area_m2": np.full(n, np.nan),
        "capacity": np.full(n, np.nan),
        "hours": ("",) * n,
        "source_row": np.arange(n, dtype=np.int32),
        "community_idx": np.zeros(n, np.int32),
        "circle_idx": np.zeros(n, np.int32),
    }
    kinds = {"is_chain": np.int8, "status": np.uint8, "circle_idx": np.int32, "community_idx": np.int32}
    for name, values in columns.items():
        table[name] = values if isinstance(values, tuple) else np.asarray(values, kinds.get(name))
    return Outlets(**table)


def make_access(nearest_s, *, attached=None, nearest_idx=None, count=None, type_rows=None) -> AccessTable:
    """From seconds to the nearest, shape (n_places, n_types); counts 1 where in time."""
    nearest_s = np.asarray(nearest_s, np.float32)
    n, m = nearest_s.shape
    attached = np.ones(n, bool) if attached is None else np.asarray(attached, bool)
    nearest_s[~attached] = np.nan
    counts = np.stack([(nearest_s <= c).astype(np.int32) for c in CUTOFFS_S], axis=2)
    found = np.where(np.isfinite(nearest_s), 0, -1).astype(np.int32)
    return AccessTable(
        nearest_s=nearest_s,
        nearest_outlet_idx=found if nearest_idx is None else np.asarray(nearest_idx, np.int32),
        count=counts if count is None else np.asarray(count, np.int32),
        is_attached=attached,
        cutoffs_s=CUTOFFS_S,
        limit_s=LIMIT_S,
        type_rows=np.arange(m, dtype=np.int32) if type_rows is None else np.asarray(type_rows, np.int32),
    )


def make_communities(n, **columns) -> Communities:
    nan = np.full(n, np.nan)
    table = {
        "community_id": tuple(f"c{i}" for i in range(n)),
        "name": tuple(f"社区{i}" for i in range(n)),
        "street": ("",) * n,
        "kind": ("",) * n,
        "people": nan,
        "households": nan,
        "total_floor_m2": nan,
        "commercial_floor_m2": nan,
        "service_floor_m2": nan,
        "polygons": (None,) * n,
        "circle_idx": np.zeros(n, np.int32),
        "delineation": "column",
    }
    for name, values in columns.items():
        table[name] = values if isinstance(values, tuple) else np.asarray(values, table[name].dtype)
    return Communities(**table)


def make_circles(n, **columns) -> Circles:
    table = {
        "circle_id": tuple(f"k{i}" for i in range(n)),
        "name": tuple(f"生活圈{i}" for i in range(n)),
        "lead_community": ("",) * n,
        "build_year": np.full(n, -1, np.int32),
        "polygons": (None,) * n,
        "n_centres": np.full(n, -1, np.int32),
        "operator_kinds": ((),) * n,
        "layout_form": ("",) * n,
        "has_platform": np.full(n, -1, np.int8),
    }
    return Circles(**{**table, **columns})


def make_policy(
    n_cols, *, within_s=600.0, share=0.8, groups=None, required=None, codes=None, **parts
) -> CirclePolicy:
    codes = codes or [f"t{c}" for c in range(n_cols)]
    groups = groups or ["basic"] * n_cols
    required = [True] * n_cols if required is None else required
    norms = tuple(TypeNorm(codes[c], c, groups[c], required[c], within_s, share) for c in range(n_cols))
    empty = {"indicators": (), "grades": (), "bundles": (), "themes": ()}
    supply = parts.pop("supply_per_1000", np.full(n_cols, math.nan))
    return CirclePolicy(
        "test", n_cols, norms, column_of_code={c: i for i, c in enumerate(codes)},
        supply_per_1000=np.asarray(supply, float), **{**empty, **parts},
    )  # fmt: skip


def make_context(
    *, nearest_s=None, people=(10,), outlets=None, communities=None, policy=None, data_state=None, **more
) -> MeasureContext:
    """One circle, unless the tables say otherwise."""
    nearest_s = [[0.0]] * len(people) if nearest_s is None else nearest_s
    access = make_access(nearest_s)
    n_cols = access.nearest_s.shape[1]
    policy = policy or make_policy(n_cols)
    outlets = make_outlets([]) if outlets is None else outlets
    communities = make_communities(0) if communities is None else communities
    places = make_places(people)
    n_areas = more.pop("n_areas", 1)
    coverage = area_coverage(
        access,
        places,
        outlets,
        places.circle_idx,
        outlets.circle_idx,
        tuple(f"k{i}" for i in range(n_areas)),
        policy.norm_s,
    )
    states = np.full(n_cols, GapState.MET, np.uint8) if data_state is None else np.array(data_state, np.uint8)
    n = len(outlets)
    return MeasureContext(
        policy=policy,
        coverage=coverage,
        presence=judge_presence(coverage, policy.share, policy.is_required, states),
        outlets=outlets,
        area_of_outlet=outlets.circle_idx,
        is_counted=outlets.status == 0,
        is_unstaffed=outlets.is_unstaffed,
        n_functions=np.diff(outlets.service_ptr).astype(np.int32) if n else np.empty(0, np.int32),
        communities=communities,
        area_of_community=communities.circle_idx,
        **more,
    )
