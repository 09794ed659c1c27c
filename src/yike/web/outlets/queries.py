"""Reads: outlets in somebody's branches, filtered lists, the engine's table."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db.models import Count, Q, QuerySet

from yike.web.accounts.models import Account
from yike.web.accounts.queries import branches_of, within_branch, within_branches
from yike.web.accounts.queries import one_of as one_of
from yike.web.jobs.models import Job
from yike.web.outlets.filters import FLAGS as FLAGS
from yike.web.outlets.filters import OutletFilter as OutletFilter
from yike.web.outlets.filters import counted as counted
from yike.web.outlets.filters import counts as counts
from yike.web.outlets.filters import filtered as filtered
from yike.web.outlets.filters import list_page as list_page
from yike.web.outlets.filters import page_of as page_of
from yike.web.outlets.filters import pages_of as pages_of
from yike.web.outlets.models import (
    BatchEdit,
    ImportBatch,
    ImportKind,
    ImportRow,
    LastSeen,
    Outlet,
    OutletEvent,
    OutletPhoto,
    OutletVersion,
    SavedView,
)
from yike.web.outlets.tables import to_table as to_table
from yike.web.regions.models import Area, AreaName
from yike.web.regions.queries import branches_to_choose, named

MOST_VERSIONS = 50
MOST_EDITED_SHOWN = 500

areas_to_choose = branches_to_choose  # lists of the register are narrowed by the same branches


def live_outlets() -> QuerySet[Outlet]:
    """Outlets in force: neither taken out nor merged."""
    return Outlet.objects.filter(gone_at__isnull=True)


def outlets_visible_to(account: Account, today: dt.date, area: str = "area_code") -> QuerySet[Outlet]:
    """Outlets in the branches of an account's duties, those gone left out; ``area`` as in ``filtered``."""
    return live_outlets().filter(within_branches(branches_of(account, today), area))


def histories_visible_to(account: Account, today: dt.date) -> QuerySet[Outlet]:
    """The same with those taken out or merged, whose history stays readable; never drafts (version 0)."""
    return Outlet.objects.filter(within_branches(branches_of(account, today)), version__gt=0)


def batches_visible_to(account: Account, today: dt.date) -> QuerySet[ImportBatch]:
    """Imports of outlets into the branches of an account's duties."""
    return ImportBatch.objects.filter(
        within_branches(branches_of(account, today)), what=ImportKind.OUTLET
    ).select_related("asked_by")


def events_of(outlet: Outlet) -> list[OutletEvent]:
    """What happened to an outlet, in the model's order."""
    return list(outlet.events.select_related("by"))


def versions_of(outlet: Outlet) -> QuerySet[OutletVersion]:
    """The last versions of an outlet, the newest first."""
    return outlet.versions.select_related("by").order_by("-number")[:MOST_VERSIONS]


def keys_of(outlets: QuerySet[Outlet], most: int) -> list[int]:
    """Keys of the outlets of a list, in its order, the first of many."""
    return list(outlets.values_list("pk", flat=True)[:most])


def picked_of(outlets: QuerySet[Outlet], keys: Iterable[int]) -> list[int]:
    """Those of the keys that are among the outlets, in order."""
    return list(outlets.filter(pk__in=list(keys)).order_by("pk").values_list("pk", flat=True))


def edited_keys(edit: BatchEdit) -> list[int]:
    """Keys of the outlets of a batch edit, as many as a page shows."""
    return list(edit.rows.values_list("outlet_id", flat=True)[:MOST_EDITED_SHOWN])


def rows_of(batch: ImportBatch, verdict: str = "") -> QuerySet[ImportRow]:
    """Rows of an import; with ``verdict`` those it fell on."""
    return batch.rows.filter(verdict=verdict) if verdict else batch.rows.all()


def changed_rows_of(batch: ImportBatch) -> QuerySet[ImportRow]:
    """Rows of an import that change something."""
    return batch.rows.exclude(changes={})


def newest_first(events: QuerySet[OutletEvent]) -> QuerySet[OutletEvent]:
    """Events with their outlets, the newest first."""
    return events.select_related("outlet").order_by("-on", "-id")


def communities_of(branch: str) -> list[tuple[int, str, str]]:
    """(id, branch, present name) of every community of a branch."""
    names = AreaName.objects.filter(
        within_branch(branch, "area__branch"), area__level="community", area__ends_on__isnull=True
    )
    return list(names.filter(ends_on__isnull=True).values_list("area_id", "area__branch", "name"))


def communities_to_choose(account: Account, today: dt.date) -> list[tuple[int, str]]:
    """Communities in the branches of an account, with their names."""
    mine = Area.objects.filter(
        within_branches(branches_of(account, today), "branch"), level="community", ends_on__isnull=True
    )
    return [(a.pk, getattr(a, "name", "") or a.code) for a in named(mine, today).order_by("branch")[:3000]]


def communities_changed_by(batch: ImportBatch) -> dict[int, str]:
    """Names of the communities that rows of a batch come from or go to, by key."""
    pairs = batch.rows.filter(changes__has_key="community_id").values_list("changes__community_id", flat=True)
    keys = {key for pair in pairs for key in pair if key}
    return community_names(keys) if keys else {}


def job_of(batch: ImportBatch) -> Job | None:
    """The last job that worked on a batch."""
    return Job.objects.filter(kind__startswith="outlets.", arguments__batch=batch.pk).order_by("-id").first()


def listed(outlets: QuerySet[Outlet]) -> QuerySet[Outlet]:
    """Outlets as lists show them, with ``seen``: when somebody last looked, 1900 for never."""
    return outlets.annotate(seen=LastSeen("verified_on"))


def community_names(keys: Iterable[int | None]) -> dict[int, str]:
    """Present names of communities by their keys."""
    wanted = {k for k in keys if k}
    names = AreaName.objects.filter(area__in=wanted, ends_on__isnull=True)
    return dict(names.values_list("area_id", "name"))


def photos_of(outlet: Outlet) -> QuerySet[OutletPhoto]:
    """Photos of an outlet, the newest first."""
    return outlet.photos.filter(gone_at__isnull=True).select_related("by")


def views_visible_to(account: Account, today: dt.date) -> QuerySet[SavedView]:
    """An account's own views, and those shared in a branch that holds one of its duties."""
    seen = Q(owner=account)
    for branch in branches_of(account, today):
        above = [branch[:end] for end in range(len(branch) + 1)]
        seen |= Q(is_shared=True, area_code__in=above)
    return SavedView.objects.filter(seen, list_code="outlets").select_related("owner")


def edits_visible_to(account: Account, today: dt.date) -> QuerySet[BatchEdit]:
    """Batch edits in the branches of an account's duties, and its own, with ``n`` outlets each."""
    mine = within_branches(branches_of(account, today)) | Q(by=account)
    return BatchEdit.objects.filter(mine).select_related("by", "undone_by").annotate(n=Count("rows"))
