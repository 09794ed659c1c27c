"""Files a page hands out: what a browser is told they are, and under which name it keeps them."""

from __future__ import annotations

from pathlib import PurePath

from django.http import HttpResponse
from django.utils.http import content_disposition_header

CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "geojson": "application/geo+json",
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def download(whole: bytes, name: str, *, is_shown: bool = False) -> HttpResponse:
    """A file under a name whose suffix says its kind; ``is_shown`` opens it in the browser instead."""
    kind = CONTENT_TYPES[PurePath(name).suffix.removeprefix(".").lower()]
    told = content_disposition_header(as_attachment=not is_shown, filename=name)
    return HttpResponse(whole, content_type=kind, headers={"Content-Disposition": str(told)})
