"""Addresses of analyses."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

app_name = "analyses"
urlpatterns: list[URLPattern | URLResolver] = []
