"""Packs kept for an area, and the analyses run on them."""

from __future__ import annotations

from django.db import models

from yike.web.accounts.models import Account
from yike.web.jobs.models import Job


class KeptPack(models.Model):
    """A city pack in the data folder: streets, homes, people of an area."""

    area_code = models.CharField("辖区代码", max_length=12, db_index=True)
    name = models.CharField("名称", max_length=80)
    path = models.CharField("保存位置", max_length=200)  # below the data folder
    digest = models.CharField("SHA-256", max_length=64)
    kept_at = models.DateTimeField("存入时间")
    kept_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    is_invented = models.BooleanField("虚构", default=False)

    class Meta:
        """Newest first."""

        verbose_name = verbose_name_plural = "城市包"
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.name


class Analysis(models.Model):
    """One run of the engine on a pack with the register's outlets of a moment; its papers stay."""

    pack = models.ForeignKey(KeptPack, models.PROTECT, related_name="analyses")
    area_code = models.CharField("辖区代码", max_length=12, db_index=True)
    title = models.CharField("名称", max_length=80)
    rule_pack = models.CharField("规则包", max_length=60, blank=True)
    outlets_at = models.DateTimeField("网点截至", null=True)  # null: the pack's own list
    asked_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField("提交时间")
    job = models.ForeignKey(Job, models.SET_NULL, null=True, related_name="+")
    path = models.CharField("成果位置", max_length=200, blank=True)  # below the data folder; "" until done
    summary = models.JSONField("摘要", default=dict)
    done_at = models.DateTimeField("完成时间", null=True)
    is_invented = models.BooleanField("虚构", default=False)

    class Meta:
        """Newest first."""

        verbose_name = verbose_name_plural = "分析"
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.title
