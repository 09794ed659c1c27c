"""The app."""

from __future__ import annotations

from django.apps import AppConfig


class UnitsConfig(AppConfig):
    """Units and teams."""

    name = "yike.web.units"
    label = "units"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Put pages into the navigation, words into the record, members into the inventory."""
        from yike.web.audit.words import columns_of, name_actions, name_kinds, name_values
        from yike.web.ui.menu import add_item
        from yike.web.units import personal  # noqa: F401 - names its holding
        from yike.web.units.models import Team, Unit
        from yike.web.units.words import ACTIONS

        add_item("单位", "units:units", 60, group="组织")
        add_item("工作专班", "units:teams", 61, group="组织")
        name_actions(ACTIONS)
        name_values("unit", columns_of(Unit))
        name_values("team", columns_of(Team))
        name_kinds({"unit": "单位", "team": "工作专班"})
