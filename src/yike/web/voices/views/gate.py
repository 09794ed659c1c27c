"""Pages open for the roles that the app's data names; the actions look at the circle."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from django.http.response import HttpResponseBase
from django.utils import timezone

from yike.web.accounts.gate import DeskRequest
from yike.web.accounts.rules import check_role
from yike.web.voices.rules import roles_for

P = ParamSpec("P")
Answer = TypeVar("Answer", bound=HttpResponseBase)
View = Callable[Concatenate[DeskRequest, P], Answer]


def only_for(what: str) -> Callable[[View[P, Answer]], View[P, Answer]]:
    """Refuse (403) who has no role for ``what``, before anything is looked up."""

    def guard(view: View[P, Answer]) -> View[P, Answer]:
        @wraps(view)
        def guarded(request: DeskRequest, /, *args: P.args, **kwargs: P.kwargs) -> Answer:
            check_role(request.user, timezone.localdate(), *roles_for(what))
            return view(request, *args, **kwargs)

        return guarded

    return guard
