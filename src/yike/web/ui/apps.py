"""The app."""

from __future__ import annotations

from django.apps import AppConfig


class UiConfig(AppConfig):
    """Shared look."""

    name = "yike.web.ui"
    label = "ui"
