"""One analysis: the kept pack's streets and people, the register's outlets, the engine's papers."""

from __future__ import annotations

import datetime as dt
import hashlib
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
from django.conf import settings
from django.db.models import QuerySet

from yike.core.geo.projection import LocalProjection
from yike.core.tables import Outlets
from yike.errors import StudyError
from yike.sources.pack import Pack
from yike.studies.outputs import run_and_write
from yike.studies.study import Progress, StudySpec
from yike.web.accounts.queries import within_branch
from yike.web.analyses.actions import finish_analysis
from yike.web.analyses.intake import areas_of
from yike.web.analyses.models import Analysis
from yike.web.analyses.papers import summary_of
from yike.web.analyses.queries import folder_of
from yike.web.audit.chain import Who
from yike.web.outlets.models import Outlet
from yike.web.outlets.queries import live_outlets
from yike.web.outlets.tables import to_table


def run_analysis(
    *, who: Who, analysis: Analysis, attempt: int, now: Callable[[], dt.datetime], progress: Progress
) -> str:
    """
    Run one and file its papers; done already, it only says what came out.

    Returns
    -------
    The sentence of the run.
    """
    if analysis.done_at is not None:
        return str(analysis.summary["sentence"])
    pack = folder_of(analysis.pack)
    if not pack.exists():
        raise StudyError("analyses.pack.gone", name=analysis.pack.name)
    path = f"analyses/{analysis.pk}-{attempt}"
    out = Path(settings.DATA) / path
    shutil.rmtree(out, ignore_errors=True)
    outlets = live_outlets().filter(within_branch(analysis.area_code))
    spec = StudySpec(pack, rule_pack=analysis.rule_pack or None)
    told = run_and_write(spec, out, (), progress, adjust=lambda p: with_outlets(p, outlets, analysis))
    summary = summary_of(out, told)
    if not finish_analysis(who=who, analysis=analysis, path=path, summary=summary, now=now()):
        shutil.rmtree(out, ignore_errors=True)
    return str(told["sentence"])


def with_outlets(pack: Pack, outlets: QuerySet[Outlet], analysis: Analysis) -> Pack:
    """The pack with the register's outlets instead of its own list."""
    areas = areas_of(pack, analysis.area_code)
    row_of = {a.pk: i for i, a in enumerate(areas) if a is not None}
    projection = LocalProjection(pack.network.origin_lon, pack.network.origin_lat)
    table = to_table(outlets, projection=projection, community_idx=row_of)
    circle = np.append(pack.communities.circle_idx, -1)[table.community_idx].astype(np.int32)
    table = replace(table, circle_idx=circle)
    digests = {k: v for k, v in pack.digests.items() if k != pack.spec.outlets.file}
    return replace(pack, outlets=table, digests=digests | {"登记册网点": _digest_of(table)})


def _digest_of(outlets: Outlets) -> str:
    lines = zip(
        outlets.outlet_id, outlets.lon.tolist(), outlets.lat.tolist(), outlets.type_idx.tolist(),
        outlets.status.tolist(), strict=True,
    )  # fmt: skip
    return hashlib.sha256("\n".join(map(repr, lines)).encode()).hexdigest()
