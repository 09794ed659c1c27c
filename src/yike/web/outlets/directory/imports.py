"""Imports of facilities and premises: looked at, put in and taken back, each within one transaction."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

import numpy as np
from django.db import transaction
from django.utils.timezone import localdate

from yike.errors import RefusedError
from yike.sources.intake import fault
from yike.web.accounts.queries import within_branch
from yike.web.audit.chain import Who, record
from yike.web.outlets.datum import guess_datum
from yike.web.outlets.directory.actions import change_entry, create_entry, lock, remove_entry
from yike.web.outlets.directory.choices import settings
from yike.web.outlets.directory.kinds import KINDS, Entry, Kind
from yike.web.outlets.directory.reading import read_entries
from yike.web.outlets.directory.rows import differences
from yike.web.outlets.intake import ReadList, ReadRow, bare_community
from yike.web.outlets.models import BatchState, ImportBatch, ImportRow, Verdict
from yike.web.outlets.previews import known_communities, record_of
from yike.web.outlets.queries import live_outlets
from yike.web.outlets.rules import require_keeper
from yike.web.outlets.uploads import file_of, wrong_state

BY = {"code": "编号", "name": "名称"}
WRITES = (Verdict.NEW, Verdict.CHANGED)
TAKEN_BACK = "撤销导入"


def preview(*, who: Who, batch: ImportBatch, now: dt.datetime) -> dict[str, int]:
    """
    Work out what each row would do, and keep it with the batch; nothing in the register changes.

    May be repeated. Without a datum the batch stays ``uploaded`` with a guess, and the datum is asked for.
    """
    require_keeper(who, batch.area_code, localdate(now))
    kind = KINDS[batch.what]
    read = read_entries(
        file_of(batch), kind=kind, branch=batch.area_code, known=known_communities(batch.area_code),
        datum=batch.datum, sheet=batch.sheet, name=batch.file_name,
    )  # fmt: skip
    most = settings()["import"]["most_rows"]
    if len(read.rows) > most:
        raise RefusedError("register.directory.many_rows", found=f"{len(read.rows):,}", limit=f"{most:,}")
    if read.asks_datum:
        return _ask_datum(batch, read)
    rows = _Judge(batch, kind).rows(read)
    counts = dict(Counter(str(r.verdict) for r in rows)) | {"rows": len(rows)}
    with transaction.atomic():
        waiting = ImportBatch.objects.filter(
            pk=batch.pk, state__in=[BatchState.UPLOADED, BatchState.PREVIEWED], datum=batch.datum
        )
        faults = [record_of(f) for f in read.faults]
        if not waiting.update(
            state=BatchState.PREVIEWED, previewed_at=now, counts=counts, faults=faults
        ):  # fmt: skip
            raise wrong_state(batch, "预检")
        batch.rows.all().delete()
        ImportRow.objects.bulk_create(rows, batch_size=500)
    batch.refresh_from_db()
    return counts


def _ask_datum(batch: ImportBatch, read: ReadList) -> dict[str, int]:
    near = live_outlets().filter(within_branch(batch.area_code), lon__isnull=False).order_by("id")
    known = np.array(near.values_list("lon", "lat")[:20_000]).reshape(-1, 2)
    guess = guess_datum(read.lon, read.lat, known[:, 0], known[:, 1])
    ImportBatch.objects.filter(pk=batch.pk, state=BatchState.UPLOADED).update(
        datum_guess=guess, faults=[record_of(f) for f in read.faults]
    )
    batch.refresh_from_db()
    return {"rows": len(read.rows), "asks_datum": 1}


class _Judge:
    """Tells what rows would do, against the register as it stands."""

    def __init__(self, batch: ImportBatch, kind: Kind) -> None:
        self.batch = batch
        self.by_code: dict[str, list[Entry]] = {}
        self.by_name: dict[str, list[Entry]] = {}
        self.first: dict[tuple[str, object], int] = {}
        here = kind.model.objects.filter(within_branch(batch.area_code), gone_at__isnull=True)
        for entry in here.order_by("pk"):
            if entry.code:
                self.by_code.setdefault(entry.code, []).append(entry)
            self.by_name.setdefault(_plain(entry.name), []).append(entry)

    def rows(self, read: ReadList) -> list[ImportRow]:
        """Every row, judged."""
        return [self._row(r) for r in read.rows]

    def _row(self, row: ReadRow) -> ImportRow:
        hits, by = self._hits(row.values)
        place: dict[str, Any] = {"file": self.batch.file_name, "row": row.number}
        if len(hits) > 1:
            row.faults.append(fault("register.directory.several", **place, count=len(hits), by=BY[by]))
        same = ("entry", hits[0].pk) if len(hits) == 1 else ("row", self._own(row))
        if same[1] and (other := self.first.setdefault(same, row.number)) != row.number:
            row.faults.append(fault("register.directory.twice", **place, other=other, by=BY[by or "name"]))
        entry = hits[0] if len(hits) == 1 else None
        values = row.values
        if entry is not None and "community_id" not in values:
            values = {k: v for k, v in values.items() if k != "area_code"}  # its place in the tree stays
        changes = differences(entry, values) if entry is not None else {}
        verdict = Verdict.NEW if entry is None else Verdict.CHANGED if changes else Verdict.SAME
        return ImportRow(
            batch=self.batch, number=row.number, verdict=Verdict.ERROR if row.is_bad else verdict,
            name=row.name[:120], target_key=entry.pk if entry else None, matched_by=by if entry else "",
            seen_version=entry.version if entry else None, values=values, changes=changes,
            faults=[record_of(f) for f in row.faults],
        )  # fmt: skip

    def _hits(self, values: dict[str, Any]) -> tuple[list[Entry], str]:
        """Entries that a row is about, and what tells so: its code, else its name in its community."""
        code, name = values.get("code", ""), _plain(values.get("name", ""))
        if code and code in self.by_code:
            return self.by_code[code], "code"
        found = [e for e in self.by_name.get(name, []) if not code or not e.code]
        community = values.get("community_id")
        return [e for e in found if not community or e.community_id in (None, community)], "name"

    def _own(self, row: ReadRow) -> object:
        """What tells rows of one file apart that the register does not know yet."""
        values = row.values
        if not values.get("name"):
            return ""
        return values.get("code") or (
            _plain(values["name"]),
            values.get("community_id"),
            values.get("address"),
        )


def _plain(name: str) -> str:
    return bare_community("".join(name.split())).casefold()


def apply(*, who: Who, batch: ImportBatch, now: dt.datetime, good_rows_only: bool = False) -> dict[str, int]:
    """
    Put a looked-at batch into the register, all of it or nothing.

    Raises
    ------
    RefusedError
        Rows with errors without ``good_rows_only``; the register changed since the preview; a batch in
        another state.
    """
    require_keeper(who, batch.area_code, localdate(now))
    kind = KINDS[batch.what]
    with transaction.atomic():
        batch = _taken(batch, BatchState.PREVIEWED, "导入", state=BatchState.APPLIED, applied_at=now)
        if batch.counts.get("error") and not good_rows_only:
            raise RefusedError("register.import.has_errors", status=409, count=batch.counts["error"])
        rows = list(batch.rows.filter(verdict__in=WRITES).order_by("number"))
        if not rows:
            raise RefusedError("register.import.nothing", status=409)
        _refuse_entered_since(batch, kind, rows)
        for row in rows:
            _write(row, batch, kind, who=who, now=now)
        done = dict(Counter(str(r.verdict) for r in rows))
        batch.counts |= {"applied": done}
        batch.save(update_fields=["counts"])
        record(
            who, "import.apply", "import", str(batch.pk), now=now, area_code=batch.area_code,
            after=done | {"digest": batch.digest},
        )  # fmt: skip
    return done


def _taken(batch: ImportBatch, was: str, act: str, **then: Any) -> ImportBatch:
    """The batch, taken from a state to the next by this transaction alone."""
    if not ImportBatch.objects.filter(pk=batch.pk, state=was).update(**then):
        raise wrong_state(batch, act)
    return ImportBatch.objects.get(pk=batch.pk)


def _refuse_entered_since(batch: ImportBatch, kind: Kind, rows: list[ImportRow]) -> None:
    """Refuse when somebody has entered meanwhile what the file calls new."""
    judge = _Judge(batch, kind)
    for row in rows:
        if row.verdict == Verdict.NEW and judge._hits(row.values)[0]:
            raise RefusedError("register.import.stale", status=409, what=f"“{row.name}”已有人登记")


def _write(row: ImportRow, batch: ImportBatch, kind: Kind, *, who: Who, now: dt.datetime) -> None:
    note = f"导入“{batch.file_name}”第 {row.number} 行"[:200]
    values = {k: v for k, v in row.values.items() if k in kind.columns}
    if row.verdict == Verdict.NEW:
        row.target_key = create_entry(who=who, kind=kind, values=values, now=now, note=note).pk
        row.save(update_fields=["target_key"])
        return
    entry = lock(kind, row.target_key or 0)
    if entry.version != row.seen_version or entry.gone_at:
        raise RefusedError("register.import.stale", status=409, what=f"“{entry.name}”已被修改")
    change_entry(who=who, kind=kind, entry=entry, values=values, now=now, note=note)


def undo(*, who: Who, batch: ImportBatch, now: dt.datetime) -> dict[str, Any]:
    """
    Take a whole batch back: new entries are taken out, changed ones get their values back.

    Entries that somebody changed since stay as they are and are named in the result (``kept``).
    """
    require_keeper(who, batch.area_code, localdate(now))
    kind = KINDS[batch.what]
    with transaction.atomic():
        batch = _taken(batch, BatchState.APPLIED, "撤销", state=BatchState.UNDONE, undone_at=now)
        told = [
            _take_back(row, kind, who=who, now=now)
            for row in batch.rows.filter(verdict__in=WRITES).order_by("number")
        ]
        kept = [entry for act, entry in told if act == "kept"]
        done = {act: sum(a == act for a, _ in told) for act in ("removed", "restored", "kept")}
        done_with = done | {"kept_names": [e.name for e in kept], "kept_keys": [e.pk for e in kept]}
        batch.counts |= {"undone": done_with}
        batch.save(update_fields=["counts"])
        record(
            who, "import.undo", "import", str(batch.pk), now=now, area_code=batch.area_code, after=done
        )  # fmt: skip
    return done_with


def _take_back(row: ImportRow, kind: Kind, *, who: Who, now: dt.datetime) -> tuple[str, Entry]:
    entry = lock(kind, row.target_key or 0)
    if entry.gone_at or entry.version != (row.seen_version or 0) + 1:
        return "kept", entry
    if row.verdict == Verdict.NEW:
        return "removed", remove_entry(who=who, kind=kind, entry=entry, now=now, note=TAKEN_BACK)
    before = {column: old for column, (old, _) in row.changes.items()}
    return "restored", change_entry(who=who, kind=kind, entry=entry, values=before, now=now, note=TAKEN_BACK)
