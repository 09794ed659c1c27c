"""The app."""

from __future__ import annotations

from django.apps import AppConfig


class RegionsConfig(AppConfig):
    """Areas and living circles."""

    name = "yike.web.regions"
    label = "regions"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Put the pages into the navigation; name what is done in the record."""
        from yike.web.audit.words import columns_of, name_actions, name_values
        from yike.web.regions import cards  # noqa: F401 - registers its cards
        from yike.web.regions.models import Area, Circle
        from yike.web.regions.queries import name_of
        from yike.web.ui.menu import add_item
        from yike.web.ui.places import name_with

        name_with(name_of)

        name_values("circle", columns_of(Circle))
        name_values("area", columns_of(Area))
        add_item("生活圈", "regions:circles", 10, group="登记册")
        add_item("辖区", "regions:areas", 12, group="登记册")
        name_actions(
            {
                "area.create": "登记区划", "area.rename": "区划更名", "area.end": "撤销区划",
                "area.load": "导入区划", "circle.create": "登记生活圈", "circle.change": "修改生活圈",
                "circle.members": "调整社区", "circle.state": "生活圈进展", "profile.add": "登记社区概况",
                "centre.add": "登记社区商业中心", "centre.end": "停用社区商业中心",
                "operator.add": "登记运营主体", "operator.end": "结束运营主体",
            }
        )  # fmt: skip
