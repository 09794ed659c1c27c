"""Addresses of personal data."""

from __future__ import annotations

from django.urls import URLPattern, path

from yike.web.personal import views

app_name = "personal"
urlpatterns: list[URLPattern] = [
    path("", views.inventory, name="inventory"),
    path("records/", views.records, name="records"),
    path("copy/", views.copy, name="copy"),
    path("erasure/", views.erasure, name="erasure"),
]
