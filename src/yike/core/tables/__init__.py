"""
The tables that carry the whole flow: frozen dataclasses of read-only arrays.

Conventions, everywhere in the project: ``_id`` is the outside world's key, ``_idx`` a row number
0..n-1 with -1 for none; times in seconds, lengths in metres, coordinates WGS-84 degrees or local metres
(spherical transverse Mercator around the network's origin). Unreachable is ``+inf``, unknown is ``NaN``,
none is ``0``. Inside searches, walking time is an integer count of ticks of 1/65,536 second, so that sums
are exact and every algorithm and thread count gives the same bytes.

The names live in the modules beside this one and are passed on here, so that everybody reads and writes
``from yike.core.tables import Outlets`` (docs/decisions/0008-tables-by-concept.md).
"""

from yike.core.tables.access import AccessTable, WalkTimes
from yike.core.tables.arrays import (
    EARTH_RADIUS_M,
    NO_TICKS,
    TICKS_PER_S,
    BoolArray,
    ByteArray,
    Float32Array,
    FloatArray,
    IntArray,
    LongArray,
    Tri,
    TriArray,
    check_lengths,
    freeze,
)
from yike.core.tables.judgement import Assessment, Coverage, Gaps, GapState
from yike.core.tables.origin import Provenance, SourceNote
from yike.core.tables.outlets import Outlets, OutletStatus, Premises
from yike.core.tables.people import Circles, Communities, Places, Survey
from yike.core.tables.plans import PlanStatus, ProjectList, SitingPlan
from yike.core.tables.streets import Attachments, AttachRule, DirectWalks, PieceFlag, StreetGraph, WalkNetwork

__all__ = [
    "EARTH_RADIUS_M",
    "NO_TICKS",
    "TICKS_PER_S",
    "AccessTable",
    "Assessment",
    "AttachRule",
    "Attachments",
    "BoolArray",
    "ByteArray",
    "Circles",
    "Communities",
    "Coverage",
    "DirectWalks",
    "Float32Array",
    "FloatArray",
    "GapState",
    "Gaps",
    "IntArray",
    "LongArray",
    "OutletStatus",
    "Outlets",
    "PieceFlag",
    "Places",
    "PlanStatus",
    "Premises",
    "ProjectList",
    "Provenance",
    "SitingPlan",
    "SourceNote",
    "StreetGraph",
    "Survey",
    "Tri",
    "TriArray",
    "WalkNetwork",
    "WalkTimes",
    "check_lengths",
    "freeze",
]
