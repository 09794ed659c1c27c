"""What is asked about a person."""

from __future__ import annotations

from django import forms


class PersonForm(forms.Form):
    """A whole name, user name or telephone number."""

    words = forms.CharField(
        label="姓名、用户名或电话", max_length=40, help_text="要写全；部分文字查不到，以免翻看无关的人。"
    )


class ReasonForm(PersonForm):
    """The same, with why."""

    reason = forms.CharField(
        label="依据或经办说明", max_length=200, help_text="如：本人 2026 年 11 月 22 日书面申请。"
    )
