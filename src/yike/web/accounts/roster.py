"""Accounts from a workbook: read, compared with what is there, shown before anything is made."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.core import signing
from django.core.exceptions import ValidationError

from yike.errors import InputError
from yike.sources.tabular import Table, read_table
from yike.web.accounts.actions import NewAccount
from yike.web.accounts.branches import branch_from
from yike.web.accounts.models import Account, Role
from yike.web.accounts.rules import may_give

MOST_ROWS = 2000
SALT = "accounts.roster"
ROLES = {str(r.label): str(r.value) for r in Role} | {str(r.value): str(r.value) for r in Role}
SHORT = {"社区": "community", "街道": "subdistrict", "乡镇": "subdistrict", "区县": "district", "市": "city"}


@dataclass(frozen=True)
class RosterRow:
    """One row of the workbook: new, there already, or with what is wrong."""

    number: int
    new: NewAccount
    state: str  # "new" | "same" | "wrong"
    why: str = ""


def read_roster(path: Path, manager: Account, today: dt.date) -> list[RosterRow]:
    """
    All rows of a workbook (xlsx, xls, csv), each with its state.

    Raises
    ------
    InputError
        No table of accounts, or none of its rows can be read.
    """
    table = read_table(path, kind="account")
    if not len(table) or not table.has("username") or len(table) > MOST_ROWS:
        raise InputError("accounts.import.empty", file=path.name)
    known = {name.casefold() for name in Account.objects.values_list("username", flat=True)}
    seen: set[str] = set()
    found = []
    for number, new in _rows(table):
        why = _wrong_with(new, seen, manager, today)
        state = "wrong" if why else "same" if new.username.casefold() in known else "new"
        seen.add(new.username.casefold())
        found.append(RosterRow(number, new, state, why))
    return found


def _rows(table: Table) -> Iterator[tuple[int, NewAccount]]:
    names = ("username", "display_name", "unit", "role", "area_code")
    blank = ("",) * len(table)
    columns = [table.text(n) if table.has(n) else blank for n in names]
    for number, cells in zip(table.row_number.tolist(), zip(*columns, strict=True), strict=True):
        username, display_name, unit, role, area = (c.strip() for c in cells)
        code = ROLES.get(role) or SHORT.get(role) or role
        yield number, NewAccount(username, display_name, unit, code, area)


def _wrong_with(new: NewAccount, seen: set[str], manager: Account, today: dt.date) -> str:
    """What is wrong with a row, with the cure; "" when nothing is."""
    if not new.display_name:
        return "没有姓名。请补上。"
    if new.username.casefold() in seen:
        return f"用户名“{new.username}”在表中重复。请改一个。"
    if new.role not in Role.values:
        return f"角色“{new.role}”不认识。可填：{'、'.join(str(r.label) for r in Role)}。"
    if fault := _wrong_name(new.username):
        return fault
    try:
        branch = branch_from(new.area_code)
    except ValueError:
        return f"辖区代码“{new.area_code}”不对。应为 2、4、6、9 或 12 位数字。"
    if not may_give(manager, new.role, branch, today):
        return "这个角色或辖区不在您可授予的范围内。请核对，或请上级办理。"
    return ""


def _wrong_name(username: str) -> str:
    field: Any = Account._meta.get_field("username")
    try:
        field.clean(username, None)
    except ValidationError:
        return f"用户名“{username}”不合要求。只能用字母、数字和 _ . @ -，不超过 40 个字符。"
    return ""


def pack_rows(rows: list[RosterRow]) -> str:
    """The new rows as signed text, to go through the page that asks for confirmation."""
    return signing.dumps([asdict(r.new) for r in rows if r.state == "new"], salt=SALT, compress=True)


def unpack_rows(text: str) -> list[NewAccount]:
    """The rows again; raises BadSignature when they were changed or are older than an hour."""
    raw = signing.loads(text, salt=SALT, max_age=3600)
    return [NewAccount(**{**r, "area_code": branch_from(r["area_code"])}) for r in raw]
