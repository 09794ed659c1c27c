"""The app."""

from __future__ import annotations

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """Long work in worker processes."""

    name = "yike.web.jobs"
    label = "jobs"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Put the page into the navigation."""
        from yike.web.jobs import cards  # noqa: F401 - registers its card
        from yike.web.ui.menu import add_item

        add_item("后台任务", "jobs:jobs", 890, group="系统")
