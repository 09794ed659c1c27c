"""Writes: a pack is kept, an analysis is asked for, done, or taken over from a run made elsewhere."""

from __future__ import annotations

import datetime as dt
import hashlib
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.timezone import localdate

from yike.sources.pack import Pack
from yike.web.analyses.models import Analysis, KeptPack
from yike.web.analyses.rules import require_runner
from yike.web.audit.chain import Who, record
from yike.web.jobs.queue import enqueue


def keep_pack(*, who: Who, pack: Pack, folder: Path, area_code: str, now: dt.datetime) -> KeptPack:
    """
    Keep a pack for an area; the same files again are the same pack.

    Parameters
    ----------
    folder
        Where its files lie; copied below the data folder unless they lie there already.
    """
    require_runner(who, area_code, localdate(now))
    digest = _digest_of(pack)
    if same := KeptPack.objects.filter(area_code=area_code, digest=digest).first():
        return same
    path = _inside(folder, digest)
    with transaction.atomic():
        kept = KeptPack.objects.create(
            area_code=area_code, name=pack.provenance.name, path=path, digest=digest, kept_at=now,
            kept_by=who.account, is_invented=pack.provenance.is_invented,
        )  # fmt: skip
        record(
            who, "pack.keep", "pack", str(kept.pk), now=now, area_code=area_code,
            after={"name": kept.name, "digest": digest},
        )  # fmt: skip
    return kept


def _digest_of(pack: Pack) -> str:
    lines = "".join(f"{digest}  {name}\n" for name, digest in sorted(pack.digests.items()))
    return hashlib.sha256(lines.encode()).hexdigest()


def _inside(folder: Path, digest: str) -> str:
    """The folder's place below the data folder; copied there whole when it lies elsewhere."""
    data = Path(settings.DATA).resolve()
    if folder.resolve().is_relative_to(data):
        return folder.resolve().relative_to(data).as_posix()
    to = data / "packs" / digest[:16]
    half = to.with_name(f".{to.name}")
    shutil.rmtree(half, ignore_errors=True)
    half.parent.mkdir(mode=0o700, exist_ok=True)
    if folder.is_dir():
        shutil.copytree(folder, half)
    else:
        shutil.unpack_archive(folder, half, "zip")
    shutil.rmtree(to, ignore_errors=True)
    half.replace(to)
    return to.relative_to(data).as_posix()


def ask_analysis(*, who: Who, pack: KeptPack, title: str, now: dt.datetime, rule_pack: str = "") -> Analysis:
    """Ask for an analysis of the register's outlets on a kept pack; a job does it."""
    with transaction.atomic():
        require_runner(who, pack.area_code, localdate(now))
        analysis = Analysis.objects.create(
            pack=pack, area_code=pack.area_code, title=title, rule_pack=rule_pack, asked_by=who.account,
            asked_at=now, outlets_at=now, is_invented=pack.is_invented,
        )  # fmt: skip
        analysis.job = enqueue(
            "analyses.run", f"分析：{title}"[:200], {"analysis": analysis.pk}, who=who, now=now,
            area_code=pack.area_code,
        )  # fmt: skip
        analysis.save(update_fields=["job"])
        record(
            who, "analysis.ask", "analysis", str(analysis.pk), now=now, area_code=pack.area_code,
            after={"title": title, "pack": pack.pk, "rule_pack": rule_pack},
        )  # fmt: skip
    return analysis


def finish_analysis(
    *, who: Who, analysis: Analysis, path: str, summary: Mapping[str, Any], now: dt.datetime
) -> bool:
    """Put the papers of a run to its analysis; False when another worker was first."""
    with transaction.atomic():
        open_ones = Analysis.objects.filter(pk=analysis.pk, done_at__isnull=True)
        if not open_ones.update(path=path, summary=dict(summary), done_at=now):
            return False
        record(
            who, "analysis.done", "analysis", str(analysis.pk), now=now, area_code=analysis.area_code,
            after={"sentence": summary.get("sentence", "")},
        )  # fmt: skip
    return True


def take_over_run(
    *, who: Who, pack: KeptPack, title: str, path: str, summary: Mapping[str, Any], now: dt.datetime
) -> Analysis:
    """File a run made by the command line, on the pack's own list of outlets, as an analysis."""
    with transaction.atomic():
        require_runner(who, pack.area_code, localdate(now))
        analysis = Analysis.objects.create(
            pack=pack, area_code=pack.area_code, title=title, asked_by=who.account, asked_at=now, done_at=now,
            path=path, summary=dict(summary), is_invented=pack.is_invented,
        )  # fmt: skip
        record(
            who, "analysis.take_over", "analysis", str(analysis.pk), now=now, area_code=pack.area_code,
            after={"title": title},
        )  # fmt: skip
    return analysis
