"""
The measures, by name: what a rule pack's ``measure = "chain_share"`` means.

Each function takes the context and the indicator's parameters and answers one value per area with its
numerator and denominator. Unknown is NaN, never 0. A new measure is one function here, registered by name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from yike.core.circle.context import MeasureContext, MeasureValues, divide, ratio
from yike.core.tables import BoolArray, FloatArray, Tri, TriArray

Params = Mapping[str, Any]
Measure = Callable[[MeasureContext, Params], MeasureValues]

MEASURES: dict[str, Measure] = {}
"""Name -> function."""

EXTERNAL = ("satisfaction_share", "samples", "checklist", "circles_by_level", "external")
"""Measures whose values people type in; unknown until they do."""


def measure(function: Measure) -> Measure:
    """Register a function under its own name."""
    MEASURES[function.__name__] = function
    return function


def compute_measure(name: str, code: str, context: MeasureContext, params: Params) -> MeasureValues:
    """
    Values of one indicator: typed in where given, computed where a measure of that name exists.

    Parameters
    ----------
    name
        The measure.
    code
        The indicator, key of ``context.external``.

    Raises
    ------
    KeyError
        No measure of that name, and it is not an external one.
    """
    if code in context.external:
        return _external(context.external[code])
    if name in EXTERNAL:
        return _external(np.full(context.n_areas, np.nan))
    return MEASURES[name](context, params)


def _external(value: FloatArray) -> MeasureValues:
    blank = np.full(len(value), np.nan)
    return MeasureValues(
        value, blank, blank, value, value, 1.0, np.isnan(value) * 1.0, np.ones(len(value), bool), "external"
    )


def _share_of_outlets(context: MeasureContext, flag: TriArray, base: BoolArray) -> MeasureValues:
    """
    Share of counted outlets with a flag. The base is the outlets whose flag is known.

    Where some are unknown, ``low`` takes all of them for no and ``high`` for yes; where more than
    ``Judgement.unknown_max`` of them are unknown there is no value, only these bounds.
    """
    n_yes = context.count_outlets(base & (flag == Tri.YES))
    n_known = context.count_outlets(base & (flag != Tri.UNKNOWN))
    n_unknown = context.count_outlets(base & (flag == Tri.UNKNOWN))
    n_all = n_known + n_unknown
    value = divide(n_yes, n_known)
    value[n_unknown > context.policy.judgement.unknown_max * n_all] = np.nan
    return MeasureValues(
        value=value,
        numerator=n_yes,
        denominator=n_known,
        low=divide(n_yes, n_all),
        high=divide(n_yes + n_unknown, n_all),
        scale=1.0,
        n_unknown=n_unknown,
        is_applicable=np.ones(context.n_areas, bool),
        rows="outlets",
        row_mask=context.counted & base & (flag == Tri.YES),
    )


@measure
def chain_share(context: MeasureContext, params: Params) -> MeasureValues:
    """品牌连锁店占比: chain outlets over outlets whose chain flag is known."""
    everyone = np.ones(len(context.outlets), bool)
    return _share_of_outlets(context, context.outlets.is_chain, everyone)


@measure
def chain_share_staffed(context: MeasureContext, params: Params) -> MeasureValues:
    """The same without unstaffed points (parcel boxes, recycling bins), which are easily "chain"."""
    return _share_of_outlets(context, context.outlets.is_chain, ~context.is_unstaffed)


@measure
def open_late_share(context: MeasureContext, params: Params) -> MeasureValues:
    """Share of outlets still open after 21:00, of those whose hours are known."""
    return _share_of_outlets(context, context.open_late, np.ones(len(context.outlets), bool))


@measure
def verified_share(context: MeasureContext, params: Params) -> MeasureValues:
    """Share of outlets seen on the spot in the period; unknown unless the pack carries dates."""
    unknown = np.full(len(context.outlets), Tri.UNKNOWN, np.int8)
    flag = unknown if context.is_verified is None else context.is_verified
    return _share_of_outlets(context, flag, np.ones(len(context.outlets), bool))


@measure
def multi_function_share(context: MeasureContext, params: Params) -> MeasureValues:
    """一店多能: share of outlets that serve more than one business type."""
    many = context.n_functions > 1
    n_all = context.count_outlets(np.ones(len(many), bool))
    return ratio(context.count_outlets(many), n_all, rows="outlets", row_mask=context.counted & many)


@measure
def open_24h_count(context: MeasureContext, params: Params) -> MeasureValues:
    """Number of outlets open round the clock; outlets without hours may be more."""
    yes = context.all_day == Tri.YES
    n_yes = context.count_outlets(yes)
    n_unknown = context.count_outlets(context.all_day == Tri.UNKNOWN)
    n_all = context.count_outlets(np.ones(len(yes), bool))
    too_many = n_unknown > context.policy.judgement.unknown_max * n_all
    return MeasureValues(
        value=np.where(too_many, np.nan, n_yes),
        numerator=n_yes,
        denominator=np.full(context.n_areas, np.nan),
        low=n_yes,
        high=n_yes + n_unknown,
        scale=1.0,
        n_unknown=n_unknown,
        is_applicable=np.ones(context.n_areas, bool),
        rows="outlets",
        row_mask=context.counted & yes,
    )


def _communities(context: MeasureContext, params: Params) -> tuple[BoolArray, BoolArray]:
    """Communities a measure looks at (all, or of one kind), and the areas that have any."""
    kind = np.array(context.communities.kind, dtype=object)
    asked = params.get("kind", "any")
    which = np.ones(len(kind), bool) if asked == "any" else kind == asked
    area = context.area_of_community
    has_some = np.bincount(area[which & (area >= 0)], minlength=context.n_areas) > 0
    # a community whose kind nobody stated may be of the kind asked: then unknown, not inapplicable
    maybe = np.bincount(area[(kind == "") & (area >= 0)], minlength=context.n_areas) > 0
    no_list = np.bincount(area[area >= 0], minlength=context.n_areas) == 0
    return which.astype(bool), has_some | maybe | no_list


@measure
def area_share(context: MeasureContext, params: Params) -> MeasureValues:
    """
    社区商业和综合服务设施面积占比, asked of new communities.

    Looks at the communities not stated to be old; a circle of old ones only gets its value for
    information and is not held to the target. ``kind = "any"`` holds everybody to it.
    """
    if "kind" in params:
        which, applies = _communities(context, params)
    else:
        which, applies = _not_old(context)
    part = context.sum_communities(context.communities.commercial_floor_m2, which)
    whole = context.sum_communities(context.communities.total_floor_m2, which)
    return ratio(part, whole, rows="communities", is_applicable=applies)


def _not_old(context: MeasureContext) -> tuple[BoolArray, BoolArray]:
    is_old = np.array([k == "old" for k in context.communities.kind], bool)
    area = context.area_of_community
    n_all = np.bincount(area[area >= 0], minlength=context.n_areas)
    n_old = np.bincount(area[is_old & (area >= 0)], minlength=context.n_areas)
    all_old = (n_all > 0) & (n_old == n_all)
    return ~is_old | (all_old[area] & (area >= 0)), ~all_old


@measure
def service_area_per_100_households(context: MeasureContext, params: Params) -> MeasureValues:
    """每百户社区综合服务设施面积, m² per 100 households."""
    which, applies = _communities(context, params)
    area = context.sum_communities(context.communities.service_floor_m2, which)
    households = context.sum_communities(context.communities.households, which)
    return ratio(area, households, scale=100.0, rows="communities", is_applicable=applies)


@measure
def area_adequacy_share(context: MeasureContext, params: Params) -> MeasureValues:
    """
    How far the floor area is enough, 0..1: the better of the area share and the area per 100 households.

    ``area_share_full`` and ``per_100_households_full`` are the values that are enough. Enough by one of
    them settles it, even where the other is unknown.
    """
    parts = (
        (area_share(context, {}).value, float(params["area_share_full"])),
        (service_area_per_100_households(context, {}).value, float(params["per_100_households_full"])),
    )
    met = np.stack([np.minimum(value / full, 1.0) for value, full in parts])
    is_unknown = np.isnan(met)
    low = np.where(is_unknown, 0.0, met).max(axis=0)
    high = np.where(is_unknown, 1.0, met).max(axis=0)
    blank = np.full(context.n_areas, np.nan)
    return MeasureValues(
        value=np.where(low == high, low, np.nan),
        numerator=blank,
        denominator=blank,
        low=low,
        high=high,
        scale=1.0,
        n_unknown=is_unknown.sum(axis=0).astype(np.float64),
        is_applicable=np.ones(context.n_areas, bool),
        rows="communities",
    )


@measure
def area_per_person(context: MeasureContext, params: Params) -> MeasureValues:
    """人均商业配比, m² per resident: stated floor areas, else the outlets' own where all are known."""
    everyone = np.ones(len(context.communities), bool)
    floor = context.sum_communities(context.communities.commercial_floor_m2, everyone)
    n_communities = np.bincount(
        context.area_of_community[context.area_of_community >= 0], minlength=context.n_areas
    )
    shop = np.bincount(
        context.area_of_outlet[context.counted],
        context.outlets.area_m2[context.counted],
        minlength=context.n_areas,
    )
    has_shops = context.count_outlets(np.ones(len(context.outlets), bool)) > 0
    by_shops = np.where(has_shops, shop, np.nan)
    area = np.where((n_communities > 0) & ~np.isnan(floor), floor, by_shops)
    return ratio(area, _all_people(context), rows="communities")


