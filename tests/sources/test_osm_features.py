"""Outlets, buildings, areas, gates and the base map of OSM files."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from osm_files import BUNDLED, write_osm
from yike.core.geo.projection import LocalProjection
from yike.core.tables import OutletStatus, Tri
from yike.sources.osm import outlets_table, read_osm
from yike.sources.osm.buildings import read_number
from yike.sources.osm.shapes import join_rings
from yike.standards.loader import load_types

TYPES = load_types()
LON, LAT = 116.3, 40.0
M_LAT = 1 / 111_195.0  # one metre in degrees of latitude
M_LON = M_LAT / math.cos(math.radians(LAT))


def _at(x_m, y_m):
    return round(LON + x_m * M_LON, 7), round(LAT + y_m * M_LAT, 7)


def _square(first_id, x_m, y_m, side_m):
    """Four nodes and the refs of the closed way around them."""
    corners = [(x_m, y_m), (x_m + side_m, y_m), (x_m + side_m, y_m + side_m), (x_m, y_m + side_m)]
    nodes = [(first_id + i, *_at(*corner)) for i, corner in enumerate(corners)]
    return nodes, [first_id, first_id + 1, first_id + 2, first_id + 3, first_id]


def _codes(outlets):
    ptr, idx = outlets.service_ptr.tolist(), outlets.service_type_idx.tolist()
    return [{TYPES.types[t].code for t in idx[ptr[i] : ptr[i + 1]]} for i in range(len(outlets))]


def _read(path, *want):
    return read_osm(path, want=want, types=TYPES)


def test_outlets_are_nodes_and_areas_that_the_catalogue_names(tmp_path):
    nodes, ring = _square(10, 0, 0, 40)
    shop = {
        "shop": "supermarket",
        "name": "大超市",
        "name:zh": "大超市（中文）",
        "opening_hours": "08:00-22:00",
    }
    nodes += [
        (
            1,
            *_at(200, 0),
            {"shop": "convenience", "name": "小店", "brand": "好邻居", "phone": "010-1", "wheelchair": "yes"},
        ),
        (2, *_at(300, 0), {"amenity": "bench"}),
        (3, *_at(400, 0), {"amenity": "pharmacy", "addr:street": "学院路", "addr:housenumber": "8号"}),
    ]
    path = write_osm(tmp_path, nodes, [(7, ring, shop)])

    outlets = _read(path, "outlets").outlets

    assert outlets.outlet_id == ("n1", "n3", "w7")
    assert outlets.name == ("小店", "", "大超市（中文）")
    assert [TYPES.types[t].code for t in outlets.type_idx] == ["convenience_store", "pharmacy", "supermarket"]
    assert outlets.hours == ("", "", "08:00-22:00")
    assert (outlets.brand[0], outlets.phone[0], outlets.wheelchair[0]) == ("好邻居", "010-1", "yes")
    assert outlets.address[1] == "学院路 8号"
    assert outlets.tags[0] == "shop=convenience"
    assert outlets.area_m2[2] == pytest.approx(40 * 40, rel=1e-3)
    assert np.isnan(outlets.area_m2[:2]).all()
    assert (outlets.lon[2], outlets.lat[2]) == pytest.approx(_at(20, 20), abs=1e-6)


def test_one_object_may_be_several_outlets(tmp_path):
    nodes = [
        (1, *_at(0, 0), {"amenity": "cafe", "shop": "books"}),
        (2, *_at(9, 0), {"shop": "convenience;laundry"}),
        (3, *_at(19, 0), {"shop": "shoe_repair"}),
    ]

    outlets = _read(write_osm(tmp_path, nodes), "outlets").outlets

    served = _codes(outlets)
    assert {"cafe_tea", "bookshop"} <= served[0] or len(served[0]) == 2
    assert {"convenience_store", "laundry"} <= served[1]
    assert {"shoe_repair", "repair"} <= served[2]  # a sub-type serves its parent too


def test_dining_counts_as_breakfast_only_when_it_opens_early(tmp_path):
    nodes = [
        (1, *_at(0, 0), {"amenity": "restaurant"}),
        (2, *_at(9, 0), {"amenity": "restaurant", "opening_hours": "06:30-14:00"}),
        (3, *_at(19, 0), {"amenity": "restaurant", "opening_hours": "11:00-22:00"}),
        (4, *_at(29, 0), {"amenity": "restaurant", "name": "老王包子铺"}),
    ]

    outlets = _read(write_osm(tmp_path, nodes), "outlets").outlets

    assert ["breakfast_shop" in codes for codes in _codes(outlets)] == [False, True, False, True]


def test_a_shop_mapped_as_point_and_building_counts_once(tmp_path):
    nodes, ring = _square(10, 0, 0, 40)
    shop = {"shop": "supermarket", "name": "大超市"}
    nodes += [(1, *_at(20, 20), shop), (2, *_at(20, 25), {"shop": "supermarket", "name": "另一家"})]
    path = write_osm(tmp_path, nodes, [(7, ring, {**shop, "building": "retail"})])

    found = _read(path, "outlets")

    assert found.outlets.outlet_id == ("n1", "n2")
    assert [f.code for f in found.faults] == ["osm.outlets.repeated"]


def test_outlets_become_the_tables_of_the_project(tmp_path):
    nodes = [
        (1, *_at(0, 0), {"shop": "convenience", "brand": "好邻居"}),
        (2, *_at(100, 0), {"amenity": "parcel_locker"}),
    ]
    found = _read(write_osm(tmp_path, nodes), "outlets").outlets

    table = outlets_table(found, TYPES, LocalProjection(LON, LAT))

    table.validate()
    assert table.x_m.tolist() == pytest.approx([0, 100], abs=0.1)
    assert table.is_chain.tolist() == [Tri.YES, Tri.UNKNOWN]
    assert table.is_unstaffed.tolist() == [False, True]
    assert set(table.status.tolist()) == {OutletStatus.OPEN}
    assert np.isnan(table.staff).all()


def test_buildings_have_footprint_levels_and_use(tmp_path):
    homes, ring = _square(10, 0, 0, 20)
    tower, ring2 = _square(20, 100, 0, 10)
    office, ring3 = _square(30, 200, 0, 10)
    plain, ring4 = _square(40, 300, 0, 10)
    ways = [
        (1, ring, {"building": "apartments", "building:levels": "6", "height": "30", "building:flats": "48"}),
        (2, ring2, {"building": "residential", "height": "54 m"}),
        (3, ring3, {"building": "office", "building:levels": "many"}),
        (4, ring4, {"building": "yes"}),
        (5, ring4, {"building": "no"}),
    ]

    buildings = _read(write_osm(tmp_path, homes + tower + office + plain, ways), "buildings").buildings

    assert buildings.building_id == ("w1", "w2", "w3", "w4")
    assert buildings.footprint_m2.tolist() == pytest.approx([400, 100, 100, 100], rel=2e-3)
    assert buildings.levels.tolist()[:2] == [6, 18]  # 54 m at 3 m each
    assert np.isnan(buildings.levels[2:]).all()
    assert buildings.levels_from == ("levels", "height", "", "")
    assert buildings.is_residential.tolist() == [True, True, False, False]
    assert buildings.flats[0] == 48


def test_buildings_that_do_not_say_are_homes_in_residential_land_only(tmp_path):
    land, land_ring = _square(10, 0, 0, 200)
    inside, ring1 = _square(20, 20, 20, 10)
    shop, ring2 = _square(30, 60, 60, 10)
    outside, ring3 = _square(40, 300, 0, 10)
    ways = [
        (1, land_ring, {"landuse": "residential", "name": "幸福里"}),
        (2, ring1, {"building": "yes"}),
        (3, ring2, {"building": "yes", "shop": "mall"}),
        (4, ring3, {"building": "yes"}),
    ]

    found = _read(write_osm(tmp_path, land + inside + shop + outside, ways), "buildings", "areas")

    assert found.buildings.is_residential.tolist() == [True, False, False]
    assert found.buildings.residential_by == ("landuse", "", "")
    assert (found.areas.name, found.areas.kind) == (("幸福里",), ("residential",))
    assert found.found["residential_buildings"] == 1


def test_multipolygons_have_holes_and_rings_of_several_ways(tmp_path):
    outer, _ = _square(10, 0, 0, 40)
    inner, inner_ring = _square(20, 10, 10, 10)
    ways = [(1, [10, 11, 12]), (2, [10, 13, 12]), (3, inner_ring)]
    relation = (
        5,
        [("way", 1, "outer"), ("way", 2, "outer"), ("way", 3, "inner")],
        {"type": "multipolygon", "building": "dormitory"},
    )

    buildings = _read(write_osm(tmp_path, outer + inner, ways, [relation]), "buildings").buildings

    assert buildings.building_id == ("r5",)
    assert buildings.footprint_m2[0] == pytest.approx(1600 - 100, rel=2e-3)
    assert buildings.is_residential[0]


def test_outlines_cut_by_the_edge_keep_what_is_in_the_file(tmp_path):
    nodes, ring = _square(10, 0, 0, 40)
    ways = [(1, ring, {"building": "house"}), (2, [10, 11, 98, 99, 10], {"building": "house"})]

    found = _read(write_osm(tmp_path, nodes[:3], ways), "buildings")  # node 13 is missing

    assert found.buildings.building_id == ("w1",)
    assert found.buildings.footprint_m2[0] == pytest.approx(800, rel=2e-3)  # the triangle that is known
    assert [(f.code, f.facts) for f in found.faults] == [("osm.areas.cut", {"count": 1, "lost": 1})]


def test_incomplete_relations_and_self_crossing_outlines_do_no_harm(tmp_path):
    nodes, _ = _square(10, 0, 0, 40)
    ways = [(1, [10, 12, 11, 13, 10], {"building": "house"}), (2, [10, 11])]
    relations = [
        (5, [("way", 2, "outer"), ("way", 77, "outer")], {"type": "multipolygon", "building": "yes"}),
        (6, [("relation", 5, "")], {"type": "multipolygon", "building": "yes"}),
        (7, [], {"type": "multipolygon", "building": "yes"}),
    ]

    found = _read(write_osm(tmp_path, nodes, ways, relations), "buildings")

    assert found.buildings.building_id == ("w1",)
    assert found.buildings.polygon[0].is_valid
    assert found.faults[0].facts["lost"] == 3


def test_places_and_boundaries_are_areas_or_points(tmp_path):
    nodes, ring = _square(10, 0, 0, 400)
    nodes += [
        (1, *_at(50, 50), {"place": "quarter", "name": "花园社区"}),
        (2, *_at(9, 9), {"place": "square"}),
    ]
    ways = [
        (3, ring, {"place": "neighbourhood", "name": "白石洲"}),
        (4, ring, {"boundary": "administrative", "admin_level": "8", "name": "某街道"}),
    ]

    areas = _read(write_osm(tmp_path, nodes, ways), "areas").areas

    assert areas.area_id == ("w3", "w4", "n1")
    assert areas.kind == ("place", "boundary", "place")
    assert areas.value == ("neighbourhood", "administrative", "quarter")
    assert areas.name == ("白石洲", "某街道", "花园社区")
    assert areas.admin_level.tolist() == [-1, 8, -1]
    assert [g.geom_type for g in areas.geometry] == ["Polygon", "Polygon", "Point"]


def test_gates_say_whether_pedestrians_may_pass(tmp_path):
    nodes = [
        (1, *_at(0, 0), {"barrier": "gate", "access": "private"}),
        (
            2,
            *_at(10, 0),
            {"barrier": "gate", "access": "private", "foot": "yes", "opening_hours": "06:00-23:00"},
        ),
        (3, *_at(20, 0), {"barrier": "lift_gate"}),
        (4, *_at(30, 0), {"entrance": "main"}),
        (5, *_at(40, 0), {"entrance": "main"}),
        (6, *_at(50, 0), {"barrier": "kerb"}),
    ]
    path = write_osm(tmp_path, nodes, [(1, [1, 2, 4], {"highway": "footway"})])

    gates = _read(path, "gates").gates

    assert gates.node_id.tolist() == [1, 2, 3, 4]  # node 5 is a house door away from any street
    assert gates.foot.tolist() == [Tri.NO, Tri.YES, Tri.UNKNOWN, Tri.UNKNOWN]
    assert gates.kind == ("gate", "gate", "lift_gate", "entrance")
    assert gates.is_on_street.tolist() == [True, True, False, True]
    assert gates.hours[1] == "06:00-23:00"


def test_base_map_layers(tmp_path):
    nodes, ring = _square(10, 0, 0, 400)
    ways = [
        (1, ring, {"natural": "water", "name": "昆明湖"}),
        (2, ring, {"leisure": "park"}),
        (3, [10, 12], {"railway": "rail"}),
        (4, [10, 12], {"railway": "subway", "tunnel": "yes"}),
        (5, [11, 13], {"waterway": "river"}),
        (6, [11, 12], {"barrier": "wall"}),
    ]

    base = _read(write_osm(tmp_path, nodes, ways), "base").base

    assert list(zip(base.shape_id, base.layer, base.value, strict=True)) == [
        ("w1", "water", "water"),
        ("w2", "green", "park"),
        ("w5", "waterway", "river"),
        ("w3", "rail", "rail"),
        ("w6", "wall", "wall"),
    ]
    assert [g.geom_type for g in base.of("rail")] == ["LineString"]
    assert base.name[0] == "昆明湖"


def test_bounds_keep_what_lies_inside_and_the_whole_network(tmp_path):
    nodes = [(i, *_at(100 * i, 0), {"shop": "convenience"}) for i in range(1, 5)]
    path = write_osm(tmp_path, nodes, [(1, [1, 2, 3, 4], {"highway": "path"})])
    west, south, east, north = *_at(150, -10), *_at(350, 10)

    found = read_osm(path, want=("network", "outlets"), types=TYPES, bounds=(west, south, east, north))

    assert found.outlets.outlet_id == ("n2", "n3")
    assert found.outlets.service_ptr.tolist() == [0, 1, 2]
    assert found.network.n_vertices == 4


def test_unknown_parts_are_refused(tmp_path):
    with pytest.raises(ValueError, match="shops"):
        read_osm(write_osm(tmp_path, [(1, 1, 1)]), want=("shops",))


def test_an_extract_with_nothing_in_it_has_empty_tables(tmp_path):
    found = _read(write_osm(tmp_path, [(1, 1.0, 1.0)]), "outlets", "buildings", "areas", "gates", "base")

    assert found.found == {
        "outlets": 0,
        "buildings": 0,
        "areas": 0,
        "gates": 0,
        "base": 0,
        "residential_buildings": 0,
    }


def test_the_bundled_district_has_what_its_notes_say():
    found = _read(BUNDLED / "helsinki.osm.pbf", "outlets", "buildings", "gates")

    labels = [TYPES.types[t].code for t in found.outlets.type_idx]
    assert labels.count("pharmacy") == 6
    assert labels.count("bookshop") == 9
    assert labels.count("hair_beauty") == 66
    assert sum(kind == "gate" or kind == "lift_gate" for kind in found.gates.kind) == 66
    # of 35 apartment buildings seven have too little of their outline in the cut extract
    assert sum(kind == "apartments" for kind in found.buildings.kind) == 28
    assert not np.isnan(found.buildings.footprint_m2).any()
    assert (found.buildings.footprint_m2 > 0).all()


@given(st.permutations(range(8)), st.lists(st.booleans(), min_size=8, max_size=8))
def test_rings_close_whatever_the_order_and_direction_of_their_ways(order, flips):
    pieces = [[i, 10 + i, (i + 1) % 8] for i in range(8)]
    shuffled = [pieces[i][::-1] if flips[i] else pieces[i] for i in order]

    rings, n_open = join_rings(shuffled)

    assert n_open == 0
    assert len(rings) == 1
    assert rings[0][0] == rings[0][-1]
    assert sorted(rings[0][1:]) == sorted([*range(8), *range(10, 18)])


@pytest.mark.parametrize(("text", "value"), [("6", 6.0), (" 12.5 m", 12.5), ("3,5", 3.5), ("30米", 30.0)])
def test_numbers_of_buildings_are_read(text, value):
    assert read_number(text) == value


@pytest.mark.parametrize("text", ["", "-3", "3;5", "3-4", "many", "1e3", "inf", "nan"])
def test_other_texts_are_no_numbers(text):
    assert math.isnan(read_number(text))


@pytest.mark.real
def test_las_palmas_is_read_whole(shared_data):
    found = _read(
        shared_data / "las-palmas" / "laspalmas.osm.pbf", "network", "outlets", "buildings", "areas"
    )

    assert found.found["buildings"] > 20_000
    labels = [TYPES.types[t].code for t in found.outlets.type_idx]
    assert labels.count("convenience_store") >= 160  # the data's notes: 163 by a rough guess
    assert 75 <= labels.count("pharmacy") <= 110
    assert found.network.n_vertices > 83_000


@pytest.mark.real
def test_quarters_of_nanshan_are_residential_areas(shared_data):
    areas = _read(shared_data / "shenzhen-nanshan" / "nanshan.osm.pbf", "areas").areas

    assert {"白石洲", "豪方花园", "帝景园"} <= set(areas.name)
    assert sum(kind == "residential" for kind in areas.kind) == 40
