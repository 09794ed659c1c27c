"""The bulk PBF reader: the same as osmium object by object, and never surprised by a broken file."""

import bz2
import gzip
import random
import zlib

import numpy as np
import osmium
import pytest

from osm_files import BUNDLED, field, frame, strings, varint, write_osm, zigzag, zlib_blob
from yike.errors import UnreadableFileError
from yike.sources.osm.blobs import iterate_blobs
from yike.sources.osm.convert import read_objects
from yike.sources.osm.objects import Keep, Wanted, among, nothing
from yike.sources.osm.pbf import read_pbf

ALL = Wanted(all_ways=True, all_tags=True)
HELSINKI = BUNDLED / "helsinki.osm.pbf"


def _read_bytes(tmp_path, content: bytes, wanted: Wanted = ALL):
    path = tmp_path / "made.osm.pbf"
    path.write_bytes(content)
    return read_pbf(path, wanted)


def test_every_object_and_tag_equals_osmium():
    objects = read_pbf(HELSINKI, ALL)

    tags = [objects.node_tags.dicts(np.arange(objects.n_nodes, dtype=np.int32))]
    tags.append(objects.way_tags.dicts(np.arange(objects.n_ways, dtype=np.int32)))
    tags.append(objects.rel_tags.dicts(np.arange(len(objects.rel_id), dtype=np.int32)))
    nodes = list(
        zip(objects.node_id.tolist(), objects.node_lon.tolist(), objects.node_lat.tolist(), strict=True)
    )
    seen_nodes, seen_ways, seen_rels = [], [], []
    for obj in osmium.FileProcessor(str(HELSINKI)):
        own = {t.k: t.v for t in obj.tags}
        if obj.is_node():
            seen_nodes.append((obj.id, obj.location.lon, obj.location.lat))
            assert tags[0][len(seen_nodes) - 1] == own
        elif obj.is_way():
            seen_ways.append((obj.id, [n.ref for n in obj.nodes]))
            assert tags[1][len(seen_ways) - 1] == own
        elif obj.is_relation() and own:  # relations without any tag are not kept
            seen_rels.append((obj.id, [("nwr".index(m.type), m.ref, m.role) for m in obj.members]))
            assert tags[2][len(seen_rels) - 1] == own
    assert nodes == seen_nodes
    ptr, refs = objects.way_ptr.tolist(), objects.way_ref.tolist()
    assert [(w, refs[ptr[i] : ptr[i + 1]]) for i, w in enumerate(objects.way_id.tolist())] == seen_ways
    ptr = objects.rel_ptr.tolist()
    roles = [objects.rel_tags.values[r] for r in objects.member_role.tolist()]
    members = list(zip(objects.member_kind.tolist(), objects.member_id.tolist(), roles, strict=True))
    assert [(r, members[ptr[i] : ptr[i + 1]]) for i, r in enumerate(objects.rel_id.tolist())] == seen_rels


def test_only_wanted_tags_of_triggered_objects_are_kept():
    some = read_pbf(HELSINKI, Wanted(way=frozenset({"highway"}), carry=frozenset({"name"})))

    assert some.way_tags.keys == ("highway", "name")
    assert some.way_tags.has("highway").all()
    assert some.n_ways == 2650  # highway ways, as the data's own notes say
    assert len(some.node_tags.obj_idx) == 0
    assert len(some.rel_id) == 0


def test_keep_reads_only_the_chosen_objects():
    every = read_pbf(HELSINKI, ALL)
    chosen = np.sort(every.way_id[[3, 700, 4000]])

    some = read_pbf(HELSINKI, ALL, Keep(nodes=nothing, ways=among(chosen), rels=nothing))

    assert sorted(some.way_id.tolist()) == chosen.tolist()
    assert some.n_nodes == 0
    for i, way in enumerate(some.way_id.tolist()):
        j = every.way_id.tolist().index(way)
        ours = some.way_ref[some.way_ptr[i] : some.way_ptr[i + 1]]
        np.testing.assert_array_equal(ours, every.way_ref[every.way_ptr[j] : every.way_ptr[j + 1]])
        assert some.way_tags.dicts(np.array([i], np.int32)) == every.way_tags.dicts(np.array([j], np.int32))


