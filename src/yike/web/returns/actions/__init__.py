"""
Writes on returns: each one transaction, the rule first, the trace last.

``waves`` opens rounds, ``cells`` fills, ``steps`` moves a return, ``branches`` a merged one, ``files`` takes
what came back, ``notes`` remarks, ``rule_sets`` the limits of the checks.

Example: ``submit(who=who, of=ret, now=now)``
"""

from yike.web.returns.actions.branches import lock_branch, report_branch, send_back_branch, undo_branch
from yike.web.returns.actions.cells import fill_cells, refresh_from_register
from yike.web.returns.actions.files import apply_file, drop_file, take_file, undo_file
from yike.web.returns.actions.notes import add_note, settle_note
from yike.web.returns.actions.rule_sets import add_rule_set
from yike.web.returns.actions.steps import approve, check, correct, lock, send_back, submit, undo_step
from yike.web.returns.actions.waves import add_missing_returns, close_wave, open_wave, reopen_wave

__all__ = [
    "add_missing_returns",
    "add_note",
    "add_rule_set",
    "apply_file",
    "approve",
    "check",
    "close_wave",
    "correct",
    "drop_file",
    "fill_cells",
    "lock",
    "lock_branch",
    "open_wave",
    "refresh_from_register",
    "reopen_wave",
    "report_branch",
    "send_back",
    "send_back_branch",
    "settle_note",
    "submit",
    "take_file",
    "undo_branch",
    "undo_file",
    "undo_step",
]
