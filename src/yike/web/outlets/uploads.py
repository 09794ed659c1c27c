"""Files people bring: kept in the data folder under their digest, each with a batch that tells its state."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.db import transaction
from django.utils.timezone import localdate

from yike.errors import RefusedError
from yike.sources.tabular import LAYER_SUFFIXES, SHEET_SUFFIXES, TEXT_SUFFIXES
from yike.web.audit.chain import Who, record
from yike.web.outlets import rules
from yike.web.outlets.models import BatchState, ImportBatch, ImportKind
from yike.web.outlets.staging import forget

MOST_BYTES = 100 * 2**20
SUFFIXES = tuple(sorted({*SHEET_SUFFIXES, *TEXT_SUFFIXES, *LAYER_SUFFIXES} - {".shp"}, key=len, reverse=True))


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
    what: str = ImportKind.OUTLET,
) -> ImportBatch:
    """Keep a file in the data folder, under its digest, and open a batch for it."""
    rules.require_keeper(who, area_code, localdate(now))
    suffix = next((s for s in SUFFIXES if name.lower().endswith(s)), "")
    if not suffix:
        raise RefusedError("register.import.file_kind", found=Path(name).suffix or name)
    path, digest = _keep(stream, suffix)
    with transaction.atomic():
        batch = ImportBatch.objects.create(
            what=what,
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
            raise wrong_state(batch, "更改坐标系")
        forget(batch)
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
            raise wrong_state(batch, "放弃")
        forget(batch)
        record(who, "import.drop", "import", str(batch.pk), now=now, area_code=batch.area_code)


def wrong_state(batch: ImportBatch, act: str) -> RefusedError:
    """The refusal of a step that does not fit how far a batch is."""
    state = ImportBatch.objects.filter(pk=batch.pk).values_list("state", flat=True).get()
    return RefusedError("register.import.state", status=409, state=BatchState(state).label, act=act)
