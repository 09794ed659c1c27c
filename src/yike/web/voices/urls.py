"""Addresses of voices."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from yike.web.voices.views import needs, noting

app_name = "voices"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", needs.needs, name="needs"),
    path("new/", noting.new, name="new"),
    path("<int:key>/", needs.need, name="need"),
    path("<int:key>/noted/", noting.noted, name="noted"),
    path("<int:key>/classification/", needs.classification, name="classification"),
    path("<int:key>/decision/", needs.decision, name="decision"),
    path("<int:key>/reopening/", needs.reopening, name="reopening"),
    path("<int:key>/merger/", needs.merger, name="merger"),
    path("<int:key>/parting/", needs.parting, name="parting"),
]
