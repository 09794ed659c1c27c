"""Waves, returns, their revisions, changes, notes and steps; merged returns of a branch."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from yike.web.accounts.models import Account
from yike.web.regions.models import Circle


class RuleSet(models.Model):
    """
    Limits of the checks of a branch (口径) from a day on; never edited, a newer one follows it.

    A round keeps the limits that were in force when it was opened: see ``Wave.limits``.
    """

    area_code = models.CharField("辖区代码", max_length=12, db_index=True)
    title = models.CharField("口径名称", max_length=80)
    begins_on = models.DateField("起用日期")  # for rounds as of this day or later
    limits = models.JSONField("规定", default=dict)  # names of ``data/checks.toml`` [rule_set] -> number
    basis = models.CharField("依据", max_length=400)
    by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField("建立时间")
    is_invented = models.BooleanField("虚构", default=False)

    class Meta:
        """One of a branch begins on a day."""

        verbose_name = verbose_name_plural = "口径"
        ordering = ["-begins_on", "-id"]
        constraints = [models.UniqueConstraint(fields=["area_code", "begins_on"], name="rule_set_day_once")]

    def __str__(self) -> str:
        return self.title


class Wave(models.Model):
    """One round of returns (期次): every circle of a branch fills the form as of a day."""

    area_code = models.CharField("辖区代码", max_length=12, db_index=True)
    title = models.CharField("期次", max_length=80)
    as_of = models.DateField("截至日期")
    opens_on = models.DateField("开始填报")
    due_on = models.DateField("填报截止")
    remind_days = models.PositiveSmallIntegerField("提前几天提醒", default=3)
    count_decimals = models.PositiveSmallIntegerField("个、座保留小数", default=2)
    rounding = models.CharField("舍入", max_length=10, default="half_up")
    limits = models.JSONField("口径", default=dict)  # as they were when it opened; {} those of the program
    limits_title = models.CharField("口径名称", max_length=80, blank=True)
    closed_at = models.DateTimeField("结束时间", null=True, blank=True)
    opened_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    is_invented = models.BooleanField("虚构", default=False)

    class Meta:
        """A title once in a branch."""

        verbose_name = verbose_name_plural = "期次"
        ordering = ["-as_of", "-id"]
        constraints = [models.UniqueConstraint(fields=["area_code", "title"], name="wave_title_once")]

    def __str__(self) -> str:
        return self.title


class ReturnState(models.TextChoices):
    """How far a return is; who may move it where is in ``data/steps.toml``."""

    DRAFT = "draft", "填报中"
    SUBMITTED = "submitted", "待审核"
    SENT_BACK = "sent_back", "已退回"
    CHECKED = "checked", "街道已审"
    APPROVED = "approved", "区县已审"
    LOCKED = "locked", "已锁定"


class Return(models.Model):
    """
    The form of one circle in one wave.

    ``state`` repeats the last ``ReturnStep`` and ``revision`` the newest ``Revision``'s number, for lists;
    ``actions`` alone write them. ``version`` goes up with every write: nobody overwrites another's edit.
    """

    wave = models.ForeignKey(Wave, models.PROTECT, related_name="returns")
    circle = models.ForeignKey(Circle, models.PROTECT, related_name="returns")
    area_code = models.CharField(
        "辖区代码", max_length=12, db_index=True
    )  # the circle's when the wave opened
    home_code = models.CharField(
        "归口社区", max_length=12, db_index=True, default=""
    )  # the leading community's: its subdistrict checks the return, its district adds it up
    communities = models.JSONField(
        "所含社区", default=list
    )  # [{code, name, people|null}] when the wave opened
    code = models.CharField("表号", max_length=24, unique=True)  # page code on paper, e.g. F5-2026-000123
    state = models.CharField("状态", max_length=10, choices=ReturnState, default=ReturnState.DRAFT)
    revision = models.PositiveIntegerField("修订", default=1)
    version = models.PositiveIntegerField("版次", default=1)
    samples_reason = models.CharField("样本不足的说明", max_length=400, blank=True)
    is_invented = models.BooleanField("虚构", default=False)

    class Meta:
        """One per circle and wave."""

        verbose_name = verbose_name_plural = "调查表"
        ordering = ["wave", "area_code", "circle__code"]
        constraints = [models.UniqueConstraint(fields=["wave", "circle"], name="return_once_in_wave")]

    def __str__(self) -> str:
        return self.code


class Revision(models.Model):
    """
    One version of a return's cells. The newest is worked on until locked; a correction is a new revision,
    and the older ones stay as they were.
    """

    of = models.ForeignKey(Return, models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField("修订")
    values = models.JSONField("内容", default=dict)  # cell key -> value, as ``cells.to_json`` writes it
    sources = models.JSONField("来源", default=dict)  # cell key -> {mark, said, stands}: see ``cells.Source``
    comments = models.JSONField("说明", default=dict)  # cell key -> why it differs from the register
    opened_at = models.DateTimeField("建立时间")
    opened_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    why = models.CharField("更正原因", max_length=400, blank=True)
    locked_at = models.DateTimeField("锁定时间", null=True)
    digest = models.CharField(
        "SHA-256", max_length=64, blank=True
    )  # of the form as submitted; "" while it can be edited
    token = models.CharField("核验码", max_length=40, blank=True, db_index=True)  # opens the frozen page

    class Meta:
        """Numbered from 1."""

        verbose_name = verbose_name_plural = "修订"
        ordering = ["of", "number"]
        constraints = [
            models.UniqueConstraint(fields=["of", "number"], name="revision_number_once"),
            models.UniqueConstraint(fields=["token"], condition=~Q(token=""), name="revision_token_once"),
        ]

    def __str__(self) -> str:
        return f"{self.of} 第 {self.number} 次"


class CellChange(models.Model):
    """One cell was given another value: the history of every cell."""

    class Origin(models.TextChoices):
        """Where the value came from."""

        SCREEN = "screen", "网页填写"
        FILE = "file", "表格导入"
        REGISTER = "register", "登记册预填"

    of = models.ForeignKey(Return, models.PROTECT, related_name="changes")
    revision = models.PositiveIntegerField("修订")
    version = models.PositiveIntegerField("改后的版次", default=0)  # of the return
    key = models.CharField("单元格", max_length=20)
    old = models.JSONField("原值", null=True)
    new = models.JSONField("新值", null=True)
    why = models.CharField("说明", max_length=400, blank=True)
    origin = models.CharField("来自", max_length=10, choices=Origin)
    file = models.ForeignKey("ReturnFile", models.PROTECT, null=True, related_name="cell_changes")
    by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField("时间")

    class Meta:
        """In order."""

        verbose_name = verbose_name_plural = "单元格变更"
        ordering = ["id"]
        indexes = [models.Index(fields=["of", "key"], name="cell_history")]

    def __str__(self) -> str:
        return f"{self.of} {self.key}"


class CellNote(models.Model):
    """A remark at a cell, until it is settled; key "" is the whole form."""

    of = models.ForeignKey(Return, models.PROTECT, related_name="notes")
    revision = models.PositiveIntegerField("修订")
    key = models.CharField("单元格", max_length=20, blank=True)
    text = models.CharField("批注", max_length=400)
    by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField("时间")
    settled_at = models.DateTimeField("处理时间", null=True)
    settled_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")

    class Meta:
        """In order."""

        verbose_name = verbose_name_plural = "批注"
        ordering = ["id"]

    def __str__(self) -> str:
        return self.text


class ReturnStep(models.Model):
    """A return enters a state: who, when, why. An undone step is followed by another, never deleted."""

    of = models.ForeignKey(Return, models.PROTECT, related_name="steps")
    revision = models.PositiveIntegerField("修订")
    state = models.CharField("状态", max_length=10, choices=ReturnState)
    undoes = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField("时间")
    note = models.CharField("说明", max_length=400, blank=True)

    class Meta:
        """In order."""

        verbose_name = verbose_name_plural = "流转记录"
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.of} {self.get_state_display()}"


class BranchState(models.TextChoices):
    """How far a branch's merged return is."""

    OPEN = "open", "未上报"
    REPORTED = "reported", "已上报"
    SENT_BACK = "sent_back", "已退回"
    LOCKED = "locked", "已锁定"


