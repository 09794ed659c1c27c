"""A movable outlet has one row for each stop and counts once."""

import numpy as np

from circle_tables import make_access, make_outlets, make_places
from yike.core.circle.coverage import area_coverage

# rows 0 and 1 are two stops of one van, row 2 is a shop, row 3 the van's stop in the other circle
VAN = {"unit_idx": np.array([0, 0, 2, 0], np.int32)}


def test_first_of_units_marks_one_row_per_outlet_and_area():
    outlets = make_outlets([0, 0, 0, 0], **VAN)
    everything = np.ones(4, bool)

    assert outlets.first_of_units(everything).tolist() == [True, False, True, False]
    assert outlets.first_of_units(everything, np.array([0, 0, 0, 1])).tolist() == [True, False, True, True]


def test_first_of_units_passes_over_rows_that_may_not_count():
    outlets = make_outlets([0, 0, 0, 0], **VAN)

    assert outlets.first_of_units(np.array([False, True, True, True])).tolist() == [False, True, True, False]


def test_rows_are_outlets_of_their_own_unless_said_otherwise():
    outlets = make_outlets([0, 0])

    assert outlets.unit_idx.tolist() == [0, 1]
    assert outlets.checked_on == ("", "")


def test_coverage_counts_a_van_once_per_circle():
    outlets = make_outlets([0, 0, 0, 0], circle_idx=[0, 0, 0, 1], **VAN)
    places = make_places([100, 100], circle=[0, 1])
    access = make_access([[60.0], [60.0]])
    coverage = area_coverage(
        access, places, outlets, places.circle_idx, outlets.circle_idx, ("a", "b"), np.array([600.0])
    )

    assert coverage.n_outlets.tolist() == [[2], [1]]  # van and shop; the van again
