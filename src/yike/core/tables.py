"""
The tables that carry the whole flow: frozen dataclasses of read-only arrays.

Conventions, everywhere in the project: ``_id`` is the outside world's key, ``_idx`` a row number
0..n-1 with -1 for none; times in seconds, lengths in metres, coordinates WGS-84 degrees or local metres
(spherical transverse Mercator around the network's origin). Unreachable is ``+inf``, unknown is ``NaN``,
none is ``0``. Inside searches, walking time is an integer count of ticks of 1/65,536 second, so that sums
are exact and every algorithm and thread count gives the same bytes.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from enum import IntEnum, IntFlag, StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
Float32Array = NDArray[np.float32]
IntArray = NDArray[np.int32]
LongArray = NDArray[np.int64]
ByteArray = NDArray[np.uint8]
TriArray = NDArray[np.int8]
BoolArray = NDArray[np.bool_]

TICKS_PER_S = 65_536
"""Resolution of walking time inside searches; 1 tick is about 17 micrometres at 4 km/h."""

NO_TICKS = np.int32(2**31 - 1)
"""Ticks of what cannot be reached."""

EARTH_RADIUS_M = 6_371_008.8
"""Mean Earth radius of the haversine lengths, as in the reference definition."""


class PieceFlag(IntFlag):
    """What a street piece is, as bits of ``WalkNetwork.piece_flags``."""

    STEPS = 1
    PRIVATE = 2  # an inner lane: only for trips that start or end in its compound
    OVERLAY = 4  # added by the planner's overlay file
    BRIDGE = 8
    TUNNEL = 16


class Tri(IntEnum):
    """Yes, no, or nobody knows."""

    UNKNOWN = -1
    NO = 0
    YES = 1


class OutletStatus(IntEnum):
    """Whether an outlet trades; only OPEN outlets count."""

    OPEN = 0
    PLANNED = 1
    SUSPENDED = 2
    CLOSED = 3


class GapState(IntEnum):
    """What is known about a business type in a circle."""

    MET = 0  # 达标
    GAP = 1  # 缺口
    DATA_MISSING = 2  # 数据缺失: the source hardly maps this type
    NOT_SURVEYED = 3  # 未调查: the pack has no outlets at all
    UNKNOWN = 4  # 未知: no people known, or none attached to the network
    NOT_REQUIRED = 5  # 不要求: the rule pack does not ask for it, shown for information


def freeze(instance: Any) -> None:
    """Make the arrays of a frozen dataclass C-contiguous and read-only; call from ``__post_init__``."""
    for f in fields(instance):
        value = getattr(instance, f.name)
        if isinstance(value, np.ndarray):
            if not value.flags.c_contiguous:
                value = np.ascontiguousarray(value)
            elif value.flags.writeable:
                value = value.view()
            value.flags.writeable = False
            object.__setattr__(instance, f.name, value)


def check_lengths(instance: Any, n: int, *names: str) -> None:
    """Raise ValueError when a column has not ``n`` rows."""
    for name in names:
        got = len(getattr(instance, name))
        if got != n:
            raise ValueError(f"{type(instance).__name__}.{name} has {got} rows, expected {n}")


@dataclass(frozen=True, eq=False)
class WalkNetwork:
    """
    Streets one can walk: vertices (every node of a walkable way) and the pieces between them.

    Parallel pieces and loops are kept. Lengths are metres along the true geometry (haversine for OSM).
    """

    vertex_id: LongArray
    vertex_lon: FloatArray
    vertex_lat: FloatArray
    vertex_x_m: FloatArray
    vertex_y_m: FloatArray
    piece_from_idx: IntArray
    piece_to_idx: IntArray
    piece_length_m: FloatArray
    piece_flags: ByteArray
    piece_kind_idx: ByteArray  # row of ``kinds``: highway class, for drawing
    piece_way_id: LongArray  # outside key of the way or edge, 0 unknown
    piece_name_idx: IntArray  # row of ``names``, -1 unnamed
    kinds: tuple[str, ...]
    names: tuple[str, ...]
    origin_lon: float
    origin_lat: float

    def __post_init__(self) -> None:
        freeze(self)

    @property
    def n_vertices(self) -> int:
        """Number of vertices."""
        return len(self.vertex_id)

    @property
    def n_pieces(self) -> int:
        """Number of street pieces."""
        return len(self.piece_from_idx)

    def validate(self) -> None:
        """Raise ValueError when the columns disagree or an index points outside."""
        check_lengths(self, self.n_vertices, "vertex_lon", "vertex_lat", "vertex_x_m", "vertex_y_m")
        check_lengths(
            self,
            self.n_pieces,
            "piece_to_idx",
            "piece_length_m",
            "piece_flags",
            "piece_kind_idx",
            "piece_way_id",
            "piece_name_idx",
        )
        for name in ("piece_from_idx", "piece_to_idx"):
            idx = getattr(self, name)
            if len(idx) and (idx.min() < 0 or idx.max() >= self.n_vertices):
                raise ValueError(f"WalkNetwork.{name} points outside the vertices")
        if np.any(~(self.piece_length_m >= 0)):
            raise ValueError("WalkNetwork.piece_length_m has a negative or unknown length")


@dataclass(frozen=True, eq=False)
class Outlets:
    """
    Shops and service points (网点); one row each, whatever number of functions it has.

    A movable outlet has one row for each stop, so that each stop serves the homes around it; ``unit_idx``
    tells that they are one outlet, which counts once in totals (``first_of_units``).
    """

    outlet_id: tuple[str, ...]
    name: tuple[str, ...]
    lon: FloatArray
    lat: FloatArray
    x_m: FloatArray
    y_m: FloatArray
    type_idx: IntArray  # main business type, row of ``BusinessTypes``; -1 unmatched
    service_ptr: LongArray  # shape (n + 1,): slice of service_type_idx per outlet
    service_type_idx: IntArray  # every type it serves, main type included, ascending, no repeats
    status: ByteArray  # OutletStatus
    is_chain: TriArray  # Tri
    is_movable: BoolArray
    is_unstaffed: BoolArray  # parcel boxes, vending machines, recycling bins
    staff: FloatArray  # persons, NaN unknown
    area_m2: FloatArray  # NaN unknown
    capacity: FloatArray  # NaN unknown
    hours: tuple[str, ...]  # as given, "" unknown
    source_row: IntArray  # row number in the source file as a person counts it, -1 none
    community_idx: IntArray  # community it lies in, -1 none
    circle_idx: IntArray  # circle it lies in, -1 none
    unit_idx: IntArray = field(default_factory=lambda: np.empty(0, np.int32))
    # first row of the same outlet: of its first stop, else its own row; empty means each row its own
    checked_on: tuple[str, ...] = ()  # ISO date when somebody last saw it, "" unknown

    def __post_init__(self) -> None:
        if not len(self.unit_idx):
            object.__setattr__(self, "unit_idx", np.arange(len(self), dtype=np.int32))
        if not self.checked_on:
            object.__setattr__(self, "checked_on", ("",) * len(self))
        freeze(self)

    def __len__(self) -> int:
        return len(self.outlet_id)

    def first_of_units(self, among: BoolArray, area_idx: IntArray | None = None) -> BoolArray:
        """
        Mark one row per outlet: the first marked one, in every area apart.

        Parameters
        ----------
        among : shape (n,)
            Rows that may count (open ones, say).
        area_idx : shape (n,)
            Area of each row; without it all rows lie in one. Stops of one outlet in two areas count in both.
        """
        rows = np.flatnonzero(among)
        area = np.zeros(len(rows), np.int64) if area_idx is None else area_idx[rows].astype(np.int64)
        _, first = np.unique((area + 1) * len(self) + self.unit_idx[rows], return_index=True)
        marked = np.zeros(len(self), np.bool_)
        marked[rows[first]] = True
        return marked

    def validate(self) -> None:
        """Raise ValueError when the columns disagree."""
        n = len(self)
        check_lengths(
            self,
            n,
            "name",
            "lon",
            "lat",
            "x_m",
            "y_m",
            "type_idx",
            "status",
            "is_chain",
            "is_movable",
            "is_unstaffed",
            "staff",
            "area_m2",
            "capacity",
            "hours",
            "source_row",
            "community_idx",
            "circle_idx",
            "unit_idx",
            "checked_on",
        )
        check_lengths(self, n + 1, "service_ptr")


@dataclass(frozen=True, eq=False)
class Places:
    """Where people live (居住点): a building, an entrance, a 小区 or a grid cell."""

    place_id: tuple[str, ...]
    name: tuple[str, ...]
    lon: FloatArray
    lat: FloatArray
    x_m: FloatArray
    y_m: FloatArray
    people: FloatArray  # residents, NaN unknown
    households: FloatArray  # NaN unknown
    bands: tuple[str, ...]  # age bands known, e.g. ("0-3", "60+"); codes of ``AGE_BANDS`` in standards
    people_by_band: FloatArray  # shape (n, len(bands)), NaN unknown
    community_idx: IntArray  # -1 none
    circle_idx: IntArray  # -1 none
    compound_idx: IntArray  # gated compound it lies in, -1 none
    is_estimated: BoolArray  # people estimated by us (估算), not given
    people_method: (
        str  # "given" | "grid" | "community_total_by_floor_area" | "floor_area" | "equal" | "unknown"
    )
    source_row: IntArray

    def __post_init__(self) -> None:
        freeze(self)

    def __len__(self) -> int:
        return len(self.place_id)

    def validate(self) -> None:
        """Raise ValueError when the columns disagree or people are negative."""
        check_lengths(
            self,
            len(self),
            "name",
            "lon",
            "lat",
            "x_m",
            "y_m",
            "people",
            "households",
            "people_by_band",
            "community_idx",
            "circle_idx",
            "compound_idx",
            "is_estimated",
            "source_row",
        )
        if np.any(self.people < 0):
            raise ValueError("Places.people has a negative number")


@dataclass(frozen=True, eq=False)
class Communities:
    """Communities (社区): the lowest level of the register."""

    community_id: tuple[str, ...]  # 12-digit code where known, else the pack's own
    name: tuple[str, ...]
    street: tuple[str, ...]  # 街道 name, "" unknown
    kind: tuple[str, ...]  # "new" | "old" | ""
    people: FloatArray  # stated total, NaN unknown
    households: FloatArray
    total_floor_m2: FloatArray  # NaN unknown
    commercial_floor_m2: FloatArray  # commercial and integrated service floor area, NaN unknown
    service_floor_m2: FloatArray  # 社区综合服务设施 area, NaN unknown
    polygons: tuple[Any, ...]  # shapely geometry in WGS-84 degrees or None
    circle_idx: IntArray  # -1 none
    delineation: str  # "polygons" | "walking_voronoi" | "column" | "none"

    def __post_init__(self) -> None:
        freeze(self)

    def __len__(self) -> int:
        return len(self.community_id)


@dataclass(frozen=True, eq=False)
class Circles:
    """Living circles (便民生活圈): one or several communities."""

    circle_id: tuple[str, ...]
    name: tuple[str, ...]
    lead_community: tuple[str, ...]
    build_year: IntArray  # -1 unknown
    polygons: tuple[Any, ...]  # shapely geometry in WGS-84 degrees or None
    n_centres: IntArray  # 社区商业中心 in 座, -1 unknown
    operator_kinds: tuple[tuple[str, ...], ...]  # the form's five choices, empty unknown
    layout_form: tuple[str, ...]  # as declared by the pack, "" unknown
    has_platform: TriArray  # Tri

    def __post_init__(self) -> None:
        freeze(self)

    def __len__(self) -> int:
        return len(self.circle_id)


@dataclass(frozen=True, eq=False)
class Survey:
    """
    What residents answered, per circle: satisfaction and needs, overall and by row of the form.

    Shares are of valid answers; who does not know or never uses a type is not in the base.
    """

    satisfaction_share: FloatArray  # (n_circles,) overall, NaN unknown
    samples: FloatArray  # (n_circles,) valid questionnaires, NaN unknown
    needs: tuple[str, ...]  # (n_circles,) overall, "" none told
    form_rows: tuple[str, ...]  # rows of the form that somebody answered about, in the form's order
    share_by_row: FloatArray  # (n_circles, n_rows), NaN unknown
    needs_by_row: tuple[tuple[str, ...], ...]  # (n_circles, n_rows)
    other: dict[str, FloatArray] = field(default_factory=dict)
    # header -> (n_circles,): further columns of numbers, for indicators that people type in

    def __post_init__(self) -> None:
        freeze(self)

    def row(self, circle_idx: int, form_row: str) -> tuple[float, str]:
        """Satisfaction and needs of one row of the form; NaN and "" when nobody answered."""
        if form_row not in self.form_rows:
            return float("nan"), ""
        at = self.form_rows.index(form_row)
        return float(self.share_by_row[circle_idx, at]), self.needs_by_row[circle_idx][at]


@dataclass(frozen=True, eq=False)
class Premises:
    """Idle rooms, plots, kiosks (闲置用房、地块、亭): candidates for the siting models."""

    premises_id: tuple[str, ...]
    name: tuple[str, ...]
    kind: tuple[str, ...]
    lon: FloatArray
    lat: FloatArray
    x_m: FloatArray
    y_m: FloatArray
    area_m2: FloatArray
    owner: tuple[str, ...]
    state: tuple[str, ...]
    allowed_types: tuple[tuple[str, ...], ...]
    cost_fen: LongArray  # what it costs once, to make it fit for use; -1 unknown
    hours: tuple[str, ...]
    source_row: IntArray
    kind_code: tuple[str, ...] = ()  # kind of idle space (``site_rules.toml``), "" not known
    rent_fen: LongArray = field(default_factory=lambda: np.empty(0, np.int64))  # a year, -1 unknown

    def __post_init__(self) -> None:
        if not self.kind_code:
            object.__setattr__(self, "kind_code", ("",) * len(self))
        if not len(self.rent_fen):
            object.__setattr__(self, "rent_fen", np.full(len(self), -1, np.int64))
        freeze(self)

    def __len__(self) -> int:
        return len(self.premises_id)


@dataclass(frozen=True, eq=False)
class StreetGraph:
    """
    The network under one walking profile, contracted to junctions, for searching.

    Every vertex of the ``WalkNetwork`` keeps its place on an edge, so nothing is lost: an edge is a chain
    of pieces; offsets count ticks from the edge's start. Loops and parallel edges are kept in the edge
    columns; the CSR columns leave loops out (they shorten no walk between junctions).
    """

    junction_vertex_idx: IntArray  # shape (n_junctions,), in Hilbert order
    indptr: IntArray  # shape (n_junctions + 1,)
    neighbour_idx: IntArray
    neighbour_ticks: IntArray
    edge_from_idx: IntArray  # junction
    edge_to_idx: IntArray  # junction
    edge_ticks: IntArray
    chain_ptr: LongArray  # shape (n_edges + 1,): slice of the chain columns per edge
    chain_vertex_idx: IntArray  # vertices along the edge, both ends included
    chain_ticks: IntArray  # offset of each of them from the edge's start
    piece_edge_idx: IntArray  # shape (n_pieces,): -1 where the profile may not walk
    piece_start_ticks: IntArray  # offset of the piece's end that lies nearer the edge's start
    piece_is_reversed: BoolArray  # the piece runs against its edge
    piece_ticks: IntArray
    component_idx: IntArray  # per junction
    component_size: IntArray  # vertices (of the uncontracted network) per component
    speed_m_s: float
    profile: str

    def __post_init__(self) -> None:
        freeze(self)

    @property
    def n_junctions(self) -> int:
        """Number of junctions."""
        return len(self.junction_vertex_idx)

    @property
    def n_edges(self) -> int:
        """Number of edges."""
        return len(self.edge_from_idx)


@dataclass(frozen=True, eq=False)
class Attachments:
    """
    How points join a ``StreetGraph``: the ends they can walk to, and what that costs.

    ``end_ptr`` gives each point a slice of (junction, ticks) pairs: two for a point on a street (either
    end of its edge, walk to the street included), more for a point behind gates, none when 未接入.
    """

    is_attached: BoolArray
    piece_idx: IntArray  # street piece of the foot point, -1 none (unattached, or reached by gates)
    edge_idx: IntArray
    edge_offset_ticks: IntArray
    access_ticks: IntArray  # straight walk from point to foot point
    distance_m: FloatArray  # the same in metres, NaN unattached
    foot_x_m: FloatArray
    foot_y_m: FloatArray
    end_ptr: LongArray  # shape (n + 1,)
    end_junction_idx: IntArray
    end_ticks: IntArray
    compound_idx: IntArray  # -1 outside compounds
    rule: ByteArray  # AttachRule

    def __post_init__(self) -> None:
        freeze(self)

    def __len__(self) -> int:
        return len(self.is_attached)


class AttachRule(IntEnum):
    """By which rule a point joined the network."""

    NONE = 0  # 未接入
    STREET = 1  # nearest street, no compound known
    GATE_LANES = 2  # through gates, by mapped inner lanes
    GATE_STRAIGHT = 3  # through gates, straight line times the stated detour


@dataclass(frozen=True, eq=False)
class DirectWalks:
    """
    Walks that need no junction: both points on one edge, or both in one compound.

    A place's slice of (outlet, ticks) pairs; the walking time of a pair is the smaller of this and the
    best walk over junctions.
    """

    ptr: LongArray  # shape (n_places + 1,)
    outlet_idx: IntArray  # ascending inside a slice
    ticks: IntArray

    def __post_init__(self) -> None:
        freeze(self)


@dataclass(frozen=True, eq=False)
class WalkTimes:
    """Sparse walking times, place to outlet, up to a limit; absent pairs are beyond it."""

    ptr: LongArray  # shape (n_places + 1,)
    outlet_idx: IntArray  # ascending inside a slice
    walk_s: Float32Array
    limit_s: float

    def __post_init__(self) -> None:
        freeze(self)


@dataclass(frozen=True, eq=False)
class AccessTable:
    """
    Place x business type: seconds to the nearest outlet, which one, and how many within each cutoff.

    ``nearest_s`` is ``+inf`` where none lies within ``limit_s`` and ``NaN`` where the place is 未接入.
    """

    nearest_s: Float32Array  # shape (n_places, n_types)
    nearest_outlet_idx: IntArray  # shape (n_places, n_types), -1 none; ties to the lowest index
    count: IntArray  # shape (n_places, n_types, n_cutoffs); 0 where 未接入 (see is_attached)
    is_attached: BoolArray
    cutoffs_s: tuple[float, ...]
    limit_s: float
    type_rows: IntArray  # business type (row of BusinessTypes) of each column

    def __post_init__(self) -> None:
        freeze(self)

    def column_of(self, type_idx: int) -> int:
        """Column of a business type; raises KeyError when the table has none."""
        hit = np.flatnonzero(self.type_rows == type_idx)
        if not len(hit):
            raise KeyError(type_idx)
        return int(hit[0])


@dataclass(frozen=True, eq=False)
class Coverage:
    """
    Area x business type: how many residents reach one, by 5/10/15 minutes and within the norm.

    The same shape serves circles and communities. People of unattached places are counted apart.
    """

    area_ids: tuple[str, ...]
    type_rows: IntArray
    cutoffs_s: tuple[float, ...]
    people: FloatArray  # (n_areas,) residents known, attached or not; NaN when none is known
    people_attached: FloatArray  # (n_areas,)
    people_within: FloatArray  # (n_areas, n_types, n_cutoffs) residents who reach one by the cutoff
    people_in_norm: FloatArray  # (n_areas, n_types) by the type's own norm
    share_in_norm: FloatArray  # (n_areas, n_types) of attached residents, NaN unknown
    mean_nearest_s: FloatArray  # (n_areas, n_types) people-weighted over those who reach one, NaN none
    n_outlets: IntArray  # (n_areas, n_types) open outlets serving the type that lie in the area
    norm_s: FloatArray  # (n_types,) NaN where the rule pack sets none
    median_nearest_s: FloatArray = field(default_factory=lambda: np.empty((0, 0)))
    # (n_areas, n_types) over all attached residents; +inf when more than half reach none, NaN unknown
    weights: tuple[
        str, ...
    ] = ()  # per area "people" | "equal" (no people known: places alike, 估算) | "none"
    n_places: IntArray = field(default_factory=lambda: np.empty(0, np.int32))  # (n_areas,)
    n_unattached: IntArray = field(default_factory=lambda: np.empty(0, np.int32))  # places 未接入
    n_people_unknown: IntArray = field(default_factory=lambda: np.empty(0, np.int32))  # places

    def __post_init__(self) -> None:
        freeze(self)


@dataclass(frozen=True, eq=False)
class Assessment:
    """Circle x indicator: value against target, score, and the grade that follows."""

    circle_ids: tuple[str, ...]
    indicator: tuple[str, ...]
    value: FloatArray  # (n_circles, n_indicators), NaN unknown
    numerator: FloatArray  # NaN where the measure has none
    denominator: FloatArray
    target: FloatArray  # (n_indicators,), NaN none
    is_met: TriArray  # (n_circles, n_indicators) Tri
    points: FloatArray  # (n_circles, n_indicators) scored, NaN not scored or not measurable
    points_max: FloatArray  # (n_indicators,), NaN not scored
    score: FloatArray  # (n_circles,) sum of known points, NaN when nothing is known
    score_known_max: FloatArray  # (n_circles,) points that could be measured at all
    grade: tuple[str, ...]  # code of the level, "" none reached, "unknown" undecidable
    grade_reason: tuple[tuple[str, ...], ...]  # codes of the gates that failed or are unknown
    rule_pack: str

    def __post_init__(self) -> None:
        freeze(self)


@dataclass(frozen=True, eq=False)
class Gaps:
    """Circle x business type, worst first: who lacks what, and by how much."""

    circle_idx: IntArray
    type_idx: IntArray  # row of BusinessTypes
    state: ByteArray  # GapState
    norm_s: FloatArray
    share_in_norm: FloatArray  # NaN unknown
    share_required: FloatArray
    shortfall: FloatArray  # share missing to the required share, 0 when met, NaN unknown
    people_unserved: FloatArray  # attached residents beyond the norm, NaN unknown
    person_minutes: FloatArray  # residents x minutes over the norm (beyond the search limit: at the limit)
    bands: tuple[str, ...]
    unserved_by_band: FloatArray  # (n_gaps, n_bands), NaN unknown
    rank: IntArray  # 1.. among GAP rows, 0 otherwise
    place_ptr: LongArray  # slice of place_idx per row: the unserved places, worst first
    place_idx: IntArray

    def __post_init__(self) -> None:
        freeze(self)

    def __len__(self) -> int:
        return len(self.circle_idx)


class PlanStatus(StrEnum):
    """How far a plan is proven; a plan found before time ran out is BOUNDED, never OPTIMAL."""

    OPTIMAL = "optimal"  # proven: no plan is better
    BOUNDED = "bounded"  # a plan, and how far from the best it can be at most


@dataclass(frozen=True, eq=False)
class SitingPlan:
    """
    A proposed site and what it takes in, one row each, in the order in which to build.

    ``people_gained`` counts who is newly served when the rows above it stand already; its unit is that of
    the weights (residents, residents of an age band, voices), NaN where the model does not count people.
    """

    site_idx: IntArray  # row of the candidates
    type_idx: IntArray  # row of BusinessTypes, -1 where the problem names no type
    people_gained: FloatArray
    cost_fen: LongArray  # 0 where the problem has no costs
    model: str  # "mclp", "lscp", "p_median", ...
    sense: str  # "max" | "min"
    objective: float
    bound: float  # no plan is better than this
    status: PlanStatus
    stopped_by: str  # "proof" | "time" | "work" | "person": what ended the search
    method: str  # what found the plan and what proved the bound
    seconds: float
    seed: int

    def __post_init__(self) -> None:
        freeze(self)

    def __len__(self) -> int:
        return len(self.site_idx)

    @property
    def gap(self) -> float:
        """Distance between objective and bound as a share of the larger of them; 0 when proven."""
        if self.status is PlanStatus.OPTIMAL or self.objective == self.bound:
            return 0.0
        return abs(self.bound - self.objective) / max(abs(self.bound), abs(self.objective))


@dataclass(frozen=True, eq=False)
class ProjectList:
    """
    Proposed projects (项目清单), one row each, in the order in which to build: what, where, who, by when.

    One project stands on one site and may hold several types. Numbers are for all its types together; a
    resident newly served with two types counts twice in ``people_gained`` (人次), as in a siting plan.
    """

    project_id: tuple[str, ...]
    name: tuple[str, ...]
    site_id: tuple[str, ...]
    site_name: tuple[str, ...]
    site_kind: tuple[str, ...]  # kinds of Candidates
    lon: FloatArray  # WGS-84 degrees
    lat: FloatArray
    type_idx: tuple[tuple[int, ...], ...]  # rows of BusinessTypes
    gap_rows: tuple[tuple[int, ...], ...]  # rows of Gaps that it answers
    content: tuple[str, ...]
    mode: tuple[str, ...]  # code of the way it is done
    lead: tuple[tuple[str, ...], ...]
    supporting: tuple[tuple[str, ...], ...]
    cost_low_fen: LongArray  # -1 unknown
    cost_high_fen: LongArray
    start_on: tuple[str, ...]  # ISO date, "" not set
    due_on: tuple[str, ...]  # ISO date, "" standing or not said
    due_text: tuple[str, ...]
    stage: tuple[str, ...]
    progress_share: FloatArray  # 0-1, NaN not reported
    people_gained: FloatArray  # when the rows above stand already; NaN where no people are known
    person_minutes_saved: FloatArray
    people_per_wan: FloatArray  # people gained per 10,000 yuan of the band's middle, NaN unknown
    explanation: tuple[str, ...]

    def __post_init__(self) -> None:
        freeze(self)

    def __len__(self) -> int:
        return len(self.project_id)


@dataclass(frozen=True)
class SourceNote:
    """One data source of a pack: who made it, under which licence, of which date."""

    name: str
    licence: str
    url: str = ""
    as_of: str = ""  # ISO date, "" unknown
    attribution: str = ""
    covers: tuple[str, ...] = ()  # "network", "outlets", "places", ...


@dataclass(frozen=True)
class Provenance:
    """What every output says of its origin."""

    code: str
    name: str
    division: str
    as_of: str  # ISO date of the data
    is_invented: bool  # 虚构 on every page when true
    sources: tuple[SourceNote, ...]
    estimates: tuple[str, ...] = ()  # sentences on what was estimated (估算) and how
    map_review_no: str = ""  # 审图号
    is_surveyed: bool = False  # the outlet list claims to be complete
    settings: dict[str, Any] = field(default_factory=dict)
