"""Actions, kinds of objects and their columns in words; what has none is shown by its code."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

ACTIONS = {
    "account.sign_in": "登录", "account.sign_out": "退出", "account.sign_in_failed": "登录失败",
    "account.lock": "锁定账号", "account.create": "新建账号", "account.edit": "修改账号",
    "account.change_password": "改密码", "account.issue_password": "重发密码", "account.leave": "离岗",
    "account.take_back": "撤销导入的账号",
    "account.codes_on": "启用动态口令", "account.codes_off": "关闭动态口令",
    "account.end_sessions": "退出别处的登录",
    "duty.give": "授予职责", "duty.end": "结束职责", "job.ask": "提交后台任务", "job.cancel": "取消后台任务",
}  # fmt: skip
KINDS = {
    "account": "账号",
    "job": "后台任务",
    "outlet": "网点",
    "circle": "生活圈",
    "count": "数量",
    "area": "区划",
    "return": "调查表",
}
COLUMNS: dict[str, str] = tomllib.loads(
    (files("yike.web.audit") / "data" / "columns.toml").read_text("utf-8")
)
"""Columns of many kinds of objects."""

UNKNOWN = "—"


def plain_text(name: str, value: Any) -> str:
    """A kept value as people read it, whatever it is of."""
    if value in (None, "", [], {}):
        return UNKNOWN
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Mapping):
        return "；".join(f"{COLUMNS.get(k, k)} {plain_text(k, v)}" for k, v in value.items())
    if isinstance(value, list):
        return "、".join(plain_text(name, v) for v in value)
    return str(value)


@dataclass(frozen=True)
class Values:
    """How the columns of one kind of object are called, and how their values are told."""

    label: Callable[[str], str]
    told: Callable[[str, Any], str]


VALUES: dict[str, Values] = {}


def name_values(kind: str, label: Callable[[str], str], told: Callable[[str, Any], str] = plain_text) -> None:
    """Add the columns of a kind of object; call it in the app's ``ready``. ``label`` says "" for no word."""
    VALUES[kind] = Values(label, told)


def columns_of(model: Any) -> Callable[[str], str]:
    """Labels of a model's columns, as its fields are named."""
    words = {n: str(f.verbose_name) for f in model._meta.concrete_fields for n in (f.name, f.attname)}
    return lambda name: words.get(name, "")


def label_of(kind: str, name: str) -> str:
    """What a column of a kind of object is called."""
    of_kind = VALUES[kind].label(name) if kind in VALUES else ""
    return of_kind or COLUMNS.get(name, name)


def text_of(kind: str, name: str, value: Any) -> str:
    """A value of a column, in words."""
    return VALUES[kind].told(name, value) if kind in VALUES and value is not None else plain_text(name, value)


MASKS: dict[str, Callable[[str], str]] = {}


def mask_values(name: str, mask: Callable[[str], str]) -> None:
    """Let the record keep values of a column masked, at any depth; call it in the app's ``ready``."""
    MASKS[name] = mask


def name_actions(words: dict[str, str]) -> None:
    """Add an app's actions; call it in the app's ``ready``."""
    ACTIONS.update(words)


def name_kinds(words: dict[str, str]) -> None:
    """Add an app's kinds of objects."""
    KINDS.update(words)
