"""What the directory holds: the two kinds of entries and their columns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from yike.web.outlets.directory import cells
from yike.web.outlets.directory.choices import kind_label
from yike.web.outlets.models import Facility, ImportKind, Premises
from yike.web.outlets.values import type_label

Entry = Facility | Premises


def _plain(value: Any) -> object:
    return "" if value is None else value


@dataclass(frozen=True)
class Told:
    """One column: what lists call it, how a cell is read, how it is written so that it can be read again."""

    column: str
    field: str  # of headers.toml
    header: str
    read: cells.Read
    write: Callable[[Any], object] = _plain  # None reads as blank


@dataclass(frozen=True)
class Kind:
    """One kind of entry."""

    code: str  # of imports, of the record, of headers.toml, of maps
    model: Any
    word: str
    url: str  # of its list
    list_name: str  # of the same, in urls
    type_column: str
    type_label: Callable[[str], str]
    told: tuple[Told, ...]

    @cached_property
    def columns(self) -> frozenset[str]:
        """Every column that people and imports change."""
        return frozenset(t.column for t in self.told) | PLACE | {"source", "is_invented"}

    def name(self, of: str) -> str:
        """Name of an address: ``outlets:facility-edit``."""
        return f"outlets:{self.code}-{of}"


PLACE = frozenset({"community_id", "area_code", "lon", "lat", "source_lon", "source_lat", "source_datum"})
"""Columns that tell where it is, beside the address."""

FACILITY = Kind(
    ImportKind.FACILITY, Facility, "公共设施", "/desk/outlets/facilities/", "outlets:facilities", "type_code",
    type_label,
    (
        Told("code", "id", "编号", cells.text_of(64)),
        Told("name", "name", "名称", cells.text_of(120)),
        Told("type_code", "type", "类型", cells.facility_type, type_label),
        Told("address", "address", "地址", cells.text_of(200)),
        Told("provider", "provider", "运营单位", cells.text_of(120)),
        Told("capacity", "capacity", "服务能力", cells.number_up_to("capacity"), cells.tidy),
        Told("prices", "prices", "收费", cells.prices, cells.write_prices),
        Told("hours", "hours", "服务时间", cells.text_of(200)),
        Told("phone", "phone", "电话", cells.phone),
        Told("is_accessible", "accessible", "无障碍", cells.yes_no, cells.YES_NO.get),
        Told("is_movable", "movable", "流动", cells.yes_no, cells.YES_NO.get),
        Told("stops", "stops", "停靠点", cells.stops, cells.write_stop_rows),
        Told("begins_on", "begins_on", "启用日期", cells.date, lambda d: str(d or "")),
        Told("ends_on", "ends_on", "停用日期", cells.date, lambda d: str(d or "")),
    ),
)  # fmt: skip
PREMISES = Kind(
    ImportKind.PREMISES, Premises, "闲置空间", "/desk/outlets/premises/", "outlets:premises", "kind_code",
    kind_label,
    (
        Told("code", "id", "编号", cells.text_of(64)),
        Told("name", "name", "名称", cells.text_of(120)),
        Told("kind_code", "kind", "空间类型", cells.premises_kind, kind_label),
        Told("address", "address", "地址", cells.text_of(200)),
        Told("area_m2", "area_m2", "面积（平方米）", cells.number_up_to("area_m2"), cells.tidy),
        Told("owner", "owner", "产权单位", cells.text_of(120)),
        Told("state", "state", "使用状态", cells.text_of(40)),
        Told("allowed_types", "allowed_types", "可引入业态", cells.move_in_types, cells.write_types),
        Told("use", "use", "拟用途", cells.text_of(200)),
        Told("cost_fen", "cost", "改造费用（元）", cells.money, cells.yuan),
        Told("rent_fen", "rent", "年租金（元）", cells.money, cells.yuan),
        Told("hours", "hours", "可用时间", cells.text_of(200)),
    ),
)  # fmt: skip
KINDS = {k.code: k for k in (FACILITY, PREMISES)}
