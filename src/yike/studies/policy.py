"""Policy into numbers: which access columns a run needs, and what a rule pack asks of them."""

from __future__ import annotations

import datetime as dt
import math

import numpy as np

from yike.core.circle import rules as core
from yike.core.circle.columns import fold_services
from yike.core.tables import (
    Attachments,
    BoolArray,
    FloatArray,
    IntArray,
    LongArray,
    Outlets,
    OutletStatus,
    Survey,
    Tri,
    TriArray,
    WalkNetwork,
)
from yike.standards.judging import OptionRule, load_judgement, load_options
from yike.standards.osm_tags import hours_rules
from yike.standards.types import BusinessTypes, IndicatorRule, RulePack, SupplyNorm


def choose_columns(types: BusinessTypes, rules: RulePack, outlets: Outlets) -> IntArray:
    """
    Business types that get a column of the access table, ascending.

    Every top-level row that the outlets or the rule pack name, and every sub-type that the rule pack
    names on its own; other sub-types are folded into their row.
    """
    parent = types.parent_idx
    at = {t.code: i for i, t in enumerate(types)}
    named = {at[code] for code in _named(rules) if code in at}
    found = {int(i) for i in np.unique(outlets.service_type_idx) if i >= 0}
    tops = {types.with_parents(i)[-1] for i in named | found}
    return np.array(sorted(tops | {i for i in named if parent[i] >= 0}), np.int32)


def _named(rules: RulePack) -> set[str]:
    codes = {r.code for r in rules.types}
    codes |= {code for b in rules.bundles for slot in b.slots for code in slot}
    return codes | {code for t in rules.themes for code in t.types}


def services_of(outlets: Outlets, types: BusinessTypes, type_rows: IntArray) -> tuple[LongArray, IntArray]:
    """Access columns each outlet serves, as CSR; input of ``compute_access`` and of the coverage."""
    parent = np.array(types.parent_idx, np.int32)
    return fold_services(outlets.service_ptr, outlets.service_type_idx, parent, type_rows)


def rules_to_core(
    rules: RulePack,
    types: BusinessTypes,
    type_rows: IntArray,
    supply: tuple[SupplyNorm, ...] = (),
    options: tuple[OptionRule, ...] | None = None,
) -> core.CirclePolicy:
    """
    A rule pack as numbers over the access columns.

    Parameters
    ----------
    type_rows : shape (n_cols,)
        Business type of each access column (``choose_columns``).
    options
        Who may take on which function; by default the project's own list.
    """
    column = _columns(types, type_rows)
    own = {types.types[int(i)].code: c for c, i in enumerate(type_rows)}
    options = load_options() if options is None else options
    return core.CirclePolicy(
        rule_pack=rules.code,
        n_cols=len(type_rows),
        norms=tuple(
            core.TypeNorm(r.code, own[r.code], r.group, r.is_required, r.within_s, r.share)
            for r in rules.types
            if r.code in own
        ),
        indicators=tuple(_indicator(i) for i in rules.indicators),
        grades=tuple(
            core.Grade(g.code, tuple(core.Gate(x.code, x.indicator, x.at_least, x.at_most) for x in g.gates))
            for g in rules.grades
        ),
        bundles=tuple(
            core.Bundle(b.code, tuple(tuple(column[c] for c in slot if c in column) for slot in b.slots))
            for b in rules.bundles
        ),
        themes=tuple(
            core.Theme(
                t.code,
                tuple(dict.fromkeys(column[c] for c in t.types if c in column)),
                math.nan if t.within_s is None else t.within_s,
            )
            for t in rules.themes
        ),
        column_of_code=column,
        supply_per_1000=_supply(supply, own, len(type_rows)),
        pairings=_pairings(options, own, column),
        movable_cols=tuple(
            sorted({own[f] for o in options if o.kind == "movable" for f in o.functions if f in own})
        ),
        judgement=_judgement(rules),
    )


def _columns(types: BusinessTypes, type_rows: IntArray) -> dict[str, int]:
    """Column of every type: its own, or that of the nearest type above it that has one."""
    at = {int(i): c for c, i in enumerate(type_rows)}
    found = {}
    for i, t in enumerate(types):
        line = [at[up] for up in types.with_parents(i) if up in at]
        if line:
            found[t.code] = line[0]
    return found


def _indicator(rule: IndicatorRule) -> core.Indicator:
    return core.Indicator(
        code=rule.code,
        measure=rule.measure,
        at_least=rule.at_least,
        at_most=rule.at_most,
        equals=rule.equals,
        points=rule.points,
        points_from=rule.points_from,
        points_full=rule.points_full,
        params=rule.params,
        scope=rule.scope,
    )


def _supply(supply: tuple[SupplyNorm, ...], own: dict[str, int], n_cols: int) -> FloatArray:
    out = np.full(n_cols, np.nan)
    for norm in supply:
        if norm.code in own:
            out[own[norm.code]] = norm.per_1000
    return out


