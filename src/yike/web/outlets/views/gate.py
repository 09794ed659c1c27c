"""Pages where the register is worked on open for those who may keep one; the actions look at the branch."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from django.http.response import HttpResponseBase
from django.utils import timezone

from yike.web.accounts.gate import DeskRequest
from yike.web.accounts.rules import check_role
from yike.web.outlets.rules import KEEPERS

P = ParamSpec("P")
Answer = TypeVar("Answer", bound=HttpResponseBase)


def keepers_only(
    view: Callable[Concatenate[DeskRequest, P], Answer],
) -> Callable[Concatenate[DeskRequest, P], Answer]:
    """Refuse (403) who keeps no register, before anything is looked up."""

    @wraps(view)
    def guarded(request: DeskRequest, /, *args: P.args, **kwargs: P.kwargs) -> Answer:
        check_role(request.user, timezone.localdate(), *KEEPERS)
        return view(request, *args, **kwargs)

    return guarded
