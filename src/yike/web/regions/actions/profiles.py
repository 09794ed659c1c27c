"""Writes: profiles of communities; centres and operators of circles; each with its trace."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.forms.models import model_to_dict
from django.utils.timezone import localdate

from yike.errors import RefusedError
from yike.web.audit.chain import Who, record
from yike.web.regions import rules
from yike.web.regions.models import Area, Circle, CircleOperator, CommercialCentre, CommunityProfile

CENTRE_FIELDS = ("name", "address", "lon", "lat", "area_m2", "begins_on", "is_invented")
OPERATOR_FIELDS = (
    "kind",
    "name",
    "scope",
    "contract",
    "unified",
    "runs_platform",
    "begins_on",
    "is_invented",
)


def add_profile(
    *, who: Who, community: Area, as_of: dt.date, values: Mapping[str, Any], now: dt.datetime
) -> CommunityProfile:
    """Tell what is known of a community as of a day; the profile before stays for older returns."""
    if community.level != "community":
        raise RefusedError("register.profile.not_a_community", found=community.code)
    rules.check_ages(values.get("people"), values.get("age_bands") or {})
    rules.check_floor_areas(values)
    with transaction.atomic():
        rules.require(who, rules.PROFILE_KEEPERS, community.branch, localdate(now))
        profile = CommunityProfile.objects.create(
            community=community, as_of=as_of, at=now, by=who.account, **values
        )
        record(
            who, "profile.add", "area", community.code, now=now, area_code=community.branch,
            after={"as_of": as_of, **values},
        )  # fmt: skip
    return profile


def add_centre(*, who: Who, circle: Circle, values: Mapping[str, Any], now: dt.datetime) -> CommercialCentre:
    """Add a commercial centre to a circle."""
    with transaction.atomic():
        rules.require_for(who, rules.PROFILE_KEEPERS, circle, localdate(now))
        centre = CommercialCentre.objects.create(circle=circle, **_only(values, CENTRE_FIELDS))
        _tell(who, "centre.add", circle, model_to_dict(centre, CENTRE_FIELDS), now)
    return centre


def end_centre(*, who: Who, centre: CommercialCentre, on: dt.date, now: dt.datetime) -> None:
    """Close a commercial centre on its last day."""
    with transaction.atomic():
        rules.require_for(who, rules.PROFILE_KEEPERS, centre.circle, localdate(now))
        _end(CommercialCentre, centre, on)
        _tell(who, "centre.end", centre.circle, {"name": centre.name, "ends_on": on}, now)


def add_operator(*, who: Who, circle: Circle, values: Mapping[str, Any], now: dt.datetime) -> CircleOperator:
    """Add who runs a circle."""
    with transaction.atomic():
        rules.require_for(who, rules.CIRCLE_KEEPERS, circle, localdate(now))
        operator = CircleOperator.objects.create(circle=circle, **_only(values, OPERATOR_FIELDS))
        _tell(who, "operator.add", circle, model_to_dict(operator, OPERATOR_FIELDS), now)
    return operator


def end_operator(*, who: Who, operator: CircleOperator, on: dt.date, now: dt.datetime) -> None:
    """An operator leaves on its last day."""
    with transaction.atomic():
        rules.require_for(who, rules.CIRCLE_KEEPERS, operator.circle, localdate(now))
        _end(CircleOperator, operator, on)
        _tell(who, "operator.end", operator.circle, {"name": operator.name, "ends_on": on}, now)


def _end(
    kind: type[CommercialCentre] | type[CircleOperator], row: CommercialCentre | CircleOperator, on: dt.date
) -> None:
    if row.begins_on is not None and on < row.begins_on:
        raise RefusedError("register.ends_before", status=409, found=row.begins_on.isoformat())
    if not kind.objects.filter(pk=row.pk, ends_on__isnull=True).update(ends_on=on):
        raise RefusedError("register.already_ended", status=409, name=row.name)


def _tell(who: Who, action: str, circle: Circle, after: Mapping[str, Any], now: dt.datetime) -> None:
    record(who, action, "circle", circle.code, now=now, area_code=circle.area_code, after=after)


def _only(values: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    unknown = set(values) - set(names)
    if unknown:
        raise ValueError(f"no fields: {sorted(unknown)}")
    return dict(values)
