"""Map pictures: a real PNG, the same bytes, and the one scale of minutes."""

import io
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from report_facts import make_facts
from yike.reports.map_picture.draw import draw_access_map
from yike.reports.map_picture.scale import CLASSES, UNKNOWN, UNREACHABLE, class_of, people_by_class


def first_type(facts):
    return int(facts.access.type_rows[0])


def test_a_walk_of_exactly_the_limit_belongs_to_the_nearer_class():
    seconds = np.array([0.0, 300.0, 300.1, 900.0, 1800.0, 1800.1, np.inf, np.nan])

    assert class_of(seconds).tolist() == [0, 0, 1, 2, 4, 5, UNREACHABLE, UNKNOWN]


def test_people_of_unknown_number_are_left_out_of_the_legend():
    counted = people_by_class(np.array([0, 0, 1]), np.array([3.0, np.nan, 4.0]))

    assert counted.tolist() == [3.0, 4.0, *[0.0] * len(CLASSES)]


def test_picture_has_the_size_asked_for_and_holds_the_colours_of_the_scale():
    facts = make_facts()
    picture = Image.open(
        io.BytesIO(draw_access_map(facts, first_type(facts), width_in=4, height_in=4, dpi=100))
    )
    colours = {c for _, c in picture.convert("RGB").getcolors(1 << 24)}

    assert picture.size == (400, 400)
    assert tuple(bytes.fromhex(CLASSES[0].colour[1:])) in colours


def test_same_facts_give_the_same_bytes():
    facts = make_facts()

    assert draw_access_map(facts, first_type(facts)) == draw_access_map(facts, first_type(facts))


@pytest.mark.parametrize("circle", [-1, 0, 3])
def test_picture_can_show_the_whole_or_one_circle(circle):
    facts = make_facts()

    assert draw_access_map(facts, first_type(facts), circle_idx=circle)[:4] == b"\x89PNG"


def test_invented_data_is_marked_in_the_picture():
    facts = make_facts()
    plain = replace(facts, provenance=replace(facts.provenance, is_invented=False))

    assert draw_access_map(facts, first_type(facts)) != draw_access_map(plain, first_type(facts))
