"""What circles are judged from: the inputs, and the pack cut into areas with their coverage and presence."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from yike.core.circle.context import MeasureContext
from yike.core.circle.coverage import area_coverage
from yike.core.circle.gaps import find_gaps
from yike.core.circle.presence import Presence, judge_presence, told_coverage
from yike.core.circle.rules import CirclePolicy
from yike.core.network.profile import WalkProfile
from yike.core.tables import (
    AccessTable,
    ByteArray,
    Circles,
    Communities,
    Coverage,
    FloatArray,
    Gaps,
    IntArray,
    LongArray,
    Outlets,
    Places,
    Premises,
    Provenance,
    Tri,
    TriArray,
    WalkTimes,
)
from yike.standards.types import BusinessTypes, RulePack, SupplyNorm
from yike.studies.data_state import data_state_of
from yike.studies.policy import (
    counted_outlets,
    functions_of,
    rules_to_core,
    unstaffed_outlets,
    verified_outlets,
)


@dataclass(frozen=True, eq=False)
class CircleInputs:
    """What the circle part of a run is made from."""

    access: AccessTable
    places: Places
    outlets: Outlets
    communities: Communities
    circles: Circles
    types: BusinessTypes
    rules: RulePack
    supply: tuple[SupplyNorm, ...]
    provenance: Provenance
    profile: WalkProfile
    service_ptr: LongArray
    service_col: IntArray
    premises: Premises | None = None
    outlets_from_osm: bool = False  # then types without a tag cannot be found, and are not called missing
    place_streets: tuple[str, ...] = ()  # ``policy.streets_of``, to name spots by
    external: Mapping[str, FloatArray] = dataclasses.field(default_factory=dict)  # by indicator, per circle
    premises_walks: WalkTimes | None = None  # ``option_walks``; None: options by straight lines
    spot_walks: Callable[[LongArray], WalkTimes | None] | None = None


@dataclass(frozen=True, eq=False)
class Areas:
    """One way to cut the pack into areas, with its coverage and presence."""

    of_place: IntArray
    of_outlet: IntArray
    of_community: IntArray
    coverage: Coverage
    presence: Presence

    @property
    def n(self) -> int:
        """Number of areas."""
        return len(self.coverage.area_ids)


def source_state(inputs: CircleInputs) -> tuple[ByteArray, CirclePolicy]:
    """What the outlet source can tell of each access column, and the policy it is judged by."""
    policy = rules_to_core(inputs.rules, inputs.types, inputs.access.type_rows, inputs.supply)
    return source_data_state(inputs, policy), policy


def source_data_state(inputs: CircleInputs, policy: CirclePolicy) -> ByteArray:
    """What the outlet source can tell of each access column."""
    return data_state_of(
        inputs.outlets,
        inputs.places,
        inputs.provenance,
        inputs.types,
        inputs.access.type_rows,
        (inputs.service_ptr, inputs.service_col),
        policy,
        from_osm=inputs.outlets_from_osm,
    )


def circle_areas(inputs: CircleInputs, policy: CirclePolicy, data_state: ByteArray) -> Areas:
    """The pack cut into circles."""
    return _areas(
        inputs,
        policy,
        data_state,
        inputs.places.circle_idx,
        inputs.outlets.circle_idx,
        inputs.communities.circle_idx,
        inputs.circles.circle_id,
    )


def community_areas(inputs: CircleInputs, policy: CirclePolicy, data_state: ByteArray) -> Areas:
    """The pack cut into communities."""
    return _areas(
        inputs,
        policy,
        data_state,
        inputs.places.community_idx,
        inputs.outlets.community_idx,
        np.arange(len(inputs.communities), dtype=np.int32),
        inputs.communities.community_id,
    )


def city_areas(inputs: CircleInputs, policy: CirclePolicy, data_state: ByteArray) -> Areas:
    """The whole pack as one area."""

    def everybody(n: int) -> IntArray:
        return np.zeros(n, np.int32)

    whole = (inputs.provenance.code,)
    n_communities = len(inputs.communities)
    return _areas(
        inputs,
        policy,
        data_state,
        everybody(len(inputs.places)),
        everybody(len(inputs.outlets)),
        everybody(n_communities),
        whole,
    )


def _areas(
    inputs: CircleInputs,
    policy: CirclePolicy,
    data_state: ByteArray,
    of_place: IntArray,
    of_outlet: IntArray,
    of_community: IntArray,
    ids: tuple[str, ...],
) -> Areas:
    coverage = area_coverage(
        inputs.access,
        inputs.places,
        inputs.outlets,
        of_place,
        of_outlet,
        ids,
        policy.norm_s,
        service_ptr=inputs.service_ptr,
        service_col=inputs.service_col,
    )
    presence = judge_presence(coverage, policy.share, policy.is_required, data_state)
    told = told_coverage(coverage, presence)
    return Areas(of_place, of_outlet, of_community, told, presence)


def gaps_of(inputs: CircleInputs, policy: CirclePolicy, areas: Areas) -> Gaps:
    """Gaps of the areas, worst first."""
    return find_gaps(
        inputs.access, inputs.places, areas.coverage, areas.presence, policy.share, areas.of_place
    )


def context_of(
    inputs: CircleInputs,
    policy: CirclePolicy,
    areas: Areas,
    external: Mapping[str, FloatArray] | None = None,
) -> MeasureContext:
    """What measures are taken from; ``external`` values are typed in by people."""
    return MeasureContext(
        policy=policy,
        coverage=areas.coverage,
        presence=areas.presence,
        outlets=inputs.outlets,
        area_of_outlet=areas.of_outlet,
        is_counted=counted_outlets(inputs.outlets, inputs.types),
        is_unstaffed=unstaffed_outlets(inputs.outlets, inputs.types),
        n_functions=functions_of(inputs.outlets, inputs.types),
        communities=inputs.communities,
        area_of_community=areas.of_community,
        is_verified=verified_outlets(inputs.outlets, inputs.rules, inputs.provenance.as_of),
        is_built=_built(inputs),
        external=external or {},
    )


def _built(inputs: CircleInputs) -> TriArray:
    """Whether each community lies in a circle whose building year has come by the date of the data."""
    year = inputs.circles.build_year
    now = int(inputs.provenance.as_of[:4]) if inputs.provenance.as_of[:4].isdigit() else -1
    known = (year >= 0) & (now >= 0)
    of_circle = np.where(known, (year <= now).astype(np.int8), Tri.UNKNOWN).astype(np.int8)
    circle = inputs.communities.circle_idx
    return np.append(of_circle, np.int8(Tri.NO))[circle]
