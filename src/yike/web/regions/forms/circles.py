"""Forms of circles."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from django import forms

from yike.web.regions import words
from yike.web.regions.forms.parts import BLANK, Groups, date, many, offer_communities, three, ticks
from yike.web.regions.models import Circle, CircleState
from yike.web.regions.reading import CircleFilter
from yike.web.regions.rules import LEVELS
from yike.web.ui.choices import offer

MOST_SHAPE_CHARACTERS = 200_000


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
        offer(self, "area", [*BLANK, *areas])
        offer(self, "year", [*BLANK, *((str(y), str(y)) for y in years)])

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
    layout_forms = many("发展形态", words.layout_choices(), "以哪一种为主；调查表只填一种。")
    operator_kinds = many("运营主体", words.operator_choices(), "可多选，与调查表一致。")
    has_platform = three("智慧服务平台", "是否有便民生活圈智慧服务平台。")
    neighbourhood_class = forms.ChoiceField(
        label="邻里类别", required=False, choices=[("", "未分类"), *words.class_choices()],
        help_text="洪政办函〔2024〕8号的三类，与基础型、提升型、品质型分开。",
    )  # fmt: skip
    themes = many("主题", words.theme_choices())
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
    communities = forms.TypedMultipleChoiceField(label="所含社区", coerce=int, widget=ticks())
    lead = forms.TypedChoiceField(label="牵头社区", coerce=int, required=False, empty_value=None)
    field_order = ("name", "code", "communities", "lead", "build_year")

    def __init__(self, communities: Groups, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_communities(self, communities)


class MembersForm(forms.Form):
    """Which communities a circle has from a day on."""

    communities = forms.TypedMultipleChoiceField(label="所含社区", coerce=int, widget=ticks())
    lead = forms.TypedChoiceField(label="牵头社区", coerce=int, required=False, empty_value=None)
    on = forms.DateField(label="变更日期", widget=date(), help_text="移出的社区到前一天为止。")

    def __init__(self, communities: Groups, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_communities(self, communities)


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
    begins_on = forms.DateField(label="启用日期", required=False, widget=date())
    is_invented = forms.BooleanField(label="虚构数据", required=False)


class OperatorForm(forms.Form):
    """Who runs a circle."""

    kind = forms.ChoiceField(label="类别", choices=words.operator_choices())
    name = forms.CharField(label="名称", max_length=120)
    scope = forms.CharField(label="运营范围", max_length=200, required=False)
    contract = forms.CharField(label="合同", max_length=120, required=False, help_text="编号或名称。")
    unified = many("统一事项", words.choices("unified"))
    runs_platform = forms.BooleanField(label="承建智慧平台", required=False)
    begins_on = forms.DateField(label="开始日期", required=False, widget=date())
    is_invented = forms.BooleanField(label="虚构数据", required=False)


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
        offer(self, "area", areas)


def circle_initial(circle: Circle) -> dict[str, Any]:
    """A circle's columns as its form shows them."""
    told = {name: getattr(circle, name) for name in CircleForm.base_fields if name != "has_platform"}
    return told | {"has_platform": "" if circle.has_platform is None else str(circle.has_platform)}
