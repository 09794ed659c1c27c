"""Pages open for the roles that the app's data names; the actions look at the circle."""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from django.http.response import HttpResponseBase
from django.utils import timezone

from yike.web.accounts.gate import DeskRequest, View
from yike.web.accounts.gate import only_for as only_for_roles
from yike.web.accounts.queries import one_of
from yike.web.voices import queries
from yike.web.voices.models import Survey
from yike.web.voices.rules import roles_for

P = ParamSpec("P")
Answer = TypeVar("Answer", bound=HttpResponseBase)


def only_for(what: str) -> Callable[[View[P, Answer]], View[P, Answer]]:
    """Refuse (403) who has no role for ``what``, before anything is looked up."""
    return only_for_roles(roles_for(what))


def survey_of(request: DeskRequest, key: int) -> Survey:
    """A survey the person sees, with its circle; 404 for any other."""
    found: Survey = one_of(queries.surveys_visible_to(request.user, timezone.localdate()), key)
    return found
