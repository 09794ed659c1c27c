from pathlib import Path

import pytest

from small_packs import HEAD, NETWORK, SOURCE, codes
from yike.errors import InputError, UnreadableFileError, has_text
from yike.sources.pack_keys import KEYS
from yike.sources.pack_parse import parse_pack, read_pack_toml

SMALLEST = """
[pack]
code = "demo"
name = "示例片区"
division = "110108"
as_of = 2026-01-01
invented = false

[network]
file = "network.osm.pbf"
datum = "wgs84"

[outlets]
file = "outlets.csv"
datum = "wgs84"

[places]
file = "places.csv"
datum = "wgs84"

[premises]
file = "premises.csv"
datum = "wgs84"

[[source]]
name = "OpenStreetMap"
licence = "ODbL-1.0"
"""

DOCS = Path(__file__).parents[2] / "docs" / "reference" / "city-pack.md"
EVERY_KEY = [(section, key) for section, keys in KEYS.items() for key in keys]


def _with(section: str, line: str) -> str:
    """A readable pack.toml whose section has just this line in place of the key's own."""
    if section == "source":
        own = {"name": 'name = "甲"', "licence": 'licence = "乙"'}
        own[line.split(" =")[0]] = line
        return HEAD + NETWORK + "[[source]]\n" + "\n".join(own.values()) + "\n"
    return HEAD + NETWORK + SOURCE + f"\n[{section}]\n{line}\n"


def test_smallest_pack_reads_with_every_default():
    spec, faults = parse_pack(SMALLEST)
    assert faults == []
    assert (spec.pack.code, spec.pack.division, spec.pack.as_of) == ("demo", "110108", "2026-01-01")
    assert spec.network.is_osm
    assert (spec.outlets.source, spec.outlets.file, spec.outlets.datum) == ("file", "outlets.csv", "wgs84")
    assert (spec.communities.source, spec.circles.source) == ("none", "none")
    assert spec.standards.rule_pack == "mofcom-2021-247"
    assert (spec.walk.profile, spec.walk.detour, spec.walk.at_minute) == ("adult", 1.3, 600)
    assert (spec.study.cutoffs_s, spec.study.limit_s) == ((300.0, 600.0, 900.0), 3600.0)
    assert [s.licence for s in spec.sources] == ["ODbL-1.0"]


def test_wrong_values_are_all_told_at_once_with_their_lines():
    text = SMALLEST.replace('"110108"', '"1101"').replace("invented = false", 'invented = "no"')
    spec, faults = parse_pack(text.replace('datum = "wgs84"', 'datum = "amap"'))
    assert spec is None
    found = [(f.code, f.row, f.found) for f in faults]
    assert found == [
        ("pack.pack.division", 5, "1101"),
        ("pack.pack.invented", 7, "no"),
        ("pack.network.datum", 11, "amap"),
        ("pack.outlets.datum", 15, "amap"),
        ("pack.places.datum", 19, "amap"),
        ("pack.premises.datum", 23, "amap"),
    ]


def test_unknown_key_names_the_nearest_one():
    _, faults = parse_pack(SMALLEST.replace("invented", "inventd"))
    unknown = next(f for f in faults if f.code == "pack.key.unknown")
    assert (unknown.found, unknown.facts["near"], unknown.row) == ("inventd", "invented", 7)
    assert "pack.pack.invented" in codes(faults)


def test_unknown_section_names_the_nearest_one():
    _, faults = parse_pack(SMALLEST.replace("[places]", "[place]"))
    assert [(f.code, f.facts["near"]) for f in faults] == [("pack.section.unknown", "places")]


@pytest.mark.parametrize(("section", "key"), EVERY_KEY)
def test_every_key_has_an_error_of_its_own_and_a_line_in_the_docs(section, key):
    code = f"pack.{section}.{key}"
    assert has_text(code)
    assert f"`{code}`" in DOCS.read_text("utf-8")