@measure
def outlets_per_1000(context: MeasureContext, params: Params) -> MeasureValues:
    """Counted outlets per 1,000 residents."""
    n = context.count_outlets(np.ones(len(context.outlets), bool))
    return ratio(n, _all_people(context), scale=1000.0, rows="outlets", row_mask=context.counted)


def _all_people(context: MeasureContext) -> FloatArray:
    """Residents of each area, NaN while some of its places have no number: a part would overstate."""
    return np.where(context.coverage.n_people_unknown > 0, np.nan, context.coverage.people)


def _types_present(context: MeasureContext, cols: list[int], *, as_share: bool) -> MeasureValues:
    """Number (or share) of types present; types whose data cannot tell widen ``low`` .. ``high``."""
    present = context.presence.is_present[:, cols]
    n_yes = (present == Tri.YES).sum(axis=1).astype(np.float64)
    n_unknown = (present == Tri.UNKNOWN).sum(axis=1).astype(np.float64)
    n_all = np.full(context.n_areas, float(len(cols)))
    whole = n_all if as_share else np.ones(context.n_areas)
    low = divide(n_yes, whole)
    return MeasureValues(
        value=np.where(n_unknown > 0, np.nan, low),
        numerator=n_yes,
        denominator=n_all,
        low=low,
        high=divide(n_yes + n_unknown, whole),
        scale=1.0 if as_share else float(len(cols)),
        n_unknown=n_unknown,
        is_applicable=np.full(context.n_areas, len(cols) > 0),
        rows="types",
    )


