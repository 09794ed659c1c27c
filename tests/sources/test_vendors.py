"""Moving vendors and the stops where they may stand."""

import numpy as np
import pytest

from reading import LAT, LON, codes_of, reading_in
from yike.errors import InputError
from yike.sources.pack import read_pack
from yike.sources.pack_spec import FileSpec
from yike.sources.vendors import read_stop_file, read_stops, read_vendor_file, read_vendors

VENDOR_HEAD = "编号,名称,业态,可服务时段,每周最多半天,电话\n"
STOP_HEAD = "编号,名称,地址,经度,纬度,同时容量,允许业态,可用时段\n"


def vendors_in(folder, text, encoding="utf-8"):
    (folder / "vendors.csv").write_bytes(text.encode(encoding))
    ctx = reading_in(folder)
    return read_vendors(FileSpec("vendors.csv"), ctx), ctx


def stops_in(folder, text):
    (folder / "stops.csv").write_text(text, "utf-8")
    ctx = reading_in(folder)
    return read_stops(FileSpec("stops.csv", "wgs84"), ctx), ctx


def labels(ctx, trades):
    return [ctx.types.types[t].label for t in trades]


def test_read_vendors_takes_every_column(tmp_path):
    vendors, ctx = vendors_in(
        tmp_path,
        VENDOR_HEAD + "v1,王师傅,修鞋；配钥匙,周一上午；周三下午,２,000-0001\nv2,,早餐店,,,\n",
        "gb18030",
    )

    assert vendors.vendor_id == ("v1", "v2")
    assert vendors.name == ("王师傅", "v2")
    assert labels(ctx, vendors.trades[0]) == ["修鞋", "配钥匙"]
    assert np.flatnonzero(vendors.is_free[0]).tolist() == [0, 5]
    assert vendors.is_free[1].all()
    assert vendors.most.tolist() == [2, 14]
    assert vendors.phone == ("000-0001", "")
    assert ctx.found["vendors"] == {"rows": 2}
    assert codes_of(ctx) == ["table.encoding.gb18030"]


def test_days_off_are_taken_from_the_free_days(tmp_path):
    vendors, ctx = vendors_in(
        tmp_path, "名称,业态,休息日\n甲,修鞋,周一；周三下午\n乙,修鞋,周日休息\n丙,修鞋,\n"
    )

    assert np.flatnonzero(~vendors.is_free[0]).tolist() == [0, 1, 5]
    assert np.flatnonzero(~vendors.is_free[1]).tolist() == [12, 13]
    assert vendors.is_free[2].all()
    assert codes_of(ctx) == []


def test_read_vendors_tells_every_bad_cell_at_once(tmp_path):
    _, ctx = vendors_in(
        tmp_path,
        "编号,名称,业态,可服务时段,每周最多半天,休息日\n"
        "v1,甲,,逢三逢八,很多,\n"
        "v1,乙,修飞机发动机,,15,\n"
        "v3,丙,修鞋,,-1,哪天都行吧\n"
        "v4,丁,修鞋,,2.5,\n",
    )

    assert sorted((f.code, f.row, f.column) for f in ctx.faults) == [
        ("layers.id.duplicate", 3, "编号"),
        ("vendors.free.bad", 2, "可服务时段"),
        ("vendors.most.bad", 2, "每周最多半天"),
        ("vendors.most.small", 4, "每周最多半天"),
        ("vendors.most.whole", 3, "每周最多半天"),
        ("vendors.most.whole", 5, "每周最多半天"),
        ("vendors.off.bad", 4, "休息日"),
        ("vendors.trade.missing", 2, "业态"),
        ("vendors.trade.unknown", 3, "业态"),
    ]
    assert all(f.message and f.cure for f in ctx.faults)


def test_vendors_without_a_column_of_trades_are_no_vendors(tmp_path):
    vendors, ctx = vendors_in(tmp_path, "编号,名称,电话\nv1,甲,1\n")

    assert vendors is None
    assert codes_of(ctx) == ["table.column.missing"]


