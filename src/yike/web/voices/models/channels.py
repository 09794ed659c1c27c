"""How somebody was heard."""

from __future__ import annotations

from django.db import models


class Channel(models.TextChoices):
    """How somebody was heard."""

    TALK = "talk", "面谈"
    PAPER = "paper", "纸质问卷"
    PHONE = "phone", "电话"
    LINK = "link", "扫码填写"
    MEETING = "meeting", "居民议事会"
    HOTLINE = "hotline", "热线"