def test_xml_gzip_and_bzip2_give_the_same_objects(tmp_path):
    nodes = [(10**10 + 7, 116.3, 40.0, {"shop": "convenience"}), (-5, 116.31, 40.0), (2, 116.32, 40.01)]
    ways = [(9, [10**10 + 7, -5, 2], {"highway": "footway", "name": "小路"})]
    relations = [(4, [("way", 9, "outer"), ("node", 2, "标签")], {"type": "multipolygon"})]
    plain = write_osm(tmp_path, nodes, ways, relations)
    read = [read_objects(plain, ALL)]
    for suffix, pack in ((".gz", gzip.compress), (".bz2", bz2.compress)):
        packed = tmp_path / f"town.osm{suffix}"
        packed.write_bytes(pack(plain.read_bytes()))
        read.append(read_objects(packed, ALL))

    for objects in read:
        assert objects.node_id.tolist() == [-5, 2, 10**10 + 7]
        assert objects.node_lon.tolist() == [116.31, 116.32, 116.3]
        assert objects.way_ref.tolist() == [10**10 + 7, -5, 2]
        assert objects.way_tags.text("name") == ["小路"]
        assert objects.node_tags.text("shop") == ["", "", "convenience"]
        assert objects.member_id.tolist() == [9, 2]
        assert [objects.rel_tags.values[r] for r in objects.member_role] == ["outer", "标签"]


def test_plain_nodes_granularity_and_offsets(tmp_path):
    # one plain node at 3 units of 1,000 nano-degrees north and 4 east of (1e9, 2e9) nano-degrees
    node = field(1, (77 << 1)) + varint(8 << 3) + zigzag(3) + varint(9 << 3) + zigzag(-4)
    block = field(1, strings()) + field(2, field(1, node)) + field(17, 1000)
    block += field(19, 10**9) + field(20, 2 * 10**9)

    objects = _read_bytes(tmp_path, frame(b"OSMHeader", b"") + frame(b"OSMData", block))

    assert objects.node_id.tolist() == [77]
    assert objects.node_lat.tolist() == [1.000003]
    assert objects.node_lon.tolist() == [1.999996]


def _dense(ids, lats, lons, tags=b"") -> bytes:
    def deltas(values):
        return b"".join(zigzag(b - a) for a, b in zip([0, *values], values, strict=False))

    dense = field(1, deltas(ids)) + field(8, deltas(lats)) + field(9, deltas(lons))
    return field(2, dense + (field(10, tags) if tags else b""))


def test_unsorted_and_repeated_nodes_are_sorted_and_kept_once(tmp_path):
    tags = b"".join(varint(n) for n in (0, 1, 2, 0, 0))  # the second node has string 1 = string 2
    dense = _dense([9, 4, 9], [0, 10**7, 5], [0, 2 * 10**7, 5], tags)
    block = field(1, strings("shop", "kiosk")) + field(2, dense)

    objects = _read_bytes(tmp_path, frame(b"OSMData", block), Wanted(node=frozenset({"shop"})))

    assert objects.node_id.tolist() == [4, 9]
    assert objects.node_lon.tolist() == [2.0, 0.0]
    assert objects.node_tags.text("shop") == ["kiosk", ""]


