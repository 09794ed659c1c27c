"""Addresses of analyses."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from yike.web.analyses import views

app_name = "analyses"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.analyses, name="analyses"),
    path("new/", views.new, name="new"),
    path("circles/<int:key>/", views.circle, name="circle"),
    path("<int:key>/", views.analysis, name="analysis"),
    path("<int:key>/report/", views.report, name="report"),
    path("<int:key>/papers/<path:name>", views.paper, name="paper"),
]
