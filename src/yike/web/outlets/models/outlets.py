"""Outlets and everything that happened to them."""

from __future__ import annotations

from django.db import models
from django.db.models import Func, Q

from yike.web.accounts.models import Account
from yike.web.accounts.sealed import DigitsMarkField, SealedField, SealedJSONField
from yike.web.outlets.models.places import Placed

PHONE = "phone"
"""What telephone numbers are sealed and marked for."""


class Status(models.TextChoices):
    """Whether an outlet trades."""

    OPEN = "open", "营业"
    PLANNED = "planned", "筹建"
    SUSPENDED = "suspended", "停业"
    CLOSED = "closed", "关闭"


class ChainMode(models.TextChoices):
    """How an outlet belongs to its brand."""

    DIRECT = "direct", "直营"
    FRANCHISE = "franchise", "加盟"
    VOLUNTARY = "voluntary", "自愿连锁"
    SINGLE = "single", "单店"


class LastSeen(Func):
    """
    A day, or the year 1900 for never, so that both databases sort the unseen first.

    The day stands in the template, not in a parameter: only then does SQLite use the index on it.
    """

    template = "COALESCE(%(expressions)s, '1900-01-01')"
    output_field = models.DateField()


FILTERED = (
    "verified_on", "type_code", "chain_mode", "is_chain", "is_24h", "opens_early", "open_late", "is_seasonal",
    "delivers_at_night", "is_accessible", "takes_cash", "is_movable", "is_unstaffed", "is_invented", "lon",
)  # fmt: skip
"""Columns that lists filter by, beside the branch, the row of the form and the status."""


class Outlet(Placed):
    """
    A shop or service point (网点), whatever number of functions it has.

    ``status`` repeats the last ``OutletEvent`` and ``form_row`` the type's row of the survey form, so that
    long lists filter by an index; ``actions`` alone write them. Outlets that were taken out or merged stay,
    with ``gone_at``.
    """

    code = models.CharField("编号", max_length=64, blank=True)
    name = models.CharField("名称", max_length=120)
    type_code = models.CharField("业态", max_length=40, blank=True)  # of the catalogue; "" not known
    type_text = models.CharField("业态（原文）", max_length=80, blank=True)
    form_row = models.CharField("调查表行次", max_length=3, blank=True)
    brand = models.CharField("连锁品牌", max_length=80, blank=True)
    is_chain = models.BooleanField("连锁", null=True, blank=True)
    chain_mode = models.CharField("经营方式", max_length=10, choices=ChainMode, blank=True)
    credit_code = models.CharField("统一社会信用代码", max_length=18, blank=True)
    no_code_reason = models.CharField("无码原因", max_length=80, blank=True)
    licences = models.JSONField("许可证", default=list, blank=True)  # [{kind, number, expires_on}]
    hours = models.CharField("营业时间", max_length=200, blank=True)
    holiday_hours = models.CharField("节假日营业时间", max_length=200, blank=True)
    is_24h = models.BooleanField("24小时", null=True, blank=True)
    opens_early = models.BooleanField("8点前营业", null=True, blank=True)
    open_late = models.BooleanField("21点后营业", null=True, blank=True)
    is_seasonal = models.BooleanField("分季节", default=False)
    delivers_at_night = models.BooleanField("夜间配送", null=True, blank=True)
    phone = SealedField("电话", purpose=PHONE, blank=True)
    phone_mark = DigitsMarkField("电话标记", of="phone", purpose=PHONE)  # finds the same number again
    is_accessible = models.BooleanField("无障碍", null=True, blank=True)
    takes_cash = models.BooleanField("收现金", null=True, blank=True)
    payments = models.JSONField("支付方式", default=list, blank=True)
    staff = models.PositiveIntegerField("从业人数（人）", null=True, blank=True)
    area_m2 = models.FloatField("营业面积（平方米）", null=True, blank=True)
    capacity = models.FloatField("服务能力", null=True, blank=True)
    is_movable = models.BooleanField("流动", default=False)
    is_unstaffed = models.BooleanField("无人值守", default=False)
    status = models.CharField("状态", max_length=10, choices=Status, default=Status.OPEN)
    verified_on = models.DateField("最近核实日期", null=True, blank=True)
    verified_by = models.ForeignKey(Account, models.PROTECT, null=True, blank=True, related_name="+")
    credit_grade = models.CharField("信用等级", max_length=10, blank=True)
    search = models.CharField("查找用", max_length=600, blank=True)
    version = models.PositiveIntegerField("版次", default=1)
    gone_at = models.DateTimeField("移出时间", null=True, blank=True)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="merged_from")

    class Meta(Placed.Meta):
        """Constraints and the indexes long lists need (measured by ``benchmarks/register_bench.py``)."""

        verbose_name = verbose_name_plural = "网点"
        ordering = ["id"]
        constraints = [
            *Placed.Meta.constraints,
            models.UniqueConstraint(
                fields=["area_code", "code"],
                condition=Q(gone_at__isnull=True) & ~Q(code=""),
                name="outlet_code_once_in_area",
            ),
        ]
        indexes = [
            # Filters are answered inside the index of the order asked for; rows are fetched for one page.
            # A narrow index on form_row beside them misled SQLite: 0.23 s instead of 0.03 s for a flag.
            models.Index(
                fields=["area_code", "form_row", "status", "id", *FILTERED],
                condition=Q(gone_at__isnull=True),
                name="outlet_list_area",
            ),
            models.Index(
                fields=["name", "id", "area_code", "form_row", "status", *FILTERED],
                condition=Q(gone_at__isnull=True),
                name="outlet_list_name",
            ),
            models.Index(
                LastSeen("verified_on"),
                *("id", "area_code", "form_row", "status", *FILTERED),
                condition=Q(gone_at__isnull=True),
                name="outlet_list_verified",
            ),
            models.Index(fields=["credit_code"], condition=~Q(credit_code=""), name="outlet_credit_code"),
            models.Index(fields=["phone_mark"], condition=~Q(phone_mark=""), name="outlet_phone_mark"),
            models.Index(fields=["code"], condition=~Q(code=""), name="outlet_code"),
        ]

    def __str__(self) -> str:
        return self.name


