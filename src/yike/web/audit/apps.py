"""The app."""

from __future__ import annotations

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """Who did what, append-only."""

    name = "yike.web.audit"
    label = "audit"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Record what accounts do; put the page into the navigation."""
        from yike.web.accounts.trace import record_with
        from yike.web.audit import cards  # noqa: F401 - registers its card
        from yike.web.audit.chain import record
        from yike.web.audit.queries import READERS
        from yike.web.ui.menu import add_item

        record_with(record)
        add_item("操作记录", "audit:entries", 920, READERS, group="系统")
