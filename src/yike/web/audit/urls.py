"""The record."""

from __future__ import annotations

from django.urls import URLPattern, path

from yike.web.audit import views

app_name = "audit"
urlpatterns: list[URLPattern] = [
    path("", views.entries, name="entries"),
    path("<int:number>/", views.entry, name="entry"),
]
