"""Tables as lines: one JSON list a row, the same text from either database."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any

from django.apps import apps as present
from django.core.management.color import no_style
from django.db import connections
from django.db.models import BinaryField, Field, JSONField, Model

ROWS_AT_ONCE = 500
Models = Sequence[type[Model]]


def our_labels() -> set[str]:
    """Labels of the workbench's own apps; sessions and Django's own lists are not kept."""
    return {a.label for a in present.get_app_configs() if a.name.startswith("yike.")}


def kept_models(apps: Any = present) -> list[type[Model]]:
    """Every table that a backup holds, by name; ``apps`` may be those of an earlier state."""
    labels = our_labels()
    found = [
        m
        for m in apps.get_models(include_auto_created=True)
        if m._meta.app_label in labels and m._meta.managed and not m._meta.proxy
    ]
    return sorted(found, key=lambda m: m._meta.db_table)


def columns_of(model: type[Model]) -> list[Field[Any, Any]]:
    """Columns that hold something of their own, by name: models of earlier states have another order."""
    own = [f for f in model._meta.concrete_fields if not getattr(f, "generated", False)]
    return sorted(own, key=lambda f: str(f.column))


def lines_of(model: type[Model], using: str) -> Iterator[bytes]:
    """Every row of a table, by its key."""
    names = [f.attname for f in columns_of(model)]
    rows = model._base_manager.using(using).order_by("pk").values_list(*names)
    for row in rows.iterator(2000):
        yield line_of(row)


def line_of(row: Iterable[Any]) -> bytes:
    """One row as text; keys inside JSON are sorted, for PostgreSQL does not keep their order."""
    text = json.dumps(list(row), ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_plain)
    return text.encode() + b"\n"


def _plain(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat()
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(bytes(value)).decode("ascii")
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(f"no text for {type(value).__name__}")


def digest_of(lines: Iterable[bytes]) -> tuple[int, str]:
    """Rows and SHA-256 of a table."""
    digest, count = hashlib.sha256(), 0
    for line in lines:
        digest.update(line)
        count += 1
    return count, digest.hexdigest()


def put_lines(model: type[Model], lines: Iterable[bytes], using: str) -> None:
    """Write rows as they were: no defaults, no times of now."""
    columns, connection = columns_of(model), connections[using]
    quote = connection.ops.quote_name
    names = ", ".join(quote(str(f.column)) for f in columns)
    marks = ", ".join(["%s"] * len(columns))
    statement = f"INSERT INTO {quote(model._meta.db_table)} ({names}) VALUES ({marks})"  # noqa: S608 - our names
    with connection.cursor() as cursor:
        part = []
        for line in lines:
            values = zip(columns, json.loads(line), strict=True)
            part.append([f.get_db_prep_save(_value(f, v), connection) for f, v in values])
            if len(part) == ROWS_AT_ONCE:
                cursor.executemany(statement, part)
                part = []
        if part:
            cursor.executemany(statement, part)


def _value(column: Field[Any, Any], told: Any) -> Any:
    if told is None or isinstance(column, JSONField):
        return told
    if isinstance(column, BinaryField):
        return base64.b64decode(told)
    return column.to_python(told)


def count_on(models: Models, using: str) -> None:
    """Let the database count keys on from the highest."""
    connection = connections[using]
    statements = connection.ops.sequence_reset_sql(no_style(), list(models))
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
