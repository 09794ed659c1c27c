"""Addresses of units and teams."""

from __future__ import annotations

from django.urls import URLPattern, path

from yike.web.units.views import teams, units

app_name = "units"
urlpatterns: list[URLPattern] = [
    path("", units.units, name="units"),
    path("new/", units.new, name="new"),
    path("<int:key>/", units.unit, name="unit"),
    path("<int:key>/names/", units.names, name="names"),
    path("<int:key>/closure/", units.closure, name="closure"),
    path("teams/", teams.teams, name="teams"),
    path("teams/new/", teams.new, name="team-new"),
    path("teams/<int:key>/", teams.team, name="team"),
    path("teams/<int:key>/edit/", teams.edit, name="team-edit"),
    path("teams/<int:key>/roster/", teams.roster, name="roster"),
    path("teams/<int:key>/members/", teams.members, name="members"),
    path("teams/<int:key>/members/<int:member>/end/", teams.member_end, name="member-end"),
    path("teams/<int:key>/members/<int:member>/replacement/", teams.replacement, name="replacement"),
    path("teams/<int:key>/dissolution/", teams.dissolution, name="dissolution"),
]
