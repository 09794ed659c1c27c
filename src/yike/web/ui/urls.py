"""The page of all parts."""

from __future__ import annotations

from django.urls import URLPattern, path

from yike.web.ui import views

app_name = "ui"
urlpatterns: list[URLPattern] = [
    path("", views.parts, name="parts"),
    path("pocket/", views.pocket, name="pocket"),
]
