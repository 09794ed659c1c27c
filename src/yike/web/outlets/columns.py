"""Columns of the list of outlets, and which of them an address asks for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.http import QueryDict

from yike.web.outlets.models import ChainMode, Outlet, Status
from yike.web.outlets.values import type_label
from yike.web.personal.masks import masked_phone
from yike.web.ui.table import Cell, Choice, Column

SIGNS = {"open": "met", "planned": "waiting", "suspended": "stopped", "closed": "stopped"}
FIRST = "name"
SHOWN = ("name", "type", "status", "community", "address", "hours", "phone", "verified")
"""Columns of who has chosen none."""

BESIDE = ("name", "type", "status", "address", "verified")
"""The same where a map stands beside the list."""

THREE = {True: "是", False: "否", None: None}


def all_columns(communities: Mapping[int, str]) -> tuple[Column, ...]:
    """Every column; ``communities`` are names by key."""
    return (
        Column("name", "名称", _name, sort_by="name"),
        Column("code", "编号", lambda o: o.code),
        Column("type", "业态", lambda o: type_label(o.type_code) or o.type_text),
        Column("status", "状态", lambda o: Cell(Status(o.status).label, sign=SIGNS[o.status])),
        Column("community", "社区", lambda o: communities.get(o.community_id or 0)),
        Column("address", "地址", lambda o: o.address),
        Column("hours", "营业时间", lambda o: o.hours),
        Column("phone", "电话", lambda o: masked_phone(o.phone)),
        Column("services", "附加服务", lambda o: "、".join(s.label for s in o.services.all())),
        Column("chain", "连锁", lambda o: THREE[o.is_chain]),
        Column("brand", "品牌", lambda o: o.brand),
        Column("chain_mode", "经营方式", lambda o: ChainMode(o.chain_mode).label if o.chain_mode else None),
        Column("credit_code", "信用代码", lambda o: o.credit_code),
        Column("staff", "从业", lambda o: o.staff, unit="人", is_number=True),
        Column("area_m2", "面积", lambda o: o.area_m2, unit="平方米", is_number=True),
        Column("cash", "收现金", lambda o: THREE[o.takes_cash]),
        Column("accessible", "无障碍", lambda o: THREE[o.is_accessible]),
        Column("night", "夜间配送", lambda o: THREE[o.delivers_at_night]),
        Column("payments", "支付方式", lambda o: "、".join(o.payments or ())),
        Column("credit_grade", "信用等级", lambda o: o.credit_grade),
        Column("source", "来源", lambda o: o.source),
        Column("verified", "核实日期", lambda o: o.verified_on, sort_by="verified"),
    )


def _name(outlet: Outlet) -> Cell:
    return Cell(outlet.name, f"/desk/outlets/{outlet.pk}/", is_invented=outlet.is_invented)


def chosen(query: QueryDict, columns: Sequence[Column]) -> tuple[list[Column], list[Choice]]:
    """The columns that an address asks for (``col``), the name always; and all as choices."""
    usual = BESIDE if query.get("map") else SHOWN
    asked = set(query.getlist("col")) & {c.code for c in columns} or set(usual)
    asked.add(FIRST)
    choices = [Choice(c.code, c.label, c.code in asked) for c in columns if c.code != FIRST]
    return [c for c in columns if c.code in asked], choices
