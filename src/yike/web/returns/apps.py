"""The app."""

from __future__ import annotations

from django.apps import AppConfig


class ReturnsConfig(AppConfig):
    """Survey forms (附件5): filled, checked, sent up, merged."""

    name = "yike.web.returns"
    label = "returns"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Name actions for the audit list."""
        from yike.web.audit.words import name_actions, name_kinds
        from yike.web.returns.trace_words import ACTIONS, KINDS

        name_actions(ACTIONS)
        name_kinds(KINDS)
