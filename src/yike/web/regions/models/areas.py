"""Areas and their names."""

from __future__ import annotations

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q


class Level(models.TextChoices):
    """Levels of the tree, widest first."""

    PROVINCE = "province", "省"
    CITY = "city", "市"
    DISTRICT = "district", "区县"
    SUBDISTRICT = "subdistrict", "街道（乡镇）"
    COMMUNITY = "community", "社区"


class Area(models.Model):
    """One unit of the tree. Units that end stay, so that old returns keep their place."""

    code = models.CharField(
        "统计用区划代码", max_length=12, unique=True, validators=[RegexValidator(r"^\d{12}\Z")]
    )
    branch = models.CharField("辖区代码", max_length=12, db_index=True)
    level = models.CharField("层级", max_length=12, choices=Level)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    begins_on = models.DateField("起", null=True, blank=True)
    ends_on = models.DateField("止", null=True, blank=True)
    succeeded_by = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="predecessors"
    )
    boundary = models.JSONField("边界（GeoJSON，WGS-84）", null=True, blank=True)
    is_invented = models.BooleanField("虚构", default=False)
    source = models.CharField("来源", max_length=200, blank=True)

    class Meta:
        """Order."""

        verbose_name = verbose_name_plural = "区划"
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code


class AreaName(models.Model):
    """A name of an area, from a day to a day."""

    area = models.ForeignKey(Area, models.CASCADE, related_name="names")
    name = models.CharField("名称", max_length=80)
    begins_on = models.DateField("起", null=True, blank=True)  # null: since ever, as far as we know
    ends_on = models.DateField("止", null=True, blank=True)

    class Meta:
        """One name at a time."""

        verbose_name = verbose_name_plural = "区划名称"
        ordering = ["area", F("begins_on").asc(nulls_first=True)]
        constraints = [
            models.UniqueConstraint(
                fields=["area"], condition=Q(ends_on__isnull=True), name="area_one_name_now"
            ),
        ]

    def __str__(self) -> str:
        return self.name
