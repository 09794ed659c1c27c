"""The app."""

from __future__ import annotations

from django.apps import AppConfig


class VoicesConfig(AppConfig):
    """Needs and satisfaction answers of residents (问需于民)."""

    name = "yike.web.voices"
    label = "voices"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Put the pages into the navigation, the card on the first screen, words into the record."""
        from yike.web.audit.words import name_actions, name_kinds
        from yike.web.ui.menu import add_item
        from yike.web.voices import cards, personal  # noqa: F401
        from yike.web.voices.words import TRACE_KINDS, TRACE_WORDS

        name_actions(TRACE_WORDS)
        name_kinds(TRACE_KINDS)
        add_item("需求清单", "voices:needs", 30, group="问需于民")
        add_item("满意度调查", "voices:surveys", 31, group="问需于民")
