"""Units (单位) with their names, and teams (专班、领导小组) with their members."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q


class Unit(models.Model):
    """A unit that leads, helps or answers; renamed ones keep their old names for old papers."""

    name = models.CharField("全称", max_length=120)
    short_name = models.CharField("简称", max_length=40, blank=True)
    aliases = models.JSONField("别名", default=list, blank=True)
    alias_text = models.CharField(
        "别名（查找用）", max_length=400, blank=True
    )  # ``aliases`` joined by actions
    area_code = models.CharField("辖区代码", max_length=12, blank=True, db_index=True)
    begins_on = models.DateField("成立", null=True, blank=True)
    ends_on = models.DateField("撤销", null=True, blank=True)
    succeeded_by = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="predecessors", verbose_name="承接单位"
    )
    is_invented = models.BooleanField("虚构", default=False)

    class Meta:
        """One of a name in a branch."""

        verbose_name = verbose_name_plural = "单位"
        ordering = ["area_code", "name"]
        constraints = [models.UniqueConstraint(fields=["area_code", "name"], name="unit_once_in_branch")]

    def __str__(self) -> str:
        return self.name


class UnitName(models.Model):
    """A name a unit had until a day."""

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="old_names")
    name = models.CharField("曾用名", max_length=120)
    ends_on = models.DateField("用至")

    class Meta:
        """Order."""

        verbose_name = verbose_name_plural = "单位曾用名"
        ordering = ["unit", "ends_on"]

    def __str__(self) -> str:
        return self.name


class Team(models.Model):
    """A work team, from a day to its dissolution; then somebody takes over its duties."""

    name = models.CharField("名称", max_length=120)
    area_code = models.CharField("辖区代码", max_length=12, blank=True, db_index=True)
    office = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="办公室设在"
    )
    begins_on = models.DateField("成立", null=True, blank=True)
    dissolves_on = models.DateField("撤销", null=True, blank=True)
    handed_to = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="职责移交"
    )
    level = models.CharField("层级", max_length=12, blank=True)  # of the area: city, district, subdistrict
    mechanism = models.CharField("形式", max_length=20, blank=True)  # 工作专班、领导小组、联席会议
    source = models.CharField("依据", max_length=200, blank=True)
    is_invented = models.BooleanField("虚构", default=False)

    class Meta:
        """Order."""

        verbose_name = verbose_name_plural = "工作专班"
        ordering = ["area_code", "name"]

    def __str__(self) -> str:
        return self.name


class TeamMember(models.Model):
    """Somebody's part in a team, from a day to a day."""

    class Part(models.TextChoices):
        """Parts, highest first."""

        HEAD = "head", "组长"
        DEPUTY = "deputy", "副组长"
        OFFICE_HEAD = "office_head", "办公室主任"
        OFFICE_DEPUTY = "office_deputy", "办公室副主任"
        MEMBER = "member", "成员"

    team = models.ForeignKey(Team, models.CASCADE, related_name="members")
    part = models.CharField("职责", max_length=14, choices=Part)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+")
    person = models.CharField("姓名", max_length=40, blank=True)
    post = models.CharField("职务", max_length=80, blank=True)
    head_level = models.CharField("负责人层级", max_length=20, blank=True)  # of data/teams.toml: 市长负责制 …
    begins_on = models.DateField("起")
    ends_on = models.DateField("止", null=True, blank=True)
    note = models.CharField("备案说明", max_length=200, blank=True)

    class Meta:
        """Membership ends after it begins."""

        verbose_name = verbose_name_plural = "专班成员"
        ordering = ["team", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("begins_on")),
                name="membership_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.team}：{self.person}"
