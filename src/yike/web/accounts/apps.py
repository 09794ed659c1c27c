"""The app."""

from __future__ import annotations

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Who works here."""

    name = "yike.web.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Put pages into the navigation."""
        from yike.web.ui.menu import add_item

        managers = {"security", "city"}
        add_item("待办", "accounts:home", 0)
        add_item("账号", "accounts:people", 900, managers, group="系统")
        add_item("职责", "accounts:duties", 910, managers, group="系统")
