"""Writes on needs: note, add a voice, classify, merge, part, decide, take up again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.timezone import localdate

from yike.errors import RefusedError
from yike.standards.loader import load_types
from yike.web.audit.chain import Who, record
from yike.web.regions.models import Area, Circle
from yike.web.voices import rules
from yike.web.voices.models import Need, NeedStep, NeedVoice, Survey
from yike.web.voices.questions import row_labels
from yike.web.voices.speech import row_of, type_of, without_numbers


@dataclass(frozen=True)
class Said:
    """What somebody said, as it is noted."""

    text: str
    channel: str
    said_on: dt.date
    building: str = ""
    age_band: str = ""
    is_urgent: bool = False
    is_proxy: bool = False
    voices: int = 1


def note_need(
    *,
    who: Who,
    circle: Circle,
    said: Said,
    now: dt.datetime,
    community: Area | None = None,
    type_code: str | None = None,
    is_invented: bool = False,
    survey: Survey | None = None,
) -> Need:
    """Note a new need; without ``type_code`` its words are looked up in the catalogue."""
    branch = community.branch if community else circle.area_code
    text = without_numbers(said.text)
    kind = type_of(text) if type_code is None else type_code
    with transaction.atomic():
        rules.require(who, "note", circle, branch, localdate(now))
        _require_voices(said.voices)
        need = Need.objects.create(
            circle=circle, community=community, area_code=branch, building=said.building, text=text,
            type_code=kind, form_row=row_of(kind), age_band=said.age_band, channel=said.channel,
            is_urgent=said.is_urgent, is_proxy=said.is_proxy, voices=said.voices, said_on=said.said_on,
            noted_at=now, noted_by=who.account, is_invented=is_invented,
        )  # fmt: skip
        _keep_voice(need, said, who=who, now=now, survey=survey)
        _step(need, Need.State.NEW, who=who, now=now)
        _trace(who, "need.note", need, now=now, after={"text": text, "row": need.form_row})
    return need


def add_voice(*, who: Who, need: Need, said: Said, now: dt.datetime) -> Need:
    """Somebody else asks for the same: one need, one voice more."""
    with transaction.atomic():
        need = _lock(need)
        rules.require(who, "note", need.circle, need.area_code, localdate(now))
        rules.require_state(need, *rules.OPEN_STATES)
        _require_voices(said.voices)
        before = need.voices
        urgent = need.is_urgent or said.is_urgent
        Need.objects.filter(pk=need.pk).update(voices=F("voices") + said.voices, is_urgent=urgent)
        _keep_voice(need, said, who=who, now=now)
        need.refresh_from_db()
        _trace(who, "need.voice", need, now=now, before={"voices": before}, after={"voices": need.voices})
    return need


def note_from_survey(
    *, who: Who, survey: Survey, row: str, voices: int, channel: str, now: dt.datetime
) -> Need:
    """Note what a closed survey found missing as one need with as many voices; once a survey and row."""
    kind = next((t.code for t in load_types() if t.form_row == row and not t.parent), "")
    if survey.closed_at is None or not kind:
        raise RefusedError("voices.survey.not_closed", status=409, title=survey.title)
    with transaction.atomic():
        Survey.objects.select_for_update().get(pk=survey.pk)
        if NeedVoice.objects.filter(survey=survey, need__form_row=row).exists():
            raise RefusedError("voices.survey.noted", status=409, label=row_labels()[row])
        said = Said(f"缺{row_labels()[row]}", channel, localdate(survey.closed_at), voices=voices)
        return note_need(
            who=who, circle=survey.circle, said=said, now=now, type_code=kind, survey=survey,
            is_invented=survey.is_invented,
        )  # fmt: skip


def classify_need(
    *, who: Who, need: Need, now: dt.datetime, text: str, type_code: str, building: str
) -> Need:
    """Put words, type and place of a need right; what was said stays with its voices."""
    with transaction.atomic():
        need = _lock(need)
        rules.require(who, "note", need.circle, need.area_code, localdate(now))
        rules.require_state(need, *rules.OPEN_STATES)
        wanted = {"text": without_numbers(text), "type_code": type_code, "building": building}
        before = {k: getattr(need, k) for k, v in wanted.items() if getattr(need, k) != v}
        if not before:
            return need
        Need.objects.filter(pk=need.pk).update(**wanted, form_row=row_of(type_code))
        need.refresh_from_db()
        _trace(who, "need.classify", need, now=now, before=before, after={k: wanted[k] for k in before})
    return need


def merge_needs(*, who: Who, keep: Need, others: Collection[Need], now: dt.datetime) -> Need:
    """Let one need stand for several of its circle; the others stay readable and can be parted again."""
    with transaction.atomic():
        locked = {n.pk: n for n in _locked({keep.pk, *(o.pk for o in others)})}
        keep = locked.pop(keep.pk)
        if not locked or any(o.circle_id != keep.circle_id for o in locked.values()):
            raise RefusedError("voices.need.merge_self", status=409)
        rules.require(who, "merge", keep.circle, keep.area_code, localdate(now))
        for need in (keep, *locked.values()):
            rules.require(who, "merge", need.circle, need.area_code, localdate(now))
            rules.require_state(need, *rules.OPEN_STATES)
        for other in locked.values():
            _fold(other, keep, who=who, now=now)
        keep.refresh_from_db()
        _trace(
            who, "need.merge", keep, now=now,
            after={"voices": keep.voices, "merged": sorted(locked)},
        )  # fmt: skip
    return keep


def _fold(other: Need, keep: Need, *, who: Who, now: dt.datetime) -> None:
    Need.objects.filter(pk=other.pk).update(state=Need.State.MERGED, merged_into=keep)
    urgent = {"is_urgent": True} if other.is_urgent else {}
    Need.objects.filter(pk=keep.pk).update(voices=F("voices") + other.voices, **urgent)
    _step(other, Need.State.MERGED, who=who, now=now, into=keep)


def part_need(*, who: Who, need: Need, now: dt.datetime, note: str = "") -> Need:
    """Take a merged need out again, with the voices it brought; it waits for a decision."""
    with transaction.atomic():
        need = _lock(need)
        rules.require(who, "merge", need.circle, need.area_code, localdate(now))
        rules.require_state(need, Need.State.MERGED)
        keep = need.merged_into
        if keep is None:
            raise RefusedError("voices.need.merge_self", status=409)
        rules.require_state(keep, *rules.OPEN_STATES)
        Need.objects.filter(pk=keep.pk).update(voices=F("voices") - need.voices)
        Need.objects.filter(pk=need.pk).update(state=Need.State.NEW, merged_into=None)
        _step(need, Need.State.NEW, who=who, now=now, note=note)
        need.refresh_from_db()
        _trace(who, "need.part", need, now=now, before={"merged_into": keep.pk}, note=note)
    return need


def decide_need(*, who: Who, need: Need, kind: str, note: str, now: dt.datetime) -> Need:
    """Confirm a need for the list, or turn it down with the reason that residents are told."""
    decision = rules.require_decision(kind, note)
    with transaction.atomic():
        need = _lock(need)
        rules.require(who, "decide", need.circle, need.area_code, localdate(now))
        rules.require_state(need, Need.State.NEW)
        _settle(need, decision.state, kind=kind, note=note)
        _step(need, decision.state, who=who, now=now, kind=kind, note=note)
        _trace(who, "need.decide", need, now=now, after={"state": decision.state, "kind": kind}, note=note)
    return need


def reopen_need(*, who: Who, need: Need, now: dt.datetime, note: str = "") -> Need:
    """Take a decided need up again."""
    with transaction.atomic():
        need = _lock(need)
        rules.require(who, "decide", need.circle, need.area_code, localdate(now))
        rules.require_state(need, Need.State.CONFIRMED, Need.State.REFUSED)
        before = {"state": need.state, "kind": need.decision_kind, "decision": need.decision}
        _settle(need, Need.State.NEW, kind="", note="")
        _step(need, Need.State.NEW, who=who, now=now, note=note)
        _trace(who, "need.reopen", need, now=now, before=before, note=note)
    return need


def _settle(need: Need, state: str, *, kind: str, note: str) -> None:
    need.state, need.decision_kind, need.decision = state, kind, note.strip()
    need.save(update_fields=["state", "decision_kind", "decision"])


def _locked(keys: Collection[int]) -> list[Need]:
    """Needs held until the transaction ends, in one order for everybody."""
    return list(Need.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk"))


def _lock(need: Need) -> Need:
    (found,) = _locked([need.pk])
    return found


def _require_voices(voices: int) -> None:
    limit = int(rules.limit("most_voices"))
    if not 1 <= voices <= limit:
        raise RefusedError("voices.need.voices", status=409, found=voices, limit=limit)


def _keep_voice(need: Need, said: Said, *, who: Who, now: dt.datetime, survey: Survey | None = None) -> None:
    NeedVoice.objects.create(
        need=need, text=without_numbers(said.text), building=said.building, age_band=said.age_band,
        channel=said.channel, is_urgent=said.is_urgent, is_proxy=said.is_proxy, voices=said.voices,
        said_on=said.said_on, noted_at=now, noted_by=who.account, survey=survey,
    )  # fmt: skip


def _step(
    need: Need,
    state: str,
    *,
    who: Who,
    now: dt.datetime,
    kind: str = "",
    note: str = "",
    into: Need | None = None,
) -> None:
    NeedStep.objects.create(
        need=need, state=state, kind=kind, note=note.strip(), into=into, at=now, by=who.account
    )


def _trace(who: Who, action: str, need: Need, *, now: dt.datetime, **told: Any) -> None:
    record(who, action, "need", str(need.pk), now=now, area_code=need.area_code, **told)
