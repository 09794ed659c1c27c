"""Opening a round of returns, adding circles that came later, closing it."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.timezone import localdate

from yike.errors import RefusedError
from yike.web.audit.chain import Who
from yike.web.regions.models import Circle
from yike.web.returns import checks, rules
from yike.web.returns.actions.held import trace_wave
from yike.web.returns.cells import source_to_json, values_to_json
from yike.web.returns.models import Return, ReturnState, ReturnStep, Revision, Wave
from yike.web.returns.prefill import Prefill, circles_of_branch, home_codes, prefilled


def open_wave(
    *,
    who: Who,
    area_code: str,
    title: str,
    as_of: dt.date,
    opens_on: dt.date,
    due_on: dt.date,
    now: dt.datetime,
    remind_days: int = 3,
    count_decimals: int = 2,
    rounding: str = "half_up",
    is_invented: bool = False,
) -> Wave:
    """Open a round for a branch: every circle gets its form, filled from the register."""
    if due_on < opens_on:
        raise RefusedError("returns.wave_days", status=400, found=due_on.isoformat())
    with transaction.atomic():
        rules.require_role(who, rules.roles_for("open_wave"), area_code, localdate(now), title)
        wave, is_new = Wave.objects.get_or_create(
            area_code=area_code,
            title=title.strip(),
            defaults={
                "as_of": as_of,
                "opens_on": opens_on,
                "due_on": due_on,
                "remind_days": remind_days,
                "count_decimals": count_decimals,
                "rounding": rounding,
                "opened_by": who.account,
                "is_invented": is_invented,
            },
        )
        if not is_new:
            raise RefusedError("returns.wave_exists", status=400, title=title)
        made = _make_returns(wave, who=who, now=now)
        trace_wave(
            who, "wave.open", wave, now=now,
            after={"title": wave.title, "as_of": as_of, "due_on": due_on, "returns": [r.code for r in made]},
        )  # fmt: skip
    return wave


def add_missing_returns(*, who: Who, wave: Wave, now: dt.datetime) -> list[Return]:
    """Give a form to circles that have none in a round yet (they were registered later)."""
    with transaction.atomic():
        wave = Wave.objects.select_for_update(no_key=True).get(pk=wave.pk)
        rules.require_role(who, rules.roles_for("open_wave"), wave.area_code, localdate(now), wave.title)
        if wave.closed_at is not None:
            raise RefusedError("returns.wave_closed", status=409, title=wave.title)
        made = _make_returns(wave, who=who, now=now)
        if made:
            trace_wave(who, "wave.add", wave, now=now, after={"returns": [r.code for r in made]})
    return made


def close_wave(*, who: Who, wave: Wave, now: dt.datetime) -> Wave:
    """End a round: nothing of it changes any more until it is opened again."""
    return _set_closed(wave, now, who=who, now=now)


def reopen_wave(*, who: Who, wave: Wave, now: dt.datetime) -> Wave:
    """Open a round that was closed."""
    return _set_closed(wave, None, who=who, now=now)


def _set_closed(wave: Wave, closed_at: dt.datetime | None, *, who: Who, now: dt.datetime) -> Wave:
    with transaction.atomic():
        wave = Wave.objects.select_for_update(no_key=True).get(pk=wave.pk)
        rules.require_role(who, rules.roles_for("open_wave"), wave.area_code, localdate(now), wave.title)
        if (wave.closed_at is None) == (closed_at is None):
            return wave
        wave.closed_at = closed_at
        wave.save(update_fields=["closed_at"])
        trace_wave(who, "wave.close" if closed_at else "wave.reopen", wave, now=now)
    return wave


def _make_returns(wave: Wave, *, who: Who, now: dt.datetime) -> list[Return]:
    have = set(wave.returns.values_list("circle_id", flat=True))
    circles = [c for c in circles_of_branch(wave.area_code) if c.pk not in have]
    homes = home_codes(circles)
    circles = [c for c in circles if homes[c.pk].startswith(wave.area_code)]
    since, until = checks.answer_days(wave)
    forms = prefilled(circles, as_of=wave.as_of, since=since, until=until, now=now)
    return [_make_return(wave, c, forms[c.pk], who=who, now=now) for c in circles]


def _make_return(wave: Wave, circle: Circle, form: Prefill, *, who: Who, now: dt.datetime) -> Return:
    made = Return.objects.create(
        wave=wave,
        circle=circle,
        area_code=circle.area_code,
        home_code=form.home_code,
        communities=form.communities,
        code=f"new-{wave.pk}-{circle.pk}",
        is_invented=circle.is_invented or wave.is_invented,
    )
    made.code = f"F5-{wave.as_of.year}-{made.pk:06d}"  # the row's number, so that no two rounds race for one
    made.save(update_fields=["code"])
    Revision.objects.create(
        of=made,
        number=1,
        values=values_to_json(form.values),
        sources={k: source_to_json(k, s) for k, s in form.sources.items()},
        opened_at=now,
        opened_by=who.account,
    )
    ReturnStep.objects.create(of=made, revision=1, state=ReturnState.DRAFT, by=who.account, at=now)
    return made
