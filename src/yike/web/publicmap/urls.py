"""Addresses of publicmap."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

app_name = "publicmap"
urlpatterns: list[URLPattern | URLResolver] = []
