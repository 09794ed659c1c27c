"""Needs that residents raise, and their answers on satisfaction."""

from __future__ import annotations

from django.db import models

from yike.web.accounts.models import Account
from yike.web.regions.models import Area, Circle


class Channel(models.TextChoices):
    """How somebody was heard."""

    TALK = "talk", "面谈"
    PAPER = "paper", "纸质问卷"
    PHONE = "phone", "电话"
    LINK = "link", "扫码填写"
    MEETING = "meeting", "居民议事会"
    HOTLINE = "hotline", "热线"


class Need(models.Model):
    """Something a place lacks. ``voices`` counts who asked; merged needs stay, with ``merged_into``."""

    class State(models.TextChoices):
        """How far it is."""

        NEW = "new", "待确认"
        CONFIRMED = "confirmed", "已确认"
        REFUSED = "refused", "不采纳"
        MERGED = "merged", "已合并"

    circle = models.ForeignKey(Circle, models.PROTECT, related_name="needs")
    community = models.ForeignKey(Area, models.PROTECT, null=True, blank=True, related_name="+")
    area_code = models.CharField("辖区代码", max_length=12, db_index=True)
    building = models.CharField("楼栋或地点", max_length=80, blank=True)
    text = models.CharField("需求", max_length=200)
    type_code = models.CharField("业态", max_length=40, blank=True)
    form_row = models.CharField("调查表行次", max_length=3, blank=True)
    age_band = models.CharField("年龄段", max_length=12, blank=True)  # of data/questions.toml
    channel = models.CharField("渠道", max_length=10, choices=Channel)
    is_urgent = models.BooleanField("急需", default=False)
    is_proxy = models.BooleanField("代为登记", default=False)
    voices = models.PositiveIntegerField("人次", default=1)
    state = models.CharField("状态", max_length=10, choices=State, default=State.NEW)
    decision = models.CharField("处理意见", max_length=400, blank=True)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="merged_from")
    said_on = models.DateField("提出日期")
    noted_at = models.DateTimeField("登记时间")
    noted_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    is_invented = models.BooleanField("虚构", default=False)

    class Meta:
        """Order."""

        verbose_name = verbose_name_plural = "需求"
        ordering = ["circle", "-voices", "id"]
        indexes = [models.Index(fields=["circle", "state", "form_row"], name="need_circle")]

    def __str__(self) -> str:
        return self.text


class Survey(models.Model):
    """A satisfaction survey of one circle: opens and closes on days; closed answers never change."""

    circle = models.ForeignKey(Circle, models.PROTECT, related_name="surveys")
    area_code = models.CharField("辖区代码", max_length=12, db_index=True)
    title = models.CharField("名称", max_length=80)
    opens_on = models.DateField("开始")
    closes_on = models.DateField("结束")
    token = models.CharField("链接", max_length=40, unique=True)  # of the anonymous page /s/TOKEN/
    closed_at = models.DateTimeField("关闭时间", null=True, blank=True)
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
    satisfaction = models.JSONField(
        "满意度", default=dict
    )  # form row -> 1..5; left out: never used or not known
    reach = models.JSONField("15 分钟内", default=dict)  # form row -> "yes" | "no" | "unknown"
    overall = models.PositiveSmallIntegerField("总体", null=True, blank=True)  # 1..5
    missing = models.JSONField("还缺什么", default=list)  # form rows
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
