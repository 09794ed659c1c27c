"""The page that shows every part of the design system, on the desk and in the pocket."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from yike.reports.brand.tokens import load_tokens, minute_classes
from yike.web.ui.marks import marks
from yike.web.ui.table import Cell, Chip, Column, Pager, Tab, Table, changed

ROWS: tuple[tuple[str, str, int | None, str, dt.date | None], ...] = (
    ("东关社区圈", "met", 12483, "一店一早", dt.date(2026, 11, 2)),
    ("桥南社区圈", "near", 8604, "一菜一修", dt.date(2026, 10, 28)),
    ("光明社区圈", "gap", 19127, "一老一小", dt.date(2026, 9, 30)),
    ("新区社区圈", "unknown", None, "", None),
    ("河湾社区圈", "late", 4310, "一店一早", dt.date(2026, 8, 15)),
)
COLUMNS = (
    Column("name", "生活圈", lambda r: Cell(r[0], "?circle=1", is_invented=True)),
    Column("state", "状态", lambda r: Cell("", sign=r[1])),
    Column("people", "居民", lambda r: r[2], unit="人", is_number=True),
    Column("bundle", "组合", lambda r: r[3] or None),
    Column("checked", "核实日期", lambda r: r[4]),
)


class SampleForm(forms.Form):
    """One field of each kind, one of them wrong."""

    name = forms.CharField(label="网点名称", help_text="与招牌一致，不带分店号。")
    kind = forms.ChoiceField(
        label="业态", choices=[("", "请选择"), ("breakfast", "早餐店"), ("repair", "维修点")]
    )
    code = forms.CharField(label="统一社会信用代码", max_length=18)
    opened = forms.DateField(
        label="开业日期", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), required=False
    )
    note = forms.CharField(label="说明", widget=forms.Textarea, required=False)
    licence = forms.FileField(label="营业执照", required=False)
    is_chain = forms.BooleanField(label="品牌连锁", required=False)


def sample_table(request: HttpRequest) -> Table:
    """A list of invented circles with everything a list can have."""
    base = Table.plain(ROWS, COLUMNS, label="生活圈")
    heads = [
        type(h)(h.label, h.unit, h.is_number, "?sort=name", "ascending" if i == 0 else "")
        for i, h in enumerate(base.heads)
    ]
    sums = [Cell(""), Cell(""), Cell("44\u202f524"), Cell(""), Cell("")]
    return Table(
        label="生活圈", heads=heads, rows=base.rows, count=132, counted="个生活圈", sums=sums,
        chips=[Chip("状态：未达标", changed(request.GET, state=None))],
        pager=Pager(1, 3, "", changed(request.GET, page="2")),
        exports=[("Excel", "?as=xlsx"), ("CSV", "?as=csv")],
    )  # fmt: skip


def _sample_form() -> SampleForm:
    form = SampleForm({"name": "王记修鞋（虚构）", "kind": "", "code": "9141128100000000"})
    form.add_error("code", "只有 16 位，应为 18 位。请对照营业执照核对。")
    return form


def parts(request: HttpRequest) -> HttpResponse:
    """Everything on one page."""
    messages.success(request, "已保存。共 3 处改动，操作记录第 1204 条。")
    tokens: dict[str, Any] = load_tokens()
    shown = {
        "is_invented": True,
        "table": sample_table(request),
        "nothing": Table.plain(
            (), COLUMNS, label="空列表", empty="还没有网点。从 Excel 导入，或在手机上“拍网点”。"
        ),
        "form": _sample_form(),
        "marks": marks().values(),
        "colours": tokens["colour"].items(),
        "minutes": minute_classes(),
        "tabs": [Tab("基本情况", "#", True), Tab("网点", "#"), Tab("历史", "#")],
    }
    return render(request, "ui/parts.html", shown)


def pocket(request: HttpRequest) -> HttpResponse:
    """The same for one hand."""
    return render(
        request, "ui/pocket_parts.html", {"is_invented": True, "form": _sample_form(), "rows": ROWS}
    )
