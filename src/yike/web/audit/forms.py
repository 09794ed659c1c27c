"""What narrows the record."""

from __future__ import annotations

from django import forms


class EntryFilter(forms.Form):
    """All may be blank."""

    actor = forms.CharField(label="谁", required=False, max_length=80)
    action = forms.CharField(label="动作代码", required=False, max_length=60)
    key = forms.CharField(label="对象", required=False, max_length=120)
    branch = forms.RegexField(r"^\d{0,12}\Z", label="辖区代码", required=False)
    since = forms.DateField(label="从", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label="到", required=False, widget=forms.DateInput(attrs={"type": "date"}))
