"""The app."""

from __future__ import annotations

from django.apps import AppConfig


class OutletsConfig(AppConfig):
    """Outlets, facilities, premises, units."""

    name = "yike.web.outlets"
    label = "outlets"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Let the worker know this app's jobs, and the navigation its pages."""
        from yike.web.outlets import jobs  # noqa: F401
        from yike.web.ui.menu import add_item

        add_item("网点", "outlets:outlets", 20, group="登记册")
