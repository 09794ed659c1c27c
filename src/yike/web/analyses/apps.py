"""The app."""

from __future__ import annotations

from django.apps import AppConfig


class AnalysesConfig(AppConfig):
    """Analyses of an area and their papers."""

    name = "yike.web.analyses"
    label = "analyses"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Let the worker know this app's job, and the navigation its page."""
        from yike.web.analyses import cards, jobs  # noqa: F401
        from yike.web.analyses.trace_words import ACTIONS, KINDS
        from yike.web.audit.words import name_actions, name_kinds
        from yike.web.ui.menu import add_item

        name_actions(ACTIONS)
        name_kinds(KINDS)

        add_item("分析", "analyses:analyses", 60, group="分析")
