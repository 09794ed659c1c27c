"""Edits of many outlets at once, so that they can be taken back together."""

from __future__ import annotations

from django.db import models

from yike.web.accounts.models import Account
from yike.web.outlets.models.outlets import Outlet


class BatchEdit(models.Model):
    """One change made to chosen outlets: what, by whom, and whether it was taken back."""

    class What(models.TextChoices):
        """What can be changed for many outlets at once."""

        VERIFY = "verify", "核实无误"
        STATUS = "status", "登记状态"
        TYPE = "type", "改业态"
        COMMUNITY = "community", "改社区"

    area_code = models.CharField("辖区代码", max_length=12, blank=True, db_index=True)
    what = models.CharField("操作", max_length=10, choices=What)
    told = models.CharField("改为", max_length=120, blank=True)  # as people read it
    by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField("时间")
    undone_at = models.DateTimeField("撤销时间", null=True, blank=True)
    undone_by = models.ForeignKey(Account, models.PROTECT, null=True, blank=True, related_name="+")
    kept_names = models.JSONField("没有撤销的", default=list, blank=True)  # changed again since

    class Meta:
        """Order."""

        verbose_name = verbose_name_plural = "批量修改"
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.get_what_display()} {self.told}".strip()


class EditedOutlet(models.Model):
    """An outlet that a batch edit changed, and the version it wrote."""

    edit = models.ForeignKey(BatchEdit, models.CASCADE, related_name="rows")
    outlet = models.ForeignKey(Outlet, models.PROTECT, related_name="+")
    number = models.PositiveIntegerField("版次")

    class Meta:
        """Once each."""

        verbose_name = verbose_name_plural = "批量修改的网点"
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["edit", "outlet"], name="edited_outlet_once")]

    def __str__(self) -> str:
        return f"{self.outlet_id} v{self.number}"
