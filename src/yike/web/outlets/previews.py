"""What each row of a file would do to the register."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from typing import Any, TypeVar

import numpy as np
from django.db import transaction
from django.utils.timezone import localdate

from yike.errors import Fault
from yike.sources.intake import fault
from yike.web.accounts.queries import within_branch
from yike.web.audit.chain import Who
from yike.web.outlets import rules
from yike.web.outlets.datum import guess_datum
from yike.web.outlets.intake import Known, ReadList, ReadRow, bare_community, read_list
from yike.web.outlets.matching import WORDS, Hit, Matcher
from yike.web.outlets.models import BatchState, ImportBatch, ImportRow, Outlet, OutletVersion, Verdict
from yike.web.outlets.queries import communities_of, live_outlets
from yike.web.outlets.staging import forget
from yike.web.outlets.uploads import file_of, wrong_state
from yike.web.outlets.values import LISTS, merged_services, merged_stops, services_of, stops_of

CHUNK = 500
UNCOMPARED = frozenset({"source", "type_text", "source_lon", "source_lat", "source_datum"})
"""Columns that say where a value came from; a difference in them alone is none."""

NEARLY_DEG = 1e-6
"""About 0.1 m: a point that went through another datum and back is the same."""

Progress = Callable[[str, int, int], None]
T = TypeVar("T")


def silent(stage: str, done: int, total: int) -> None:
    """Tell nobody."""


def preview(*, who: Who, batch: ImportBatch, now: dt.datetime, progress: Progress = silent) -> dict[str, int]:
    """
    Work out what each row would do, and keep it with the batch; nothing in the register changes.

    May be repeated. Without a datum the batch stays ``uploaded`` with a guess, and the datum is asked for.
    """
    rules.require_keeper(who, batch.area_code, localdate(now))
    progress("读取文件", 0, 1)
    read = read_list(
        file_of(batch), branch=batch.area_code, today=localdate(now),
        known=known_communities(batch.area_code), datum=batch.datum, sheet=batch.sheet, name=batch.file_name,
    )  # fmt: skip
    if read.asks_datum:
        return _ask_datum(batch, read)
    mark = OutletVersion.objects.order_by("-id").values_list("id", flat=True).first() or 0
    rows = _judge(batch, read, progress)
    counts = dict(Counter(str(r.verdict) for r in rows))
    counts |= {"rows": len(rows), "mark": mark, "warnings": sum(_n_warnings(r.faults) for r in rows)}
    with transaction.atomic():
        hit = ImportBatch.objects.filter(
            pk=batch.pk, state__in=[BatchState.UPLOADED, BatchState.PREVIEWED], datum=batch.datum
        ).update(
            state=BatchState.PREVIEWED,
            previewed_at=now,
            counts=counts,
            faults=[record_of(f) for f in read.faults],
        )
        if not hit:
            raise wrong_state(batch, "预检")
        forget(batch)
        batch.rows.all()._raw_delete(using=batch.rows.db)
        ImportRow.objects.bulk_create(rows, batch_size=CHUNK)
    progress("预检完成", 1, 1)
    batch.refresh_from_db()
    return counts


def _n_warnings(faults: list[dict[str, Any]]) -> int:
    return sum(f["level"] == "warning" for f in faults)


def _ask_datum(batch: ImportBatch, read: ReadList) -> dict[str, int]:
    known = np.array(
        live_outlets()
        .filter(within_branch(batch.area_code), lon__isnull=False)
        .order_by("id")
        .values_list("lon", "lat")[:20_000]
    ).reshape(-1, 2)
    guess = guess_datum(read.lon, read.lat, known[:, 0], known[:, 1])
    ImportBatch.objects.filter(pk=batch.pk, state=BatchState.UPLOADED).update(
        datum_guess=guess, faults=[record_of(f) for f in read.faults]
    )
    batch.refresh_from_db()
    return {"rows": len(read.rows), "asks_datum": 1}


def known_communities(branch: str) -> Known:
    """Communities a list of a branch may name; names that two of them share are left out."""
    listed = communities_of(branch)
    names = Counter(bare_community(name) for _, _, name in listed)
    return Known(
        {bare_community(n): (key, b) for key, b, n in listed if names[bare_community(n)] == 1},
        {b.ljust(12, "0"): (key, b) for key, b, _ in listed},
    )


def _judge(batch: ImportBatch, read: ReadList, progress: Progress) -> list[ImportRow]:
    matcher = Matcher(live_outlets().filter(within_branch(batch.area_code)))
    hits = [matcher.find(r.values) if r.values else Hit(()) for r in read.rows]
    first: dict[int, int] = {}
    judged: list[ImportRow] = []
    for part in chunks(list(zip(read.rows, hits, strict=True)), CHUNK):
        keys = {h.keys[0] for _, h in part if len(h.keys) == 1}
        outlets = Outlet.objects.prefetch_related("services", "stops").in_bulk(keys)
        judged += [_judge_row(batch, row, hit, outlets, first) for row, hit in part]
        progress("比对登记册", len(judged), len(read.rows))
    return judged


def _judge_row(
    batch: ImportBatch, row: ReadRow, hit: Hit, outlets: dict[int, Outlet], first: dict[int, int]
) -> ImportRow:
    place: dict[str, Any] = {"file": batch.file_name, "row": row.number}
    if len(hit.keys) > 1:
        row.faults.append(fault("register.import.several", **place, count=len(hit.keys), by=WORDS[hit.by]))
    elif hit.keys and (other := first.setdefault(hit.keys[0], row.number)) != row.number:
        row.faults.append(fault("register.import.twice", **place, other=other, by=WORDS[hit.by]))
    outlet = outlets.get(hit.keys[0]) if len(hit.keys) == 1 else None
    changes = differences(outlet, row.values) if outlet else {}
    verdict = Verdict.NEW if outlet is None else Verdict.CHANGED if changes else Verdict.SAME
    return ImportRow(
        batch=batch,
        number=row.number,
        verdict=Verdict.ERROR if row.is_bad else verdict,
        name=row.name[:120],
        outlet=outlet,
        matched_by=hit.by if outlet else "",
        seen_version=outlet.version if outlet else None,
        values=row.values,
        changes=changes,
        faults=[record_of(f) for f in row.faults],
    )


def record_of(f: Fault) -> dict[str, Any]:
    """A fault as JSON keeps it, with its words."""
    facts = {k: v if isinstance(v, str | int | float | bool) else str(v) for k, v in f.facts.items()}
    return {**asdict(f), "facts": facts, "message": f.message, "cure": f.cure}


def fault_of(kept: dict[str, Any]) -> Fault:
    """The fault again."""
    return Fault(**{k: v for k, v in kept.items() if k not in ("message", "cure")})


def differences(outlet: Outlet, values: dict[str, Any]) -> dict[str, list[Any]]:
    """What a row would change, by column: old and new."""
    changes: dict[str, list[Any]] = {}
    for column, new in values.items():
        if column in UNCOMPARED or column == "status_on":
            continue
        if column == "area_code" and "community_id" not in values:
            continue  # no community told: the place in the tree stays
        if column in LISTS:
            old: Any = services_of(outlet) if column == "services" else stops_of(outlet)
        else:
            old = getattr(outlet, column)
        old = old.isoformat() if isinstance(old, dt.date) else old
        if not _is_same(column, old, new):
            changes[column] = [old, new]
    return changes


def _is_same(column: str, old: Any, new: Any) -> bool:
    if column in ("lon", "lat") and old is not None:
        return abs(float(old) - float(new)) <= NEARLY_DEG
    if column == "services":
        return bool(merged_services(old, new) == old)
    if column == "stops":
        return bool(merged_stops(old, new) == old)
    return bool(old == new)


def chunks(rows: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """Consecutive parts of at most ``size``."""
    for at in range(0, len(rows), size):
        yield rows[at : at + size]
