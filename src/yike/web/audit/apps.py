"""The app."""

from __future__ import annotations

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """Append-only trace."""

    name = "yike.web.audit"
    label = "audit"
    default_auto_field = "django.db.models.BigAutoField"
