"""Public facilities and idle premises."""

from __future__ import annotations

from django.db import models

from yike.web.accounts.sealed import DigitsMarkField, SealedField
from yike.web.outlets.models.outlets import PHONE
from yike.web.outlets.models.places import Placed


class Facility(Placed):
    """A public facility (公共服务设施), standing or movable; not counted among the form's outlets."""

    code = models.CharField("编号", max_length=64, blank=True)
    name = models.CharField("名称", max_length=120)
    type_code = models.CharField("类型", max_length=40, blank=True)
    provider = models.CharField("运营单位", max_length=120, blank=True)
    capacity = models.FloatField("服务能力", null=True, blank=True)
    prices = models.JSONField("收费", default=list, blank=True)  # [{item, price_fen, note}], 0 is free
    hours = models.CharField("服务时间", max_length=200, blank=True)
    phone = SealedField("电话", purpose=PHONE, blank=True)
    phone_mark = DigitsMarkField("电话标记", of="phone", purpose=PHONE)
    is_accessible = models.BooleanField("无障碍", null=True, blank=True)
    is_movable = models.BooleanField("流动", default=False)
    stops = models.JSONField("停靠点", default=list, blank=True)  # [{place, lon, lat, hours}], WGS-84
    begins_on = models.DateField("启用", null=True, blank=True)
    ends_on = models.DateField("停用", null=True, blank=True)
    version = models.PositiveIntegerField("版次", default=1)
    gone_at = models.DateTimeField("移出时间", null=True, blank=True)

    class Meta(Placed.Meta):
        """Order."""

        verbose_name = verbose_name_plural = "公共设施"
        ordering = ["area_code", "id"]
        indexes = [models.Index(fields=["area_code", "type_code"], name="facility_area")]

    def __str__(self) -> str:
        return self.name


class Premises(Placed):
    """Idle rooms, plots, kiosks, plants, bike sheds, cellars: where an outlet could go."""

    code = models.CharField("编号", max_length=64, blank=True)
    name = models.CharField("名称", max_length=120)
    kind_code = models.CharField("空间类型", max_length=40, blank=True)  # of site_rules.toml
    area_m2 = models.FloatField("面积（平方米）", null=True, blank=True)
    owner = models.CharField("产权单位", max_length=120, blank=True)
    state = models.CharField("使用状态", max_length=40, blank=True)
    allowed_types = models.JSONField("可引入业态", default=list, blank=True)  # type codes, [] any
    use = models.CharField("拟用途", max_length=200, blank=True)
    cost_fen = models.BigIntegerField("改造费用（分）", null=True, blank=True)
    rent_fen = models.BigIntegerField("年租金（分）", null=True, blank=True)
    hours = models.CharField("可用时间", max_length=200, blank=True)
    version = models.PositiveIntegerField("版次", default=1)
    gone_at = models.DateTimeField("移出时间", null=True, blank=True)

    class Meta(Placed.Meta):
        """Order."""

        verbose_name = verbose_name_plural = "闲置空间"
        ordering = ["area_code", "id"]
        indexes = [models.Index(fields=["area_code", "kind_code"], name="premises_area")]

    def __str__(self) -> str:
        return self.name
