"""Addresses of voices."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from yike.web.voices.views import entry, needs, noting, papers, surveys

app_name = "voices"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", needs.needs, name="needs"),
    path("new/", noting.new, name="new"),
    path("surveys/", surveys.surveys, name="surveys"),
    path("surveys/new/", surveys.new, name="survey-new"),
    path("surveys/template/", entry.template, name="template"),
    path("surveys/<int:key>/", surveys.survey, name="survey"),
    path("surveys/<int:key>/closure/", surveys.closure, name="closure"),
    path("surveys/<int:key>/answers/", surveys.answers, name="answers"),
    path("surveys/<int:key>/needs/", surveys.needs, name="survey-needs"),
    path("surveys/<int:key>/raw/", surveys.raw, name="raw"),
    path("surveys/<int:key>/entry/", entry.entry, name="entry"),
    path("surveys/<int:key>/poster/", papers.poster, name="poster"),
    path("surveys/<int:key>/papers/", papers.papers, name="papers"),
    path("surveys/<int:key>/files/", entry.files, name="files"),
    path("surveys/files/<int:key>/", entry.file, name="file"),
    path("surveys/files/<int:key>/application/", entry.application, name="file-application"),
    path("surveys/files/<int:key>/drop/", entry.drop, name="file-drop"),
    path("<int:key>/", needs.need, name="need"),
    path("<int:key>/noted/", noting.noted, name="noted"),
    path("<int:key>/classification/", needs.classification, name="classification"),
    path("<int:key>/decision/", needs.decision, name="decision"),
    path("<int:key>/reopening/", needs.reopening, name="reopening"),
    path("<int:key>/merger/", needs.merger, name="merger"),
    path("<int:key>/parting/", needs.parting, name="parting"),
]
