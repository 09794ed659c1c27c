import datetime as dt

import numpy as np
import openpyxl
import pytest
import xlwt
from openpyxl.styles import PatternFill

from yike.errors import MissingColumnError, UnreadableFileError
from yike.sources.tabular import read_table

ROWS = "编号,名称,业态,经度,纬度\n1,老王,便利店,116.3,39.9\n2,光明,药店,116.4,39.8\n"

HALF_UTF8 = ("编号,名称\n" + "1,光明社区便民服务中心\n" * 9).encode() + b"2,\xe5\x85\n"


def _text(tmp_path, data, name="a.csv", **settings):
    path = tmp_path / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return read_table(path, **settings)


def _book(tmp_path, fill, name="a.xlsx", **settings):
    book = openpyxl.Workbook()
    fill(book.active)
    book.save(tmp_path / name)
    return read_table(tmp_path / name, **settings)


def _refused(tmp_path, data, name="a.csv"):
    with pytest.raises(UnreadableFileError) as caught:
        _text(tmp_path, data, name)
    return caught.value.code


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (ROWS.encode(), "utf-8"),
        (b"\xef\xbb\xbf" + ROWS.encode(), "utf-8"),
        (ROWS.encode("gb18030"), "gb18030"),
        (ROWS.encode("utf-16"), "utf-16"),
        (ROWS.replace("\n", "\r\n").encode(), "utf-8"),
        (ROWS.replace(",", ";").encode(), "utf-8"),
        (ROWS.replace(",", "\t").encode("gb18030"), "gb18030"),
        (ROWS.replace(",", "，").encode(), "utf-8"),
    ],
)
def test_text_tables_read_alike_in_every_encoding_and_separator(tmp_path, data, encoding):
    table = _text(tmp_path, data)
    assert table.encoding == encoding
    assert table.text("name") == ("老王", "光明")
    assert table.text("lon") == ("116.3", "116.4")
    assert table.row_number.tolist() == [2, 3]
    assert [f.code for f in table.faults] == (["table.encoding.gb18030"] if encoding == "gb18030" else [])


def test_header_is_found_below_titles_and_rows_keep_the_numbers_a_person_sees(tmp_path):
    text = (
        "某街道网点清单,,,,\n填报单位：,,,,\n\n编号,*名称,业态（类型）,经度(°),纬度\n"
        ",,,,\n1,甲,药店,116,39\n　, ,,,\n2,乙,药店,117,39\n"
    )
    table = _text(tmp_path, text)
    assert table.header_row == 4
    assert table.row_number.tolist() == [6, 8]
    assert table.text("name") == ("甲", "乙")
    assert table.header("type") == "业态（类型）"


def test_example_rows_are_left_out(tmp_path):
    table = _text(tmp_path, ROWS + "示例,样本,药店,116,39\n例：3,样本,药店,116,39\n")
    assert table.text("id") == ("1", "2")


def test_quoted_line_breaks_count_as_one_row_as_in_a_sheet(tmp_path):
    table = _text(tmp_path, '编号,名称,经度,纬度\n1,"甲\n乙",116,39\n2,丙,116,39\n')
    assert table.row_number.tolist() == [2, 3]


def test_cells_beyond_the_header_are_told(tmp_path):
    table = _text(tmp_path, "编号,名称,经度,纬度\n1,甲,店,116,39\n")
    assert [(f.code, f.row, f.found, f.expected) for f in table.faults] == [("table.row.wide", 2, "5", "4")]


def test_numbers_keep_unknown_as_nan_and_tell_bad_cells(tmp_path):
    table = _text(tmp_path, '编号,从业人数\n1,１２个\n2,\n3,十二\n4,-3\n5,"1,234"\n')
    faults = []
    staff = table.numbers("staff", faults, at_least=0)
    np.testing.assert_array_equal(staff, [12, np.nan, np.nan, np.nan, 1234])
    assert [(f.code, f.row, f.column, f.found) for f in faults] == [
        ("table.number.bad", 4, "从业人数", "十二"),
        ("table.number.small", 5, "从业人数", "-3"),
    ]


def test_missing_column_names_headers_that_look_like_it(tmp_path):
    table = _text(tmp_path, "编号,名称,精度,纬度\n1,a,116,39\n")
    with pytest.raises(MissingColumnError) as caught:
        table.require("name", "lon", "lat")
    fault = caught.value.faults[0]
    assert (fault.code, fault.column, fault.row) == ("table.column.missing", "经度", 1)
    assert "精度" in fault.facts["near"]


def test_declared_columns_go_before_synonyms(tmp_path):
    text = "编号,名称,单位全称,经度,纬度\n1,甲,甲公司,116,39\n"
    assert _text(tmp_path, text).text("name") == ("甲",)
    assert _text(tmp_path, text, columns={"name": "单位全称"}).text("name") == ("甲公司",)


def test_one_column_may_hold_both_coordinates(tmp_path):
    table = _text(tmp_path, '编号,名称,坐标\n1,甲,"116.3,39.9"\n2,乙,"(116.4， 39.8)"\n3,丙,\n4,丁,116.5\n')
    lon, lat = table.degrees()
    assert [n.value for n in lon[:2]] == [116.3, 116.4]
    assert [n.value for n in lat[:2]] == [39.9, 39.8]
    assert [n.how for n in lon[2:]] == ["blank", "bad"]


