"""The app."""

from __future__ import annotations

from django.apps import AppConfig


class UiConfig(AppConfig):
    """Shared look."""

    name = "yike.web.ui"
    label = "ui"

    def ready(self) -> None:
        """Put the page of all parts last in the navigation."""
        from yike.web.ui.menu import add_item

        add_item("界面部件", "ui:parts", 990, {"admin", "planner"}, group="系统")
