"""How much a request may bring: nobody fills the disk from outside."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from yike.web.ui.faults import fault_page

DESK = "/desk/"
DOOR = "/desk/session/"
MOST_BYTES = 112 * 2**20
"""At the desk: the largest file that an import takes, and the form around it."""

MOST_BYTES_OUTSIDE = 64 * 1024
"""Before the door and on public pages, where there is nothing to upload."""


class BodySizes:
    """Middleware: refuses (413) what says it is longer, before a byte of it is read."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, or refuse."""
        told = request.META.get("CONTENT_LENGTH") or "0"
        is_desk = request.path.startswith(DESK) and not request.path.startswith(DOOR)
        most = MOST_BYTES if is_desk else MOST_BYTES_OUTSIDE
        if not told.isascii() or not told.isdigit() or int(told) > most:
            return fault_page(request, 413)
        return self.get_response(request)