class BranchStep(models.Model):
    """
    A branch's merged return (汇总) enters a state in a wave; the last one tells. A branch reports upward only
    when all returns below it are done.
    """

    wave = models.ForeignKey(Wave, models.PROTECT, related_name="branch_steps")
    area_code = models.CharField("辖区代码", max_length=12, db_index=True)
    state = models.CharField("状态", max_length=10, choices=BranchState)
    undoes = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    values = models.JSONField("汇总内容", default=dict)  # as it was then
    by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField("时间")
    note = models.CharField("说明", max_length=400, blank=True)

    class Meta:
        """In order."""

        verbose_name = verbose_name_plural = "汇总上报记录"
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.wave} {self.area_code} {self.get_state_display()}"


class ReturnFile(models.Model):
    """A workbook or document that came back: kept as it is, with what it would change."""

    class State(models.TextChoices):
        """What became of it."""

        READ = "read", "待确认"
        APPLIED = "applied", "已采用"
        DROPPED = "dropped", "已放弃"
        UNDONE = "undone", "已撤销"

    of = models.ForeignKey(Return, models.PROTECT, related_name="files")
    revision = models.PositiveIntegerField("修订")
    seen_version = models.PositiveIntegerField("读取时的版次")
    file_name = models.CharField("文件名", max_length=200)
    path = models.CharField("保存位置", max_length=200)  # below the data folder
    digest = models.CharField("SHA-256", max_length=64)
    changes = models.JSONField("差异", default=list)  # [{key, cell, old, new, text}], values as JSON
    faults = models.JSONField("问题", default=list)  # [{key, cell, found, reason, cure}]
    questions = models.JSONField("待答", default=list)  # unit slips: [{key, cell, found, suggested, reason}]
    state = models.CharField("状态", max_length=10, choices=State, default=State.READ)
    by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField("时间")

    class Meta:
        """Newest first."""

        verbose_name = verbose_name_plural = "回传文件"
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.file_name
