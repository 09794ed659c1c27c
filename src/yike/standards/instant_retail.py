"""How quick a delivery has to be to count as instant retail (即时零售)."""

from __future__ import annotations

from functools import cache

from yike.standards.data_files import DATA
from yike.standards.entry import read_toml
from yike.standards.types import Source

FILE = "instant_retail.toml"


@cache
def load_promise() -> tuple[float, Source]:
    """Longest promise in seconds and its source; raises PolicyFileError when the file is wrong."""
    entry = read_toml(DATA / FILE)
    item = entry.table("promise_min")
    found = item.need("value", float) * 60.0, item.source("yike-inference", "inferred")
    item.done()
    entry.done()
    return found
