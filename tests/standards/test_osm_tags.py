"""OpenStreetMap tags: every tag set of the catalogue, lists, names, hours."""

import csv

import pytest

from yike.standards.classify import classify_osm
from yike.standards.loader import load_types

TYPES = load_types()


def codes(tags, **more):
    return [TYPES.types[i].code for i in classify_osm(tags, TYPES, **more)]


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ({"shop": "convenience"}, ["convenience_store"]),
        ({"shop": "butcher"}, ["butcher", "fresh_food_store"]),
        ({"amenity": "pharmacy", "name": "同仁堂"}, ["pharmacy"]),
        ({"amenity": "social_facility", "social_facility:for": "senior"}, ["elderly_care"]),
        ({"amenity": "social_facility", "social_facility": "day_care"}, ["day_care_centre", "elderly_care"]),
        ({"amenity": "social_facility"}, []),
        ({"amenity": "kindergarten"}, []),
        ({"shop": "bicycle"}, []),
        ({"shop": "bicycle", "service:bicycle:repair": "yes"}, ["bicycle_repair", "repair"]),
        ({"shop": "bicycle", "name": "三和修车"}, ["bicycle_repair", "repair"]),
        ({"amenity": "recycling", "recycling_type": "container"}, ["recycling_box", "recycling_point"]),
        ({"amenity": "library"}, ["library", "bookshop"]),
        ({"leisure": "pitch"}, ["fitness", "fitness_ground"]),
        ({"amenity": "fast_food"}, ["specialty_dining"]),
        ({"amenity": "fast_food", "name": "庆丰包子铺"}, ["breakfast_shop", "specialty_dining"]),
        ({"building": "yes", "name": "菜市场"}, []),
        ({}, []),
    ],
)
def test_tags_give_their_types(tags, expected):
    assert codes(tags) == expected


def test_a_list_of_values_gives_every_type():
    assert set(codes({"shop": "convenience;bakery"})) == {"convenience_store", "bakery", "specialty_dining"}


def test_every_tag_set_of_the_catalogue_finds_its_type():
    for idx, t in enumerate(TYPES):
        for tag_set in t.osm:
            tags = {key: value.lstrip("~").split(";")[0] for key, value in tag_set.items()}
            found = classify_osm(tags, TYPES)
            assert idx in found, (t.code, tags)
            assert set(TYPES.with_parents(idx)) <= set(found)


@pytest.mark.parametrize("tags", [{"amenity": "restaurant"}, {"amenity": "cafe"}, {"shop": "bakery"}])
def test_dining_that_opens_before_8_counts_as_breakfast(tags):
    assert "breakfast_shop" in codes(tags, opens_before_8=True)
    assert "breakfast_shop" not in codes(tags, opens_before_8=False)
    assert "breakfast_shop" not in codes(tags)  # unknown hours add nothing


def test_an_early_convenience_store_is_no_breakfast_shop():
    assert codes({"shop": "convenience"}, opens_before_8=True) == ["convenience_store"]


@pytest.mark.real
def test_real_wudaokou_shops_fall_into_the_rows_of_their_hints(shared_data):
    rows = {
        "便利店": "B01",
        "综合超市/商场": "B02",
        "药店": "B10",
        "美容美发": "B08",
        "洗染": "B07",
        "照相文印": "B09",
    }
    checked = 0
    keys = ("shop", "amenity", "leisure", "healthcare", "craft", "name")
    lines = (shared_data / "beijing-wudaokou" / "pois.csv").read_text("utf-8").splitlines()
    for row in csv.DictReader(lines):
        tags = {key: row[key] for key in keys if row[key]}
        found = [TYPES.types[i].form_row for i in classify_osm(tags, TYPES)]
        if row["hint_category"] in rows and tags.get("shop") not in ("chemist", "mall", "general"):
            assert rows[row["hint_category"]] in found, tags
            checked += 1
    assert checked == 43
