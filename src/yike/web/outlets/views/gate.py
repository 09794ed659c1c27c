"""Pages where the register is worked on open for those who may keep one; the actions look at the branch."""

from __future__ import annotations

from typing import ParamSpec, TypeVar

from django.http.response import HttpResponseBase

from yike.web.accounts.gate import View, only_for
from yike.web.outlets.rules import KEEPERS

P = ParamSpec("P")
Answer = TypeVar("Answer", bound=HttpResponseBase)


def keepers_only(view: View[P, Answer]) -> View[P, Answer]:
    """Refuse (403) who keeps no register, before anything is looked up."""
    return only_for(KEEPERS)(view)
