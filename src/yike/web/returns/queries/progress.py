"""Who has submitted and who has not, level by level; what waits for a person."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from yike.web.accounts.models import Account
from yike.web.audit.chain import Who
from yike.web.regions.codes import LENGTHS
from yike.web.returns import rules
from yike.web.returns.models import BranchState, Return, ReturnState, Wave
from yike.web.returns.prefill import areas_named
from yike.web.returns.queries.filled import findings_of
from yike.web.returns.queries.scope import returns_of_branch, returns_visible_to, waves_visible_to
from yike.web.returns.queries.turns import branch_states


@dataclass(frozen=True)
class BranchProgress:
    """How far the returns of one branch are."""

    area_code: str
    name: str
    level: str
    circles: int
    by_state: dict[str, int]
    missing: list[Return]  # not submitted
    state: str  # of the branch's merged return
    can_report: bool  # every return has been agreed to here

    @property
    def submitted(self) -> int:
        """Returns that are in."""
        return self.circles - len(self.missing)


def progress_of(wave: Wave, branch: str) -> list[BranchProgress]:
    """A branch and every branch below it down to the subdistrict, by code, each with who is missing."""
    returns = list(returns_of_branch(wave, branch))
    depths = [n for n in LENGTHS.values() if len(branch) < n <= 9]
    branches = sorted({branch} | {r.home_code[:n] for r in returns for n in depths})
    names, states = areas_named(branches), branch_states(wave)
    return [
        _progress(wave, b, *names[b], [r for r in returns if r.home_code.startswith(b)], states)
        for b in branches
    ]


def _progress(
    wave: Wave, branch: str, name: str, level: str, own: Sequence[Return], states: dict[str, str]
) -> BranchProgress:
    by_state = {str(s): sum(r.state == s for r in own) for s in ReturnState}
    return BranchProgress(
        area_code=branch,
        name=name,
        level=level,
        circles=len(own),
        by_state={s: n for s, n in by_state.items() if n},
        missing=[r for r in own if r.state in rules.FILLABLE],
        state=states.get(branch, BranchState.OPEN),
        can_report=_can_report(wave, branch, own),
    )


def _can_report(wave: Wave, branch: str, own: Sequence[Return]) -> bool:
    if not own or len(branch) <= len(wave.area_code):
        return False
    level = next((v for v in rules.path_of(wave) if v.digits == len(branch)), None)
    done = rules.reached(wave, level.enters) if level else 0
    return level is not None and all(rules.reached(wave, r.state) >= done for r in own)


@dataclass(frozen=True)
class Waiting:
    """What waits for a person in waves that are open."""

    to_fill: list[Return] = field(default_factory=list)
    sent_back: list[Return] = field(default_factory=list)
    red_cells: int = 0  # cells with errors in those
    to_check: list[Return] = field(default_factory=list)  # submitted, her level's turn
    not_submitted: list[Return] = field(default_factory=list)  # of the branches she looks after
    due_on: dt.date | None = None  # the nearest


def waiting_for(account: Account, today: dt.date) -> Waiting:
    """What a first screen reminds of."""
    seen = returns_visible_to(account, today)
    open_ones = list(seen.filter(wave__closed_at__isnull=True, wave__opens_on__lte=today))
    mine = [r for r in open_ones if r.state in rules.FILLABLE]
    own = rules.Standing(Who(account), today)
    fills = [r for r in mine if own.may_fill(r)]
    back = [r for r in fills if r.state == ReturnState.SENT_BACK]
    return Waiting(
        to_fill=[r for r in fills if r.state == ReturnState.DRAFT],
        sent_back=back,
        red_cells=sum(_reds(r) for r in fills[:20]),
        to_check=_to_check(own, open_ones),
        not_submitted=[r for r in mine if _looks_after(own, r)],
        due_on=min((r.wave.due_on for r in mine), default=None),
    )


def todo_count(account: Account, today: dt.date) -> int:
    """How many returns wait for a person: to fill, to put right, to look at."""
    seen = returns_visible_to(account, today)
    returns = list(seen.filter(wave__closed_at__isnull=True, wave__opens_on__lte=today))
    own = rules.Standing(Who(account), today)
    fills = sum(r.state in rules.FILLABLE and own.may_fill(r) for r in returns)
    return fills + len(_to_check(own, returns))


def running_wave(account: Account, today: dt.date) -> Wave | None:
    """The wave that is open and due next."""
    waves = waves_visible_to(account, today).filter(closed_at__isnull=True, opens_on__lte=today)
    return waves.order_by("due_on", "pk").first()


def _reds(of: Return) -> int:
    return len({f.key for f in findings_of(of) if f.severity == "error"})


def _to_check(own: rules.Standing, returns: Sequence[Return]) -> list[Return]:
    states: dict[int, dict[str, str]] = {}
    found = []
    for of in returns:
        if of.state in rules.FILLABLE or of.state == ReturnState.LOCKED:
            continue
        if of.wave_id not in states:
            states[of.wave_id] = branch_states(of.wave)
        level = rules.holder_of(of, states[of.wave_id])
        if level is None or level.enters == of.state:
            continue
        if own.may_at(level, rules.branch_at(level, of)):
            found.append(of)
    return found


def _looks_after(own: rules.Standing, of: Return) -> bool:
    return any(own.may_at(level, rules.branch_at(level, of)) for level in rules.path_of(of.wave))
