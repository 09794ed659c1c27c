"""Coverage by building year: known years, unknown years, and how two targets hang together."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from yike.core.circle.forecast import cover_by_year, fewest_rows, largest_share, rows_for, two_readings


def ints(*values):
    return np.array(values, np.int32)


def test_coverage_grows_with_the_years_and_leaves_out_who_is_in_no_circle():
    # circle 0 in 2023, circle 1 in 2025; five communities, the last in no circle
    found = cover_by_year(ints(2023, 2025), ints(0, 1, 1, 0, -1), np.ones(5), (2022, 2023, 2024, 2025))

    assert found.low.tolist() == [0, 2, 2, 4]
    assert found.low_share.tolist() == [0, 0.4, 0.4, 0.8]
    assert found.high.tolist() == found.low.tolist()


def test_coverage_of_unknown_years_is_a_range():
    found = cover_by_year(ints(2023, -1), ints(0, 1, 1), np.array([100.0, 20.0, 80.0]), (2023,))

    assert (found.low_share[0], found.high_share[0]) == (0.5, 1.0)


def test_coverage_of_unknown_people_is_unknown():
    found = cover_by_year(ints(2023), ints(0, 0), np.array([100.0, np.nan]), (2023,))

    assert found.low[0] == 100
    assert np.isnan(found.low_share[0])


def test_two_readings_of_thirty_per_cent_are_51_and_60():
    assert two_readings(0.3, 0.3) == (pytest.approx(0.51), pytest.approx(0.6))


def test_pilots_must_be_big_where_half_the_people_are_wanted_in_a_third_of_communities():
    people = np.array([10.0, 10, 10, 10, 10, 10, 10, 10, 10, 30])

    assert rows_for(0.3, 10) == 3
    assert largest_share(people, 3) == pytest.approx(50 / 120)  # 30 + 10 + 10 of 120: not half
    assert fewest_rows(people, 0.5) == 4  # 30 + 3 x 10 = 60
    assert fewest_rows(np.array([np.nan, 1.0]), 0.5) is None


@given(
    st.lists(st.tuples(st.sampled_from([-1, 2023, 2024, 2025]), st.integers(0, 900)), min_size=1, max_size=12)
)
def test_coverage_never_falls_and_low_stays_under_high(rows):
    year = np.array([y for y, _ in rows], np.int32)
    weight = np.array([w for _, w in rows], np.float64)
    found = cover_by_year(year, np.arange(len(rows), dtype=np.int32), weight, (2022, 2023, 2024, 2025, 2026))

    assert (np.diff(found.low) >= 0).all()
    assert (np.diff(found.high) >= 0).all()
    assert (found.low <= found.high).all()
    assert found.high[-1] == weight.sum()
