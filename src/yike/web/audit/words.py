"""Actions and kinds of objects in words; what has none is shown by its code."""

from __future__ import annotations

from collections.abc import Callable

ACTIONS = {
    "account.sign_in": "登录", "account.sign_out": "退出", "account.sign_in_failed": "登录失败",
    "account.lock": "锁定账号", "account.create": "新建账号", "account.edit": "修改账号",
    "account.change_password": "改密码", "account.issue_password": "重发密码", "account.leave": "离岗",
    "account.take_back": "撤销导入的账号",
    "account.codes_on": "启用动态口令", "account.codes_off": "关闭动态口令",
    "duty.give": "授予职责", "duty.end": "结束职责", "job.ask": "提交后台任务", "job.cancel": "取消后台任务",
}  # fmt: skip
KINDS = {
    "account": "账号",
    "job": "后台任务",
    "outlet": "网点",
    "circle": "生活圈",
    "area": "区划",
    "return": "调查表",
}


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