def _pairings(
    options: tuple[OptionRule, ...], own: dict[str, int], column: dict[str, int]
) -> tuple[core.Pairing, ...]:
    return tuple(
        core.Pairing(own[function], column[host], o.kind, o.code)
        for o in options
        if o.kind != "movable"
        for function in o.functions
        for host in o.hosts
        if function in own and host in column
    )


def _judgement(rules: RulePack) -> core.Judgement:
    values = {code: v.value for code, v in load_judgement().items()}
    late_h = rules.settings.get("open_late_after_h")
    if isinstance(late_h, int | float):
        values["late_from_min"] = float(late_h) * 60.0
    return core.Judgement(**values)


def counted_outlets(outlets: Outlets, types: BusinessTypes) -> BoolArray:
    """Outlets that count in annex-5 totals: open, and of one of its rows (public facilities are not)."""
    in_form = np.array([t.form_row[:1] in ("B", "Q") for t in types] + [False], bool)
    return np.asarray(in_form[outlets.type_idx] & (outlets.status == OutletStatus.OPEN), bool)


def unstaffed_outlets(outlets: Outlets, types: BusinessTypes) -> BoolArray:
    """Outlets without staff, by their own flag or by their type."""
    by_type = np.array([t.is_unstaffed for t in types] + [False], bool)
    return np.asarray(outlets.is_unstaffed | by_type[outlets.type_idx], bool)


def verified_outlets(outlets: Outlets, rules: RulePack, as_of: str) -> TriArray:
    """
    Whether each outlet was seen on the spot within ``verified_within_days`` of the date of the data.

    A date after the data's own is no proof of it, and a blank one says nothing: both are unknown.
    """
    days = rules.settings.get("verified_within_days")
    flag = np.full(len(outlets), Tri.UNKNOWN, np.int8)
    if not isinstance(days, int | float) or not as_of:
        return flag
    today = dt.date.fromisoformat(as_of)
    for i, day in enumerate(outlets.checked_on):
        age = (today - dt.date.fromisoformat(day)).days if day else -1
        if age >= 0:
            flag[i] = Tri.YES if age <= days else Tri.NO
    return flag


def typed_in(survey: Survey | None, rules: RulePack) -> dict[str, FloatArray]:
    """
    Values per circle that no table can tell, by indicator: what residents answered and people checked.

    A further column of the survey belongs to the indicator whose code or label is its header.
    """
    if survey is None:
        return {}
    answers = {"satisfaction_share": survey.satisfaction_share, "samples": survey.samples}
    found = {i.code: answers[i.measure] for i in rules.indicators if i.measure in answers}
    for i in rules.indicators:
        if i.measure in ("checklist", "external") and i.scope == "circle":
            own = survey.other.get(i.code, survey.other.get(i.label))
            found |= {} if own is None else {i.code: own}
    return found


def functions_of(outlets: Outlets, types: BusinessTypes) -> IntArray:
    """
    Number of different form rows each outlet serves: 一店多能 from two on.

    A dining place that opens early serves breakfast too, but that is its own trade and no further function.
    """
    top = np.array([types.with_parents(i)[-1] for i in range(len(types))], np.int64)
    outlet = np.repeat(np.arange(len(outlets)), np.diff(outlets.service_ptr))
    known = (outlets.service_type_idx >= 0) & ~_same_trade(outlets, types)
    key = np.unique(outlet[known] * len(top) + top[outlets.service_type_idx[known]])
    return np.bincount(key // max(len(top), 1), minlength=len(outlets)).astype(np.int32)


def _same_trade(outlets: Outlets, types: BusinessTypes) -> BoolArray:
    """Services that follow from another one of the same outlet by early opening hours."""
    outlet = np.repeat(np.arange(len(outlets)), np.diff(outlets.service_ptr))
    same = np.zeros(len(outlet), bool)
    for idx, hosts in hours_rules(types):
        is_host = np.isin(outlets.service_type_idx, list(hosts))
        has_host = np.bincount(outlet[is_host], minlength=len(outlets)) > 0
        same |= (outlets.service_type_idx == idx) & has_host[outlet] & (outlets.type_idx[outlet] != idx)
    return same


def unknown_to_osm(types: BusinessTypes, type_rows: IntArray) -> BoolArray:
    """Access columns that OpenStreetMap has no tag for, neither for the type nor for one that refines it."""
    tagged = {up for i, t in enumerate(types) if t.osm for up in types.with_parents(i)}
    return np.array([int(i) not in tagged for i in type_rows], bool)


def streets_of(network: WalkNetwork, attachments: Attachments) -> tuple[str, ...]:
    """Name of the street each point joins, empty where it has none."""
    piece = attachments.piece_idx
    name = (
        np.where(piece >= 0, network.piece_name_idx[piece], -1)
        if network.n_pieces
        else np.full(len(piece), -1)
    )
    return tuple(network.names[i] if i >= 0 else "" for i in name)
