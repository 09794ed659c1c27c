"""Views of lists that people keep: filters, order and columns under a name."""

from __future__ import annotations

from django.db import models

from yike.web.accounts.models import Account


class SavedView(models.Model):
    """
    One view of a list, personal or shared.

    The view is the list's own address without the page. A shared one is seen by everybody whose duties lie
    in its branch.
    """

    list_code = models.CharField("列表", max_length=20, default="outlets")
    name = models.CharField("名称", max_length=40)
    query = models.CharField("条件", max_length=1000, blank=True)
    owner = models.ForeignKey(Account, models.PROTECT, related_name="+", verbose_name="所有者")
    area_code = models.CharField("辖区代码", max_length=12, blank=True, db_index=True)
    is_shared = models.BooleanField("本辖区共用", default=False)
    made_at = models.DateTimeField("保存时间")

    class Meta:
        """One of a name for each owner and list."""

        verbose_name = verbose_name_plural = "视图"
        ordering = ["is_shared", "name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "list_code", "name"], name="saved_view_name_once")
        ]

    def __str__(self) -> str:
        return self.name
