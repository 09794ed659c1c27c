"""What a circle is, added up from its communities: the ground of pre-filled forms."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q

from yike.web.regions.models import Area, Circle, CommunityProfile
from yike.web.ui.words import day as as_words


@dataclass(frozen=True)
class Member:
    """One community of a circle on a day; None where nobody has told."""

    code: str
    name: str
    people: int | None
    households: int | None
    as_of: dt.date | None


@dataclass(frozen=True)
class CircleProfile:
    """
    Facts of a circle for its form.

    ``people`` is the sum over its distinct communities; where one is missing, what was registered for the
    circle as a whole (``people_from`` "circle"), else None. ``area_share`` is per cent. ``said`` tells each
    figure's source in a sentence, by the keys of the survey form.
    """

    day: dt.date
    members: tuple[Member, ...]
    people: int | None
    people_from: str  # "communities" | "circle" | ""
    households: int | None
    centres: int | None
    operator_kinds: tuple[str, ...]
    layouts: tuple[str, ...]
    has_platform: bool | None
    area_share: Decimal | None
    said: dict[str, str]


def latest_profiles(communities: Iterable[int], day: dt.date) -> dict[int, CommunityProfile]:
    """The newest profile of each community as of a day, by the community's key."""
    found = CommunityProfile.objects.filter(community_id__in=list(communities), as_of__lte=day)
    newest: dict[int, CommunityProfile] = {}
    for profile in found.order_by("as_of", "id"):
        newest[profile.community_id] = profile
    return newest


def history_of(community: Area, most: int = 20) -> list[CommunityProfile]:
    """What was told of a community, the newest first."""
    return list(community.profiles.select_related("by")[:most])


def members_on(circle: Circle, day: dt.date) -> list[Area]:
    """Communities that belong to a circle on a day, each once, by code."""
    in_force = Q(begins_on__isnull=True) | Q(begins_on__lte=day)
    in_force &= Q(ends_on__isnull=True) | Q(ends_on__gte=day)
    keys = circle.members.filter(in_force).values("community")
    return list(Area.objects.filter(pk__in=keys).order_by("code"))


def area_share_of(profiles: Iterable[CommunityProfile | None]) -> Decimal | None:
    """(Commercial + service area) ÷ total floor area in per cent; None unless every community is known."""
    used, total = Decimal(0), Decimal(0)
    for p in profiles:
        if p is None or p.floor_area_m2 is None or p.commercial_area_m2 is None or p.service_area_m2 is None:
            return None
        used += Decimal(str(p.commercial_area_m2)) + Decimal(str(p.service_area_m2))
        total += Decimal(str(p.floor_area_m2))
    return used / total * 100 if total else None


def added(values: Iterable[int | None]) -> int | None:
    """The sum, None when there is nothing or something is missing."""
    found = list(values)
    known = [v for v in found if v is not None]
    return sum(known) if found and len(known) == len(found) else None


def sources_of(profile: CircleProfile) -> dict[str, str]:
    """Where each figure comes from, by the form's key; figures nobody knows are left out."""
    counted = len(profile.members)
    days = [m.as_of for m in profile.members if m.as_of]
    oldest = f"，最早的截至 {as_words(min(days))}" if days else ""
    told = {
        "residents": (
            f"登记册：{counted} 个社区居民数之和{oldest}"
            if profile.people_from == "communities"
            else "登记册：生活圈居民数（有社区没有登记人口，不能相加）"
        ),
        "area_share": f"登记册：{counted} 个社区商业和综合服务设施面积 ÷ 总建筑面积{oldest}",
        "centres": f"登记册：{as_words(profile.day)} 启用中的社区商业中心（邻里中心）",
        "operators": "登记册：生活圈运营主体",
        "layouts": "登记册：生活圈发展形态",
        "has_platform": "登记册：生活圈智慧服务平台",
    }
    known = {
        "residents": profile.people, "area_share": profile.area_share, "centres": profile.centres,
        "operators": profile.operator_kinds or None, "layouts": profile.layouts or None,
        "has_platform": profile.has_platform,
    }  # fmt: skip
    return {key: text for key, text in told.items() if known[key] is not None}
