"""Telephone numbers written before they were sealed: sealed, marked, taken out of the words for finding."""

from typing import Any

from django.db import migrations
from django.db.models import TextField
from django.db.models.functions import Cast

from yike.web.accounts.sealed import mark_of_digits

ROWS_AT_ONCE = 500
JSON = {"OutletVersion": ("values",), "ImportRow": ("values", "changes"), "StagedChange": ("values",)}


def seal_all(apps: Any, schema_editor: Any) -> None:
    """Read as they are, write sealed; a second run changes nothing."""
    for name in ("Outlet", "Facility"):
        _numbers(apps.get_model("outlets", name))
    for name, columns in JSON.items():
        _inside(apps.get_model("outlets", name), columns)


def _numbers(model: Any) -> None:
    has_words = model.__name__ == "Outlet"
    for part in _parts(model.objects.exclude(phone="").order_by("id")):
        for row in part:
            row.phone_mark = mark_of_digits(row.phone, "phone")
            if has_words:
                row.search = _words(row)
        model.objects.bulk_update(part, ["phone", "phone_mark", *(["search"] if has_words else [])])


def _words(row: Any) -> str:
    told = (row.name, row.brand, row.address, row.code, row.credit_code)
    kept = row.search.partition("\t")[2]
    return f"{' '.join(t for t in told if t)[:400]}\t{kept}"[:600].upper() if row.search else ""


def _inside(model: Any, columns: tuple[str, ...]) -> None:
    for column in columns:
        told = model.objects.annotate(told=Cast(column, TextField())).filter(told__contains='"phone"')
        for part in _parts(told.order_by("id")):
            model.objects.bulk_update(part, [column])


def _parts(rows: Any) -> Any:
    last = 0
    while part := list(rows.filter(id__gt=last)[:ROWS_AT_ONCE]):
        yield part
        last = part[-1].pk


class Migration(migrations.Migration):
    """Apart from the change of columns: PostgreSQL does not mix both in one transaction."""

    dependencies = [("outlets", "0008_sealed_phones")]
    operations = [migrations.RunPython(seal_all, migrations.RunPython.noop)]
