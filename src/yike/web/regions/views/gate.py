"""Pages where areas and circles are worked on open for those who may; the actions look at the branch."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from django.db.models import QuerySet
from django.forms import Form
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone

from yike.errors import RefusedError
from yike.web.accounts.gate import DeskRequest
from yike.web.accounts.rules import check_role
from yike.web.regions.models import Area, Circle
from yike.web.regions.queries import areas_visible_to, circles_visible_to, named

P = ParamSpec("P")
Answer = TypeVar("Answer", bound=HttpResponseBase)
View = Callable[Concatenate[DeskRequest, P], Answer]


def only_for(roles: Iterable[str]) -> Callable[[View[P, Answer]], View[P, Answer]]:
    """Decorator: refuse (403) who has none of the roles, before anything is looked up."""
    wanted = tuple(roles)

    def guard(view: View[P, Answer]) -> View[P, Answer]:
        @wraps(view)
        def guarded(request: DeskRequest, /, *args: P.args, **kwargs: P.kwargs) -> Answer:
            check_role(request.user, timezone.localdate(), *wanted)
            return view(request, *args, **kwargs)

        return guarded

    return guard


def area_of(request: DeskRequest, key: int) -> Area:
    """An area the person sees, with its present name; 404 for any other."""
    today = timezone.localdate()
    return get_object_or_404(named(areas_visible_to(request.user, today), today), pk=key)


def circle_of(request: DeskRequest, key: int) -> Circle:
    """A circle the person sees; 404 for any other."""
    seen: QuerySet[Circle] = circles_visible_to(request.user, timezone.localdate())
    return get_object_or_404(seen.select_related("lead_community"), pk=key)


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
