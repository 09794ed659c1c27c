"""Which address leads to which app."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("desk/", include("yike.web.accounts.urls")),
    path("desk/ui/", include("yike.web.ui.urls")),
]
