"""The app."""

from __future__ import annotations

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """Long work in worker processes."""

    name = "yike.web.jobs"
    label = "jobs"
    default_auto_field = "django.db.models.BigAutoField"