def test_nodes_off_the_earth_are_left_out_and_counted(tmp_path):
    dense = _dense([1, 2, 3], [0, 95 * 10**7, -(2**62) // 100], [0, 0, 0])

    objects = _read_bytes(tmp_path, frame(b"OSMData", field(1, strings()) + field(2, dense)))

    assert objects.node_id.tolist() == [1]
    assert objects.n_bad_nodes == 2


def test_header_states_bounds_and_date(tmp_path):
    box = b"".join(varint(n << 3) + zigzag(v) for n, v in ((1, 1), (2, 3), (3, 4), (4, 2)))
    header = field(1, box) + field(4, b"OsmSchema-V0.6") + field(4, b"DenseNodes") + field(32, 1_700_000_000)

    objects = _read_bytes(tmp_path, frame(b"OSMHeader", header))

    assert objects.bounds == (1e-9, 2e-9, 3e-9, 4e-9)
    assert objects.as_of == "2023-11-14"


def test_zlib_and_raw_blobs_are_the_same(tmp_path):
    block = field(1, strings()) + field(2, _dense([1, 2], [0, 1], [0, 1]))

    raw = _read_bytes(tmp_path, frame(b"OSMData", block))
    packed = _read_bytes(tmp_path, frame(b"OSMData", b"", packed=zlib_blob(block)))

    assert raw.node_id.tolist() == packed.node_id.tolist() == [1, 2]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "osm.file.empty"),
        (b"\x00\x00", "osm.pbf.not_pbf"),
        (b"<?xml version='1.0'?><osm/>", "osm.pbf.not_pbf"),
        (random.Random(1).randbytes(100_000), "osm.pbf.not_pbf"),
        (frame(b"OSMHeader", b"") + b"garbage that is long enough", "osm.pbf.damaged"),
        (frame(b"OSMHeader", field(1, b"cut")[:-1] + b"\xff"), "osm.pbf.damaged"),
        (frame(b"OSMData", b"\xff" * 40), "osm.pbf.damaged"),
        (frame(b"OSMData", field(1, strings()) + field(2, _dense([1, 2], [0], [0, 1]))), "osm.pbf.damaged"),
        (frame(b"OSMData", b"", packed=field(2, 9) + field(3, b"not zlib")), "osm.pbf.damaged"),
        (
            frame(b"OSMData", b"", packed=field(2, 10) + field(3, zlib.compress(b"longer than ten"))),
            "osm.pbf.bomb",
        ),
        (frame(b"OSMData", b"", packed=field(2, 99) + field(3, zlib.compress(b"short"))), "osm.pbf.damaged"),
        (frame(b"OSMData", b"", packed=field(2, 2**31) + field(3, zlib.compress(b"x"))), "osm.pbf.bomb"),
        (frame(b"OSMData", b"", packed=field(3, zlib.compress(bytes(33 << 20)))), "osm.pbf.bomb"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_broken_files_are_told_in_words(tmp_path, content, code):
    with pytest.raises(UnreadableFileError) as caught:
        _read_bytes(tmp_path, content)

    assert caught.value.code == code
    assert "made.osm.pbf" in str(caught.value)
    assert caught.value.hint


def test_a_file_cut_in_half_is_told_as_cut(tmp_path):
    whole = HELSINKI.read_bytes()

    with pytest.raises(UnreadableFileError) as caught:
        _read_bytes(tmp_path, whole[: len(whole) // 2])

    assert caught.value.code == "osm.pbf.cut"


@pytest.mark.parametrize("name", ["missing.osm.pbf", "streets.dwg"])
def test_missing_and_foreign_files_are_told(tmp_path, name):
    if name.endswith("dwg"):
        (tmp_path / name).write_bytes(b"AC1032")

    with pytest.raises(UnreadableFileError) as caught:
        read_objects(tmp_path / name, ALL)

    assert caught.value.code == ("osm.file.missing" if "missing" in name else "osm.file.suffix")


@pytest.mark.parametrize("name", ["nonsense.osm", "nonsense.osm.gz", "nonsense.osm.bz2"])
def test_nonsense_in_other_formats_is_told(tmp_path, name):
    (tmp_path / name).write_bytes(random.Random(2).randbytes(10_000))

    with pytest.raises(UnreadableFileError) as caught:
        read_objects(tmp_path / name, ALL)

    assert caught.value.code == "osm.file.damaged"


def test_unknown_packing_falls_back_to_osmium_and_says_when_that_fails(tmp_path):
    path = tmp_path / "zstd.osm.pbf"
    path.write_bytes(frame(b"OSMData", b"", packed=field(2, 5) + field(7, b"zstd data")))

    with pytest.raises(UnreadableFileError) as caught:
        read_objects(path, ALL)

    assert caught.value.code == "osm.file.damaged"


def test_required_features_we_do_not_know_are_read_by_osmium(tmp_path):
    source = write_osm(tmp_path, [(1, 1.0, 2.0), (2, 1.0, 2.1)], [(3, [1, 2], {"highway": "path"})])
    path = tmp_path / "history.osm.pbf"
    writer = osmium.SimpleWriter(osmium.io.File(str(path), "pbf,add_metadata=none,history=true"))
    osmium.apply(str(source), writer)
    writer.close()

    objects = read_objects(path, ALL)

    assert objects.way_ref.tolist() == [1, 2]


@pytest.mark.parametrize("seed", range(60))
def test_damaged_blocks_never_crash_the_decoder(tmp_path, seed):
    """A crash of compiled code would end the whole test run: bytes of a real block are changed at random."""
    chance = random.Random(seed)
    blocks = [raw for kind, raw in iterate_blobs(HELSINKI) if kind == b"OSMData"]
    block = bytearray(chance.choice(blocks))
    for _ in range(chance.choice([1, 2, 5, 50])):
        block[chance.randrange(len(block))] = chance.randrange(256)
    if seed % 3 == 0:
        del block[chance.randrange(len(block)) :]

    outcome = _code_or_objects(tmp_path, frame(b"OSMData", bytes(block)))

    if isinstance(outcome, str):
        assert outcome == "osm.pbf.damaged"
    else:
        assert np.all(np.abs(outcome.node_lon) <= 180)
        assert np.all(np.diff(outcome.node_id) > 0)


def _code_or_objects(tmp_path, content: bytes):
    try:
        return _read_bytes(tmp_path, content)
    except UnreadableFileError as error:
        return error.code