@pytest.mark.parametrize(("section", "key"), EVERY_KEY)
def test_every_key_refuses_a_wrong_value_by_its_own_code(section, key):
    line = f"{key} = {{ wrong = [] }}"
    if section in ("pack", "network"):
        text = "".join(f"[{s}]\n{line}\n" if s == section else "" for s in ("pack", "network"))
        _, faults = parse_pack(text)
    else:
        _, faults = parse_pack(_with(section, line))
    assert f"pack.{section}.{key}" in codes(faults)


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ('at = "25:00"', "pack.walk.at"),
        ("detour = 0.9", "pack.walk.detour"),
        ("min_component = 2.5", "pack.walk.min_component"),
        ("max_snap_m = true", "pack.walk.max_snap_m"),
    ],
)
def test_walk_values_out_of_range_are_refused(line, code):
    assert codes(parse_pack(_with("walk", line))[1]) == [code]


@pytest.mark.parametrize("cutoffs", ["[]", "[10, 5]", "[5, 5]", '["5"]', "[0]", "5"])
def test_cutoffs_must_rise(cutoffs):
    assert codes(parse_pack(_with("study", f"cutoffs = {cutoffs}"))[1]) == ["pack.study.cutoffs"]


@pytest.mark.parametrize("name", ["/etc/passwd", "../other.csv", "a/../../b.csv", "C:\\\\data\\\\a.csv"])
def test_files_outside_the_pack_are_refused(name):
    assert codes(parse_pack(_with("outlets", f'file = "{name}"'))[1]) == ["pack.outlets.file"]


@pytest.mark.parametrize(
    ("written", "read"),
    [("GCJ-02", "gcj02"), ("WGS 84", "wgs84"), ("bd09ll", "bd09"), ("CGCS2000", "cgcs2000")],
)
def test_datum_reads_as_people_write_it(written, read):
    spec, _ = parse_pack(_with("outlets", f'file = "a.csv"\ndatum = "{written}"'))
    assert spec.outlets.datum == read


def test_network_needs_file_or_nodes_and_edges():
    both = NETWORK + 'file = "a.geojson"\n'
    half = '[network]\nnodes = "nodes.csv"\n'
    assert codes(parse_pack(HEAD + both + SOURCE)[1]) == ["pack.network.which"]
    assert codes(parse_pack(HEAD + half + SOURCE)[1]) == ["pack.network.which"]


def test_osm_sources_need_an_osm_network():
    _, faults = parse_pack(_with("places", 'source = "osm"'))
    assert codes(faults) == ["pack.source.needs_osm"]


def test_surveyed_may_be_yes_no_or_a_list():
    yes, _ = parse_pack(_with("outlets", 'file = "a.csv"\nsurveyed = true'))
    some, _ = parse_pack(_with("outlets", 'file = "a.csv"\nsurveyed = ["药店", "B01"]'))
    assert (yes.outlets.is_surveyed, yes.outlets.surveyed_types) == (True, ())
    assert (some.outlets.is_surveyed, some.outlets.surveyed_types) == (False, ("药店", "B01"))


def test_missing_source_is_an_error():
    assert codes(parse_pack(HEAD + NETWORK)[1]) == ["pack.source.none"]


def test_toml_slip_names_line_and_column(tmp_path):
    (tmp_path / "pack.toml").write_text("[pack]\ncode = demo\n", "utf-8")
    with pytest.raises(UnreadableFileError) as caught:
        read_pack_toml(tmp_path / "pack.toml")
    assert (caught.value.code, caught.value.facts["row"]) == ("pack.toml.syntax", "2")


def test_gb18030_and_bom_are_read(tmp_path):
    path = tmp_path / "pack.toml"
    path.write_bytes(SMALLEST.encode("gb18030"))
    spec, notes = read_pack_toml(path)
    assert (spec.pack.name, codes(notes)) == ("示例片区", ["pack.toml.gb18030"])
    path.write_bytes(b"\xef\xbb\xbf" + SMALLEST.replace("\n", "\r\n").encode())
    spec, notes = read_pack_toml(path)
    assert (spec.pack.name, notes) == ("示例片区", [])


def test_error_carries_every_fault(tmp_path):
    (tmp_path / "pack.toml").write_text(SMALLEST.replace("code", "cod").replace("name", "nam"), "utf-8")
    with pytest.raises(InputError) as caught:
        read_pack_toml(tmp_path / "pack.toml")
    assert len(caught.value.faults) == 6  # code and name: unknown and missing; [[source]] name the same
    assert "6" in str(caught.value)
