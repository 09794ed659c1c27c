"""Tables written and mapped back: equal, read-only, shared parts once, nothing foreign brought to life."""

import datetime as dt
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import shapely

from yike.core.tables import DirectWalks, GapState, SourceNote
from yike.studies.shelf import UnreadableShelfError, put_on_shelf, take_from_shelf


def there_and_back(thing, folder):
    put_on_shelf(thing, folder)
    return take_from_shelf(folder)


@pytest.mark.parametrize(
    "thing",
    [
        None, True, 3, 2.5, "文字", (), [], {}, (1, ("a", None)), [1.5, "b"], {"k": [1, {"z": None}]},
        {(1, "a"): "t"}, dt.date(2026, 1, 1), Path("a/b"), GapState.GAP,
        SourceNote("甲", "CC0", covers=("n",)),
        tuple(f"网点{i}" for i in range(100)), ["", *(str(i) for i in range(99))],
    ],
)  # fmt: skip
def test_plain_things_come_back_equal(tmp_path, thing):
    back = there_and_back(thing, tmp_path)

    assert back == thing
    assert type(back) is type(thing)


@pytest.mark.parametrize(
    "array",
    [
        np.arange(6, dtype=np.int32).reshape(2, 3), np.array([np.nan, np.inf, -0.0]),
        np.zeros((0, 4), np.uint8),
        np.array([True, False]), np.array(["甲", "乙丙"]), np.array(7.0, np.float32),
    ],
)  # fmt: skip
def test_arrays_come_back_to_the_bit_and_read_only(tmp_path, array):
    back = there_and_back(array, tmp_path)

    assert (back.dtype, back.shape, back.tobytes()) == (array.dtype, array.shape, array.tobytes())
    with pytest.raises(ValueError, match="read-only"):
        back[...] = back


def test_shared_parts_are_written_once_and_stay_shared(tmp_path):
    ticks = np.arange(10_000, dtype=np.int32)
    table = DirectWalks(np.zeros(1, np.int64), ticks, ticks)
    one, other = there_and_back((table, {"again": table}), tmp_path)

    assert other["again"] is one
    assert (tmp_path / "arrays.bin").stat().st_size < 3 * ticks.nbytes
    np.testing.assert_array_equal(one.ticks, ticks)


def test_shapes_and_unknown_numbers_come_back(tmp_path):
    square = shapely.box(0, 0, 1, 2)
    shape, missing, number = there_and_back((square, None, float("nan")), tmp_path)

    assert shapely.equals_exact(shape, square, 0.0)
    assert missing is None
    assert np.isnan(number)


@dataclass
class Foreign:
    x: int


@pytest.mark.parametrize("thing", [Foreign(1), np.array([object()]), {1, 2}, lambda: 1])
def test_what_is_not_ours_is_not_written(tmp_path, thing):
    with pytest.raises(TypeError):
        put_on_shelf(thing, tmp_path)


@pytest.mark.parametrize(
    "change",
    [
        lambda tree: tree | {"class": "os:path"},
        lambda tree: tree | {"class": "yike.errors:message_of"},
        lambda tree: tree | {"class": "yike.core.tables:Gone"},
        lambda tree: tree | {"fields": {"name": "甲"}},
        lambda tree: {"same": 99},
    ],
)
def test_what_was_tampered_with_or_has_other_fields_is_refused(tmp_path, change):
    put_on_shelf(SourceNote("甲", "CC0"), tmp_path)
    record = json.loads((tmp_path / "tables.json").read_text("utf-8"))
    record["tree"] = change(record["tree"])
    (tmp_path / "tables.json").write_text(json.dumps(record), "utf-8")

    with pytest.raises(UnreadableShelfError):
        take_from_shelf(tmp_path)
