"""拍网点: a photo, what it is, where it is; photos of an outlet, behind the sign-in."""

from __future__ import annotations

from typing import IO, Any, cast

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from yike.errors import RefusedError
from yike.web.accounts.gate import DeskRequest, who_of
from yike.web.outlets import actions, photos, queries
from yike.web.outlets.forms import ShotForm, shot_rows
from yike.web.outlets.models import Outlet, OutletPhoto
from yike.web.outlets.views.gate import keepers_only
from yike.web.regions.queries import areas_visible_to


@keepers_only
def photo(request: DeskRequest) -> HttpResponse:
    """GET: the page for the way. POST: a new outlet out of a photo."""
    communities = queries.communities_to_choose(request.user, timezone.localdate())
    data = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = ShotForm(communities, *data)
    if request.method == "POST" and form.is_valid():
        try:
            made, has_place = _made(request, form)
        except RefusedError as wrong:
            form.add_error("photo", str(wrong))
        else:
            messages.success(request, f"已登记“{made.name}”。")
            if not has_place:
                messages.warning(request, "照片里没有位置，图上也没有点：请在修改页补上位置。")
            return redirect("outlets:outlet", made.pk)
    told = {
        "form": form,
        "rows": shot_rows(),
        "chosen": form.data.get("type_code", "") if form.is_bound else "",
    }
    return render(request, "outlets/photo.html", told)


def _made(request: DeskRequest, form: ShotForm) -> tuple[Outlet, bool]:
    """A new outlet with its photo; where the pin is, else where the camera was."""
    told, now = form.cleaned_data, timezone.now()
    file = told["photo"]
    shot = photos.read_shot(file, file.size) if file else None
    area = queries.one_of(areas_visible_to(request.user, timezone.localdate()), told["community"])
    values: dict[str, Any] = {
        "name": told["name"], "type_code": told["type_code"], "community_id": area.pk,
        "area_code": area.branch, "verified_on": timezone.localdate(now), "verified_by_id": request.user.pk,
        "source": "拍网点", "is_invented": area.is_invented,
    }  # fmt: skip
    lon, lat = (
        (told["lon"], told["lat"])
        if told["lon"] is not None
        else (shot.lon, shot.lat)
        if shot
        else (None, None)
    )
    if lon is not None:
        values |= {"lon": lon, "lat": lat, "source_lon": lon, "source_lat": lat, "source_datum": "wgs84"}
    made = actions.create_outlet(who=who_of(request), values=values, now=now)
    if shot:
        photos.add_photo(who=who_of(request), outlet=made, shot=shot, now=now)
    return made, lon is not None


@require_POST
@keepers_only
def outlet_photos(request: DeskRequest, key: int) -> HttpResponse:
    """POST: another photo of an outlet; its place too, where the register has none."""
    seen = queries.outlets_visible_to(request.user, timezone.localdate())
    outlet: Outlet = queries.one_of(seen, key)
    file = request.FILES.get("photo")
    if file is None:
        messages.error(request, "没有选择照片。")
        return redirect("outlets:outlet", key)
    who, now = who_of(request), timezone.now()
    shot = photos.read_shot(cast(IO[bytes], file), file.size or 0)
    photos.add_photo(who=who, outlet=outlet, shot=shot, now=now)
    messages.success(request, "已加上照片。")
    if outlet.lon is None and shot.lon is not None:
        place = {"lon": shot.lon, "lat": shot.lat, "source_lon": shot.lon, "source_lat": shot.lat,
                 "source_datum": "wgs84"}  # fmt: skip
        actions.change_outlet(who=who, outlet=outlet, values=place, now=now)
        messages.info(request, "网点原来没有位置，已按照片里的位置填上，请核对。")
    return redirect("outlets:outlet", key)


def picture(request: DeskRequest, key: int, photo_key: int) -> HttpResponse:
    """GET: the photo itself."""
    found = _photo(request, key, photo_key)
    path = photos.file_of(found)
    if not path.exists():
        raise RefusedError("register.photo.lost", status=404)
    headers = {"Cache-Control": "private, max-age=86400"}  # a photo never changes: its name is its digest
    return HttpResponse(path.read_bytes(), content_type="image/jpeg", headers=headers)


@require_POST
@keepers_only
def photo_removal(request: DeskRequest, key: int, photo_key: int) -> HttpResponse:
    """POST: take a photo off."""
    photos.remove_photo(who=who_of(request), photo=_photo(request, key, photo_key), now=timezone.now())
    messages.success(request, "已去掉照片。")
    return redirect("outlets:outlet", key)


def _photo(request: DeskRequest, key: int, photo_key: int) -> OutletPhoto:
    seen = queries.histories_visible_to(request.user, timezone.localdate())
    outlet: Outlet = queries.one_of(seen, key)
    found: OutletPhoto = queries.one_of(queries.photos_of(outlet), photo_key)
    return found
