"""Forms: what people type about areas, circles, communities."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable
from typing import Any

from django import forms

from yike.web.regions import words
from yike.web.regions.models import Circle, CircleState, CommunityProfile
from yike.web.regions.reading import CircleFilter
from yike.web.regions.rules import LEVELS

Groups = list[tuple[str, list[tuple[int, str]]]]  # subdistrict, its communities
THREE = [("", "不清楚"), ("True", "是"), ("False", "否")]
BLANK = [("", "全部")]
MOST_SHAPE_CHARACTERS = 200_000


def _date() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def _ticks() -> forms.CheckboxSelectMultiple:
    return forms.CheckboxSelectMultiple(attrs={"class": "choices"})


def _three(label: str, help_text: str = "") -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label, required=False, choices=THREE, coerce=lambda v: v == "True", empty_value=None,
        help_text=help_text,
    )  # fmt: skip


def _many(label: str, choices: list[tuple[str, str]], help_text: str = "") -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, required=False, choices=choices, widget=_ticks(), help_text=help_text
    )


class CircleFilterForm(forms.Form):
    """What a list of circles shows."""

    q = forms.CharField(label="查找", required=False, max_length=60)
    area = forms.ChoiceField(label="范围", required=False)
    state = forms.ChoiceField(label="状态", required=False, choices=[*BLANK, *CircleState.choices])
    level = forms.ChoiceField(label="等级", required=False, choices=[*BLANK, *LEVELS.items()])
    group = forms.ChoiceField(label="邻里类别", required=False, choices=[*BLANK, *words.class_choices()])
    theme = forms.ChoiceField(label="主题", required=False, choices=[*BLANK, *words.theme_choices()])
    layout = forms.ChoiceField(label="形态", required=False, choices=[*BLANK, *words.layout_choices()])
    year = forms.TypedChoiceField(label="建设年限", required=False, coerce=int, empty_value=None)

    def __init__(
        self, areas: Iterable[tuple[str, str]], years: Iterable[int], *args: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        area, year = self.fields["area"], self.fields["year"]
        if isinstance(area, forms.ChoiceField) and isinstance(year, forms.ChoiceField):
            area.choices = [*BLANK, *areas]
            year.choices = [*BLANK, *((str(y), str(y)) for y in years)]

    def wanted(self) -> CircleFilter:
        """The filter; what cannot be read is left open."""
        if not self.is_valid():
            return CircleFilter()
        told = self.cleaned_data
        return CircleFilter(
            text=told["q"], branch=told["area"], state=told["state"], level=told["level"],
            neighbourhood_class=told["group"], theme=told["theme"], year=told["year"], layout=told["layout"],
        )  # fmt: skip


class CircleForm(forms.Form):
    """What is known of a circle, its communities and boundary apart."""

    name = forms.CharField(label="名称", max_length=80)
    build_year = forms.IntegerField(label="建设年限", required=False, min_value=2015, max_value=2050)
    layout_forms = _many("发展形态", words.layout_choices(), "以哪一种为主；调查表只填一种。")
    operator_kinds = _many("运营主体", words.operator_choices(), "可多选，与调查表一致。")
    has_platform = _three("智慧服务平台", "是否有便民生活圈智慧服务平台。")
    neighbourhood_class = forms.ChoiceField(
        label="邻里类别", required=False, choices=[("", "未分类"), *words.class_choices()],
        help_text="洪政办函〔2024〕8号的三类，与基础型、提升型、品质型分开。",
    )  # fmt: skip
    themes = _many("主题", words.theme_choices())
    people = forms.IntegerField(
        label="居民（人）", required=False, min_value=0,
        help_text="所含社区都登记了人口时，以各社区之和为准；这里只在登记不全时使用。",
    )  # fmt: skip
    households = forms.IntegerField(label="户数", required=False, min_value=0)
    is_invented = forms.BooleanField(label="虚构数据", required=False)


class NewCircleForm(CircleForm):
    """A circle to be."""

    code = forms.CharField(
        label="编号", max_length=32, required=False, help_text="不填则自动编号，如 620502-2023-01。"
    )
    communities = forms.TypedMultipleChoiceField(label="所含社区", coerce=int, widget=_ticks())
    lead = forms.TypedChoiceField(label="牵头社区", coerce=int, required=False, empty_value=None)
    field_order = ("name", "code", "communities", "lead", "build_year")

    def __init__(self, communities: Groups, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, communities)


class MembersForm(forms.Form):
    """Which communities a circle has from a day on."""

    communities = forms.TypedMultipleChoiceField(label="所含社区", coerce=int, widget=_ticks())
    lead = forms.TypedChoiceField(label="牵头社区", coerce=int, required=False, empty_value=None)
    on = forms.DateField(label="变更日期", widget=_date(), help_text="移出的社区到前一天为止。")

    def __init__(self, communities: Groups, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, communities)


def _offer(form: forms.Form, communities: Groups) -> None:
    several, one = form.fields["communities"], form.fields["lead"]
    if isinstance(several, forms.ChoiceField) and isinstance(one, forms.ChoiceField):
        several.choices = communities
        one.choices = [("", "请选择"), *communities]


class BoundaryForm(forms.Form):
    """A circle's boundary, drawn or pasted."""

    boundary = forms.CharField(
        label="边界（GeoJSON）", required=False, max_length=MOST_SHAPE_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="在图上逐个点出边界的角，退格键去掉最后一个；也可粘贴 WGS-84 的 Polygon。留空为没有。",
    )  # fmt: skip

    def clean_boundary(self) -> dict[str, Any] | None:
        """A shape, or None."""
        from yike.web.regions.shapes import shape_of

        text = self.cleaned_data["boundary"].strip()
        if not text:
            return None
        try:
            return shape_of(json.loads(text))
        except (ValueError, TypeError, KeyError, IndexError, RecursionError) as wrong:
            raise forms.ValidationError(
                "读不出一个面。请在图上至少点三个角，或粘贴 GeoJSON 的 Polygon、MultiPolygon（WGS-84）。"
            ) from wrong


