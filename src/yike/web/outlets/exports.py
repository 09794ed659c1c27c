"""Lists out of the register: Excel, CSV, GeoJSON; and an imported file with its faults marked."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import IO, Any

from django.db.models import QuerySet
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from yike.errors import UnreadableFileError
from yike.reports.intake_workbook.build import SourceSheet, write_intake_workbook
from yike.sources.tabular import LAYER_SUFFIXES, read_sheets
from yike.sources.tabular_layer import read_layer_table
from yike.web.outlets.cells import write_licences, write_services, write_stops
from yike.web.outlets.list_files import ListFile, list_in
from yike.web.outlets.models import ChainMode, ImportBatch, Outlet, Status
from yike.web.outlets.previews import fault_of
from yike.web.outlets.uploads import file_of
from yike.web.outlets.values import services_of, type_label
from yike.web.personal.masks import masked_phone
from yike.web.regions.models import AreaName

HEADERS = (
    "编号", "名称", "业态", "经度", "纬度", "坐标系", "地址", "社区", "统一社会信用代码", "无码原因",
    "许可证", "信用等级", "电话", "营业时间", "节假日营业时间", "夜间配送", "支付方式", "收现金", "无障碍",
    "从业人数", "营业面积", "服务能力", "连锁", "品牌", "直营/加盟", "兼营", "政务公共服务", "状态",
    "核实日期", "流动", "无人值守", "停靠点", "虚构",
)  # fmt: skip
"""Headers that the import reads back."""

KINDS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "geojson": "application/geo+json",
}
Row = tuple[Any, list[Any]]  # what has lon and lat, and its cells
_FORMULA = re.compile(r"^[=@\t\r]|^[+-](?![\d\s()-]*$)")
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
_YES_NO = {True: "是", False: "否", None: ""}


def nobody(done: int) -> None:
    """Tell nobody how many are written."""


def export(
    outlets: QuerySet[Outlet],
    kind: str,
    stream: IO[bytes],
    *,
    told: Callable[[int], None] = nobody,
    is_whole: bool = False,
) -> int:
    """
    Write a list in its order; the number of outlets written.

    ``kind`` is a key of ``KINDS``; ``told`` hears now and then how many are written;
    telephone numbers are masked unless it ``is_whole``.
    """
    return write_list(_counted(rows_of(outlets, is_whole=is_whole), told), kind, stream)


def write_list(
    rows: Iterator[Row],
    kind: str,
    stream: IO[bytes],
    *,
    headers: Sequence[str] = HEADERS,
    title: str = "网点",
) -> int:
    """Write rows of anything with a place, each with its cells under ``headers``; how many there were."""
    if kind == "xlsx":
        return _xlsx(rows, stream, headers, title)
    return (_csv if kind == "csv" else _geojson)(rows, stream, headers)


def _counted(rows: Iterator[Row], told: Callable[[int], None]) -> Iterator[Row]:
    for n, row in enumerate(rows):
        if n % 1000 == 0:
            told(n)
        yield row


def rows_of(outlets: QuerySet[Outlet], *, is_whole: bool = False) -> Iterator[Row]:
    """Outlets with their cells under ``HEADERS``."""
    names = dict(
        AreaName.objects.filter(ends_on__isnull=True, area__level="community").values_list("area_id", "name")
    )
    for o in outlets.prefetch_related("services", "stops").iterator(2000):
        services = services_of(o)
        yield o, [
            o.code, o.name, type_label(o.type_code) or o.type_text, o.lon, o.lat,
            "WGS84" if o.lon is not None else "", o.address, names.get(o.community_id or 0, ""),
            o.credit_code, o.no_code_reason, write_licences(o.licences), o.credit_grade,
            o.phone if is_whole else masked_phone(o.phone), o.hours, o.holiday_hours,
            _YES_NO[o.delivers_at_night], "、".join(o.payments), _YES_NO[o.takes_cash],
            _YES_NO[o.is_accessible], o.staff, o.area_m2, o.capacity, _YES_NO[o.is_chain], o.brand,
            ChainMode(o.chain_mode).label if o.chain_mode else "",
            write_services(s for s in services if not s["is_public"]),
            write_services(s for s in services if s["is_public"]), Status(o.status).label,
            o.verified_on.isoformat() if o.verified_on else "", _YES_NO[o.is_movable],
            _YES_NO[o.is_unstaffed], write_stops(o.stops.all()), "虚构" if o.is_invented else "",
        ]  # fmt: skip


def _xlsx(rows: Iterator[Row], stream: IO[bytes], headers: Sequence[str], title: str) -> int:
    book = Workbook(write_only=True)
    book.properties.creator = "yike"
    book.properties.created = book.properties.modified = dt.datetime(2000, 1, 1)
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "C2"
    head = [WriteOnlyCell(sheet, h) for h in headers]
    for cell in head:
        cell.font = Font(bold=True)
    sheet.append(head)
    n = 0
    for _, cells in rows:
        sheet.append([_cell(sheet, c) for c in cells])
        n += 1
    book.save(stream)
    return n


def _cell(sheet: Any, value: Any) -> Any:
    """A clerk's text is never a formula."""
    if not isinstance(value, str) or not value.startswith("="):
        return _NOT_IN_XML.sub("", value) if isinstance(value, str) else value
    cell = WriteOnlyCell(sheet, _NOT_IN_XML.sub("", value))
    cell.data_type = "s"
    return cell


