"""What pages of areas and circles share: the object a person sees, and telling a refusal at the form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.forms import Form
from django.shortcuts import get_object_or_404
from django.utils import timezone

from yike.errors import RefusedError
from yike.web.accounts.gate import DeskRequest
from yike.web.accounts.queries import one_of
from yike.web.regions.models import Area, Circle
from yike.web.regions.queries import areas_visible_to, circles_visible_to, named, with_lead


def area_of(request: DeskRequest, key: int) -> Area:
    """An area the person sees, with its present name; 404 for any other."""
    today = timezone.localdate()
    return get_object_or_404(named(areas_visible_to(request.user, today), today), pk=key)


def circle_of(request: DeskRequest, key: int) -> Circle:
    """A circle the person sees; 404 for any other."""
    found: Circle = one_of(with_lead(circles_visible_to(request.user, timezone.localdate())), key)
    return found


def told_to(form: Form, act: Callable[[], Any]) -> bool:
    """Do it; what does not hold (409) is told at the form, a missing right or object stays a refusal."""
    try:
        act()
    except RefusedError as refused:
        if refused.facts.get("status") in (403, 404) or str(refused.code).endswith("not_yours"):
            raise
        form.add_error(None, f"{refused}{refused.hint}")
        return False
    return True
