"""What is known of a community on a day; commercial centres and operators of a circle."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from yike.web.accounts.models import Account
from yike.web.regions.models.areas import Area
from yike.web.regions.models.circles import Circle


class CommunityProfile(models.Model):
    """
    One community as of a day: people by age, income, consumption, floor area.

    The newest as of a day counts; none is ever changed or deleted. A correction is another row.
    """

    community = models.ForeignKey(Area, models.PROTECT, related_name="profiles", verbose_name="社区")
    as_of = models.DateField("截至日期")
    people = models.PositiveIntegerField("常住人口（人）", null=True, blank=True)
    households = models.PositiveIntegerField("户数", null=True, blank=True)
    age_bands = models.JSONField("年龄结构", default=dict, blank=True)  # code of age_bands.toml -> persons
    income_band = models.CharField("收入水平", max_length=12, blank=True)
    income_note = models.CharField("收入说明", max_length=200, blank=True)
    consumption = models.JSONField("消费习惯", default=list, blank=True)  # codes of profile_words.toml
    consumption_note = models.CharField("消费说明", max_length=400, blank=True)
    housing_kind = models.CharField("住宅类型", max_length=12, blank=True)
    is_new = models.BooleanField("新建社区", null=True, blank=True)
    floor_area_m2 = models.FloatField("社区总建筑面积", null=True, blank=True)
    commercial_area_m2 = models.FloatField("社区商业面积", null=True, blank=True)
    service_area_m2 = models.FloatField("社区综合服务设施面积", null=True, blank=True)
    source = models.CharField("来源", max_length=200, blank=True)
    is_invented = models.BooleanField("虚构", default=False)
    at = models.DateTimeField("登记时间")
    by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")

    class Meta:
        """Newest first."""

        verbose_name = verbose_name_plural = "社区概况"
        ordering = ["community", "-as_of", "-id"]
        indexes = [models.Index(fields=["community", "as_of"], name="profile_on_a_day")]

    def __str__(self) -> str:
        return f"{self.community}：{self.as_of}"


class CommercialCentre(models.Model):
    """A community commercial centre (社区商业中心、邻里中心), counted in 座."""

    circle = models.ForeignKey(Circle, models.PROTECT, related_name="centres", verbose_name="生活圈")
    name = models.CharField("名称", max_length=80)
    address = models.CharField("地址", max_length=200, blank=True)
    lon = models.FloatField("经度", null=True, blank=True)
    lat = models.FloatField("纬度", null=True, blank=True)
    area_m2 = models.FloatField("面积（平方米）", null=True, blank=True)
    begins_on = models.DateField("启用", null=True, blank=True)
    ends_on = models.DateField("停用", null=True, blank=True)
    is_invented = models.BooleanField("虚构", default=False)

    class Meta:
        """Order."""

        verbose_name = verbose_name_plural = "社区商业中心"
        ordering = ["circle", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True)
                | Q(begins_on__isnull=True)
                | Q(ends_on__gte=F("begins_on")),
                name="centre_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class CircleOperator(models.Model):
    """Who runs a circle or a part of it: kind, scope, contract, which of the four are unified."""

    circle = models.ForeignKey(Circle, models.PROTECT, related_name="operators", verbose_name="生活圈")
    kind = models.CharField("类别", max_length=12)  # of survey_form.OPERATORS
    name = models.CharField("名称", max_length=120)
    scope = models.CharField("运营范围", max_length=200, blank=True)
    contract = models.CharField("合同（编号或名称）", max_length=120, blank=True)
    unified = models.JSONField(
        "统一事项", default=list, blank=True
    )  # planning, leasing, operation, management
    runs_platform = models.BooleanField("承建智慧服务平台", default=False)
    begins_on = models.DateField("起", null=True, blank=True)
    ends_on = models.DateField("止", null=True, blank=True)
    is_invented = models.BooleanField("虚构", default=False)

    class Meta:
        """Order."""

        verbose_name = verbose_name_plural = "运营主体"
        ordering = ["circle", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True)
                | Q(begins_on__isnull=True)
                | Q(ends_on__gte=F("begins_on")),
                name="operator_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return self.name
