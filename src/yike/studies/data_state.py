"""Whether the outlet source can tell that a type is missing: the same judgement in a check and in a run."""

from __future__ import annotations

import math

import numpy as np

from yike.core.circle.presence import judge_data
from yike.core.circle.rules import CirclePolicy
from yike.core.tables import (
    BoolArray,
    ByteArray,
    GapState,
    IntArray,
    LongArray,
    Outlets,
    OutletStatus,
    Places,
    Provenance,
)
from yike.errors import Fault
from yike.sources.pack import Pack
from yike.standards.catalogue import types_under
from yike.standards.loader import load_supply, load_types
from yike.standards.types import BusinessTypes, RulePack
from yike.studies.policy import choose_columns, rules_to_core, services_of, unknown_to_osm
from yike.studies.streets import Joined


def data_state_of(
    outlets: Outlets,
    places: Places,
    provenance: Provenance,
    types: BusinessTypes,
    type_rows: IntArray,
    services: tuple[LongArray, IntArray],
    policy: CirclePolicy,
    *,
    from_osm: bool,
) -> ByteArray:
    """State of the data of each access column, see ``core.circle.presence.judge_data``."""
    is_open = outlets.first_of_units(outlets.status == OutletStatus.OPEN)
    outlet = np.repeat(np.arange(len(outlets)), np.diff(services[0]))
    found = np.bincount(services[1][is_open[outlet]], minlength=policy.n_cols)
    known = places.people[~np.isnan(places.people)]
    return judge_data(
        found.astype(np.int32),
        math.fsum(known) if len(known) else math.nan,
        policy.supply_per_1000,
        has_outlets=len(outlets) > 0,
        is_surveyed=_is_surveyed(provenance, types, type_rows),
        judgement=policy.judgement,
        cannot_hold=unknown_to_osm(types, type_rows) if from_osm else None,
    )


def _is_surveyed(provenance: Provenance, types: BusinessTypes, type_rows: IntArray) -> BoolArray:
    """Per access column: whether the outlet list claims to hold every outlet of the type."""
    named = set(provenance.settings.get("surveyed_types", ()))
    kinds = [types.types[int(i)].code for i in type_rows]
    return np.array([provenance.is_surveyed or code in named for code in kinds], bool)


def missing_types(pack: Pack, joined: Joined, rules: RulePack) -> list[Fault]:
    """One warning that names the types asked for which the source hardly holds (数据缺失)."""
    types = types_under(load_types(), rules)
    columns = choose_columns(types, rules, joined.outlets)
    policy = rules_to_core(rules, types, columns, load_supply())
    services = services_of(joined.outlets, types, columns)
    state = data_state_of(
        joined.outlets, joined.places, pack.provenance, types, columns, services, policy,
        from_osm=pack.spec.outlets.source == "osm",
    )  # fmt: skip
    doubted = np.flatnonzero((state == GapState.DATA_MISSING) & policy.is_required)
    if not len(doubted):
        return []
    names = "、".join(types.types[int(columns[c])].label for c in doubted)
    file = pack.spec.outlets.file or pack.spec.network.file
    facts = {"count": len(doubted), "names": names}
    return [Fault("study.types.data_missing", file=file, level="warning", facts=facts)]