def _cols_of_group(context: MeasureContext, group: str, params: Params) -> list[int]:
    only_required = bool(params.get("only_required", False))
    named = params.get("types")
    if named:
        return [context.policy.column_of_code[c] for c in _as_tuple(named)]
    return [n.col for n in context.policy.norms if n.group == group and (n.is_required or not only_required)]


def _as_tuple(value: Any) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


@measure
def basic_types_present(context: MeasureContext, params: Params) -> MeasureValues:
    """Number of basic types present within their norms."""
    return _types_present(context, _cols_of_group(context, "basic", params), as_share=False)


@measure
def quality_types_present(context: MeasureContext, params: Params) -> MeasureValues:
    """Number of quality types present within their norms."""
    return _types_present(context, _cols_of_group(context, "quality", params), as_share=False)


@measure
def basic_points_share(context: MeasureContext, params: Params) -> MeasureValues:
    """Share of the basic types that are present."""
    return _types_present(context, _cols_of_group(context, "basic", params), as_share=True)


@measure
def quality_points_share(context: MeasureContext, params: Params) -> MeasureValues:
    """Share of the quality types that are present."""
    return _types_present(context, _cols_of_group(context, "quality", params), as_share=True)


@measure
def elderly_and_childcare_present(context: MeasureContext, params: Params) -> MeasureValues:
    """1 when both elderly care and childcare are present, 0 when one is certainly not."""
    codes = _as_tuple(params.get("types", ("elderly_care", "childcare")))
    present = context.presence.is_present[:, [context.policy.column_of_code[c] for c in codes]]
    low = (present == Tri.YES).all(axis=1).astype(np.float64)
    high = (present != Tri.NO).all(axis=1).astype(np.float64)
    return MeasureValues(
        value=np.where(low == high, low, np.nan),
        numerator=(present == Tri.YES).sum(axis=1).astype(np.float64),
        denominator=np.full(context.n_areas, float(len(codes))),
        low=low,
        high=high,
        scale=1.0,
        n_unknown=(present == Tri.UNKNOWN).sum(axis=1).astype(np.float64),
        is_applicable=np.ones(context.n_areas, bool),
        rows="types",
    )


def _coverage_of_communities(context: MeasureContext, weight: FloatArray) -> MeasureValues:
    """Share of communities (or of their residents) that lie in a circle that counts as built."""
    unknown = np.full(len(context.communities), Tri.UNKNOWN, np.int8)
    built = unknown if context.is_built is None else context.is_built
    inside = np.ones(len(built), bool)
    yes = context.sum_communities(np.where(built == Tri.YES, weight, 0.0), inside)
    maybe = context.sum_communities(np.where(built == Tri.UNKNOWN, weight, 0.0), inside)
    whole = context.sum_communities(weight, inside)
    low, high = divide(yes, whole), divide(yes + maybe, whole)
    return MeasureValues(
        value=np.where(maybe > 0, np.nan, low),
        numerator=yes,
        denominator=whole,
        low=low,
        high=high,
        scale=1.0,
        n_unknown=maybe,
        is_applicable=np.ones(context.n_areas, bool),
        rows="communities",
    )


@measure
def community_coverage_share(context: MeasureContext, params: Params) -> MeasureValues:
    """Share of distinct communities covered by a built circle."""
    return _coverage_of_communities(context, np.ones(len(context.communities)))


@measure
def resident_coverage_share(context: MeasureContext, params: Params) -> MeasureValues:
    """Share of residents whose community is covered by a built circle."""
    return _coverage_of_communities(context, context.communities.people)
