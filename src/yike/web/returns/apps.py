"""The app."""

from __future__ import annotations

from django.apps import AppConfig


class ReturnsConfig(AppConfig):
    """Survey forms (附件5): filled, checked, sent up, merged."""

    name = "yike.web.returns"
    label = "returns"
    default_auto_field = "django.db.models.BigAutoField"
