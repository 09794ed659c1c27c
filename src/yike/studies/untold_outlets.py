"""What the outlet list leaves open: outlets that may have a trade without saying so, lists never surveyed."""

from __future__ import annotations

import numpy as np

from yike.core.tables import BoolArray, OutletStatus
from yike.studies.base import Base
from yike.studies.policy import services_of


def serving_outlets(base: Base, type_idx: int) -> BoolArray:
    """Open outlets that say they have a type, or a narrower one."""
    outlets = base.joined.outlets
    ptr, _ = services_of(outlets, base.types, np.array([type_idx], np.int32))
    return np.asarray((np.diff(ptr) > 0) & (outlets.status == OutletStatus.OPEN))


def untold_outlets(base: Base, type_idx: int) -> BoolArray:
    """Open outlets of the next wider type (维修点 for 修鞋) that name none of its trades."""
    outlets, types = base.joined.outlets, base.types
    above = types.with_parents(type_idx)[1:2]
    if not above:
        return np.zeros(len(outlets), np.bool_)
    narrower = np.array([above[0] in types.with_parents(i)[1:] for i in range(len(types.types))], np.bool_)
    owner = np.repeat(np.arange(len(outlets)), np.diff(outlets.service_ptr))
    known = outlets.service_type_idx >= 0
    says = np.zeros(len(outlets), np.bool_)
    says[owner[known][narrower[outlets.service_type_idx[known]]]] = True
    return np.asarray((outlets.status == OutletStatus.OPEN) & (outlets.type_idx == above[0]) & ~says)


def is_surveyed(base: Base, type_idx: int) -> bool:
    """Whether the list claims to hold every outlet of a type."""
    origin, types = base.pack.provenance, base.types
    named = set(origin.settings.get("surveyed_types", ()))
    return origin.is_surveyed or any(types.types[i].code in named for i in types.with_parents(type_idx))
