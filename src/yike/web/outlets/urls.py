"""Addresses of the register."""

from __future__ import annotations

from django.urls import path

from yike.web.outlets.directory.urls import urlpatterns as directory_addresses
from yike.web.outlets.views import changes, edits, exports, imports, lists, photos, single

app_name = "outlets"
urlpatterns = [
    path("", lists.outlets, name="outlets"),
    path("new/", single.new, name="new"),
    path("layer/", lists.layer, name="layer"),
    path("changes/", changes.outlet_changes, name="changes"),
    path("changes/layer/", changes.changes_layer, name="changes-layer"),
    path("visits/", lists.visits, name="visits"),
    path("photo/", photos.photo, name="photo"),
    path("views/", edits.views, name="views"),
    path("views/<int:key>/removal/", edits.view_removal, name="view-removal"),
    path("edits/", edits.batch_edits, name="batch-edits"),
    path("edits/<int:key>/", edits.batch_edit, name="batch-edit"),
    path("edits/<int:key>/withdrawal/", edits.edit_withdrawal, name="edit-withdrawal"),
    path("twins/", lists.twins, name="twins"),
    path("exports/", exports.exports, name="exports"),
    path("exports/<int:key>/", exports.export_file, name="export"),
    path("imports/", imports.batches, name="batches"),
    path("imports/<int:key>/", imports.batch, name="batch"),
    path("imports/<int:key>/datum/", imports.datum, name="datum"),
    path("imports/<int:key>/application/", imports.application, name="application"),
    path("imports/<int:key>/abandonment/", imports.abandonment, name="abandonment"),
    path("imports/<int:key>/withdrawal/", imports.withdrawal, name="withdrawal"),
    path("imports/<int:key>/workbook/", imports.workbook, name="workbook"),
    *directory_addresses,
    path("<int:key>/", single.outlet, name="outlet"),
    path("<int:key>/edit/", single.edit, name="edit"),
    path("<int:key>/photos/", photos.outlet_photos, name="outlet-photos"),
    path("<int:key>/photos/<int:photo_key>/", photos.picture, name="picture"),
    path("<int:key>/photos/<int:photo_key>/removal/", photos.photo_removal, name="photo-removal"),
    path("<int:key>/events/", single.events, name="events"),
    path("<int:key>/verification/", single.verification, name="verification"),
    path("<int:key>/removal/", single.removal, name="removal"),
]
