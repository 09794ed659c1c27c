"""Living circles, their communities and their states."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from yike.web.accounts.models import Account
from yike.web.regions.models.areas import Area


class Circle(models.Model):
    """A living circle (便民生活圈): one or several communities."""

    code = models.CharField("编号", max_length=32, unique=True)
    name = models.CharField("名称", max_length=80)
    area_code = models.CharField(
        "辖区代码", max_length=12, db_index=True
    )  # the narrowest branch holding all of it
    lead_community = models.ForeignKey(
        Area, models.PROTECT, null=True, blank=True, related_name="circles_led", verbose_name="牵头社区"
    )
    build_year = models.PositiveSmallIntegerField("建设年限", null=True, blank=True)
    layout_forms = models.JSONField("发展形态", default=list)
    operator_kinds = models.JSONField("运营主体", default=list)
    has_platform = models.BooleanField("有智慧服务平台", null=True, blank=True)
    neighbourhood_class = models.CharField("邻里类别", max_length=20, blank=True)
    themes = models.JSONField("主题", default=list, blank=True)
    people = models.PositiveIntegerField("居民（人）", null=True, blank=True)
    households = models.PositiveIntegerField("户数", null=True, blank=True)
    boundary = models.JSONField("边界（GeoJSON，WGS-84）", null=True, blank=True)
    is_invented = models.BooleanField("虚构", default=False)

    class Meta:
        """Order."""

        verbose_name = verbose_name_plural = "便民生活圈"
        ordering = ["area_code", "code"]

    def __str__(self) -> str:
        return self.name


class CircleMember(models.Model):
    """A community that belongs to a circle, from a day to a day."""

    circle = models.ForeignKey(Circle, models.CASCADE, related_name="members")
    community = models.ForeignKey(Area, models.PROTECT, related_name="circle_memberships")
    begins_on = models.DateField("起", null=True, blank=True)
    ends_on = models.DateField("止", null=True, blank=True)

    class Meta:
        """A community is in one circle at a time."""

        verbose_name = verbose_name_plural = "所含社区"
        ordering = ["circle", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["community"], condition=Q(ends_on__isnull=True), name="community_in_one_circle_now"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.circle}：{self.community}"


class CircleState(models.TextChoices):
    """States of a circle's life, in the order of the programme."""

    CANDIDATE = "candidate", "备选"
    SURVEYING = "surveying", "摸底调查"
    NEEDS_CONFIRMED = "needs_confirmed", "需求清单已确认"
    PLANNED = "planned", "方案已审定"
    BUILDING = "building", "建设中"
    SELF_ASSESSED = "self_assessed", "自查评价"
    ACCEPTING = "accepting", "验收中"
    RECTIFYING = "rectifying", "限期整改"
    ACCEPTED = "accepted", "达标"
    PUBLICISING = "publicising", "公示中"
    LISTED = "listed", "公开名单"
    PROMOTED = "promoted", "典型推广"
    WITHDRAWN = "withdrawn", "撤销"


class CircleTransition(models.Model):
    """A circle enters a state: who, when, why. The last one tells the state; none is ever deleted."""

    circle = models.ForeignKey(Circle, models.PROTECT, related_name="transitions")
    state = models.CharField("状态", max_length=20, choices=CircleState)
    level = models.CharField("等级", max_length=20, blank=True)  # basic | improved | quality, when accepted
    at = models.DateTimeField("时间")
    by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    note = models.CharField("说明", max_length=400, blank=True)

    class Meta:
        """Order."""

        verbose_name = verbose_name_plural = "状态记录"
        ordering = ["circle", "at", "id"]

    def __str__(self) -> str:
        return f"{self.circle}：{self.get_state_display()}"
