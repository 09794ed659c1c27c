"""记需求: one page for one hand; similar needs are offered before a new one is made."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from yike.web.accounts.gate import DeskRequest, who_of
from yike.web.accounts.queries import one_of
from yike.web.outlets.values import type_label
from yike.web.regions.models import Circle
from yike.web.regions.queries import circles_visible_to
from yike.web.voices import queries
from yike.web.voices.actions import needs as actions
from yike.web.voices.forms import NeedForm
from yike.web.voices.models import Need
from yike.web.voices.speech import type_of
from yike.web.voices.views.gate import only_for

APART = "apart"


@only_for("note")
def new(request: DeskRequest) -> HttpResponse:
    """GET: an empty form. POST: note a need, or add a voice to the similar one that was chosen."""
    today = timezone.localdate()
    places = queries.places_to_choose(request.user, today)
    form = NeedForm(
        _grouped(places),
        queries.buildings_of({p.circle for p in places}),
        request.POST or None,
        initial={"place": request.GET.get("place", "")},
    )
    if request.method != "POST" or not form.is_valid():
        return render(request, "voices/new.html", {"form": form, "has_places": bool(places)})
    place = next(p for p in places if p.key == form.cleaned_data["place"])
    circle: Circle = one_of(circles_visible_to(request.user, today), place.circle)
    chosen = request.POST.get("into", "")
    if not chosen:
        kind = type_of(form.cleaned_data["text"])
        if similar := queries.similar_needs(circle, form.cleaned_data["text"], kind):
            told = {"form": form, "similar": similar, "type_label": type_label(kind), "circle": circle}
            return render(request, "voices/similar.html", told)
    need = _save(request, form, circle, place.community, chosen)
    row = type_label(need.type_code) or "看不出业态，请在需求页上选"
    messages.success(request, f"已记下：{need.text}（{row}，共 {need.voices} 人次）。")
    return redirect("voices:noted", need.pk)


def _grouped(places: list[queries.Place]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Choices under the names of their circles."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for place in places:
        groups.setdefault(place.circle_name, []).append((place.key, place.label))
    return list(groups.items())


def _save(request: DeskRequest, form: NeedForm, circle: Circle, community: int | None, chosen: str) -> Need:
    today, who = timezone.localdate(), who_of(request)
    said = form.said(today)
    if chosen in ("", APART):
        lives = queries.community_of(community)
        return actions.note_need(
            who=who, circle=circle, community=lives, said=said, now=timezone.now(),
            is_invented=circle.is_invented,
        )  # fmt: skip
    if not chosen.isdigit() or len(chosen) > 17:
        raise Http404
    same: Need = one_of(queries.needs_in(request.user, circle, today), int(chosen))
    return actions.add_voice(who=who, need=same, said=said, now=timezone.now())


@only_for("note")
def noted(request: DeskRequest, key: int) -> HttpResponse:
    """GET: what was noted, and the way to the next."""
    today = timezone.localdate()
    need: Need = one_of(queries.needs_visible_to(request.user, today), key)
    told = {"need": need, "type_label": type_label(need.type_code), "is_invented": need.is_invented}
    return render(request, "voices/noted.html", told)
