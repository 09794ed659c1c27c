"""Forms: what people type about needs and surveys."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django import forms

from yike.web.outlets.forms import type_choices
from yike.web.ui.choices import offer
from yike.web.voices import rules
from yike.web.voices.actions.needs import Said
from yike.web.voices.models import Channel, Need
from yike.web.voices.queries import NeedFilter
from yike.web.voices.questions import questionnaire, row_labels

DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
ASKED = [c for c in Channel.choices if c[0] != Channel.LINK]
"""Channels that people note by hand; the link writes its own."""

Choices = Sequence[tuple[Any, Any]]


class BuildingInput(forms.TextInput):
    """A text field that offers places named before."""

    template_name = "voices/building_input.html"

    def __init__(self, places: Iterable[str] = ()) -> None:
        super().__init__(attrs={"autocomplete": "off"})
        self.places = list(places)

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """With the list of places."""
        told = super().get_context(name, value, attrs)
        told["widget"]["attrs"]["list"] = f"{name}_places"
        return told | {"places": self.places, "list_id": f"{name}_places"}


class NeedForm(forms.Form):
    """记需求: the words first; everything else is a tap."""

    text = forms.CharField(
        label="居民怎么说",
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2, "placeholder": "例：楼下没地方修鞋", "autofocus": True}),
        help_text="照原话记；不要写姓名和电话。",
    )
    place = forms.ChoiceField(label="社区")
    building = forms.CharField(label="楼栋或地点", required=False, max_length=80)
    channel = forms.ChoiceField(
        label="渠道", choices=ASKED, initial=Channel.TALK, widget=forms.RadioSelect(attrs={"class": "taps"})
    )
    age_band = forms.ChoiceField(
        label="年龄段", required=False, widget=forms.RadioSelect(attrs={"class": "taps"})
    )
    voices = forms.IntegerField(
        label="人次", min_value=1, initial=1, widget=forms.NumberInput(attrs={"inputmode": "numeric"})
    )
    is_urgent = forms.BooleanField(label="急需", required=False)
    is_proxy = forms.BooleanField(label="代他人登记", required=False)

    def __init__(self, places: Choices, buildings: Iterable[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "place", places)
        offer(self, "age_band", [("", "不清楚"), *questionnaire().age_bands])
        self.fields["building"].widget = BuildingInput(buildings)
        self.fields["voices"].max_value = int(rules.limit("most_voices"))  # type: ignore[attr-defined]

    def clean_building(self) -> str:
        """Without blanks around it."""
        return str(self.cleaned_data["building"]).strip()

    def said(self, today: dt.date) -> Said:
        """What is noted."""
        told = self.cleaned_data
        return Said(
            text=told["text"], channel=told["channel"], said_on=today, building=told["building"],
            age_band=told["age_band"], is_urgent=told["is_urgent"], is_proxy=told["is_proxy"],
            voices=told["voices"],
        )  # fmt: skip


class NeedFilterForm(forms.Form):
    """What the list shows."""

    q = forms.CharField(label="查找", required=False, max_length=60)
    circle = forms.ChoiceField(label="生活圈", required=False)
    state = forms.ChoiceField(label="状态", required=False, choices=[("", "未合并的"), *Need.State.choices])
    row = forms.ChoiceField(label="业态", required=False)
    channel = forms.ChoiceField(label="渠道", required=False, choices=[("", "全部"), *Channel.choices])
    urgent = forms.BooleanField(label="只看急需", required=False)

    def __init__(self, circles: Choices, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "circle", [("", "全部"), *((str(k), n) for k, n in circles)])
        offer(self, "row", [("", "全部"), *row_labels().items()])

    def wanted(self) -> NeedFilter:
        """The filter; what cannot be read is left open."""
        if not self.is_valid():
            return NeedFilter()
        told = self.cleaned_data
        return NeedFilter(
            circle=told["circle"], state=told["state"], row=told["row"], channel=told["channel"],
            text=told["q"], is_urgent=told["urgent"],
        )  # fmt: skip


class ClassifyForm(forms.Form):
    """Words, type and place of a need."""

    text = forms.CharField(label="需求", max_length=200, help_text="写进调查表“缺什么”一栏的文字。")
    type_code = forms.ChoiceField(label="业态", required=False)
    building = forms.CharField(label="楼栋或地点", required=False, max_length=80)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "type_code", [("", "看不出"), *type_choices()])


class DecisionForm(forms.Form):
    """How a need is settled."""

    kind = forms.ChoiceField(
        label="处理方式", choices=[(d.code, d.label) for d in rules.decisions().values()], initial="listed"
    )
    note = forms.CharField(
        label="说明",
        required=False,
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="不采纳时必填，用来答复居民。",
    )


class NoteForm(forms.Form):
    """A word on why."""

    note = forms.CharField(label="说明", required=False, max_length=400)


class SurveyForm(forms.Form):
    """A survey of one circle."""

    circle = forms.TypedChoiceField(label="生活圈", coerce=int)
    title = forms.CharField(label="名称", max_length=80, help_text="居民会看到，例：第四季度满意度调查。")
    opens_on = forms.DateField(label="开始", widget=DATE)
    closes_on = forms.DateField(label="结束", widget=DATE)

    def __init__(self, circles: Choices, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "circle", circles)

    def clean(self) -> dict[str, Any]:
        """The end is no earlier than the beginning."""
        told = super().clean() or {}
        first, last = told.get("opens_on"), told.get("closes_on")
        if first and last and last < first:
            self.add_error("closes_on", "结束日期不能早于开始日期。")
        return told


class VoidForm(forms.Form):
    """Why an answer does not count."""

    number = forms.CharField(label="问卷编号", max_length=40)
    reason = forms.CharField(label="原因", max_length=200)


class FileForm(forms.Form):
    """A workbook of paper questionnaires."""

    file = forms.FileField(label="录入表", help_text="一行一份问卷；xlsx、xls 或 CSV。")


class PapersForm(forms.Form):
    """Which numbered sheets to print."""

    first = forms.RegexField(
        r"^[A-Za-z0-9-]{0,12}\d{1,8}\Z",
        label="起始编号",
        help_text="最后几位是数字，逐张加一，例如 0001、GM-001。",
        error_messages={"invalid": "编号要以数字结尾，只用字母、数字和短横。"},
    )
    count = forms.IntegerField(label="张数", min_value=1, max_value=200)

    def numbers(self) -> list[str]:
        """A number a sheet."""
        first = str(self.cleaned_data["first"]).upper()
        head = first.rstrip("0123456789")
        tail = first[len(head) :]
        return [f"{head}{int(tail) + i:0{len(tail)}d}" for i in range(self.cleaned_data["count"])]
