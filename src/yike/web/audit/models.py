"""The chain of entries and its head."""

from __future__ import annotations

from django.db import models


class Entry(models.Model):
    """One thing done. ``digest`` covers every column and the digest of the entry before."""

    number = models.PositiveBigIntegerField("序号", unique=True)
    at = models.DateTimeField("时间")
    actor_id_text = models.CharField("账号", max_length=40, blank=True)  # kept when the account is renamed
    actor_name = models.CharField("姓名", max_length=80, blank=True)
    address = models.CharField("来源地址", max_length=64, blank=True)
    action = models.CharField("动作", max_length=60)
    target_kind = models.CharField("对象类型", max_length=60)
    target_key = models.CharField("对象", max_length=120)
    area_code = models.CharField("辖区代码", max_length=12, blank=True)
    before = models.JSONField("改前", default=dict)
    after = models.JSONField("改后", default=dict)
    note = models.CharField("说明", max_length=400, blank=True)
    previous_digest = models.CharField("上一条摘要", max_length=64)
    digest = models.CharField("摘要", max_length=64)

    class Meta:
        """Order and indexes."""

        verbose_name = verbose_name_plural = "操作记录"
        ordering = ["number"]
        indexes = [
            models.Index(fields=["target_kind", "target_key"], name="audit_target"),
            models.Index(fields=["area_code", "number"], name="audit_area"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.action}"


class Head(models.Model):
    """The end of the chain: one row, locked while an entry is added, so that no two share a number."""

    number = models.PositiveBigIntegerField(default=0)
    digest = models.CharField(max_length=64, default="0" * 64)

    def __str__(self) -> str:
        return str(self.number)
