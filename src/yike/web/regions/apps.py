"""The app."""

from __future__ import annotations

from django.apps import AppConfig


class RegionsConfig(AppConfig):
    """Areas and living circles."""

    name = "yike.web.regions"
    label = "regions"
    default_auto_field = "django.db.models.BigAutoField"
