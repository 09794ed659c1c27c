"""Reads: packs and analyses of somebody's branches, their papers, the gaps of a circle."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings
from django.db.models import QuerySet

from yike.errors import RefusedError
from yike.web.accounts.models import Account
from yike.web.accounts.queries import branches_of, within_branches
from yike.web.accounts.queries import one_of as one_of
from yike.web.analyses.models import Analysis, KeptPack
from yike.web.regions.models import Circle
from yike.web.regions.queries import circles_visible_to


def packs_visible_to(account: Account, today: dt.date, roles: Iterable[str] = ()) -> QuerySet[KeptPack]:
    """Packs of an account's branches."""
    return KeptPack.objects.filter(within_branches(branches_of(account, today, roles)))


def has_invented(packs: QuerySet[KeptPack]) -> bool:
    """Whether one of the packs is made up."""
    return packs.filter(is_invented=True).exists()


def analyses_visible_to(account: Account, today: dt.date) -> QuerySet[Analysis]:
    """Analyses of an account's branches."""
    return Analysis.objects.filter(within_branches(branches_of(account, today))).select_related("pack", "job")


def folder_of(kept: Analysis | KeptPack) -> Path:
    """Where a pack or the papers of an analysis lie."""
    return Path(settings.DATA) / kept.path


def papers_of(analysis: Analysis) -> dict[str, str]:
    """File below the analysis's folder → what it is."""
    sections = analysis.summary.get("sections", ())
    return {name: what for section in sections for name, what in section["papers"]}


def paper(analysis: Analysis, name: str) -> Path:
    """The file of a paper; 404 for any name that is none of its papers."""
    path = folder_of(analysis) / name
    if name not in papers_of(analysis) or not path.is_file():
        raise RefusedError("analyses.paper.unknown", status=404)
    return path


def latest_for(circle: Circle) -> Analysis | None:
    """The newest finished analysis of an area that holds the circle and names it."""
    covering = Analysis.objects.filter(done_at__isnull=False).order_by("-done_at")
    held = (a for a in covering if circle.area_code.startswith(a.area_code))
    return next((a for a in held if circle.name in a.summary.get("circles", ())), None)


def gaps_of(analysis: Analysis, circle_name: str = "") -> list[dict[str, str]]:
    """The gaps an analysis found, worst first; of one circle where its name is given."""
    gaps = analysis.summary.get("gaps", [])
    return [g for g in gaps if circle_name in ("", g["circle_name"])]


def circles_of(account: Account, today: dt.date) -> QuerySet[Circle]:
    """Circles a person may read the gaps of."""
    return circles_visible_to(account, today)
