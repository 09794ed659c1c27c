"""
Reads on returns. ``scope`` who sees what, ``single`` one return, ``turns`` whose turn it is, ``filled`` its
checks, ``merging`` merged forms, ``progress`` who has not submitted, ``frozen`` what a paper's code opens.
"""

from yike.web.returns.queries.filled import filled_of, findings_of, samples_of
from yike.web.returns.queries.frozen import Frozen, frozen_by_token
from yike.web.returns.queries.listing import fillable_of, waves_with_counts
from yike.web.returns.queries.merged_form import MergedForm
from yike.web.returns.queries.merging import merged
from yike.web.returns.queries.progress import (
    BranchProgress,
    Waiting,
    progress_of,
    running_wave,
    todo_count,
    waiting_for,
)
from yike.web.returns.queries.scope import (
    files_visible_to,
    one_of,
    returns_in,
    returns_of_branch,
    returns_visible_to,
    revision_or_404,
    unfinished,
    waves_visible_to,
)
from yike.web.returns.queries.single import (
    HistoryLine,
    changed_keys,
    changed_since,
    changes_at,
    doc_of,
    doc_of_revision,
    history_of,
    is_overridden,
    keys_changed_since,
    notes_at,
    open_notes,
    revision_of,
    settings_of,
    sources_of,
    values_at,
    values_of,
    version_of,
)
from yike.web.returns.queries.turns import branch_states, open_to, steps_of, undoable

__all__ = [
    "BranchProgress",
    "Frozen",
    "HistoryLine",
    "MergedForm",
    "Waiting",
    "branch_states",
    "changed_keys",
    "changed_since",
    "changes_at",
    "doc_of",
    "doc_of_revision",
    "files_visible_to",
    "fillable_of",
    "filled_of",
    "findings_of",
    "frozen_by_token",
    "history_of",
    "is_overridden",
    "keys_changed_since",
    "merged",
    "notes_at",
    "one_of",
    "open_notes",
    "open_to",
    "progress_of",
    "returns_in",
    "returns_of_branch",
    "returns_visible_to",
    "revision_of",
    "revision_or_404",
    "running_wave",
    "samples_of",
    "settings_of",
    "sources_of",
    "steps_of",
    "todo_count",
    "undoable",
    "unfinished",
    "values_at",
    "values_of",
    "version_of",
    "waiting_for",
    "waves_visible_to",
    "waves_with_counts",
]
