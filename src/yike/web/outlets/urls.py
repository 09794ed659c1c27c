"""Addresses of the register."""

from __future__ import annotations

from django.urls import path

from yike.web.outlets.views import imports, lists, single

app_name = "outlets"
urlpatterns = [
    path("", lists.outlets, name="outlets"),
    path("new/", single.new, name="new"),
    path("twins/", lists.twins, name="twins"),
    path("imports/", imports.batches, name="batches"),
    path("imports/<int:key>/", imports.batch, name="batch"),
    path("imports/<int:key>/datum/", imports.datum, name="datum"),
    path("imports/<int:key>/application/", imports.application, name="application"),
    path("imports/<int:key>/withdrawal/", imports.withdrawal, name="withdrawal"),
    path("imports/<int:key>/workbook/", imports.workbook, name="workbook"),
    path("<int:key>/", single.outlet, name="outlet"),
    path("<int:key>/edit/", single.edit, name="edit"),
    path("<int:key>/events/", single.events, name="events"),
    path("<int:key>/verification/", single.verification, name="verification"),
]
