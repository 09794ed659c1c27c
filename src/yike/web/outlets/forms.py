"""Forms: what people type about outlets and imports."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django import forms

from yike.standards.loader import load_types
from yike.web.outlets.models import ChainMode, Outlet, Status
from yike.web.outlets.models.places import Datum
from yike.web.outlets.queries import FLAGS, OutletFilter
from yike.web.outlets.rules import credit_code_warning, fresh_days

if TYPE_CHECKING:
    _ModelForm = forms.ModelForm[Outlet]
else:
    _ModelForm = forms.ModelForm  # only the stubs know what it is of

DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
FLAG_WORDS = {
    "is_chain": "连锁", "is_24h": "24小时", "opens_early": "8点前营业", "open_late": "21点后营业",
    "delivers_at_night": "夜间配送", "is_movable": "流动", "is_unstaffed": "无人值守",
    "is_accessible": "无障碍",
    "takes_cash": "收现金", "is_invented": "虚构",
}  # fmt: skip
THREE = [("", "不清楚"), ("True", "是"), ("False", "否")]


def row_choices() -> list[tuple[str, str]]:
    """Rows of the survey form and of facilities, by their names."""
    return [(t.form_row, t.label) for t in load_types() if not t.parent]


def type_choices() -> list[tuple[str, str]]:
    """Every type of the catalogue; sub-types show what they refine."""
    labels = {t.code: t.label for t in load_types()}
    return [(t.code, f"{labels[t.parent]} · {t.label}" if t.parent else t.label) for t in load_types()]


class OutletFilterForm(forms.Form):
    """What a list shows."""

    q = forms.CharField(label="查找", required=False, max_length=60)
    row = forms.ChoiceField(label="业态", required=False)
    status = forms.ChoiceField(label="状态", required=False, choices=[("", "全部"), *Status.choices])
    flag = forms.ChoiceField(label="特征", required=False)
    area = forms.ChoiceField(label="范围", required=False)
    stale = forms.BooleanField(label=f"{fresh_days():g} 天未核实", required=False)

    def __init__(self, areas: Iterable[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        flags = [(f, FLAG_WORDS[f]) for f in FLAGS] + [("no_place", "没有位置")]
        for name, choices in (("row", row_choices()), ("flag", flags), ("area", list(areas))):
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = [("", "全部"), *choices]

    def wanted(self, today: dt.date) -> OutletFilter:
        """The filter; what cannot be read is left open."""
        if not self.is_valid():
            return OutletFilter()
        told = self.cleaned_data
        flag = told["flag"]
        return OutletFilter(
            branch=told["area"],
            form_row=told["row"],
            status=told["status"],
            text=told["q"],
            flags=((flag, True),) if flag in FLAGS else (),
            has_place=False if flag == "no_place" else None,
            stale_since=today - dt.timedelta(fresh_days()) if told["stale"] else None,
        )


class OutletForm(_ModelForm):
    """The columns of an outlet that people fill in."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    services = forms.CharField(
        label="附加服务",
        required=False,
        max_length=200,
        help_text="一店多能：用顿号隔开，如 打印复印、早餐、代收代发。",
    )
    takes_cash = forms.TypedChoiceField(
        label="收现金", required=False, choices=THREE, coerce=lambda v: v == "True", empty_value=None
    )
    is_chain = forms.TypedChoiceField(
        label="连锁", required=False, choices=THREE, coerce=lambda v: v == "True", empty_value=None
    )
    is_accessible = forms.TypedChoiceField(
        label="无障碍", required=False, choices=THREE, coerce=lambda v: v == "True", empty_value=None
    )
    delivers_at_night = forms.TypedChoiceField(
        label="夜间配送", required=False, choices=THREE, coerce=lambda v: v == "True", empty_value=None
    )

    class Meta:
        """Columns in the order of the survey."""

        model = Outlet
        fields = (
            "name", "type_code", "community", "address", "lon", "lat", "phone", "hours", "holiday_hours",
            "is_chain", "brand", "chain_mode", "credit_code", "no_code_reason", "staff", "area_m2",
            "capacity", "delivers_at_night", "is_accessible", "takes_cash", "is_movable", "is_unstaffed",
        )  # fmt: skip

    def __init__(self, communities: Iterable[tuple[int, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["type_code"] = forms.ChoiceField(label="业态", choices=[("", "请选择"), *type_choices()])
        self.fields["community"] = forms.TypedChoiceField(
            label="社区", choices=[("", "请选择"), *communities], coerce=int
        )
        self.fields["chain_mode"] = forms.ChoiceField(
            label="经营方式", required=False, choices=[("", "不清楚"), *ChainMode.choices]
        )
        self.fields["hours"].help_text = "如 7:00-22:00、24小时、周一至周五 8:00-18:00。"
        self.fields["lon"].help_text = "WGS-84（GPS）；从高德、百度抄来的坐标请用导入并选坐标系。"

    def clean_credit_code(self) -> str:
        """Kept as typed, in capitals: an odd code is warned about, never refused."""
        return str(self.cleaned_data["credit_code"]).strip().upper()

    def warning(self) -> str:
        """What is odd about the credit code."""
        return credit_code_warning(self.cleaned_data.get("credit_code", ""))

    def clean(self) -> dict[str, Any]:
        """A point needs both its numbers."""
        told = super().clean() or {}
        if (told.get("lon") is None) != (told.get("lat") is None):
            self.add_error("lat", "经度和纬度要么都填，要么都不填。")
        return told

    def _post_clean(self) -> None:
        """Leave the row itself alone: the action writes it, with history."""


class StatusForm(forms.Form):
    """An outlet opens, pauses or closes."""

    status = forms.ChoiceField(label="状态", choices=Status.choices)
    on = forms.DateField(label="日期", widget=DATE)
    note = forms.CharField(label="说明", required=False, max_length=200)


class UploadForm(forms.Form):
    """A list to import."""

    file = forms.FileField(
        label="文件", help_text="Excel（xlsx、xls、et）、CSV、GeoJSON、GeoPackage、打包的 Shapefile。"
    )
    area = forms.ChoiceField(label="导入到")
    datum = forms.ChoiceField(
        label="坐标系", required=False, choices=[("", "不清楚，请帮我推测"), *Datum.choices],
        help_text="不会自动猜测后直接使用：推测的结果还要您确认。",
    )  # fmt: skip

    def __init__(self, areas: Iterable[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["area"]
        if isinstance(field, forms.ChoiceField):
            field.choices = list(areas)


class DatumForm(forms.Form):
    """Which datum the file is in."""

    datum = forms.ChoiceField(label="坐标系", choices=Datum.choices)


class ApplyForm(forms.Form):
    """How to apply a batch."""

    good_rows_only = forms.BooleanField(label="有错误的行先不导入，只导入正确的行", required=False)
