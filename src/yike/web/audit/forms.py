"""What narrows the record."""

from __future__ import annotations

from typing import Any

from django import forms

from yike.web.audit.words import ACTIONS, KINDS

DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class EntryFilter(forms.Form):
    """All may be blank."""

    actor = forms.CharField(label="谁", required=False, max_length=80)
    action = forms.ChoiceField(label="动作", required=False)
    kind = forms.ChoiceField(label="对象类型", required=False)
    key = forms.CharField(label="对象编号", required=False, max_length=120)
    branch = forms.RegexField(r"^\d{0,12}\Z", label="辖区代码", required=False)
    since = forms.DateField(label="从", required=False, widget=DATE)
    until = forms.DateField(label="到", required=False, widget=DATE)

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        actions = sorted(ACTIONS.items(), key=lambda action: action[1])
        kinds = sorted(KINDS.items(), key=lambda kind: kind[1])
        self.fields["kind"].choices = [("", "全部"), *kinds]  # type: ignore[attr-defined]
        self.fields["action"].choices = [("", "全部"), *actions]  # type: ignore[attr-defined]
