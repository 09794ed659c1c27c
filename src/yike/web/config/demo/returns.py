"""Rounds of returns in mixed states: drafts, handed in, sent back, checked, approved, locked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.utils.timezone import localdate

from yike.errors import RefusedError
from yike.web.accounts.trace import Who
from yike.web.config.demo.areas import Place
from yike.web.config.demo.chance import texts
from yike.web.config.demo.people import Cast
from yike.web.returns.actions.branches import lock_branch, report_branch
from yike.web.returns.actions.cells import fill_cells
from yike.web.returns.actions.steps import approve, check, send_back, submit
from yike.web.returns.actions.waves import close_wave, open_wave
from yike.web.returns.models import Return, Wave

AIMS = ("checked", "submitted", "draft", "checked", "sent_back", "commented")
"""What becomes of the returns, one after the other."""


def load_waves(place: Place, cast: Cast, *, now: dt.datetime, with_earlier: bool) -> None:
    """Open this quarter's round in mixed states; an earlier one, locked, where asked."""
    branch = place.branch
    if Wave.objects.filter(area_code=branch).exists():
        return
    if with_earlier:
        _lock_all(_open(branch, cast, now - dt.timedelta(days=92)), cast, now - dt.timedelta(days=70))
    wave = _open(branch, cast, now)
    for i, row in enumerate(wave.returns.select_related("circle").order_by("circle__code")):
        _move(row, _aim(place, row, i), cast, now)
    _report(wave, cast, now)


def _aim(place: Place, row: Return, i: int) -> str:
    """Something to do for the demo's community and its subdistrict; the others by turns."""
    if place.seats["community"] in (c["code"] for c in row.communities):
        return place.own_return
    if row.home_code.startswith(place.seats["subdistrict"]):
        return "submitted"
    return AIMS[i % len(AIMS)]


def _open(branch: str, cast: Cast, now: dt.datetime) -> Wave:
    today = localdate(now)
    title = f"{today.year}年第{(today.month + 2) // 3}期"
    opens_on, due_on = today - dt.timedelta(days=12), today + dt.timedelta(days=9)
    return open_wave(
        who=cast.by("city", branch), area_code=branch, title=title, as_of=today.replace(day=1),
        opens_on=opens_on, due_on=due_on, now=now, is_invented=True,
    )  # fmt: skip


def _move(row: Return, aim: str, cast: Cast, now: dt.datetime) -> None:
    words = texts()["notes"]
    hand, desk = cast.by("community", row.home_code), cast.by("subdistrict", row.home_code)
    if aim == "draft":
        return
    if aim == "commented":
        _comment(row, hand, words["chain"], now)
    if not _handed_in(row, hand, now) or aim == "submitted":
        return
    if aim == "checked":
        check(who=desk, of=row, now=now)
    elif aim == "sent_back":
        send_back(
            who=desk, of=row, notes={"B01.staff": words["send_back_cell"]}, note=words["send_back"], now=now
        )


def _handed_in(row: Return, hand: Who, now: dt.datetime) -> bool:
    """Hand a form in; one with errors stays a draft, as it would with people."""
    try:
        submit(who=hand, of=row, now=now, samples_reason=texts()["notes"]["few_samples"])
    except RefusedError:
        return False
    return True


def _comment(row: Return, hand: Who, why: str, now: dt.datetime) -> None:
    values = row.revisions.get(number=row.revision).values
    chain, outlets = values.get("B01.chain"), values.get("B01.outlets")
    if isinstance(chain, int) and isinstance(outlets, int) and chain < outlets:
        changed = {"B01.chain": chain + 1}
        fill_cells(who=hand, of=row, values=changed, comments={"B01.chain": why}, seen=None, now=now)


def _report(wave: Wave, cast: Cast, now: dt.datetime) -> None:
    """Let the first subdistrict whose circles are all checked report; others wait for theirs."""
    for branch in sorted({r.home_code[:9] for r in wave.returns.all()}):
        try:
            report_branch(who=cast.by("subdistrict", branch), wave=wave, area_code=branch, now=now)
        except RefusedError:
            continue
        return


def _lock_all(wave: Wave, cast: Cast, now: dt.datetime) -> None:
    """A finished round: every form handed in, checked, reported, approved and locked."""
    rows: Sequence[Return] = list(wave.returns.order_by("circle__code"))
    done = [r for r in rows if _handed_in(r, cast.by("community", r.home_code), now)]
    for row in done:
        check(who=cast.by("subdistrict", row.home_code), of=row, now=now)
    if len(done) < len(rows):
        return
    for digits, role in ((9, "subdistrict"), (6, "district")):
        if digits <= len(wave.area_code):
            continue
        for branch in sorted({r.home_code[:digits] for r in rows}):
            if role == "district":
                for row in wave.returns.filter(home_code__startswith=branch):
                    approve(who=cast.by(role, branch), of=row, now=now)
            report_branch(who=cast.by(role, branch), wave=wave, area_code=branch, now=now)
    lock_branch(who=cast.by("city", wave.area_code), wave=wave, area_code=wave.area_code, now=now)
    close_wave(who=cast.by("city", wave.area_code), wave=wave, now=now)
