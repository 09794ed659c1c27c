"""The app."""

from __future__ import annotations

from django.apps import AppConfig


class PersonalConfig(AppConfig):
    """Personal data: inventory, export, erasure, retention."""

    name = "yike.web.personal"
    label = "personal"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Name what this installation holds below; put the page into the navigation."""
        from yike.web.accounts.rules import MANAGERS
        from yike.web.audit.words import mask_values, name_actions, name_kinds
        from yike.web.personal import ground, jobs  # noqa: F401 - register themselves
        from yike.web.personal.masks import masked_phone
        from yike.web.ui.menu import add_item

        add_item("个人信息", "personal:inventory", 930, MANAGERS, group="系统")
        name_actions(
            {
                "personal.find": "查找个人信息",
                "personal.export": "导出个人信息",
                "personal.erase": "删除个人信息",
                "personal.retention": "清理到期的个人信息",
            }
        )
        mask_values("phone", masked_phone)
        name_kinds({"person": "个人信息"})
