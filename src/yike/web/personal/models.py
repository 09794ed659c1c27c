"""Erasures on request: that somebody asked and what became of it, without the data itself."""

from __future__ import annotations

from django.db import models

from yike.web.accounts.models import Account


class Request(models.Model):
    """A person asked for a copy of, or the erasure of, what is held about them."""

    class Kind(models.TextChoices):
        """What was asked."""

        EXPORT = "export", "导出"
        ERASE = "erase", "删除"

    kind = models.CharField("事项", max_length=8, choices=Kind)
    area_code = models.CharField("辖区代码", max_length=12, blank=True, db_index=True)
    subject = models.CharField("本人（掩码）", max_length=40)  # masked: enough to find the paper by
    reason = models.CharField("依据或经办说明", max_length=200)
    done_at = models.DateTimeField("办理时间")
    done_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    counts = models.JSONField("结果", default=dict)  # holding -> records

    class Meta:
        """Newest first."""

        verbose_name = verbose_name_plural = "个人信息请求"
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.subject}"
