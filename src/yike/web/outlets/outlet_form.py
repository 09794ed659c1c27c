"""The form of one outlet: every field people fill in, in groups; its services, stops and licences."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from django import forms

from yike.standards.classify import classify
from yike.standards.loader import load_types
from yike.web.outlets.forms import DATE, type_choices
from yike.web.outlets.limits import limits
from yike.web.outlets.models import ChainMode, Outlet
from yike.web.outlets.rules import credit_code_warning
from yike.web.ui.choices import offer

if TYPE_CHECKING:
    _ModelForm = forms.ModelForm[Outlet]
    _FormSet = forms.BaseFormSet[forms.Form]
else:
    _ModelForm = forms.ModelForm  # only the stubs know what it is of
    _FormSet = forms.BaseFormSet

THREE = [("", "不清楚"), ("True", "是"), ("False", "否")]
GROUPS = (
    ("基本情况", ("name", "code", "type_code", "is_chain", "brand", "chain_mode")),
    ("位置", ("community", "address", "lon", "lat")),
    ("营业时间", ("hours", "holiday_hours", "delivers_at_night")),
    ("证照与信用", ("credit_code", "no_code_reason", "credit_grade")),
    ("联系、支付与无障碍", ("phone", "payments", "takes_cash", "is_accessible")),
    ("规模", ("staff", "area_m2", "capacity")),
    ("流动与自助", ("is_movable", "is_unstaffed")),
    ("来源", ("source", "is_invented")),
)
UNKNOWN_OR = ("takes_cash", "is_chain", "is_accessible", "delivers_at_night")
HINTS = {
    "hours": "如 7:00-22:00、24小时、周一至周五 8:00-18:00。",
    "holiday_hours": "如 春节 10:00-16:00；与平时相同可不填。",
    "lon": "WGS-84（GPS），也可以在图上点；从高德、百度抄来的坐标请用导入并选坐标系。",
    "capacity": "床位、格口、座位等，按业态的单位填数。",
    "no_code_reason": "没有统一社会信用代码时填，如 个体流动摊点。",
    "code": "本辖区自己的编号，可不填。",
    "source": "资料从哪里来，如 2026 年 11 月走访。",
}


def yes_no(label: str) -> forms.TypedChoiceField:
    """A question that may be open."""
    return forms.TypedChoiceField(
        label=label, required=False, choices=THREE, coerce=lambda v: v == "True", empty_value=None
    )


class OutletForm(_ModelForm):
    """The columns of an outlet that people fill in."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    takes_cash = yes_no("收现金")
    is_chain = yes_no("连锁")
    is_accessible = yes_no("无障碍")
    delivers_at_night = yes_no("夜间配送")
    payments = forms.MultipleChoiceField(
        label="支付方式", required=False, widget=forms.CheckboxSelectMultiple(attrs={"class": "choices"})
    )

    class Meta:
        """Columns in the order of the groups."""

        model = Outlet
        fields = tuple(name for _, names in GROUPS for name in names)

    def __init__(self, communities: Iterable[tuple[int, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["type_code"] = forms.ChoiceField(label="业态", choices=[("", "请选择"), *type_choices()])
        self.fields["community"] = forms.TypedChoiceField(
            label="社区", choices=[("", "请选择"), *communities], coerce=int
        )
        self.fields["chain_mode"] = forms.ChoiceField(
            label="经营方式", required=False, choices=[("", "不清楚"), *ChainMode.choices]
        )
        known = limits()["payments"]["means"]
        others = [p for p in (self.instance.payments or []) if p not in known]
        offer(self, "payments", [(p, p) for p in (*known, *others)])
        for name, hint in HINTS.items():
            self.fields[name].help_text = hint

    @property
    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        """Fields under their headings."""
        return [(label, [self[name] for name in names]) for label, names in GROUPS]

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


class ServiceForm(forms.Form):
    """A further function of an outlet."""

    label = forms.CharField(label="服务", required=False, max_length=40)
    hours = forms.CharField(label="服务时间", required=False, max_length=200)
    is_public = forms.BooleanField(label="政务或公共服务", required=False)


class StopForm(forms.Form):
    """A place where a movable outlet stands."""

    place = forms.CharField(label="地点", required=False, max_length=120)
    lon = forms.FloatField(label="经度", required=False, min_value=-180, max_value=180)
    lat = forms.FloatField(label="纬度", required=False, min_value=-90, max_value=90)
    hours = forms.CharField(label="时间", required=False, max_length=200)

    def clean(self) -> dict[str, Any]:
        """A stop has a point."""
        told = super().clean() or {}
        if any(told.get(k) not in ("", None) for k in told) and None in (told.get("lon"), told.get("lat")):
            raise forms.ValidationError("停靠点要填经度和纬度。")
        return told


class LicenceForm(forms.Form):
    """A licence, with its last day."""

    kind = forms.ChoiceField(label="许可证", required=False)
    number = forms.CharField(label="编号", required=False, max_length=60)
    expires_on = forms.DateField(label="有效期至", required=False, widget=DATE)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = list(limits()["licences"]["kinds"])
        if (now := self.initial.get("kind")) and now not in kinds:
            kinds.append(now)
        offer(self, "kind", [("", "请选择"), *((k, k) for k in kinds)])

    def clean(self) -> dict[str, Any]:
        """A number belongs to a kind."""
        told = super().clean() or {}
        if not told.get("kind") and (told.get("number") or told.get("expires_on")):
            self.add_error("kind", "请选择是哪种许可证。")
        return told


@cache
def _sets() -> dict[str, tuple[str, type[_FormSet]]]:
    return {
        "services": ("附加服务（一店多能）", forms.formset_factory(ServiceForm, extra=2, max_num=60)),
        "stops": ("停靠点（流动网点）", forms.formset_factory(StopForm, extra=2, max_num=60)),
        "licences": ("许可证", forms.formset_factory(LicenceForm, extra=2, max_num=60)),
    }


class Lists:
    """Services, stops and licences of an outlet as rows to fill in; a row left blank is taken out."""

    def __init__(self, data: Any = None, initial: Mapping[str, Sequence[Mapping[str, Any]]] | None = None):
        self.sets = {}
        for name, (label, kind) in _sets().items():
            sent = data if data is not None and f"{name}-TOTAL_FORMS" in data else None
            made = kind(sent, prefix=name, initial=[dict(v) for v in (initial or {}).get(name, ())])
            self.sets[name] = (label, made)

    def is_valid(self) -> bool:
        """Whether every list that was sent can be read."""
        return all(made.is_valid() for _, made in self.sets.values() if made.is_bound)

    def values(self) -> dict[str, Any]:
        """The lists that were sent, as the actions take them."""
        told: dict[str, Any] = {}
        for name, (_, made) in self.sets.items():
            if made.is_bound:
                rows = [f.cleaned_data for f in made.forms if f.has_changed() or f.initial]
                told[name] = [row for raw in rows if (row := _ROW[name](raw))]
        return told


def _service(raw: Mapping[str, Any]) -> dict[str, Any] | None:
    label = str(raw.get("label", "")).strip()
    if not label:
        return None
    return {
        "label": label,
        "type_code": _type_of(label),
        "hours": raw["hours"],
        "is_public": raw["is_public"],
    }


def _stop(raw: Mapping[str, Any]) -> dict[str, Any] | None:
    if raw.get("lon") is None or raw.get("lat") is None:
        return None
    return {"place": raw["place"], "lon": raw["lon"], "lat": raw["lat"], "hours": raw["hours"]}


def _licence(raw: Mapping[str, Any]) -> dict[str, Any] | None:
    if not raw.get("kind"):
        return None
    expires = raw.get("expires_on")
    day = expires.isoformat() if isinstance(expires, dt.date) else ""
    return {"kind": raw["kind"], "number": raw["number"], "expires_on": day}


_ROW = {"services": _service, "stops": _stop, "licences": _licence}


def _type_of(label: str) -> str:
    """The type a service counts for; "" for none."""
    types = load_types()
    found = classify(label, types).type_idx
    return types.types[found].code if found >= 0 else ""
