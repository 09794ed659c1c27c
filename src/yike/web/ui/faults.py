"""Pages for what went wrong, in Chinese, with what to do; and refusals of rules as 403, 404 or 409."""

from __future__ import annotations

import errno
import logging
from collections.abc import Callable

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from yike.errors import RefusedError

TEXTS = {
    400: ("请求不完整", "浏览器送来的内容不完整或太大。", "请返回上一页重新填写；文件太大时请分成几个。"),
    403: ("没有权限", "您的职责不包括这项操作。", "如需办理，请联系本辖区的安全管理员或上级部门。"),
    404: ("没有找到", "这个页面或对象不存在，或不在您的辖区内。", "请核对网址，或从左侧栏目进入。"),
    409: ("现在不能这样做", "对象的状态刚刚变了。", "请刷新后再试。"),
    413: ("内容太大", "送来的内容超过了限度，没有读取。", "文件太大时请分成几个再上传。"),
    500: (
        "系统出了问题",
        "这次操作没有完成，数据没有改动。问题已记入日志。",
        "请稍后再试；反复出现时请联系系统管理员。",
    ),
    503: (
        "系统正忙",
        "数据库暂时连不上，或正忙。这次操作没有完成，数据没有改动。",
        "请稍后返回上一页再提交一次。",
    ),
    507: (
        "磁盘已满",
        "服务器没有地方写了。这次操作没有完成，已有的数据没有改动。",
        "请告诉系统管理员腾出磁盘空间，再返回上一页提交一次。",
    ),
}
LOG = logging.getLogger("django.request")


def fault_page(request: HttpRequest, status: int, text: str = "", cure: str = "") -> HttpResponse:
    """A page that says what is wrong and what to do; ``text`` and ``cure`` instead of the usual words."""
    title, usual, usual_cure = TEXTS.get(status, TEXTS[409])
    told = {
        "status": status,
        "title": title,
        "text": text or usual,
        "cure": cure or ("" if text else usual_cure),
    }
    return HttpResponse(render_to_string("ui/fault.html", told), status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 400."""
    return fault_page(request, 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 403."""
    return fault_page(request, 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 404."""
    return fault_page(request, 404)


def broken(request: HttpRequest) -> HttpResponse:
    """Answer 500, without asking the database for anything."""
    return fault_page(request, 500)


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer 403 to a form whose token is missing or old."""
    return fault_page(request, 403, "页面放得太久，已经失效。", "请返回上一页，刷新后重新提交。")


class Refusals:
    """Middleware: a RefusedError becomes a page; its fact ``status`` says 403, 404 or 409."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The page of a refusal; other exceptions are not ours."""
        if not isinstance(exception, RefusedError):
            return _no_storage(request, exception)
        status = int(exception.facts.get("status", 403))
        if status == 404:  # nothing may tell another branch's object from one that does not exist
            return fault_page(request, 404)
        return fault_page(request, status, str(exception), exception.hint)


def _no_storage(request: HttpRequest, exception: Exception) -> HttpResponse | None:
    """The page of a full disk or of a database that is away; None for whatever is a mistake of ours."""
    if not isinstance(exception, (OperationalError, InterfaceError, OSError)):
        return None
    is_full = getattr(exception, "errno", None) in (errno.ENOSPC, errno.EDQUOT)
    is_full = is_full or any(sign in str(exception) for sign in ("disk is full", "No space left"))
    is_ours = isinstance(exception, OSError) or "no such" in str(exception)  # SQLite's word for an old shape
    if is_ours and not is_full:
        return None
    LOG.error("%s %s", request.method, request.path, exc_info=exception)
    return fault_page(request, 507 if is_full else 503)