def _csv(rows: Iterator[Row], stream: IO[bytes], headers: Sequence[str]) -> int:
    text = io.TextIOWrapper(stream, "utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text)
    writer.writerow(headers)
    n = 0
    for _, cells in rows:
        writer.writerow(["" if c is None else _safe(c) for c in cells])
        n += 1
    text.detach()
    return n


def _safe(value: Any) -> Any:
    """Text that a spreadsheet would run as a formula gets an apostrophe before it."""
    return f"'{value}" if isinstance(value, str) and _FORMULA.match(value) else value


def _geojson(rows: Iterator[Row], stream: IO[bytes], headers: Sequence[str]) -> int:
    stream.write(b'{"type":"FeatureCollection","features":[')
    n = 0
    for o, cells in rows:
        told = dict(zip(headers, cells, strict=True))
        place = {"type": "Point", "coordinates": [o.lon, o.lat]} if o.lon is not None else None
        feature = {
            "type": "Feature",
            "geometry": place,
            "properties": {
                k: v for k, v in told.items() if v not in ("", None) and k not in ("经度", "纬度", "坐标系")
            },
        }
        stream.write((",\n" if n else "\n").encode() + json.dumps(feature, ensure_ascii=False).encode())
        n += 1
    stream.write(b"\n]}\n")
    return n


def returned_workbook(batch: ImportBatch, path: Path) -> None:
    """The file of an import as a workbook: faulty cells red, reasons in a 原因 column, all faults listed."""
    faults = [fault_of(f) for f in batch.faults]
    for kept in batch.rows.exclude(faults=[]).values_list("faults", flat=True):
        faults += [fault_of(f) for f in kept]
    write_intake_workbook(_sheets(batch), faults, path)


def _sheets(batch: ImportBatch) -> list[SourceSheet]:
    try:
        with list_in(file_of(batch), sheet=batch.sheet) as found:
            return _cells_of(found, batch.file_name)
    except UnreadableFileError:
        return []  # its faults say why nothing can be shown


def _cells_of(found: ListFile, name: str) -> list[SourceSheet]:
    path, sheet = found.path, found.spec.sheet
    if path.name.lower().endswith(LAYER_SUFFIXES):
        table = read_layer_table(path, layer=sheet or None, kind="outlet", columns={})
        rows = [table.headers, *zip(*table.columns, strict=True)]
        return [SourceSheet(name, table.sheet, rows, [0, *table.row_number.tolist()])]
    return [SourceSheet(name, s.name, s.rows, s.row_number) for s in read_sheets(path) if s.rows]
