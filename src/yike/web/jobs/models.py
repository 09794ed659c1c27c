"""Jobs."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from yike.web.accounts.models import Account


class State(models.TextChoices):
    """How far a job is."""

    QUEUED = "queued", "排队中"
    RUNNING = "running", "进行中"
    DONE = "done", "已完成"
    FAILED = "failed", "未完成"
    CANCELLED = "cancelled", "已取消"


class Job(models.Model):
    """
    One piece of long work.

    A running job has a lease that its worker renews; when the lease ends the worker is dead, and the job is
    claimed again. So a job may run more than once: its function must be repeatable without harm.
    """

    kind = models.CharField("类型", max_length=60)
    title = models.CharField("名称", max_length=200)
    arguments = models.JSONField("参数", default=dict)
    area_code = models.CharField("辖区代码", max_length=12, blank=True)
    asked_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="jobs")
    asked_at = models.DateTimeField("提交时间")
    state = models.CharField("状态", max_length=10, choices=State, default=State.QUEUED)
    stage = models.CharField("步骤", max_length=120, blank=True)
    done = models.PositiveIntegerField("完成", default=0)
    total = models.PositiveIntegerField("总数", default=0)
    log = models.TextField("记录", blank=True)
    result = models.JSONField("结果", default=dict)
    attempts = models.PositiveSmallIntegerField("次数", default=0)
    worker = models.CharField("执行者", max_length=80, blank=True)
    lease_until = models.DateTimeField("租约到", null=True)
    cancel_asked_at = models.DateTimeField("要求取消", null=True)
    ended_at = models.DateTimeField("结束时间", null=True)

    class Meta:
        """Order and the index workers look at."""

        verbose_name = verbose_name_plural = "后台任务"
        ordering = ["-id"]
        indexes = [
            models.Index(
                fields=["state", "id"], name="jobs_waiting", condition=Q(state__in=["queued", "running"])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}（{self.get_state_display()}）"


class DailyRun(models.Model):
    """A job of every day was asked for on a day."""

    kind = models.CharField("类型", max_length=60)
    day = models.DateField("日期")

    class Meta:
        """Once a day."""

        verbose_name = verbose_name_plural = "每日任务"
        constraints = [models.UniqueConstraint(fields=["kind", "day"], name="daily_run_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.day}"
