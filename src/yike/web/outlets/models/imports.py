"""Imports: a file kept with its digest, and what each of its rows would do."""

from __future__ import annotations

from django.db import models

from yike.web.accounts.models import Account
from yike.web.accounts.sealed import SealedJSONField
from yike.web.outlets.models.outlets import PHONE, Outlet, OutletEvent
from yike.web.outlets.models.places import Datum


class BatchState(models.TextChoices):
    """How far an import is."""

    UPLOADED = "uploaded", "已上传"
    PREVIEWED = "previewed", "已预检"
    APPLIED = "applied", "已导入"
    UNDONE = "undone", "已撤销"
    DROPPED = "dropped", "已放弃"


class Verdict(models.TextChoices):
    """What a row would do."""

    NEW = "new", "新增"
    CHANGED = "changed", "有变化"
    SAME = "same", "无变化"
    ERROR = "error", "有错误"


class ImportKind(models.TextChoices):
    """What the rows of a file are."""

    OUTLET = "outlet", "网点"
    FACILITY = "facility", "公共设施"
    PREMISES = "premises", "闲置空间"


class ImportBatch(models.Model):
    """One file that somebody wants in the register."""

    what = models.CharField("内容", max_length=10, choices=ImportKind, default=ImportKind.OUTLET)
    area_code = models.CharField("辖区代码", max_length=12, db_index=True)
    file_name = models.CharField("文件名", max_length=200)
    path = models.CharField("保存位置", max_length=200)  # below the data folder
    digest = models.CharField("SHA-256", max_length=64)
    sheet = models.CharField("工作表", max_length=80, blank=True)
    datum = models.CharField("坐标系", max_length=10, choices=Datum, blank=True)
    datum_guess = models.CharField("推测的坐标系", max_length=10, choices=Datum, blank=True)
    is_invented = models.BooleanField("虚构", default=False)
    state = models.CharField("状态", max_length=10, choices=BatchState, default=BatchState.UPLOADED)
    asked_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    uploaded_at = models.DateTimeField("上传时间")
    previewed_at = models.DateTimeField("预检时间", null=True)
    applied_at = models.DateTimeField("导入时间", null=True)
    undone_at = models.DateTimeField("撤销时间", null=True)
    faults = models.JSONField("整个文件的问题", default=list)
    counts = models.JSONField("统计", default=dict)

    class Meta:
        """Order."""

        verbose_name = verbose_name_plural = "导入批次"
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.file_name


class ImportRow(models.Model):
    """One row of the file: what it says, what it would change, what is wrong with it."""

    batch = models.ForeignKey(ImportBatch, models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField("行号")
    verdict = models.CharField("结果", max_length=8, choices=Verdict)
    name = models.CharField("名称", max_length=120, blank=True)
    outlet = models.ForeignKey(Outlet, models.PROTECT, null=True, related_name="+")
    target_key = models.BigIntegerField(null=True)  # of a facility or premises
    matched_by = models.CharField("按什么认出", max_length=12, blank=True)
    seen_version = models.PositiveIntegerField(null=True)  # of the outlet or place, at the preview
    values = SealedJSONField("内容", keys=("phone",), purpose=PHONE, default=dict)
    changes = SealedJSONField("变化", keys=("phone",), purpose=PHONE, default=dict)  # column -> [old, new]
    faults = models.JSONField("问题", default=list)

    class Meta:
        """In the order of the file."""

        verbose_name = verbose_name_plural = "导入行"
        ordering = ["batch", "number"]
        constraints = [models.UniqueConstraint(fields=["batch", "number"], name="import_row_once")]
        indexes = [models.Index(fields=["batch", "verdict", "number"], name="import_row_verdict")]

    def __str__(self) -> str:
        return f"{self.number} {self.get_verdict_display()}"


class StagedChange(models.Model):
    """
    What a batch is about to do to one outlet.

    Staged in parts that a killed or cancelled worker may leave behind, made true all at once, then deleted.
    ``draft`` is an outlet with version 0, which nobody sees, holding the columns to come; of a new outlet the
    draft is the outlet itself.
    """

    class Act(models.TextChoices):
        """What happens to the outlet."""

        ADD = "add", "新增"
        CHANGE = "change", "更改"
        REMOVE = "remove", "移出"
        KEEP = "keep", "保留"

    batch = models.ForeignKey(ImportBatch, models.CASCADE, related_name="staged", db_index=False)
    number = models.PositiveIntegerField("行号")
    act = models.CharField("动作", max_length=6, choices=Act)
    outlet = models.ForeignKey(Outlet, models.PROTECT, related_name="+")
    draft = models.ForeignKey(Outlet, models.PROTECT, null=True, related_name="+")
    seen_version = models.PositiveIntegerField("所见版次")
    values = SealedJSONField("之后的内容", keys=("phone",), purpose=PHONE, default=dict)
    event = models.CharField("事件", max_length=10, choices=OutletEvent.Kind, blank=True)
    event_on = models.DateField("事件日期")
    has_lists = models.BooleanField("替换服务和停靠点", default=False)
    search = models.CharField("查找用", max_length=600, blank=True)
    """The draft's words: kept here, so that the index of words never works for drafts."""

    class Meta:
        """One change a row."""

        verbose_name = verbose_name_plural = "待写入的变化"
        ordering = ["batch", "number"]
        constraints = [models.UniqueConstraint(fields=["batch", "number"], name="staged_change_once")]

    def __str__(self) -> str:
        return f"{self.number} {self.get_act_display()}"
