"""Photos of outlets."""

from __future__ import annotations

from django.db import models

from yike.web.accounts.models import Account
from yike.web.outlets.models.outlets import Outlet


class OutletPhoto(models.Model):
    """A photo of an outlet, made smaller, without what the camera wrote into it; kept as a file."""

    outlet = models.ForeignKey(Outlet, models.PROTECT, related_name="photos")
    path = models.CharField("保存位置", max_length=120)  # below the data folder
    digest = models.CharField("SHA-256", max_length=64)
    size_bytes = models.PositiveIntegerField("大小（字节）")
    width_px = models.PositiveIntegerField("宽")
    height_px = models.PositiveIntegerField("高")
    taken_on = models.DateField("拍摄日期", null=True, blank=True)
    at = models.DateTimeField("上传时间")
    by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    gone_at = models.DateTimeField("移出时间", null=True, blank=True)

    class Meta:
        """The newest first, each once."""

        verbose_name = verbose_name_plural = "网点照片"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["outlet", "digest"], condition=models.Q(gone_at__isnull=True), name="photo_once"
            )
        ]

    def __str__(self) -> str:
        return self.path
