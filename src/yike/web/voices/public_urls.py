"""Addresses without a sign-in: the questionnaire behind a QR code."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from yike.web.voices.views import public

app_name = "public_survey"
urlpatterns: list[URLPattern | URLResolver] = [
    path("<str:token>/", public.survey, name="survey"),
    path("<str:token>/<str:number>/", public.sheet, name="sheet"),
]
