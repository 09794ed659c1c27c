"""The keys of one entry of a scenario: read, checked, and what is wrong with them kept."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cache
from typing import Any

import shapely

from yike.core.geo.datum import to_wgs84
from yike.sources.age_bands import band_of_header
from yike.sources.opening_hours import parse_hours
from yike.sources.scenario_edits import Spot
from yike.standards.classify import classify
from yike.standards.loader import load_types
from yike.standards.types import BusinessTypes

MOST_PEOPLE = 1_000_000.0


class WrongCellError(Exception):
    """One entry cannot be used: rest of the fault's code, the key, what was found, further facts."""

    def __init__(self, code: str, key: str, found: object, **facts: str) -> None:
        super().__init__(code)
        self.code, self.key, self.found, self.facts = code, key, found, facts


class Cells:
    """The keys of one entry: what is asked for is read and checked, what is wrong is kept."""

    def __init__(self, entry: Mapping[str, Any], datum: str) -> None:
        self.entry, self.datum = entry, datum
        self.asked: list[str] = []
        self.wrong: list[WrongCellError] = []

    def raw(self, key: str) -> Any:
        """The value as it stands, None where the key is missing."""
        self.asked.append(key)
        return self.entry.get(key)

    def fail(self, code: str, key: str, found: object, **facts: str) -> None:
        """Keep what is wrong with a key."""
        self.wrong.append(WrongCellError(code, key, found, **facts))

    def text(self, key: str, *, need: bool = False) -> str:
        """A text, empty where there is none."""
        value = self.raw(key)
        if value is None or value == "":
            if need:
                self.fail("missing", key, "")
            return ""
        if not isinstance(value, str):
            self.fail("text", key, value)
            return ""
        return value.strip()

    def number(
        self, key: str, low: float, high: float, *, need: bool = False, other: float = math.nan
    ) -> float:
        """A number within limits, ``other`` where there is none."""
        value = self.raw(key)
        if value is None:
            if need:
                self.fail("missing", key, "")
            return other
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if not is_number or not low <= value <= high:
            self.fail("number", key, value, low=f"{low:g}", high=f"{high:g}")
            return other
        return float(value)

    def flag(self, key: str) -> bool | None:
        """Yes or no, None where it is not said."""
        value = self.raw(key)
        if value is not None and not isinstance(value, bool):
            self.fail("flag", key, value)
            return None
        return value

    def type(self, key: str) -> int:
        """Row of a business type, -1 where it is not known."""
        word = self.text(key, need=True)
        return self._match(key, word) if word else -1

    def types(self, key: str, *, need: bool = False) -> tuple[int, ...]:
        """Rows of one or several business types."""
        value = self.raw(key)
        if value is None:
            if need:
                self.fail("missing", key, "")
            return ()
        words = [value] if isinstance(value, str) else value
        if not isinstance(words, list) or not all(isinstance(w, str) for w in words):
            self.fail("types", key, value)
            return ()
        return tuple(dict.fromkeys(i for i in (self._match(key, w) for w in words) if i >= 0))

    def _match(self, key: str, word: str) -> int:
        match = classify(word, _catalogue())
        if match.type_idx < 0:
            near = "、".join(match.suggestions) or "附件5的具体业态，如便利店、药店"
            self.fail("type", key, word, near=near)
        return match.type_idx

    def hours(self, key: str, *, need: bool = False) -> str:
        """Opening hours that can be read, as given."""
        text = self.text(key, need=need)
        if text and not parse_hours(text).is_known:
            self.fail("hours", key, text)
        return text

    def spot(self, *, with_polygon: bool = False) -> Spot:
        """A point, or the id of a premises or candidate; exactly one of them."""
        keys = ["point", "at", *(["polygon"] if with_polygon else [])]
        told = [k for k in keys if self.raw(k) is not None]
        if len(told) != 1:
            self.fail("spot", " / ".join(keys), "、".join(told) or "")
            return Spot()
        if told == ["at"]:
            self.asked.remove("at")
            return Spot(at=self.text("at", need=True))
        if told == ["polygon"]:
            return self._inside(self.entry["polygon"])
        lon, lat = self._pair("point", self.entry["point"])
        return Spot(lon, lat)

    def point(self, key: str) -> tuple[float, float]:
        """A point in WGS-84 degrees."""
        value = self.raw(key)
        if value is None:
            self.fail("missing", key, "")
            return math.nan, math.nan
        return self._pair(key, value)

    def points(self, key: str) -> tuple[tuple[float, float], ...]:
        """Two points or more."""
        value = self.raw(key)
        if not isinstance(value, list) or len(value) < 2:
            self.fail("points", key, "" if value is None else value)
            return ()
        return tuple(self._pair(key, p) for p in value)

    def _pair(self, key: str, value: Any) -> tuple[float, float]:
        is_pair = isinstance(value, list) and len(value) == 2
        is_number = is_pair and all(
            isinstance(v, int | float) and not isinstance(v, bool) and math.isfinite(v) for v in value
        )
        if not is_number or abs(value[0]) > 180 or abs(value[1]) > 90:
            swapped = bool(is_number) and abs(value[0]) <= 90 and abs(value[1]) <= 180
            self.fail("point_swapped" if swapped else "point", key, value)
            return math.nan, math.nan
        lon, lat = to_wgs84(float(value[0]), float(value[1]), self.datum)
        return float(lon), float(lat)

    def _inside(self, value: Any) -> Spot:
        """A point inside a ring of points."""
        if not isinstance(value, list) or len(value) < 3:
            self.fail("polygon", "polygon", value)
            return Spot()
        n_wrong = len(self.wrong)
        ring = [self._pair("polygon", p) for p in value]
        if len(self.wrong) > n_wrong:
            return Spot()
        area = shapely.Polygon(ring)
        if not area.is_valid or area.is_empty:
            self.fail("polygon", "polygon", value)
            return Spot()
        inside = area.representative_point()
        return Spot(float(inside.x), float(inside.y))

    def bands(self, key: str) -> dict[str, float]:
        """People by age band."""
        value = self.raw(key)
        if value is None:
            return {}
        if not isinstance(value, dict):
            self.fail("bands", key, value)
            return {}
        found: dict[str, float] = {}
        for header, n in value.items():
            band = band_of_header(header)
            is_number = isinstance(n, int | float) and not isinstance(n, bool) and 0 <= n <= MOST_PEOPLE
            if not band or not is_number:
                self.fail("bands", key, f"{header} = {n}")
            else:
                found[band] = float(n)
        return found


@cache
def _catalogue() -> BusinessTypes:
    return load_types()
