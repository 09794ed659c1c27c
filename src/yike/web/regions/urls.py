"""Addresses of areas and circles."""

from __future__ import annotations

from django.urls import path

from yike.web.regions.views import areas, circle, circles, lists, profiles

app_name = "regions"
urlpatterns = [
    path("", areas.areas, name="areas"),
    path("areas/new/", areas.new, name="area-new"),
    path("areas/<int:key>/", areas.area, name="area"),
    path("areas/<int:key>/names/", areas.names, name="area-names"),
    path("areas/<int:key>/end/", areas.end, name="area-end"),
    path("areas/<int:key>/profiles/", profiles.profiles, name="profiles"),
    path("circles/", circles.circles, name="circles"),
    path("circles/map/", circles.circles_map, name="circles-map"),
    path("circles/new/", circles.new, name="circle-new"),
    path("circles/schedule/", circles.schedule, name="schedule"),
    path("circles/list/", lists.circle_list, name="circle-list"),
    path("circles/list/import/", lists.list_import, name="list-import"),
    path("circles/list/application/", lists.list_application, name="list-application"),
    path("circles/<int:key>/", circle.circle, name="circle"),
    path("circles/<int:key>/map/", circle.circle_map, name="circle-map"),
    path("circles/<int:key>/edit/", circle.edit, name="circle-edit"),
    path("circles/<int:key>/communities/", circle.communities, name="circle-communities"),
    path("circles/<int:key>/boundary/", circle.boundary, name="circle-boundary"),
    path("circles/<int:key>/transitions/", circle.transitions, name="transitions"),
    path("circles/<int:key>/centres/", circle.centres, name="centres"),
    path("circles/<int:key>/centres/<int:centre>/end/", circle.centre_end, name="centre-end"),
    path("circles/<int:key>/operators/", circle.operators, name="operators"),
    path("circles/<int:key>/operators/<int:operator>/end/", circle.operator_end, name="operator-end"),
]
