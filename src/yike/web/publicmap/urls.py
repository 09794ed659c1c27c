"""Addresses of publicmap."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from yike.web.publicmap.views import first, frozen

app_name = "publicmap"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", first.first, name="first"),
    path("f/<str:token>/", frozen.frozen, name="frozen"),
]
