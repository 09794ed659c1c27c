"""Surveys on satisfaction, their one-time numbers, and the answers."""

from __future__ import annotations

from django.db import models

from yike.web.accounts.models import Account
from yike.web.regions.models import Circle
from yike.web.voices.models.channels import Channel


class Survey(models.Model):
    """A satisfaction survey of one circle: opens and closes on days; closed answers never change."""

    circle = models.ForeignKey(Circle, models.PROTECT, related_name="surveys")
    area_code = models.CharField("辖区代码", max_length=12, db_index=True)
    title = models.CharField("名称", max_length=80)
    opens_on = models.DateField("开始")
    closes_on = models.DateField("结束")
    token = models.CharField("链接", max_length=40, unique=True)  # of the anonymous page /s/TOKEN/
    closed_at = models.DateTimeField("关闭时间", null=True, blank=True)
    closed_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    opened_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    is_invented = models.BooleanField("虚构", default=False)

    class Meta:
        """Newest first."""

        verbose_name = verbose_name_plural = "满意度调查"
        ordering = ["-opens_on", "-id"]

    def __str__(self) -> str:
        return self.title


class Answer(models.Model):
    """
    One filled questionnaire, anonymous: no name, no phone, no address of the device.

    ``number`` is the paper's or the link's own number, which stops the same sheet from counting twice.
    """

    survey = models.ForeignKey(Survey, models.PROTECT, related_name="answers")
    number = models.CharField("问卷编号", max_length=40)
    channel = models.CharField("渠道", max_length=10, choices=Channel)
    age_band = models.CharField("年龄段", max_length=12, blank=True)
    household = models.CharField("家庭", max_length=12, blank=True)
    years = models.CharField("住了多久", max_length=12, blank=True)
    satisfaction = models.JSONField(
        "满意度", default=dict
    )  # form row -> 1..5; left out: never used or not known
    reach = models.JSONField("15 分钟内", default=dict)  # form row -> "yes" | "no" | "unknown"
    overall = models.PositiveSmallIntegerField("总体", null=True, blank=True)  # 1..5
    missing = models.JSONField("还缺什么", default=list)  # form rows
    urgent = models.JSONField("最急需", default=list)  # form rows, the most urgent first
    missing_text = models.CharField("还缺什么（文字）", max_length=200, blank=True)
    entered_at = models.DateTimeField("录入时间")
    entered_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    void_reason = models.CharField(
        "作废原因", max_length=200, blank=True
    )  # an answer is voided, never edited

    class Meta:
        """A number once in a survey."""

        verbose_name = verbose_name_plural = "问卷"
        ordering = ["survey", "id"]
        constraints = [models.UniqueConstraint(fields=["survey", "number"], name="answer_number_once")]

    def __str__(self) -> str:
        return self.number


class SurveyNumber(models.Model):
    """A one-time number of a link; used once an answer bears it. Says nothing about who asked for it."""

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="numbers")
    number = models.CharField("一次性编号", max_length=40)
    issued_at = models.DateTimeField("发出时间")

    class Meta:
        """A number once in a survey."""

        verbose_name = verbose_name_plural = "一次性编号"
        ordering = ["survey", "id"]
        constraints = [models.UniqueConstraint(fields=["survey", "number"], name="survey_number_once")]
        indexes = [models.Index(fields=["survey", "issued_at"], name="survey_number_issued")]

    def __str__(self) -> str:
        return self.number


class AnswerFile(models.Model):
    """A workbook of paper questionnaires, one a row: what it would add, and what is wrong with it."""

    class State(models.TextChoices):
        """What became of it."""

        READ = "read", "待确认"
        APPLIED = "applied", "已录入"
        DROPPED = "dropped", "已放弃"

    survey = models.ForeignKey(Survey, models.PROTECT, related_name="files")
    file_name = models.CharField("文件名", max_length=200)
    digest = models.CharField("SHA-256", max_length=64)
    rows = models.JSONField("可录入的行", default=list)  # [{row, number, ...columns of Answer}]
    faults = models.JSONField("问题", default=list)  # [{row, column, found, message, cure}]
    n_rows = models.PositiveIntegerField("行数", default=0)
    state = models.CharField("状态", max_length=10, choices=State, default=State.READ)
    by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField("时间")

    class Meta:
        """Newest first."""

        verbose_name = verbose_name_plural = "问卷录入表"
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.file_name
