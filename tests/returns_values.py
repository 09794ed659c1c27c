"""Values of the survey form for properties."""

import datetime as dt
from decimal import Decimal

from hypothesis import strategies as st

from yike.standards.survey_form import LAYOUTS, OPERATORS, SUMMED, TYPE_ROWS, cell_keys, kind_of

WHOLE = st.integers(-1000, 10**6)
BY_KIND = {
    "count": WHOLE,
    "persons": WHOLE,
    "percent": st.decimals(-50, 150, places=6, allow_nan=False).map(Decimal),
    "text": st.text(max_size=60),
    "flag": st.booleans(),
    "date": st.dates(dt.date(1990, 1, 1), dt.date(2100, 1, 1)),
}


def value_of(key):
    """A value a cell can hold, or None."""
    if key == "operators":
        known = st.lists(st.sampled_from(OPERATORS), max_size=5).map(tuple)
    elif key == "layouts":
        known = st.lists(st.sampled_from(LAYOUTS), max_size=3).map(tuple)
    else:
        known = BY_KIND[kind_of(key)]
    return st.none() | known


@st.composite
def any_value(draw):
    """A cell and a value of it."""
    key = draw(st.sampled_from(cell_keys()))
    return key, draw(value_of(key))


@st.composite
def forms(draw):
    """Some of the summed cells of a form, as the register would fill them."""
    keys = [f"{row}.{column}" for row in TYPE_ROWS for column in SUMMED]
    chosen = draw(st.lists(st.sampled_from(keys), unique=True, max_size=20))
    return {key: draw(st.none() | st.integers(0, 5000)) for key in chosen}
