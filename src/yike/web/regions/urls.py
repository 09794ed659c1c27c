"""Addresses of areas and circles."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

app_name = "regions"
urlpatterns: list[URLPattern | URLResolver] = []
