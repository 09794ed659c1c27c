"""Addresses of voices."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

app_name = "voices"
urlpatterns: list[URLPattern | URLResolver] = []