def test_workbook_with_title_merges_and_blank_formatted_rows(tmp_path):
    def fill(ws):
        ws["A1"] = "网点清单"
        ws.merge_cells("A1:F1")
        ws.append(["编号", "名称", "所属街道", "坐标", None, "核实日期"])
        ws.append([None, None, None, "经度", "纬度", None])
        for cell in ("A2:A3", "B2:B3", "C2:C3", "D2:E2", "F2:F3"):
            ws.merge_cells(cell)
        ws.append([1, "甲", "新区", 116.3, 39.9, dt.date(2026, 1, 15)])
        ws.append([2, "乙", None, 116.4, 39.8, None])
        ws.merge_cells("C4:C5")
        for row in range(6, 400):
            ws.cell(row, 1).fill = PatternFill("solid", fgColor="FFFF00")
        ws["B300"] = " "

    table = _book(tmp_path, fill)
    assert table.header_row == 3
    assert table.row_number.tolist() == [4, 5]
    assert table.text("street") == ("新区", "新区")
    assert table.text("lon") == ("116.3", "116.4")
    assert table.text("id") == ("1", "2")
    assert table.text("checked") == ("2026-01-15", "")


def test_xls_of_wps_reads_whatever_its_name(tmp_path):
    book = xlwt.Workbook()
    sheet = book.add_sheet("网点")
    for at, row in enumerate([["编号", "名称", "经度", "纬度"], [1, "甲", 116.3, 39.9]]):
        for column, value in enumerate(row):
            sheet.write(at, column, value)
    for name in ("a.xls", "a.xlsx", "a.csv"):
        book.save(str(tmp_path / name))
        table = read_table(tmp_path / name)
        assert (table.sheet, table.text("name"), table.text("lat")) == ("网点", ("甲",), ("39.9",))


def test_sheet_is_chosen_by_name_or_by_the_best_header(tmp_path):
    book = openpyxl.Workbook()
    book.active.title = "填写说明"
    book.active.append(["请按下表填写", "名称"])
    for name, shop in (("一街", "甲"), ("二街", "乙")):
        ws = book.create_sheet(name)
        ws.append(["编号", "名称", "经度", "纬度"])
        ws.append([1, shop, 116, 39])
    book.save(tmp_path / "a.xlsx")
    assert read_table(tmp_path / "a.xlsx").sheet == "一街"
    assert read_table(tmp_path / "a.xlsx", sheet="二街").text("name") == ("乙",)
    with pytest.raises(UnreadableFileError) as caught:
        read_table(tmp_path / "a.xlsx", sheet="三街")
    assert caught.value.code == "table.sheet.missing"
    assert "一街" in caught.value.facts["names"]


def test_long_codes_stay_as_they_are(tmp_path):
    table = _book(tmp_path, lambda ws: [ws.append(r) for r in (["编号", "名称"], ["007", 411281001001])])
    assert (table.text("id"), table.text("name")) == (("007",), ("411281001001",))


def test_points_of_geojson_are_rows(tmp_path):
    text = """{"type": "FeatureCollection", "features": [
        {"type": "Feature", "properties": {"编号": 1, "名称": "甲"}, "geometry":
            {"type": "Point", "coordinates": [116.3, 39.9]}},
        {"type": "Feature", "properties": {"编号": 2, "名称": null}, "geometry":
            {"type": "Polygon", "coordinates":
                [[[116, 39], [116.2, 39], [116.2, 39.2], [116, 39.2], [116, 39]]]}}]}"""
    table = _text(tmp_path, text, "a.geojson")
    lon, lat = table.degrees()
    assert table.text("name") == ("甲", "")
    assert lon[0].value == 116.3
    assert 116 < lon[1].value < 116.2
    assert 39 < lat[1].value < 39.2


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (b"", "a.csv", "table.file.empty"),
        (b"", "a.xlsx", "table.file.empty"),
        (b"\n\n , ,\n", "a.csv", "table.file.blank"),
        (b"\x00\x01\x02\x03" * 50, "a.csv", "table.file.nonsense"),
        (b"PK\x03\x04" + bytes(200), "a.xlsx", "table.file.damaged"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600), "a.xls", "table.file.damaged"),
        ("甲,乙\n丙,丁\n".encode(), "a.csv", "table.header.none"),
        (b"\xff\xff\xff\xff,\xff\n", "a.csv", "table.encoding.unknown"),
        (
            ("编号,名称\n" + "1,光明社区便民服务中心\n" * 9).encode() + b"2,\xe5\x85\n",
            "a.csv",
            "table.encoding.broken",
        ),
        (b"{ not json", "a.geojson", "table.layer.unreadable"),
    ],
)
def test_files_that_are_no_tables_are_refused_by_name(tmp_path, data, name, code):
    assert _refused(tmp_path, data, name) == code


def test_ten_megabytes_of_nonsense_are_refused(tmp_path):
    rng = np.random.default_rng(0)
    noise = rng.integers(0, 256, 10_000_000, dtype=np.uint8).tobytes()
    letters = bytes(rng.integers(97, 123, 10_000_000, dtype=np.uint8))
    assert _refused(tmp_path, noise) == "table.file.nonsense"
    assert _refused(tmp_path, letters) == "table.file.nonsense"
    assert _refused(tmp_path, noise, "a.xlsx") == "table.file.nonsense"


def test_workbook_that_is_a_zip_bomb_is_refused(tmp_path):
    import zipfile

    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", bytes(60_000_000))
    with pytest.raises(UnreadableFileError) as caught:
        read_table(path)
    assert caught.value.code == "table.file.bomb"


def test_missing_file_is_told(tmp_path):
    with pytest.raises(UnreadableFileError) as caught:
        read_table(tmp_path / "none.csv")
    assert caught.value.code == "table.file.missing"
