import json

import openpyxl
from click.testing import CliRunner

from small_packs import at, outlets_csv, small_pack
from yike.cli.pack import pack
from yike.sources.pack_parse import read_pack_toml


def _run(*args):
    return CliRunner().invoke(pack, [str(a) for a in args])


def test_check_of_a_clean_pack_ends_with_zero(tmp_path):
    result = _run("check", small_pack(tmp_path), "-q")
    assert result.exit_code == 0
    assert "网点：2 行" in result.stdout
    assert result.stdout.rstrip().endswith("可以使用。")


def test_check_tells_faults_grouped_with_rows_and_cures(tmp_path):
    rows = [f"{i},店{i},量子力学,{at(50 + i, 5)}" for i in range(9)]
    result = _run("check", small_pack(tmp_path, outlets=outlets_csv(*rows)), "-q")
    assert result.exit_code == 0
    assert result.stdout.count("量子力学") == 1
    assert "第 2、3、4、5、6、7 等 9 行 “业态”列" in result.stdout
    assert "办法：" in result.stdout


def test_check_of_a_faulty_pack_ends_with_one_and_writes_red_cells(tmp_path):
    folder = small_pack(tmp_path / "pack", outlets=outlets_csv("1,甲,便利店,nan,39.9"))
    result = _run("check", folder, "--workbook", tmp_path / "问题.xlsx", "-q")
    assert result.exit_code == 1
    ws = openpyxl.load_workbook(tmp_path / "问题.xlsx")["outlets"]
    assert ws["D2"].fill.fgColor.rgb == "00F8C9C4"
    assert ws["F1"].value == "原因"


def test_check_as_json_holds_everything(tmp_path):
    folder = small_pack(tmp_path, outlets=outlets_csv("1,甲,便利店,nan,39.9", f"2,乙,药店,{at(5, 5)}"))
    result = _run("check", folder, "--json", "-q")
    told = json.loads(result.stdout)
    assert (result.exit_code, told["is_usable"], told["errors"]) == (1, False, 1)
    fault = told["faults"][0]
    assert (fault["file"], fault["row"], fault["column"], fault["found"]) == ("outlets.csv", 2, "经度", "nan")
    assert fault["message"]
    assert fault["cure"]
    assert told["found"]["outlets"]["by_type"] == {"药店": 1}


def test_new_pack_has_a_readable_toml_and_templates(tmp_path):
    folder = tmp_path / "guangming"
    result = _run("new", folder, "--name", "光明片区")
    assert result.exit_code == 0
    spec, faults = read_pack_toml(folder / "pack.toml")
    assert (spec.pack.code, spec.pack.name, faults) == ("guangming", "光明片区", [])
    assert sorted(p.name for p in folder.iterdir()) == [
        "circles.xlsx", "communities.xlsx", "outlets.xlsx", "pack.toml", "places.xlsx", "premises.xlsx",
        "stops.xlsx", "vendors.xlsx",
    ]  # fmt: skip


def test_new_pack_does_not_overwrite(tmp_path):
    folder = small_pack(tmp_path)
    before = (folder / "pack.toml").read_bytes()
    result = _run("new", folder)
    assert result.exit_code == 1
    assert "不会覆盖" in str(result.exception)
    assert (folder / "pack.toml").read_bytes() == before


def test_filled_new_pack_passes_the_check(tmp_path):
    folder = tmp_path / "mine"
    _run("new", folder)
    clean = small_pack(tmp_path / "clean")
    for name in ("nodes.csv", "edges.csv"):
        (folder / name).write_bytes((clean / name).read_bytes())
    toml = (folder / "pack.toml").read_text("utf-8")
    toml = toml.replace('file = "network.osm.pbf"', 'nodes = "nodes.csv"\nedges = "edges.csv"', 1)
    toml = toml.replace('# datum = "gcj02"          #', 'datum = "wgs84" #')  # outlets
    toml = toml.replace('# datum = "gcj02"\n', 'datum = "wgs84"\n', 2)  # places, communities
    (folder / "pack.toml").write_text(toml, "utf-8")
    rows = {
        "outlets.xlsx": ("网点", {"名称": "甲店", "业态": "便利店"}, (50, 5)),
        "places.xlsx": ("居住点", {"名称": "甲楼", "人口": 100}, (10, 10)),
        "communities.xlsx": ("社区", {"社区名称": "光明社区"}, (200, 200)),
        "circles.xlsx": ("生活圈", {"便民生活圈名称": "光明圈", "包含社区": "光明"}, None),
    }
    for name, (sheet, cells, xy) in rows.items():
        book = openpyxl.load_workbook(folder / name)
        ws = book[sheet]
        if xy:
            cells |= dict(zip(("经度", "纬度"), map(float, at(*xy).split(",")), strict=True))
        for head in ws[2]:
            if str(head.value).lstrip("*") in cells:
                ws.cell(4, head.column, cells[str(head.value).lstrip("*")])
        book.save(folder / name)
    result = _run("check", folder, "-q")
    assert "0 处错误" in result.stdout
    assert "生活圈：1 行，1 个社区在圈内" in result.stdout
    assert result.exit_code == 0


def test_every_command_helps_in_chinese_with_an_example():
    for name in ("check", "new", "from-osm", "synth"):
        text = _run(name, "--help").stdout
        assert "示例：" in text
        assert f"yike pack {name}" in text
