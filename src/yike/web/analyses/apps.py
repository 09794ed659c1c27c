"""The app."""

from __future__ import annotations

from django.apps import AppConfig


class AnalysesConfig(AppConfig):
    """Analyses of an area and their papers."""

    name = "yike.web.analyses"
    label = "analyses"
    default_auto_field = "django.db.models.BigAutoField"
