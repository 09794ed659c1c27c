"""The app."""

from __future__ import annotations

from django.apps import AppConfig


class PublicMapConfig(AppConfig):
    """Pages for everybody, without a sign-in."""

    name = "yike.web.publicmap"
    label = "publicmap"
    default_auto_field = "django.db.models.BigAutoField"
