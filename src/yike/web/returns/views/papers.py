"""Papers of a return: the official form as a file, and the page that is signed and sealed."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import segno
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString

from yike.standards.survey_form import FormDoc
from yike.web.accounts.gate import DeskRequest
from yike.web.returns import queries, rules
from yike.web.returns.pages import page_of
from yike.web.returns.papers import KINDS, write_paper
from yike.web.returns.views.found import the_return
from yike.web.ui.downloads import download

N_COPIES = 2  # one goes up, one stays


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
        "signers": ["填报社区", *(level.label for level in rules.path_of(ret.wave))],
        "qr": _qr(url) if url else "",
        "url": url,
        "steps": list(queries.steps_of(ret)),
        "today": timezone.localdate(),
    }
    return render(request, "returns/sign_off.html", told)


def as_file(docs: list[FormDoc], kind: str, stem: str) -> HttpResponse:
    """Forms as a file to download."""
    if kind not in KINDS:
        raise Http404
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"form.{kind}"
        write_paper(docs, path)
        whole = path.read_bytes()
    plain = "".join(c for c in stem if c not in '\\/:*?"<>|\r\n')
    return download(whole, f"{plain}.{kind}")


def _qr(url: str) -> SafeString:
    code = segno.make(url, error="m", micro=False)
    drawn: Any = code.svg_inline(border=2, dark="#000", light="#fff", omitsize=True)
    return SafeString(drawn)