def test_read_stops_takes_every_column(tmp_path):
    stops, ctx = stops_in(
        tmp_path,
        STOP_HEAD
        + f"a,东门,光明路 8 号,{LON},{LAT},2,修鞋；早餐店,周六上午\n"
        + f"b,西门,,{LON + 0.001},{LAT},,不限,\n",
    )

    assert stops.stop_id == ("a", "b")
    assert stops.address == ("光明路 8 号", "")
    assert stops.capacity.tolist() == [2, 1]
    assert labels(ctx, stops.trades[0]) == ["修鞋", "早餐店"]
    assert stops.trades[1] == ()
    assert np.flatnonzero(stops.is_open[0]).tolist() == [10]
    assert stops.is_open[1].all()
    assert stops.source_row.tolist() == [2, 3]
    assert stops.lon.tolist() == pytest.approx([LON, LON + 0.001])
    assert codes_of(ctx) == []


def test_read_stops_tells_every_bad_cell_at_once(tmp_path):
    stops, ctx = stops_in(
        tmp_path,
        STOP_HEAD
        + f"a,东门,,{LON},{LAT},两个,修飞机发动机,逢集\n"
        + "b,西门,,,,1,,\n"
        + f"c,北,,{LON},{LAT},-2,,\n",
    )

    assert len(stops) == 2
    assert sorted((f.code, f.row) for f in ctx.faults) == [
        ("layers.point.missing", 3),
        ("stops.capacity.bad", 2),
        ("stops.capacity.small", 4),
        ("stops.free.bad", 2),
        ("stops.trade.unknown", 2),
    ]
    assert all(f.message and f.cure for f in ctx.faults)


def test_files_outside_the_pack_are_read_by_the_same_rules(tmp_path):
    (tmp_path / "师傅.csv").write_text(VENDOR_HEAD + "v1,甲,修鞋,,,\n", "utf-8")
    (tmp_path / "点位.csv").write_text(STOP_HEAD + f"a,东,,{LON},{LAT},,,\n", "utf-8")
    ctx = reading_in(tmp_path / "nowhere")

    assert len(read_vendor_file(tmp_path / "师傅.csv", ctx)) == 1
    assert len(read_stop_file(tmp_path / "点位.csv", ctx, "wgs84")) == 1
    assert sorted(ctx.digests) == ["师傅.csv", "点位.csv"]


def test_a_bad_file_outside_the_pack_is_told_whole(tmp_path):
    (tmp_path / "v.csv").write_text(VENDOR_HEAD + "v1,甲,,随缘,,\n", "utf-8")

    with pytest.raises(InputError) as wrong:
        read_vendor_file(tmp_path / "v.csv", reading_in(tmp_path))
    assert [f.code for f in wrong.value.faults] == ["vendors.trade.missing", "vendors.free.bad"]


def test_a_pack_carries_its_vendors_and_stops(tmp_path, tiny_pack):
    from timetable_pack import write_timetable_pack

    pack = read_pack(write_timetable_pack(tmp_path / "pack"))
    none = read_pack(tiny_pack)

    assert pack.vendors.vendor_id == ("v1", "v2")
    assert pack.stops.stop_id == ("a", "b", "c")
    assert {"vendors.csv", "stops.csv"} < set(pack.digests)
    assert (none.vendors, none.stops) == (None, None)


def test_a_pack_with_a_bad_vendor_is_refused_with_its_row(tmp_path):
    from timetable_pack import write_timetable_pack

    folder = write_timetable_pack(tmp_path / "pack", vendors=["v1,甲,修鞋,随缘,,"])

    with pytest.raises(InputError) as wrong:
        read_pack(folder)
    assert [(f.file, f.row, f.column) for f in wrong.value.faults if f.level == "error"] == [
        ("vendors.csv", 2, "可服务时段")
    ]
