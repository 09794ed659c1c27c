"""Jobs."""

from __future__ import annotations

from django.urls import URLPattern, path

from yike.web.jobs import views

app_name = "jobs"
urlpatterns: list[URLPattern] = [
    path("", views.jobs, name="jobs"),
    path("<int:pk>/", views.job, name="job"),
    path("<int:pk>/progress/", views.progress, name="progress"),
    path("<int:pk>/cancellation/", views.cancellation, name="cancellation"),
]
