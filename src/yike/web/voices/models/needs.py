"""Needs that residents raise, who raised them, and what was decided."""

from __future__ import annotations

from django.db import models

from yike.web.accounts.models import Account
from yike.web.regions.models import Area, Circle
from yike.web.voices.models.channels import Channel


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
    decision_kind = models.CharField("处理方式", max_length=20, blank=True)  # of data/needs.toml
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


class NeedVoice(models.Model):
    """Somebody (or several at a meeting) asked for it, in their words. Merged needs keep theirs."""

    need = models.ForeignKey(Need, models.PROTECT, related_name="said")
    text = models.CharField("原话", max_length=200)
    building = models.CharField("楼栋或地点", max_length=80, blank=True)
    age_band = models.CharField("年龄段", max_length=12, blank=True)
    channel = models.CharField("渠道", max_length=10, choices=Channel)
    is_urgent = models.BooleanField("急需", default=False)
    is_proxy = models.BooleanField("代为登记", default=False)
    voices = models.PositiveIntegerField("人次", default=1)
    said_on = models.DateField("提出日期")
    noted_at = models.DateTimeField("登记时间")
    noted_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    survey = models.ForeignKey(  # whose answers are counted here, once
        "voices.Survey", models.PROTECT, null=True, related_name="needs_noted"
    )

    class Meta:
        """As they came."""

        verbose_name = verbose_name_plural = "反映记录"
        ordering = ["need", "id"]

    def __str__(self) -> str:
        return self.text


class NeedStep(models.Model):
    """A need enters a state: who, when, why. The last one tells; none is ever deleted."""

    need = models.ForeignKey(Need, models.PROTECT, related_name="steps")
    state = models.CharField("状态", max_length=10, choices=Need.State)
    kind = models.CharField("处理方式", max_length=20, blank=True)
    note = models.CharField("说明", max_length=400, blank=True)
    into = models.ForeignKey(Need, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField("时间")
    by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")

    class Meta:
        """As they came."""

        verbose_name = verbose_name_plural = "处理记录"
        ordering = ["need", "id"]

    def __str__(self) -> str:
        return f"{self.need}：{self.get_state_display()}"
