"""The list of circles (附件2) out to Excel, and in: read, looked at, confirmed."""

from __future__ import annotations

import io
import tempfile
from pathlib import Path

from django.contrib import messages
from django.core.files.base import File
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from yike.errors import InputError, RefusedError
from yike.web.accounts.gate import DeskRequest, only_for, who_of
from yike.web.accounts.queries import branches_of
from yike.web.regions import actions, reading, rules
from yike.web.regions.circle_list import ListRow, Place, read_list, write_list
from yike.web.regions.forms import ListFileForm
from yike.web.regions.queries import branches_to_choose
from yike.web.regions.views.circles import found_by
from yike.web.ui.downloads import download

MOST_BYTES = 5 * 2**20


def circle_list(request: DeskRequest) -> HttpResponse:
    """GET: the circles in view as a sheet in the structure of annex 2."""
    _, rows = found_by(request)
    top = reading.tops(request.user, timezone.localdate())
    stream = io.BytesIO()
    write_list(rows, getattr(top[0], "name", "") if len(top) == 1 else "", stream)
    return download(stream.getvalue(), f"circles-{timezone.localdate():%Y%m%d}.xlsx")


@only_for(rules.CIRCLE_KEEPERS)
def list_import(request: DeskRequest) -> HttpResponse:
    """GET: the upload form. POST: read the file and show what it would do; nothing is written yet."""
    today = timezone.localdate()
    areas = branches_to_choose(request.user, today, rules.CIRCLE_KEEPERS)
    form = ListFileForm(areas, request.POST or None, request.FILES or None)
    told: dict[str, object] = {"form": form}
    if request.method == "POST" and form.is_valid():
        try:
            rows = _read(form.cleaned_data["file"], form.cleaned_data["area"])
        except InputError as wrong:
            form.add_error("file", f"{wrong}{wrong.hint}")
        except ValueError:
            form.add_error("file", "没有找到表头。请保留“便民生活圈名称”和“包含社区”两列。")
        else:
            told |= _preview(rows, form.cleaned_data["area"], form.cleaned_data["lead_counts"])
    return render(request, "regions/list_import.html", told)


def _read(file: File[bytes], branch: str) -> list[ListRow]:
    if (file.size or 0) > MOST_BYTES:
        raise ValueError(file.name)
    places = [Place(*p) for p in reading.communities_in([branch])]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"list{Path(file.name or '').suffix.lower()[:6]}"
        path.write_bytes(file.read())
        return read_list(path, places)


def _preview(rows: list[ListRow], branch: str, lead_counts: bool) -> dict[str, object]:
    good = [r for r in rows if not r.faults]
    members = {
        f.suggested.key for r in good for f in r.communities if f.suggested and (lead_counts or not f.is_lead)
    }
    return {
        "rows": rows, "branch": branch, "lead_counts": lead_counts, "good": len(good),
        "bad": len(rows) - len(good), "members": len(members),
        "open": sum(f.is_open for r in good for f in r.communities),
    }  # fmt: skip


@require_POST
@only_for(rules.CIRCLE_KEEPERS)
def list_application(request: DeskRequest) -> HttpResponse:
    """POST: the circles as confirmed become circles, all or none."""
    today = timezone.localdate()
    branch = request.POST.get("area", "")
    if not any(branch.startswith(b) for b in branches_of(request.user, today, rules.CIRCLE_KEEPERS)):
        raise RefusedError("register.not_yours", branch=branch)
    rows = _chosen(request.POST, {p[0] for p in reading.communities_in([branch])})
    new, changed, same = actions.apply_list(
        who=who_of(request), branch=branch, rows=rows, is_invented="is_invented" in request.POST,
        now=timezone.now(),
    )  # fmt: skip
    messages.success(request, f"名单已导入：新增 {new} 个，修改 {changed} 个，相同 {same} 个。")
    return redirect("regions:circles")


def _chosen(told: QueryDict, known: set[int]) -> list[actions.Chosen]:
    counts = told.get("lead_counts") == "yes"
    rows = []
    for number in told.getlist("row"):
        lead = _key(told.get(f"{number}-lead", ""), known)
        others = [k for text in told.getlist(f"{number}-community") if (k := _key(text, known)) is not None]
        members = ([lead] if counts and lead is not None else []) + others
        year = told.get(f"{number}-year", "")
        rows.append(
            actions.Chosen(
                told.get(f"{number}-name", "")[:80], int(year) if year.isdigit() else None, lead,
                tuple(dict.fromkeys(members)),
            )
        )  # fmt: skip
    return rows


def _key(text: str, known: set[int]) -> int | None:
    return int(text) if text.isdigit() and int(text) in known else None
