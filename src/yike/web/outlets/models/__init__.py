"""Rows of the register."""

from yike.web.outlets.models.edits import BatchEdit, EditedOutlet
from yike.web.outlets.models.facilities import Facility, Premises
from yike.web.outlets.models.imports import (
    BatchState,
    ImportBatch,
    ImportKind,
    ImportRow,
    StagedChange,
    Verdict,
)
from yike.web.outlets.models.outlets import (
    PHONE,
    AddedService,
    ChainMode,
    LastSeen,
    Outlet,
    OutletEvent,
    OutletStop,
    OutletVersion,
    Status,
)
from yike.web.outlets.models.photos import OutletPhoto
from yike.web.outlets.models.views import SavedView

__all__ = [
    "PHONE", "AddedService", "BatchEdit", "BatchState", "ChainMode", "EditedOutlet", "Facility",
    "ImportBatch", "ImportKind", "ImportRow", "LastSeen", "Outlet", "OutletEvent", "OutletPhoto",
    "OutletStop", "OutletVersion", "Premises", "SavedView", "StagedChange", "Status", "Verdict",
]  # fmt: skip
