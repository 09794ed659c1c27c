"""Forms of areas and of what is known of a community."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms

from yike.web.regions import words
from yike.web.regions.forms.parts import date, many, three
from yike.web.regions.models import CommunityProfile


class DayForm(forms.Form):
    """The last day of something."""

    on = forms.DateField(label="最后一天", widget=date())


class ProfileForm(forms.Form):
    """What is known of a community as of a day; ages are fields ``age_…``."""

    as_of = forms.DateField(label="截至日期", widget=date())
    people = forms.IntegerField(label="常住人口", required=False, min_value=0, help_text="单位：人。")
    households = forms.IntegerField(label="户数", required=False, min_value=0)
    housing_kind = forms.ChoiceField(
        label="住宅类型", required=False, choices=[("", "不清楚"), *words.choices("housing")]
    )
    is_new = three("新建社区", "新建社区的商业和综合服务设施面积须占总建筑面积 10% 以上。")
    floor_area_m2 = forms.FloatField(
        label="总建筑面积", required=False, min_value=0, help_text="单位：平方米。"
    )
    commercial_area_m2 = forms.FloatField(label="其中社区商业", required=False, min_value=0)
    service_area_m2 = forms.FloatField(
        label="其中综合服务设施", required=False, min_value=0, help_text="每百户不低于 30 平方米。"
    )
    income_band = forms.ChoiceField(
        label="收入水平", required=False, choices=[("", "不清楚"), *words.choices("income")],
        help_text="与本市相比，由社区估计。",
    )  # fmt: skip
    income_note = forms.CharField(label="收入说明", required=False, max_length=200)
    consumption = many("消费习惯", words.choices("consumption"))
    consumption_note = forms.CharField(label="消费说明", required=False, max_length=400)
    source = forms.CharField(
        label="数据来源", required=False, max_length=200, help_text="如“2026年10月社区台账”。"
    )
    is_invented = forms.BooleanField(label="虚构数据", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code, label, _ in words.age_bands():
            self.fields[f"age_{code}"] = forms.IntegerField(label=label, required=False, min_value=0)
        self.order_fields(["as_of", "people", "households", *(f"age_{c}" for c, _, _ in words.age_bands())])

    def values(self) -> dict[str, Any]:
        """Columns of a profile; ages left blank are not told."""
        told = dict(self.cleaned_data)
        told.pop("as_of")
        ages = {code: told.pop(f"age_{code}") for code, _, _ in words.age_bands()}
        return {**told, "age_bands": {k: v for k, v in ages.items() if v is not None}}

    @staticmethod
    def initial_of(profile: CommunityProfile | None, today: dt.date) -> dict[str, Any]:
        """What was told last, as of today."""
        if profile is None:
            return {"as_of": today}
        names = [n for n in ProfileForm.base_fields if n not in ("as_of", "is_new")]
        ages = {f"age_{k}": v for k, v in profile.age_bands.items()}
        is_new = "" if profile.is_new is None else str(profile.is_new)
        return {
            **{n: words.whole(getattr(profile, n)) for n in names},
            **ages,
            "is_new": is_new,
            "as_of": today,
        }


class AreaForm(forms.Form):
    """A new unit of the tree."""

    code = forms.CharField(label="统计用区划代码", max_length=12, help_text="12 位数字，不足补 0。")
    name = forms.CharField(label="名称", max_length=80, help_text="只填官方名称；演示用的请勾选虚构。")
    begins_on = forms.DateField(label="设立日期", required=False, widget=date())
    source = forms.CharField(
        label="依据", required=False, max_length=200, help_text="如批复文号、统计用区划代码年份。"
    )
    is_invented = forms.BooleanField(label="虚构", required=False)


class NameForm(forms.Form):
    """Another name from a day on."""

    name = forms.CharField(label="新名称", max_length=80)
    begins_on = forms.DateField(label="启用日期", widget=date())


class AreaEndForm(forms.Form):
    """The last day of a unit, and who takes over."""

    ends_on = forms.DateField(label="最后一天", widget=date())
    successor = forms.CharField(
        label="承接单位代码", required=False, max_length=12, help_text="12 位代码，没有则不填。"
    )
