"""What is asked about units, teams and members."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils import timezone

from yike.web.accounts.forms import DATE
from yike.web.units.models import TeamMember, Unit
from yike.web.units.rules import words

SPLIT = re.compile(r"[、，,；;\s]+")


class UnitFilter(forms.Form):
    """What narrows the list."""

    q = forms.CharField(label="名称、简称、曾用名", required=False, max_length=40)
    state = forms.ChoiceField(
        label="状态", required=False, choices=[("", "全部"), ("now", "在用"), ("gone", "已撤销")]
    )


class AliasForm(forms.Form):
    """Short name and aliases."""

    short_name = forms.CharField(label="简称", max_length=40, required=False, help_text="如：市商务局、商。")
    aliases = forms.CharField(
        label="别名", max_length=400, required=False, help_text="文件里的其他写法，用顿号分开。"
    )

    def clean_aliases(self) -> list[str]:
        """One by one, each once."""
        return list(dict.fromkeys(a for a in SPLIT.split(self.cleaned_data["aliases"]) if a))


class UnitForm(AliasForm):
    """A new unit."""

    name = forms.CharField(label="全称", max_length=120)
    area_code = forms.ChoiceField(label="辖区")
    field_order = ("name", "short_name", "aliases", "area_code")

    def __init__(self, areas: list[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: Any = self.fields["area_code"]
        choices.choices = areas


class NameForm(forms.Form):
    """Another name from a day on."""

    name = forms.CharField(label="新名称", max_length=120)
    from_day = forms.DateField(label="启用日期", widget=DATE, initial=timezone.localdate)


class HeirForm(forms.Form):
    """A last day and who takes over."""

    on = forms.DateField(label="日期", widget=DATE, initial=timezone.localdate)
    heir = forms.ModelChoiceField(
        Unit.objects.none(), label="承接单位", required=False, empty_label="（请选择）"
    )

    def __init__(self, units: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: Any = self.fields["heir"]
        choices.queryset = units


class TeamForm(forms.Form):
    """A team."""

    name = forms.CharField(label="名称", max_length=120)
    mechanism = forms.ChoiceField(label="形式")
    area_code = forms.ChoiceField(label="辖区")
    office = forms.ModelChoiceField(
        Unit.objects.none(), label="办公室设在", required=False, empty_label="（未定）",
        help_text="办公室是生活圈和任务默认的责任单位。",
    )  # fmt: skip
    begins_on = forms.DateField(label="成立日期", widget=DATE, required=False)
    dissolves_on = forms.DateField(
        label="自行撤销日期", widget=DATE, required=False, help_text="文件写明到期自行撤销的才填。"
    )
    source = forms.CharField(
        label="依据", max_length=200, required=False, help_text="文号，如 义政办〔2023〕9号。"
    )

    def __init__(self, areas: list[tuple[str, str]], units: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["mechanism"].choices = [(v, v) for v in words()["mechanisms"].values()]
        fields["area_code"].choices = areas
        fields["office"].queryset = units


class MemberForm(forms.Form):
    """A member."""

    part = forms.ChoiceField(label="职责", choices=TeamMember.Part.choices)
    unit = forms.ModelChoiceField(Unit.objects.none(), label="单位", required=False, empty_label="（无）")
    person = forms.CharField(label="姓名", max_length=40, required=False)
    post = forms.CharField(label="职务", max_length=80, required=False)
    head_level = forms.ChoiceField(label="负责人层级", required=False)
    begins_on = forms.DateField(label="开始", widget=DATE, initial=timezone.localdate)

    def __init__(self, units: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["unit"].queryset = units
        fields["head_level"].choices = [
            ("", "（不适用）"),
            *((v, v) for v in words()["head_levels"].values()),
        ]

    def clean(self) -> dict[str, Any] | None:
        """A name, a post or a unit."""
        told = self.cleaned_data
        if not (told.get("person") or told.get("post") or told.get("unit")):
            raise forms.ValidationError("请至少填姓名、职务或单位中的一项。")
        return told


class LastDayForm(forms.Form):
    """A last day with a note."""

    last_day = forms.DateField(label="最后一天", widget=DATE, initial=timezone.localdate)
    note = forms.CharField(label="备案说明", max_length=200, required=False)


class ReplacementForm(forms.Form):
    """Who comes in place of a member."""

    person = forms.CharField(label="接任人姓名", max_length=40, required=False)
    post = forms.CharField(label="职务", max_length=80, required=False)
    from_day = forms.DateField(label="接任日期", widget=DATE, initial=timezone.localdate)
    note = forms.CharField(
        label="备案说明", max_length=200, help_text="由所在单位自行调整，报办公室备案，不再另行发文。"
    )
