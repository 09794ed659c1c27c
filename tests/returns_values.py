"""Values of the survey form for properties."""

import datetime as dt
from decimal import Decimal

from hypothesis import strategies as st

from yike.standards.survey_form import LAYOUTS, OPERATORS, SUMMED, TYPE_ROWS, cell_keys, kind_of
from yike.web.returns.cells import clean

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


GOOD = {
    "count": st.integers(0, 3000),
    "persons": st.integers(0, 99_999),
    "percent": st.decimals(0, 100, places=6, allow_nan=False).map(Decimal),
    "text": st.text("修鞋铺书店，。；（）ABC12 \n", min_size=1, max_size=30),
    "flag": st.booleans(),
    "date": st.dates(dt.date(2000, 1, 1), dt.date(2060, 1, 1)),
}


@st.composite
def whole_forms(draw):
    """A form as a clerk may leave it: anything a cell can hold, or blank; its circle keeps its name."""
    chosen = draw(st.lists(st.sampled_from(cell_keys()), unique=True, max_size=40))
    values = {}
    for key in chosen:
        if key.startswith("ALL.") and key.partition(".")[2] in SUMMED:
            continue
        kind = kind_of(key)
        known = value_of(key) if kind == "choices" else GOOD[kind]
        values[key] = clean(key, draw(known))
    return values | {"circle": "东一圈"}
