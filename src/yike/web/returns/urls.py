"""Addresses of returns."""

from __future__ import annotations

from django.urls import path

from yike.web.returns.views import cells, files, merged, papers, reversals, rule_sets, single, steps, waves

BRANCH = "waves/<int:key>/branches/<str:branch>/"
app_name = "returns"
urlpatterns = [
    path("", waves.waves, name="waves"),
    path("upload/", files.upload, name="upload"),
    path("rules/", rule_sets.rule_sets, name="rule-sets"),
    path("rules/new/", rule_sets.new_rule_set, name="new-rule-set"),
    path("waves/new/", waves.new_wave, name="new-wave"),
    path("waves/<int:key>/", waves.wave, name="wave"),
    path("waves/<int:key>/rules/", rule_sets.wave_rules, name="wave-rules"),
    path("waves/<int:key>/missing/", waves.missing, name="missing"),
    path("waves/<int:key>/closing/", waves.closing, name="closing"),
    path(BRANCH, merged.merged, name="merged"),
    *(
        path(f"{BRANCH}{noun}/", merged.branch_step, {"code": code}, name=f"branch-{noun}")
        for code, noun in merged.NOUNS.items()
    ),
    path("files/<int:key>/", files.file, name="file"),
    path("files/<int:key>/application/", files.application, name="application"),
    path("files/<int:key>/refusal/", files.refusal, name="refusal"),
    path("files/<int:key>/withdrawal/", files.withdrawal, name="file-withdrawal"),
    path("<int:key>/", single.sheet, name="return"),
    path("<int:key>/register/", single.refresh, name="refresh"),
    path("<int:key>/revisions/<int:number>/", single.revision, name="revision"),
    path("<int:key>/cells/<str:cell>/", cells.cell, name="cell"),
    path("<int:key>/cells/<str:cell>/reversal/", reversals.reversal, name="reversal"),
    path("<int:key>/notes/", cells.notes, name="notes"),
    path("<int:key>/notes/<int:note>/settlement/", cells.settlement, name="settlement"),
    path("<int:key>/files/", files.files, name="files"),
    path("<int:key>/sign-off/", papers.sign_off, name="sign-off"),
    path("<int:key>/form.<str:kind>", papers.paper, name="paper"),
    *(
        path(f"<int:key>/{s.noun}/", steps.step, {"code": code}, name=steps.NAMES[code])
        for code, s in steps.STEPS.items()
    ),
]