class AddedService(models.Model):
    """A further function of an outlet (一店多能), perhaps with hours of its own."""

    outlet = models.ForeignKey(Outlet, models.CASCADE, related_name="services")
    type_code = models.CharField("业态", max_length=40, blank=True)
    label = models.CharField("服务", max_length=40)
    hours = models.CharField("服务时间", max_length=200, blank=True)
    is_public = models.BooleanField("政务或公共服务", default=False)

    class Meta:
        """Once each."""

        verbose_name = verbose_name_plural = "附加服务"
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["outlet", "label"], name="service_once")]

    def __str__(self) -> str:
        return self.label


class OutletStop(models.Model):
    """A place where a movable outlet stands, and when."""

    outlet = models.ForeignKey(Outlet, models.CASCADE, related_name="stops")
    place = models.CharField("地点", max_length=120, blank=True)
    lon = models.FloatField("经度")
    lat = models.FloatField("纬度")
    hours = models.CharField("时间", max_length=200, blank=True)

    class Meta:
        """Order."""

        verbose_name = verbose_name_plural = "停靠点"
        ordering = ["id"]

    def __str__(self) -> str:
        return self.place or f"{self.lon:.5f}, {self.lat:.5f}"


class OutletEvent(models.Model):
    """Something that happened to an outlet on a day; the last one about trading tells its status."""

    class Kind(models.TextChoices):
        """What happened."""

        PLANNED = "planned", "筹建"
        OPENED = "opened", "开业"
        SUSPENDED = "suspended", "停业"
        CLOSED = "closed", "关闭"
        MOVED = "moved", "迁址"
        MERGED = "merged", "合并"
        REMOVED = "removed", "移出"
        RETURNED = "returned", "恢复"

    outlet = models.ForeignKey(Outlet, models.PROTECT, related_name="events")
    kind = models.CharField("事件", max_length=10, choices=Kind)
    on = models.DateField("日期")
    at = models.DateTimeField("登记时间")
    by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    note = models.CharField("说明", max_length=200, blank=True)
    batch = models.ForeignKey("ImportBatch", models.PROTECT, null=True, related_name="+")

    class Meta:
        """Order."""

        verbose_name = verbose_name_plural = "网点事件"
        ordering = ["outlet", "id"]

    def __str__(self) -> str:
        return f"{self.on} {self.get_kind_display()}"


class OutletVersion(models.Model):
    """Every column of an outlet as it stood after a change: who and when."""

    outlet = models.ForeignKey(Outlet, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField("版次")
    at = models.DateTimeField("时间")
    by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    action = models.CharField("动作", max_length=40)
    values = SealedJSONField("内容", keys=("phone",), purpose=PHONE)
    batch = models.ForeignKey("ImportBatch", models.PROTECT, null=True, related_name="versions")
    batch_row = models.PositiveIntegerField("导入行号", null=True)

    class Meta:
        """One of each number."""

        verbose_name = verbose_name_plural = "网点版次"
        ordering = ["outlet", "number"]
        constraints = [
            models.UniqueConstraint(fields=["outlet", "number"], name="outlet_version_number_once")
        ]

    def __str__(self) -> str:
        return f"{self.outlet_id} v{self.number}"
