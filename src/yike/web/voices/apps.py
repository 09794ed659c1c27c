"""The app."""

from __future__ import annotations

from django.apps import AppConfig


class VoicesConfig(AppConfig):
    """Needs and satisfaction answers of residents (问需于民)."""

    name = "yike.web.voices"
    label = "voices"
    default_auto_field = "django.db.models.BigAutoField"
