"""Opening a round of returns, adding circles that came later, closing it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence

from django.db import IntegrityError, transaction
from django.utils.timezone import localdate

from yike.errors import RefusedError
from yike.web.audit.chain import Who
from yike.web.regions.models import Circle
from yike.web.returns import checks, rules
from yike.web.returns.actions.held import trace_wave
from yike.web.returns.cells import source_to_json, values_to_json
from yike.web.returns.models import Return, ReturnState, ReturnStep, Revision, Wave
from yike.web.returns.prefill import Prefill, circles_of_branch, home_codes, prefilled
from yike.web.returns.queries.rule_sets import limits_in_force


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
    wave = Wave(
        area_code=area_code,
        title=title.strip(),
        as_of=as_of,
        opens_on=opens_on,
        due_on=due_on,
        remind_days=remind_days,
        count_decimals=count_decimals,
        rounding=rounding,
        opened_by=who.account,
        is_invented=is_invented,
    )
    rules.require_role(who, rules.roles_for("open_wave"), area_code, localdate(now), title)
    if Wave.objects.filter(area_code=area_code, title=wave.title).exists():
        raise RefusedError("returns.wave_exists", status=400, title=title)
    wave.limits, wave.limits_title = limits_in_force(area_code, as_of)
    # The register is read before anything is written: on SQLite writers wait for each other.
    filled = _filled(wave, set(), now)
    with transaction.atomic():
        _create_once(wave)
        made = _make_returns(wave, filled, who=who, now=now)
        trace_wave(
            who, "wave.open", wave, now=now,
            after={"title": wave.title, "as_of": as_of, "due_on": due_on, "limits": wave.limits,
                   "returns": [r.code for r in made]},
        )  # fmt: skip
    return wave


def add_missing_returns(*, who: Who, wave: Wave, now: dt.datetime) -> list[Return]:
    """Give a form to circles that have none in a round yet (they were registered later)."""
    rules.require_role(who, rules.roles_for("open_wave"), wave.area_code, localdate(now), wave.title)
    filled = _filled(wave, _circles_in(wave), now)
    with transaction.atomic():
        wave = Wave.objects.select_for_update(no_key=True).get(pk=wave.pk)
        if wave.closed_at is not None:
            raise RefusedError("returns.wave_closed", status=409, title=wave.title)
        have = _circles_in(wave)
        made = _make_returns(wave, [f for f in filled if f[0].pk not in have], who=who, now=now)
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


def _circles_in(wave: Wave) -> set[int]:
    return set(wave.returns.values_list("circle_id", flat=True))


def _create_once(wave: Wave) -> None:
    try:
        with transaction.atomic():
            wave.save(force_insert=True)
    except IntegrityError as twice:
        raise RefusedError("returns.wave_exists", status=400, title=wave.title) from twice


def _filled(wave: Wave, have: Collection[int], now: dt.datetime) -> list[tuple[Circle, Prefill]]:
    """Every circle of a branch that has no form yet, with what the register says of it."""
    circles = [c for c in circles_of_branch(wave.area_code) if c.pk not in have]
    homes = home_codes(circles)
    circles = [c for c in circles if homes[c.pk].startswith(wave.area_code)]
    since, until = checks.answer_days(wave)
    forms = prefilled(
        circles, as_of=wave.as_of, since=since, until=until, now=now,
        satisfied_from=checks.limits_of(wave)["satisfied_from"],
    )  # fmt: skip
    return [(c, forms[c.pk]) for c in circles]


def _make_returns(
    wave: Wave, filled: Sequence[tuple[Circle, Prefill]], *, who: Who, now: dt.datetime
) -> list[Return]:
    made = Return.objects.bulk_create(_return_of(wave, c, form) for c, form in filled)
    for of in made:
        of.code = f"F5-{wave.as_of.year}-{of.pk:06d}"  # the row's number: no two rounds race for one
    Return.objects.bulk_update(made, ["code"], batch_size=200)
    Revision.objects.bulk_create(
        Revision(
            of=of,
            number=1,
            values=values_to_json(form.values),
            sources={k: source_to_json(k, s) for k, s in form.sources.items()},
            opened_at=now,
            opened_by=who.account,
        )
        for of, (_, form) in zip(made, filled, strict=True)
    )
    ReturnStep.objects.bulk_create(
        ReturnStep(of=of, revision=1, state=ReturnState.DRAFT, by=who.account, at=now) for of in made
    )
    return made


def _return_of(wave: Wave, circle: Circle, form: Prefill) -> Return:
    return Return(
        wave=wave,
        circle=circle,
        area_code=circle.area_code,
        home_code=form.home_code,
        communities=form.communities,
        code=f"new-{wave.pk}-{circle.pk}",
        is_invented=circle.is_invented or wave.is_invented,
    )
