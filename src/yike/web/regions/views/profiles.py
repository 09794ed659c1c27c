"""The page of what is known of a community, and how that is told anew."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from yike.web.accounts.gate import DeskRequest, only_for, who_of
from yike.web.audit.chain import Who
from yike.web.regions import actions, rules, words
from yike.web.regions.forms import ProfileForm
from yike.web.regions.limits import checks_of
from yike.web.regions.models import Area, CommunityProfile
from yike.web.regions.profiles import history_of, latest_profiles
from yike.web.regions.views.bars import age_bars
from yike.web.regions.views.gate import area_of, told_to
from yike.web.ui.table import Cell, Column, Table

HISTORY = (
    Column("as_of", "截至日期", lambda p: p.as_of),
    Column("people", "常住人口", lambda p: p.people, unit="人", is_number=True),
    Column("households", "户数", lambda p: p.households, unit="户", is_number=True),
    Column("source", "来源", lambda p: Cell(p.source, is_invented=p.is_invented)),
    Column("by", "登记人", lambda p: p.by.display_name if p.by else "系统"),
    Column("at", "登记时间", lambda p: p.at),
)


@only_for(rules.PROFILE_KEEPERS)
def profiles(request: DeskRequest, key: int) -> HttpResponse:
    """GET: the form, filled with what was told last. POST: tell it as of a day."""
    today = timezone.localdate()
    found = area_of(request, key)
    if found.level != "community":
        raise Http404
    last = latest_profiles([found.pk], today).get(found.pk)
    form = ProfileForm(request.POST or None, initial=ProfileForm.initial_of(last, today))
    if request.method == "POST" and form.is_valid() and told_to(form, lambda: _add(request, found, form)):
        messages.success(request, "已登记。以前登记的仍保留。")
        return redirect("regions:area", found.pk)
    name = getattr(found, "name", None) or found.code
    told = {"form": form, "area": found, "name": name, "is_invented": bool(last and last.is_invented)}
    return render(request, "regions/profile.html", told)


def _add(request: DeskRequest, area: Area, form: ProfileForm) -> None:
    actions.add_profile(
        who=who_of(request), community=area, as_of=form.cleaned_data["as_of"], values=form.values(),
        now=timezone.now(),
    )  # fmt: skip


def told_of(area: Area, who: Who, today: dt.date) -> dict[str, Any]:
    """What the page of a community shows beside what every area shows."""
    last = latest_profiles([area.pk], today).get(area.pk)
    history = history_of(area)
    return {
        "profile": last,
        "facts": _facts(last) if last else [],
        "ages": age_bars(last.age_bands, last.people) if last else [],
        "checks": checks_of(last, area.branch),
        "history": Table.plain(history, HISTORY, label="历次登记", counted="次", empty="还没有登记过。"),
        "may_tell": rules.may(who, rules.PROFILE_KEEPERS, area.branch, today),
        "is_invented": bool(last and last.is_invented),
    }


def _facts(profile: CommunityProfile) -> list[tuple[str, object, str]]:
    """(label, value, unit); words for what was chosen from a list."""
    income = dict(words.choices("income")).get(profile.income_band, "")
    consumption = words.labels(words.choices("consumption"), profile.consumption)
    kept = [t for t in (income, profile.income_note) if t]
    habits = [t for t in (consumption, profile.consumption_note) if t]
    return [
        ("常住人口", profile.people, "人"),
        ("户数", profile.households, "户"),
        ("住宅类型", dict(words.choices("housing")).get(profile.housing_kind), ""),
        ("新建社区", {True: "是", False: "否", None: None}[profile.is_new], ""),
        ("总建筑面积", profile.floor_area_m2, "m²"),
        ("其中社区商业", profile.commercial_area_m2, "m²"),
        ("其中综合服务设施", profile.service_area_m2, "m²"),
        ("收入水平", "；".join(kept) or None, ""),
        ("消费习惯", "；".join(habits) or None, ""),
        ("来源", profile.source or None, ""),
    ]
