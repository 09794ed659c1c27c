"""The door, one's own account, other people's accounts."""

from __future__ import annotations

from django.urls import URLPattern, path

from yike.web.accounts.views import door, own, people, roster

app_name = "accounts"
urlpatterns: list[URLPattern] = [
    path("", own.home, name="home"),
    path("session/", door.sign_in, name="sign-in"),
    path("session/code/", door.code, name="code"),
    path("session/end/", door.sign_out, name="sign-out"),
    path("me/", own.me, name="me"),
    path("me/password/", own.password, name="password"),
    path("me/sessions/end/", own.sessions_end, name="sessions-end"),
    path("me/codes/", own.codes, name="codes"),
    path("me/codes/end/", own.codes_end, name="codes-end"),
    path("duties/", people.all_duties, name="duties"),
    path("accounts/", people.people, name="people"),
    path("accounts/new/", people.new, name="new"),
    path("accounts/roster/", roster.roster, name="roster"),
    path("accounts/roster/batch/", roster.roster_batch, name="roster-batch"),
    path("accounts/batches/", roster.batches, name="batches"),
    path("accounts/batches/<int:pk>/", roster.batch, name="batch"),
    path("accounts/<int:pk>/", people.person, name="person"),
    path("accounts/<int:pk>/edit/", people.edit, name="edit"),
    path("accounts/<int:pk>/initial-password/", people.initial_password, name="initial-password"),
    path("accounts/<int:pk>/departure/", people.departure, name="departure"),
    path("accounts/<int:pk>/duties/", people.duties, name="person-duties"),
    path("accounts/<int:pk>/duties/<int:duty>/end/", people.duty_end, name="duty-end"),
]
