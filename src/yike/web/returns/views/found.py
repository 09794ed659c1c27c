"""Which return, wave or file a page is about, among those the person sees."""

from __future__ import annotations

from django.utils import timezone

from yike.web.accounts.gate import DeskRequest
from yike.web.returns import queries
from yike.web.returns.models import Return, ReturnFile, Wave


def the_return(request: DeskRequest, key: int) -> Return:
    """A return; 404 for another branch's."""
    found: Return = queries.one_of(queries.returns_visible_to(request.user, timezone.localdate()), key)
    return found


def the_wave(request: DeskRequest, key: int) -> Wave:
    """A wave; 404 for another branch's."""
    found: Wave = queries.one_of(queries.waves_visible_to(request.user, timezone.localdate()), key)
    return found


def the_file(request: DeskRequest, key: int) -> ReturnFile:
    """A file that came back; 404 for another branch's."""
    found: ReturnFile = queries.one_of(queries.files_visible_to(request.user, timezone.localdate()), key)
    return found
