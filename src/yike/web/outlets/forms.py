"""Forms: what people type about outlets and imports."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django import forms

from yike.standards.loader import load_types
from yike.web.outlets.filters import FEATURES, OutletFilter
from yike.web.outlets.models import BatchEdit, Status
from yike.web.outlets.models.places import Datum
from yike.web.outlets.rules import fresh_days
from yike.web.ui.choices import offer

DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def row_choices() -> list[tuple[str, str]]:
    """Rows of the survey form and of facilities, by their names."""
    return [(t.form_row, t.label) for t in load_types() if not t.parent]


def type_choices() -> list[tuple[str, str]]:
    """Every type of the catalogue; sub-types show what they refine."""
    labels = {t.code: t.label for t in load_types()}
    return [(t.code, f"{labels[t.parent]} · {t.label}" if t.parent else t.label) for t in load_types()]


class OutletFilterForm(forms.Form):
    """What a list shows; ``flag``, ``type`` and ``chain`` stand under 更多条件."""

    q = forms.CharField(label="查找", required=False, max_length=60)
    row = forms.ChoiceField(label="业态", required=False)
    status = forms.ChoiceField(label="状态", required=False, choices=[("", "全部"), *Status.choices])
    area = forms.ChoiceField(label="范围", required=False)
    stale = forms.BooleanField(label=f"{fresh_days():g} 天未核实", required=False)
    type = forms.ChoiceField(label="细分业态", required=False)
    flag = forms.MultipleChoiceField(
        label="特征", required=False, choices=[(code, f.word) for code, f in FEATURES.items()],
        widget=forms.CheckboxSelectMultiple(attrs={"class": "choices"}),
    )  # fmt: skip
    MORE = ("type", "flag")

    def __init__(self, areas: Iterable[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (("row", row_choices()), ("type", type_choices()), ("area", list(areas))):
            offer(self, name, [("", "全部"), *choices])

    @property
    def first_fields(self) -> list[forms.BoundField]:
        """Fields that every list shows at once."""
        return [f for f in self.visible_fields() if f.name not in self.MORE]

    @property
    def more_fields(self) -> list[forms.BoundField]:
        """Fields under 更多条件."""
        return [self[name] for name in self.MORE]

    @property
    def uses_more(self) -> bool:
        """Whether one of these is in use."""
        return self.is_valid() and any(self.cleaned_data.get(name) for name in self.MORE)

    def wanted(self, today: dt.date, sort: str = "") -> OutletFilter:
        """The filter; what cannot be read is left open."""
        if not self.is_valid():
            return OutletFilter(sort=sort)
        told = self.cleaned_data
        return OutletFilter(
            branch=told["area"],
            form_row=told["row"],
            type_code=told["type"],
            status=told["status"],
            text=told["q"],
            features=tuple(told["flag"]),
            stale_since=today - dt.timedelta(fresh_days()) if told["stale"] else None,
            sort=sort,
        )


class StatusForm(forms.Form):
    """An outlet opens, pauses or closes."""

    status = forms.ChoiceField(label="状态", choices=Status.choices)
    on = forms.DateField(label="日期", widget=DATE)
    note = forms.CharField(label="说明", required=False, max_length=200)


class UploadForm(forms.Form):
    """A list to import."""

    file = forms.FileField(
        label="文件",
        help_text="Excel（xlsx、xls、et）、CSV、GeoJSON、GeoPackage、打包的 Shapefile、城市数据包（zip）。",
    )
    area = forms.ChoiceField(label="导入到")
    datum = forms.ChoiceField(
        label="坐标系", required=False, choices=[("", "不清楚，请帮我推测"), *Datum.choices],
        help_text="不会自动猜测后直接使用：推测的结果还要您确认。",
    )  # fmt: skip

    def __init__(self, areas: Iterable[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "area", areas)


class DatumForm(forms.Form):
    """Which datum the file is in."""

    datum = forms.ChoiceField(label="坐标系", choices=Datum.choices)


class ApplyForm(forms.Form):
    """How to apply a batch."""

    good_rows_only = forms.BooleanField(label="有错误的行先不导入，只导入正确的行", required=False)


class BatchEditForm(forms.Form):
    """What shall become of the chosen outlets."""

    what = forms.ChoiceField(label="操作", choices=BatchEdit.What.choices)
    status = forms.ChoiceField(label="状态", required=False, choices=[("", "请选择"), *Status.choices])
    on = forms.DateField(label="日期", required=False, widget=DATE)
    note = forms.CharField(label="说明", required=False, max_length=200)
    type_code = forms.ChoiceField(label="业态", required=False)
    community = forms.TypedChoiceField(label="社区", required=False, coerce=int, empty_value=None)

    def __init__(self, communities: Iterable[tuple[int, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "many_%s"} | kwargs)
        for name, choices in (("type_code", type_choices()), ("community", communities)):
            offer(self, name, [("", "请选择"), *choices])


class ViewForm(forms.Form):
    """A name for the list as it stands."""

    name = forms.CharField(label="名称", max_length=40)
    query = forms.CharField(required=False, max_length=2000)
    is_shared = forms.BooleanField(required=False)


def shot_rows() -> list[tuple[str, list[tuple[str, str]]]]:
    """Types to tap, basic ones first; facilities are entered elsewhere."""
    types = [t for t in load_types() if not t.parent and t.form_row[:1] in "BQ"]
    groups = (("基本保障类", "B"), ("品质提升类", "Q"))
    return [(word, [(t.code, t.label) for t in types if t.form_row[:1] == first]) for word, first in groups]


class ShotForm(forms.Form):
    """A new outlet in three taps: photo, what it is, save."""

    photo = forms.FileField(
        label="照片", required=False,
        widget=forms.ClearableFileInput(attrs={"accept": "image/*", "capture": "environment"}),
    )  # fmt: skip
    type_code = forms.ChoiceField(label="业态")
    name = forms.CharField(
        label="招牌名", max_length=120, help_text="照招牌写；没有招牌写是什么，如“东门修鞋摊”。"
    )
    community = forms.TypedChoiceField(label="社区", coerce=int)
    lon = forms.FloatField(required=False, min_value=-180, max_value=180, widget=forms.HiddenInput)
    lat = forms.FloatField(required=False, min_value=-90, max_value=90, widget=forms.HiddenInput)

    def __init__(self, communities: Iterable[tuple[int, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = list(communities)
        for name, choices in (("type_code", [c for _, g in shot_rows() for c in g]), ("community", known)):
            offer(self, name, choices if len(choices) == 1 else [("", "请选择"), *choices])
        if len(known) == 1:
            self.fields["community"].initial = known[0][0]

    def clean(self) -> dict[str, Any]:
        """A pin has both its numbers."""
        told = super().clean() or {}
        if told.get("lon") is None or told.get("lat") is None:
            told["lon"] = told["lat"] = None
        return told
