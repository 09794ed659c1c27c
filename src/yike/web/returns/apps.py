"""The app."""

from __future__ import annotations

from django.apps import AppConfig


class ReturnsConfig(AppConfig):
    """Survey forms (附件5): filled, checked, sent up, merged."""

    name = "yike.web.returns"
    label = "returns"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Name actions for the audit list; put the pages into the navigation and on the first screen."""
        from yike.standards.survey_form import cell_keys
        from yike.web.audit.words import name_actions, name_kinds, name_values
        from yike.web.returns import cards  # noqa: F401
        from yike.web.returns.cells import label_of
        from yike.web.returns.trace_words import ACTIONS, KINDS
        from yike.web.ui.menu import add_item

        name_actions(ACTIONS)
        name_kinds(KINDS)
        cells = frozenset(cell_keys())
        name_values("return", lambda name: label_of(name) if name in cells else "")
        add_item("调查表", "returns:waves", 40, group="填报")
