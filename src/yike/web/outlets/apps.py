"""The app."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig


class OutletsConfig(AppConfig):
    """Outlets, facilities, premises, units."""

    name = "yike.web.outlets"
    label = "outlets"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Let the worker know this app's jobs, and the navigation its pages."""
        from django.db.models.signals import post_migrate

        from yike.web.audit.words import columns_of, name_actions, name_kinds, name_values
        from yike.web.outlets import cards, jobs, personal  # noqa: F401
        from yike.web.outlets.directory.history import TRACE_KINDS, TRACE_WORDS
        from yike.web.outlets.history import LABELS, told
        from yike.web.outlets.models import Facility, Premises
        from yike.web.outlets.trace_words import ACTIONS, KINDS
        from yike.web.ui.menu import add_item

        post_migrate.connect(_keep_word_index, sender=self)

        add_item("网点", "outlets:outlets", 20, group="登记册")
        add_item("公共设施", "outlets:facilities", 22, group="登记册")
        add_item("闲置空间", "outlets:premises", 23, group="登记册")
        name_actions(ACTIONS | TRACE_WORDS)
        name_kinds(KINDS | TRACE_KINDS)
        name_values("outlet", lambda name: LABELS.get(name, ""), told)
        name_values("facility", columns_of(Facility))
        name_values("premises", columns_of(Premises))


def _keep_word_index(using: str, **told: Any) -> None:
    from yike.web.outlets.word_index import ensure

    ensure(using)
