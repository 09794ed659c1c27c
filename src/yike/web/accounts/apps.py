"""The app."""

from __future__ import annotations

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People and their duties."""

    name = "yike.web.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"
