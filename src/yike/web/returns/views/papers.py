"""Papers of a return: the official form as a file, and the page that is signed and sealed."""

from __future__ import annotations

import tempfile
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import quote

import segno
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from yike.reports.survey_form.document import write_docx
from yike.reports.survey_form.print import write_pdf
from yike.reports.survey_form.sheet import write_forms
from yike.standards.survey_form import FormDoc
from yike.web.accounts.gate import DeskRequest
from yike.web.returns import queries
from yike.web.returns.pages import page_of
from yike.web.returns.views.found import the_return

KINDS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}
SIGNERS = ("填报社区（盖章）", "街道（乡镇）审核（盖章）", "区县商务部门（盖章）", "市商务局（盖章）")
N_COPIES = 2


def paper(request: DeskRequest, key: int, kind: str) -> HttpResponse:
    """GET: the official form as xlsx, docx or PDF."""
    ret = the_return(request, key)
    return as_file([queries.doc_of(ret)], kind, f"{ret.circle.name}-{ret.wave.title}-{ret.code}")


def sign_off(request: DeskRequest, key: int) -> HttpResponse:
    """GET: two copies with page code, boxes for seals, and the QR code of the frozen form."""
    ret = the_return(request, key)
    kept = queries.revision_of(ret)
    url = request.build_absolute_uri(reverse("publicmap:frozen", args=[kept.token])) if kept.token else ""
    told = page_of(ret, kept) | {
        "ret": ret,
        "revision": kept,
        "copies": range(1, N_COPIES + 1),
        "n_copies": N_COPIES,
        "signers": SIGNERS,
        "qr": _qr(url) if url else "",
        "url": url,
        "steps": list(ret.steps.select_related("by")),
        "today": timezone.localdate(),
    }
    return render(request, "returns/sign_off.html", told)


def as_file(docs: list[FormDoc], kind: str, stem: str) -> HttpResponse:
    """Forms as a file to download."""
    if kind not in KINDS:
        raise Http404
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"form.{kind}"
        if kind == "xlsx":
            write_forms(docs, path)
        else:
            (write_docx if kind == "docx" else write_pdf)(docs[0], path)
        whole = BytesIO(path.read_bytes())
    plain = "".join(c for c in stem if c not in '\\/:*?"<>|\r\n')
    told = f"attachment; filename=\"form.{kind}\"; filename*=UTF-8''{quote(f'{plain}.{kind}')}"
    return HttpResponse(whole.getvalue(), content_type=KINDS[kind], headers={"Content-Disposition": told})


def _qr(url: str) -> SafeString:
    code = segno.make(url, error="m", micro=False)
    drawn: Any = code.svg_inline(border=2, dark="#000", light="#fff", omitsize=True)
    return mark_safe(drawn)  # noqa: S308 - drawn here from an address of our own
