"""One cell goes back to what it was before a change: a change of its own, so that the history stays whole."""

from __future__ import annotations

import datetime as dt

from yike.web.audit.chain import Who
from yike.web.returns.actions.cells import fill_cells
from yike.web.returns.cells import from_json
from yike.web.returns.models import CellChange, Return


def revert_cell(*, who: Who, of: Return, change: CellChange, why: str, seen: int, now: dt.datetime) -> Return:
    """Give a cell the value it had before ``change``; the same rules as filling it by hand."""
    old = from_json(change.key, change.old)
    return fill_cells(
        who=who, of=of, values={change.key: old}, comments={change.key: why.strip()}, seen=seen, now=now
    )
