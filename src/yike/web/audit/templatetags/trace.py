"""A way from an object to what the record says of it, for those who may read the record."""

from __future__ import annotations

from typing import Any

from django import template
from django.template.context import RequestContext
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.http import urlencode

from yike.web.accounts.models import Account
from yike.web.accounts.rules import has_role
from yike.web.audit.queries import READERS

register = template.Library()


@register.simple_tag(takes_context=True)
def trace_link(context: RequestContext, kind: str, key: Any) -> str:
    """``{% trace_link "outlet" outlet.pk %}``; nothing for who does not read the record."""
    account = getattr(context.get("request"), "user", None)
    if not isinstance(account, Account) or not has_role(account, timezone.localdate(), *READERS):
        return ""
    href = f"{reverse('audit:entries')}?{urlencode({'kind': kind, 'key': key})}"
    return format_html('<a class="button quiet" href="{}">操作记录</a>', href)
