"""记空房: idle premises seen on the way, told on a phone."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from yike.web.accounts.gate import DeskRequest, who_of
from yike.web.outlets import queries
from yike.web.outlets.directory.actions import create_entry
from yike.web.outlets.directory.forms import SightingForm
from yike.web.outlets.directory.kinds import PREMISES
from yike.web.outlets.views.gate import keepers_only
from yike.web.regions.queries import areas_visible_to


@keepers_only
def sighting(request: DeskRequest) -> HttpResponse:
    """GET: the page for the way. POST: new idle premises."""
    today = timezone.localdate()
    form = SightingForm(queries.communities_to_choose(request.user, today), request.POST or None)
    if request.method == "POST" and form.is_valid():
        values = form.values()
        area = queries.one_of(areas_visible_to(request.user, today), values.pop("community"))
        values |= {"community_id": area.pk, "area_code": area.branch, "is_invented": area.is_invented}
        made = create_entry(who=who_of(request), kind=PREMISES, values=values, now=timezone.now())
        messages.success(request, f"已登记“{made.name}”。")
        if made.lon is None:
            messages.warning(request, "图上没有点位置：请在修改页补上。")
        return redirect(PREMISES.name("entry"), made.pk)
    told = {"form": form, "chosen": form.data.get("kind_code", "") if form.is_bound else ""}
    return render(request, "outlets/directory/sighting.html", told)
