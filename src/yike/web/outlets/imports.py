"""Imports: keep the file, tell what each row would do, apply the batch, take it back."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

import numpy as np
from django.conf import settings
from django.db import transaction
from django.utils.timezone import localdate

from yike.errors import Fault, RefusedError
from yike.sources.intake import fault
from yike.sources.tabular import LAYER_SUFFIXES, SHEET_SUFFIXES, TEXT_SUFFIXES
from yike.web.accounts.queries import within_branch
from yike.web.audit.chain import Who, record
from yike.web.outlets import rules
from yike.web.outlets.datum import guess_datum
from yike.web.outlets.intake import Known, ReadList, ReadRow, bare_community, read_list
from yike.web.outlets.matching import WORDS, Hit, Matcher
from yike.web.outlets.models import (
    BatchState,
    ImportBatch,
    ImportRow,
    Outlet,
    OutletVersion,
    Verdict,
)
from yike.web.outlets.queries import communities_of, live_outlets
from yike.web.outlets.values import LISTS, put, services_of, stops_of

MOST_BYTES = 100 * 2**20
SUFFIXES = tuple(sorted({*SHEET_SUFFIXES, *TEXT_SUFFIXES, *LAYER_SUFFIXES} - {".shp"}, key=len, reverse=True))
CHUNK = 500
UNCOMPARED = frozenset({"source", "type_text", "source_lon", "source_lat", "source_datum"})
"""Columns that say where a value came from; a difference in them alone is none."""

NEARLY_DEG = 1e-6
"""About 0.1 m: a point that went through another datum and back is the same."""

Progress = Callable[[str, int, int], None]
T = TypeVar("T")


def silent(stage: str, done: int, total: int) -> None:
    """Tell nobody."""


def upload(
    *,
    who: Who,
    stream: BinaryIO,
    name: str,
    area_code: str,
    now: dt.datetime,
    datum: str = "",
    sheet: str = "",
    is_invented: bool = False,
) -> ImportBatch:
    """Keep a file in the data folder, under its digest, and open a batch for it."""
    rules.require_keeper(who, area_code, localdate(now))
    suffix = next((s for s in SUFFIXES if name.lower().endswith(s)), "")
    if not suffix:
        raise RefusedError("register.import.file_kind", found=Path(name).suffix or name)
    path, digest = _keep(stream, suffix)
    with transaction.atomic():
        batch = ImportBatch.objects.create(
            area_code=area_code,
            file_name=Path(name).name[-200:],
            path=path,
            digest=digest,
            datum=datum,
            sheet=sheet,
            is_invented=is_invented,
            asked_by=who.account,
            uploaded_at=now,
        )
        record(
            who, "import.upload", "import", str(batch.pk), now=now, area_code=area_code,
            after={"file": batch.file_name, "digest": digest},
        )  # fmt: skip
    return batch


def _keep(stream: BinaryIO, suffix: str) -> tuple[str, str]:
    folder = Path(settings.DATA) / "imports"
    folder.mkdir(mode=0o700, exist_ok=True)
    half = folder / f".half-{os.getpid()}-{os.urandom(6).hex()}"
    digest, size = hashlib.sha256(), 0
    try:
        with half.open("xb") as kept:
            while block := stream.read(2**20):
                size += len(block)
                if size > MOST_BYTES:
                    raise RefusedError(
                        "register.import.file_size", found=f"超过 {size >> 20} MB", limit="100 MB"
                    )
                digest.update(block)
                kept.write(block)
        name = f"{digest.hexdigest()}{suffix}"
        half.replace(folder / name)
    finally:
        half.unlink(missing_ok=True)
    return f"imports/{name}", digest.hexdigest()


def file_of(batch: ImportBatch) -> Path:
    """The kept file."""
    return Path(settings.DATA) / batch.path


def choose_datum(*, who: Who, batch: ImportBatch, datum: str, now: dt.datetime) -> ImportBatch:
    """Say which datum the file is in; the batch is then looked at again."""
    with transaction.atomic():
        rules.require_keeper(who, batch.area_code, localdate(now))
        open_states = [BatchState.UPLOADED, BatchState.PREVIEWED]
        if not ImportBatch.objects.filter(pk=batch.pk, state__in=open_states).update(
            datum=datum, state=BatchState.UPLOADED
        ):
            raise _wrong_state(batch, "更改坐标系")
        record(
            who, "import.datum", "import", str(batch.pk), now=now, area_code=batch.area_code,
            before={"datum": batch.datum}, after={"datum": datum},
        )  # fmt: skip
    batch.refresh_from_db()
    return batch


def drop(*, who: Who, batch: ImportBatch, now: dt.datetime) -> None:
    """Give a batch up that was not applied."""
    with transaction.atomic():
        rules.require_keeper(who, batch.area_code, localdate(now))
        waiting = ImportBatch.objects.filter(
            pk=batch.pk, state__in=[BatchState.UPLOADED, BatchState.PREVIEWED]
        )
        if not waiting.update(state=BatchState.DROPPED):
            raise _wrong_state(batch, "放弃")
        record(who, "import.drop", "import", str(batch.pk), now=now, area_code=batch.area_code)


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
            raise _wrong_state(batch, "预检")
        batch.rows.all().delete()
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
        name=str(row.values.get("name", ""))[:120],
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
        if column in UNCOMPARED:
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
        return {s["label"] for s in new} <= {s["label"] for s in old}
    return bool(old == new)


def apply(
    *,
    who: Who,
    batch: ImportBatch,
    now: dt.datetime,
    good_rows_only: bool = False,
    progress: Progress = silent,
) -> dict[str, int]:
    """
    Put a looked-at batch into the register, all of it or nothing.

    Repeating it after it was done changes nothing and gives the same counts.

    Raises
    ------
    RefusedError
        Rows with errors without ``good_rows_only``; the register changed since the preview; a batch in
        another state.
    """
    from yike.web.outlets.bulk import write_rows

    progress("导入", 0, 1)
    with transaction.atomic():
        rules.require_keeper(who, batch.area_code, localdate(now))
        batch = _hold(batch)
        if batch.state == BatchState.APPLIED:
            return dict(batch.counts["applied"])
        if batch.state != BatchState.PREVIEWED:
            raise _wrong_state(batch, "导入")
        _refuse_bad(batch, good_rows_only)
        done = write_rows(batch, who=who, now=now, progress=progress)
        ImportBatch.objects.filter(pk=batch.pk).update(
            state=BatchState.APPLIED, applied_at=now, counts=batch.counts | {"applied": done}
        )
        record(
            who, "import.apply", "import", str(batch.pk), now=now, area_code=batch.area_code,
            after=done | {"digest": batch.digest},
        )  # fmt: skip
    return done


def _hold(batch: ImportBatch) -> ImportBatch:
    """Lock the batch and every other one open in the same city, so that two imports run one by one."""
    city = batch.area_code[:4]
    open_here = ImportBatch.objects.select_for_update().filter(within_branch(city or ""))
    held = {b.pk: b for b in open_here.filter(state=BatchState.PREVIEWED).order_by("pk")}
    return held.get(batch.pk) or ImportBatch.objects.select_for_update().get(pk=batch.pk)


def _refuse_bad(batch: ImportBatch, good_rows_only: bool) -> None:
    counts = batch.counts
    if counts.get("error") and not good_rows_only:
        raise RefusedError("register.import.has_errors", status=409, count=counts["error"])
    if not counts.get("new") and not counts.get("changed"):
        raise RefusedError("register.import.nothing", status=409)
    fresh = OutletVersion.objects.filter(
        within_branch(batch.area_code, "outlet__area_code"), number=1, id__gt=counts["mark"]
    )
    if counts.get("new") and fresh.exists():
        raise RefusedError("register.import.stale", status=409, what="有新增的网点")


def undo(*, who: Who, batch: ImportBatch, now: dt.datetime, progress: Progress = silent) -> dict[str, Any]:
    """
    Take a whole batch back: new outlets are taken out, changed ones get their values back.

    Outlets that somebody changed since stay as they are and are named in the result (``kept``).
    """
    from yike.web.outlets.bulk import take_back

    progress("撤销", 0, 1)
    with transaction.atomic():
        rules.require_keeper(who, batch.area_code, localdate(now))
        batch = ImportBatch.objects.select_for_update().get(pk=batch.pk)
        if batch.state == BatchState.UNDONE:
            return dict(batch.counts["undone"])
        if batch.state != BatchState.APPLIED:
            raise _wrong_state(batch, "撤销")
        done = take_back(batch, who=who, now=now, progress=progress)
        ImportBatch.objects.filter(pk=batch.pk).update(
            state=BatchState.UNDONE, undone_at=now, counts=batch.counts | {"undone": done}
        )
        record(who, "import.undo", "import", str(batch.pk), now=now, area_code=batch.area_code, after=done)
    return done


def _wrong_state(batch: ImportBatch, act: str) -> RefusedError:
    state = ImportBatch.objects.filter(pk=batch.pk).values_list("state", flat=True).get()
    return RefusedError("register.import.state", status=409, state=BatchState(state).label, act=act)


def chunks(rows: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """Consecutive parts of at most ``size``."""
    for at in range(0, len(rows), size):
        yield rows[at : at + size]


def outlet_of(row: ImportRow, batch: ImportBatch) -> Outlet:
    """A new outlet out of a row, unsaved."""
    outlet = Outlet(status=row.values.get("status", "open"), is_invented=batch.is_invented)
    put(outlet, columns_of(row.values) | {"services": row.values.get("services", ())})
    return outlet


def columns_of(values: dict[str, Any], only: Iterable[str] | None = None) -> dict[str, Any]:
    """The plain columns among a row's values."""
    wanted = set(values) if only is None else set(only)
    return {k: v for k, v in values.items() if k in wanted and k not in (*LISTS, "status")}