class StepForm(forms.Form):
    """A circle enters a state."""

    state = forms.ChoiceField(choices=CircleState.choices)
    level = forms.ChoiceField(label="等级", required=False, choices=[("", "请选择"), *LEVELS.items()])
    note = forms.CharField(label="说明", required=False, max_length=400)


class CentreForm(forms.Form):
    """A commercial centre."""

    name = forms.CharField(label="名称", max_length=80)
    address = forms.CharField(label="地址", max_length=200, required=False)
    area_m2 = forms.FloatField(label="面积（m²）", required=False, min_value=0)
    begins_on = forms.DateField(label="启用日期", required=False, widget=_date())
    is_invented = forms.BooleanField(label="虚构数据", required=False)


class OperatorForm(forms.Form):
    """Who runs a circle."""

    kind = forms.ChoiceField(label="类别", choices=words.operator_choices())
    name = forms.CharField(label="名称", max_length=120)
    scope = forms.CharField(label="运营范围", max_length=200, required=False)
    contract = forms.CharField(label="合同", max_length=120, required=False, help_text="编号或名称。")
    unified = _many("统一事项", words.choices("unified"))
    runs_platform = forms.BooleanField(label="承建智慧平台", required=False)
    begins_on = forms.DateField(label="开始日期", required=False, widget=_date())
    is_invented = forms.BooleanField(label="虚构数据", required=False)


class DayForm(forms.Form):
    """The last day of something."""

    on = forms.DateField(label="最后一天", widget=_date())


class ProfileForm(forms.Form):
    """What is known of a community as of a day; ages are fields ``age_…``."""

    as_of = forms.DateField(label="截至日期", widget=_date())
    people = forms.IntegerField(label="常住人口", required=False, min_value=0, help_text="单位：人。")
    households = forms.IntegerField(label="户数", required=False, min_value=0)
    housing_kind = forms.ChoiceField(
        label="住宅类型", required=False, choices=[("", "不清楚"), *words.choices("housing")]
    )
    is_new = _three("新建社区", "新建社区的商业和综合服务设施面积须占总建筑面积 10% 以上。")
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
    consumption = _many("消费习惯", words.choices("consumption"))
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
        return {**{n: getattr(profile, n) for n in names}, **ages, "is_new": is_new, "as_of": today}


class AreaForm(forms.Form):
    """A new unit of the tree."""

    code = forms.CharField(label="统计用区划代码", max_length=12, help_text="12 位数字，不足补 0。")
    name = forms.CharField(label="名称", max_length=80, help_text="只填官方名称；演示用的请勾选虚构。")
    begins_on = forms.DateField(label="设立日期", required=False, widget=_date())
    source = forms.CharField(
        label="依据", required=False, max_length=200, help_text="如批复文号、统计用区划代码年份。"
    )
    is_invented = forms.BooleanField(label="虚构", required=False)


class NameForm(forms.Form):
    """Another name from a day on."""

    name = forms.CharField(label="新名称", max_length=80)
    begins_on = forms.DateField(label="启用日期", widget=_date())


class AreaEndForm(forms.Form):
    """The last day of a unit, and who takes over."""

    ends_on = forms.DateField(label="最后一天", widget=_date())
    successor = forms.CharField(
        label="承接单位代码", required=False, max_length=12, help_text="12 位代码，没有则不填。"
    )


class ListFileForm(forms.Form):
    """A list of circles to read."""

    file = forms.FileField(
        label="名单文件",
        help_text="Excel（xlsx、xls）或 CSV，表头为 序号、便民生活圈名称、包含社区、建设年限。",
    )
    area = forms.ChoiceField(label="导入到")
    lead_counts = forms.BooleanField(
        label="牵头社区计入所含社区", required=False, initial=True,
        help_text="名称后括号里的社区是否也属于本圈，原文没有写明。天水名单：计入共 25 个社区，否则 19 个。",
    )  # fmt: skip

    def __init__(self, areas: Iterable[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["area"]
        if isinstance(field, forms.ChoiceField):
            field.choices = list(areas)


def circle_initial(circle: Circle) -> dict[str, Any]:
    """A circle's columns as its form shows them."""
    told = {name: getattr(circle, name) for name in CircleForm.base_fields if name != "has_platform"}
    return told | {"has_platform": "" if circle.has_platform is None else str(circle.has_platform)}
