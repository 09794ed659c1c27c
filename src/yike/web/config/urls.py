"""Which address leads to which app."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("desk/", include("yike.web.accounts.urls")),
    path("desk/ui/", include("yike.web.ui.urls")),
    path("desk/audit/", include("yike.web.audit.urls")),
    path("desk/jobs/", include("yike.web.jobs.urls")),
    path("desk/personal/", include("yike.web.personal.urls")),
    path("desk/units/", include("yike.web.units.urls")),
    path("desk/outlets/", include("yike.web.outlets.urls")),
    path("desk/regions/", include("yike.web.regions.urls")),
    path("desk/voices/", include("yike.web.voices.urls")),
    path("desk/analyses/", include("yike.web.analyses.urls")),
    path("desk/returns/", include("yike.web.returns.urls")),
    path("s/", include("yike.web.voices.public_urls")),
    path("", include("yike.web.publicmap.urls")),
]

handler400 = "yike.web.ui.faults.bad_request"
handler403 = "yike.web.ui.faults.forbidden"
handler404 = "yike.web.ui.faults.not_found"
handler500 = "yike.web.ui.faults.broken"
