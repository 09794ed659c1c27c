"""Addresses of facilities and premises, below those of the outlets."""

from __future__ import annotations

from django.urls import URLPattern, path

from yike.web.outlets.directory.kinds import FACILITY, PREMISES, Kind
from yike.web.outlets.views import entries, entry_imports, sightings


def _addresses(kind: Kind, at: str) -> list[URLPattern]:
    told = {"kind": kind}
    name = kind.code
    return [
        path(f"{at}/", entries.entries, told, name=at),
        path(f"{at}/new/", entries.new, told, name=f"{name}-new"),
        path(f"{at}/layer/", entries.layer, told, name=f"{name}-layer"),
        path(f"{at}/template/", entry_imports.template, told, name=f"{name}-template"),
        path(f"{at}/imports/", entry_imports.batches, told, name=f"{name}-batches"),
        path(f"{at}/imports/<int:key>/", entry_imports.batch, told, name=f"{name}-batch"),
        path(f"{at}/imports/<int:key>/datum/", entry_imports.datum, told, name=f"{name}-datum"),
        path(
            f"{at}/imports/<int:key>/application/",
            entry_imports.application,
            told,
            name=f"{name}-application",
        ),
        path(
            f"{at}/imports/<int:key>/abandonment/",
            entry_imports.abandonment,
            told,
            name=f"{name}-abandonment",
        ),
        path(
            f"{at}/imports/<int:key>/withdrawal/", entry_imports.withdrawal, told, name=f"{name}-withdrawal"
        ),
        path(f"{at}/imports/<int:key>/workbook/", entry_imports.workbook, told, name=f"{name}-workbook"),
        path(f"{at}/<int:key>/", entries.entry, told, name=f"{name}-entry"),
        path(f"{at}/<int:key>/edit/", entries.edit, told, name=f"{name}-edit"),
        path(f"{at}/<int:key>/removal/", entries.removal, told, name=f"{name}-removal"),
        path(f"{at}/<int:key>/restoration/", entries.restoration, told, name=f"{name}-restoration"),
    ]


urlpatterns = [
    path("premises/sighting/", sightings.sighting, name="premises-sighting"),
    *_addresses(FACILITY, "facilities"),
    *_addresses(PREMISES, "premises"),
]
