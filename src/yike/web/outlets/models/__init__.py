"""Rows of the register."""

from yike.web.outlets.models.facilities import Facility, Premises
from yike.web.outlets.models.imports import BatchState, ImportBatch, ImportRow, Verdict
from yike.web.outlets.models.outlets import (
    AddedService,
    ChainMode,
    LastSeen,
    Outlet,
    OutletEvent,
    OutletStop,
    OutletVersion,
    Status,
)
from yike.web.outlets.models.units import Team, TeamMember, Unit, UnitName

__all__ = [
    "AddedService", "BatchState", "ChainMode", "Facility", "ImportBatch", "ImportRow", "LastSeen", "Outlet",
    "OutletEvent", "OutletStop", "OutletVersion", "Premises", "Status", "Team", "TeamMember", "Unit",
    "UnitName", "Verdict",
]  # fmt: skip
