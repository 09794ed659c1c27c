"""Forms: one facility, one premises, their lists of prices and stops, filters, files, phone entry."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django import forms

from yike.sources.premises import FEN_PER_YUAN
from yike.web.outlets.directory import choices
from yike.web.outlets.directory.cells import yuan
from yike.web.outlets.directory.kinds import FACILITY, Kind
from yike.web.outlets.directory.lists import FEATURES, EntryFilter
from yike.web.outlets.forms import DATE
from yike.web.outlets.models import Facility, Premises
from yike.web.outlets.models.places import Datum
from yike.web.outlets.outlet_form import StopForm, yes_no

if TYPE_CHECKING:
    _ModelForm = forms.ModelForm[Any]
    _FormSet = forms.BaseFormSet[forms.Form]
else:
    _ModelForm = forms.ModelForm  # only the stubs know what it is of
    _FormSet = forms.BaseFormSet

Groups = tuple[tuple[str, tuple[str, ...]], ...]
PLACE = ("位置", ("community", "address", "lon", "lat"))
SOURCE = ("来源", ("source", "is_invented"))
LON_HINT = "WGS-84（GPS），也可以在图上点；从高德、百度抄来的坐标请用导入并选坐标系。"
LINES = 2
"""Blank lines to fill in below a list."""


class EntryForm(_ModelForm):
    """What both forms share: groups of fields, the community, a point with both its numbers."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    GROUPS: Groups = ()
    HINTS: Mapping[str, str] = {}

    def __init__(self, communities: Iterable[tuple[int, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["community"] = forms.TypedChoiceField(
            label="社区", choices=[("", "请选择"), *communities], coerce=int
        )
        for name, hint in {"lon": LON_HINT, **self.HINTS}.items():
            self.fields[name].help_text = hint

    @property
    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        """Fields under their headings."""
        return [(label, [self[name] for name in names]) for label, names in self.GROUPS]

    def clean(self) -> dict[str, Any]:
        """A point needs both its numbers."""
        told = super().clean() or {}
        if (told.get("lon") is None) != (told.get("lat") is None):
            self.add_error("lat", "经度和纬度要么都填，要么都不填。")
        return told

    def _post_clean(self) -> None:
        """Leave the row itself alone: the action writes it, with its trace."""

    def values(self) -> dict[str, Any]:
        """What was typed, as the actions take it (the community as its key in the form)."""
        told = dict(self.cleaned_data)
        told.pop("version", None)
        if not {"lon", "lat"} & set(self.changed_data):
            del told["lon"], told["lat"]  # as they stand, with all their digits
        else:
            told |= {"source_lon": told["lon"], "source_lat": told["lat"], "source_datum": "wgs84"}
        return told


class FacilityForm(EntryForm):
    """A public facility."""

    is_accessible = yes_no("无障碍")
    GROUPS = (
        ("基本情况", ("name", "code", "type_code", "provider", "capacity")),
        PLACE,
        ("服务", ("hours", "phone", "is_accessible", "is_movable", "begins_on", "ends_on")),
        SOURCE,
    )
    HINTS = {
        "type_code": "养老、助餐、托育等也是调查表的业态：表里按“网点”计数，需要计入的请在网点里登记。",
        "capacity": "床位、座位、托位、每日可供餐份数等，按设施的单位填数；不清楚就留空。",
        "hours": "如 8:00-18:00、24小时、周一至周五 8:30-17:30。",
        "is_movable": "流动服务车等，停靠点和时间在下面填。",
        "ends_on": "停止服务的最后一天；仍在服务就留空。",
        "code": "本辖区自己的编号，可不填。",
    }

    class Meta:
        """Columns that are typed as they stand."""

        model = Facility
        fields = (
            "name", "code", "type_code", "provider", "capacity", "community", "address", "lon", "lat",
            "hours", "phone", "is_accessible", "is_movable", "begins_on", "ends_on", "source", "is_invented",
        )  # fmt: skip
        widgets = {"begins_on": DATE, "ends_on": DATE}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        hint = self.fields["type_code"].help_text
        self.fields["type_code"] = forms.ChoiceField(
            label="类型", choices=[("", "请选择"), *choices.facility_choices()], help_text=hint
        )

    def clean(self) -> dict[str, Any]:
        """The last day is not before the first."""
        told = super().clean()
        begins, ends = told.get("begins_on"), told.get("ends_on")
        if begins and ends and ends < begins:
            self.add_error("ends_on", "停用日期不能早于启用日期。")
        return told


def money(label: str) -> forms.DecimalField:
    """Yuan, to the fen."""
    return forms.DecimalField(label=label, required=False, min_value=0, max_digits=14, decimal_places=2)


class PremisesForm(EntryForm):
    """Idle premises."""

    cost_yuan = money("改造费用（元）")
    rent_yuan = money("年租金（元）")
    GROUPS = (
        ("基本情况", ("name", "code", "kind_code", "area_m2", "owner")),
        PLACE,
        ("利用", ("state", "allowed_types", "use", "hours")),
        ("费用", ("cost_yuan", "rent_yuan")),
        SOURCE,
    )
    HINTS = {
        "name": "位置或房号，如“南巷 3 号楼底层门面”。",
        "area_m2": "建筑面积，地块填用地面积；不清楚就留空。",
        "hours": "全天可用可不填；借用、错时使用的写明时间。",
        "rent_yuan": "免租填 0，不清楚就留空。",
        "code": "本辖区自己的编号，可不填。",
    }

    class Meta:
        """Columns that are typed as they stand."""

        model = Premises
        fields = (
            "name", "code", "kind_code", "area_m2", "owner", "community", "address", "lon", "lat", "state",
            "use", "hours", "source", "is_invented",
        )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stands = self.instance
        if stands.pk:
            self.initial["cost_yuan"] = yuan(stands.cost_fen)
            self.initial["rent_yuan"] = yuan(stands.rent_fen)
        self.fields["kind_code"] = forms.ChoiceField(
            label="空间类型", required=False, choices=[("", "不清楚"), *choices.premises_choices()]
        )
        self.fields["state"] = forms.ChoiceField(
            label="使用状态", required=False, choices=[("", "不清楚"), *choices.state_choices(stands.state)]
        )
        self.fields["allowed_types"] = forms.MultipleChoiceField(
            label="可引入业态", required=False, choices=choices.move_in_choices(stands.allowed_types or ()),
            initial=stands.allowed_types or [], help_text="不选表示不限。",
            widget=forms.CheckboxSelectMultiple(attrs={"class": "choices"}),
        )  # fmt: skip
        least = self.fields["area_m2"]
        if isinstance(least, forms.FloatField):
            least.min_value = 0

    def values(self) -> dict[str, Any]:
        """Money in fen."""
        told = super().values()
        for name in ("cost", "rent"):
            amount = told.pop(f"{name}_yuan")
            told[f"{name}_fen"] = None if amount is None else round(amount * FEN_PER_YUAN)
        return told


class PriceForm(forms.Form):
    """One line of a price list."""

    item = forms.CharField(label="项目", required=False, max_length=40)
    price_yuan = money("价格（元，免费填 0）")
    note = forms.CharField(label="说明", required=False, max_length=60)

    def clean(self) -> dict[str, Any]:
        """A price is of something."""
        told = super().clean() or {}
        if not told.get("item") and (told.get("price_yuan") is not None or told.get("note")):
            self.add_error("item", "请填收费项目。")
        return told


class Lists:
    """Prices and stops of a facility as lines to fill in; a line left blank is taken out."""

    def __init__(self, kind: Kind, data: Any = None, entry: Any = None) -> None:
        self.sets: dict[str, tuple[str, _FormSet]] = {}
        if kind is not FACILITY:
            return
        prices = [p | {"price_yuan": yuan(p["price_fen"])} for p in (entry.prices if entry else ())]
        stops = list(entry.stops) if entry else []
        for name, label, form, initial in (
            ("prices", "价目", PriceForm, prices),
            ("stops", "停靠点（流动设施）", StopForm, stops),
        ):
            sent = data if data is not None and f"{name}-TOTAL_FORMS" in data else None
            made = forms.formset_factory(form, extra=LINES, max_num=60)
            self.sets[name] = (label, made(sent, prefix=name, initial=initial))

    def is_valid(self) -> bool:
        """Whether every list that was sent can be read."""
        return all(made.is_valid() for _, made in self.sets.values() if made.is_bound)

    def values(self) -> dict[str, Any]:
        """The lists that were sent, as the actions take them."""
        told: dict[str, Any] = {}
        for name, (_, made) in self.sets.items():
            if made.is_bound:
                read = {"prices": _price, "stops": _stop}[name]
                told[name] = [line for f in made.forms if (line := read(f.cleaned_data))]
        return told


def _price(raw: Mapping[str, Any]) -> dict[str, Any] | None:
    if not raw.get("item"):
        return None
    amount = raw["price_yuan"]
    fen = None if amount is None else round(amount * FEN_PER_YUAN)
    return {"item": raw["item"], "price_fen": fen, "note": raw["note"]}


def _stop(raw: Mapping[str, Any]) -> dict[str, Any] | None:
    if raw.get("lon") is None or raw.get("lat") is None:
        return None
    return {k: raw[k] for k in ("place", "lon", "lat", "hours")}


USES = {
    "facility": [("now", "在用"), ("planned", "未启用"), ("ended", "已停用")],
    "premises": [("idle", "可用"), ("busy", "已在用"), ("unknown", "状态不清楚")],
}


class EntryFilterForm(forms.Form):
    """What a list shows; the rest stands under 更多条件."""

    q = forms.CharField(label="查找", required=False, max_length=60)
    type = forms.ChoiceField(label="类型", required=False)
    use = forms.ChoiceField(label="状态", required=False)
    area = forms.ChoiceField(label="范围", required=False)
    move_in = forms.ChoiceField(label="可引入", required=False)
    least_m2 = forms.FloatField(label="面积不少于（平方米）", required=False, min_value=0)
    flag = forms.MultipleChoiceField(
        label="特征", required=False, widget=forms.CheckboxSelectMultiple(attrs={"class": "choices"})
    )
    gone = forms.BooleanField(label="已移出的", required=False)

    def __init__(self, kind: Kind, areas: Iterable[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        is_facility = kind is FACILITY
        types = choices.facility_choices() if is_facility else choices.premises_choices()
        told = {"type": types, "use": USES[kind.code], "area": list(areas),
                "move_in": choices.move_in_choices()}  # fmt: skip
        if is_facility:
            del self.fields["move_in"], self.fields["least_m2"], told["move_in"]
        for name, listed in told.items():
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = [("", "全部"), *listed]
        flags = self.fields["flag"]
        if isinstance(flags, forms.MultipleChoiceField):
            flags.choices = [(code, f.word) for code, f in FEATURES[kind.code].items()]

    @property
    def first_fields(self) -> list[forms.BoundField]:
        """Fields that every list shows at once."""
        return [f for f in self.visible_fields() if f.name not in self._more]

    @property
    def more_fields(self) -> list[forms.BoundField]:
        """Fields under 更多条件."""
        return [self[name] for name in self._more]

    @property
    def uses_more(self) -> bool:
        """Whether one of these is in use."""
        return self.is_valid() and any(self.cleaned_data.get(name) for name in self._more)

    @property
    def _more(self) -> list[str]:
        return [name for name in ("move_in", "least_m2", "flag", "gone") if name in self.fields]

    def wanted(self) -> EntryFilter:
        """The filter; what cannot be read is left open."""
        if not self.is_valid():
            return EntryFilter()
        told = self.cleaned_data
        return EntryFilter(
            branch=told["area"], type_code=told["type"], text=told["q"], features=tuple(told["flag"]),
            use=told["use"], move_in=told.get("move_in", ""), least_m2=told.get("least_m2"),
            is_gone=told["gone"],
        )  # fmt: skip


class UploadForm(forms.Form):
    """A list to import."""

    file = forms.FileField(
        label="文件", help_text="Excel（xlsx、xls、et）、CSV、GeoJSON、GeoPackage、打包的 Shapefile。"
    )
    area = forms.ChoiceField(label="导入到")
    datum = forms.ChoiceField(
        label="坐标系", required=False, choices=[("", "没有坐标，或不清楚"), *Datum.choices],
        help_text="有坐标而不清楚坐标系时，推测的结果还要您确认；没有坐标的清单不用选。",
    )  # fmt: skip

    def __init__(self, areas: Iterable[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["area"]
        if isinstance(field, forms.ChoiceField):
            field.choices = list(areas)


class SightingForm(forms.Form):
    """Idle premises seen on the way, told on a phone."""

    kind_code = forms.ChoiceField(label="是什么")
    name = forms.CharField(label="在哪里", max_length=120, help_text="如 南巷 3 号楼底层门面。")
    community = forms.TypedChoiceField(label="社区", coerce=int)
    area_m2 = forms.FloatField(
        label="大约多少平方米", required=False, min_value=0, max_value=100_000,
        widget=forms.NumberInput(attrs={"inputmode": "decimal"}), help_text="不清楚就留空。",
    )  # fmt: skip
    state = forms.ChoiceField(label="现在怎样", required=False)
    owner = forms.CharField(label="谁家的", required=False, max_length=120)
    use = forms.CharField(label="居民想做什么", required=False, max_length=200)
    lon = forms.FloatField(required=False, min_value=-180, max_value=180, widget=forms.HiddenInput)
    lat = forms.FloatField(required=False, min_value=-90, max_value=90, widget=forms.HiddenInput)

    def __init__(self, communities: Iterable[tuple[int, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = list(communities)
        for name, listed in (
            ("kind_code", choices.premises_choices()),
            ("community", known if len(known) == 1 else [("", "请选择"), *known]),
            ("state", choices.state_choices()),
        ):
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = listed
        if len(known) == 1:
            self.fields["community"].initial = known[0][0]

    def values(self) -> dict[str, Any]:
        """As the actions take it; a pin has both its numbers."""
        told = dict(self.cleaned_data)
        if told["lon"] is None or told["lat"] is None:
            del told["lon"], told["lat"]
        else:
            told |= {"source_lon": told["lon"], "source_lat": told["lat"], "source_datum": "wgs84"}
        return told | {"source": "走访登记"}
