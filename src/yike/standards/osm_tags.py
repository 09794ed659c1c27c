"""Which business types an OpenStreetMap object stands for, from its tags."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from yike.standards.types import BusinessTypes

Condition = tuple[str, frozenset[str], str]
"""Key, accepted values (empty: any), and ``"is" | "any" | "holds"``."""


@dataclass
class OsmIndex:
    """Tag sets of the catalogue by their first tag: one look-up per tag of an object."""

    by_tag: dict[tuple[str, str], list[tuple[int, tuple[Condition, ...]]]] = field(default_factory=dict)
    by_key: dict[str, list[tuple[int, tuple[Condition, ...]]]] = field(default_factory=dict)
    parents: tuple[tuple[int, ...], ...] = ()
    by_hours: tuple[tuple[int, frozenset[int]], ...] = ()
    keys: frozenset[str] = frozenset()

    def match(self, tags: Mapping[str, str], opens_before_8: bool | None = None) -> tuple[int, ...]:
        """See ``classify_osm``."""
        hits: dict[int, int] = {}
        for key in self.keys & tags.keys():
            for value in _values(tags[key]):
                for idx, rest in (*self.by_tag.get((key, value), ()), *self.by_key.get(key, ())):
                    if all(_meets(condition, tags) for condition in rest):
                        hits[idx] = max(hits.get(idx, 0), 1 + len(rest))
        # most tags first, then the narrower type, then the catalogue's order
        ordered = sorted(hits, key=lambda idx: (-hits[idx], -len(self.parents[idx]), idx))
        return self._complete(ordered, opens_before_8)

    def _complete(self, found: list[int], opens_before_8: bool | None) -> tuple[int, ...]:
        served = dict.fromkeys(found)
        for idx in found:
            served |= dict.fromkeys(self.parents[idx])
        return add_by_hours(tuple(served), self.by_hours, opens_before_8)


def add_by_hours(
    served: tuple[int, ...], by_hours: tuple[tuple[int, frozenset[int]], ...], opens_before_8: bool | None
) -> tuple[int, ...]:
    """Add the types an outlet serves because it opens before 08:00; unknown hours add nothing."""
    if not opens_before_8:
        return served
    more = [idx for idx, hosts in by_hours if idx not in served and hosts.intersection(served)]
    return (*served, *more)


def hours_rules(types: BusinessTypes) -> tuple[tuple[int, frozenset[int]], ...]:
    """Pairs (type, types that count as it too when they open before 08:00)."""
    return tuple(
        (idx, frozenset(types.idx(code) for code in t.early_hours_of))
        for idx, t in enumerate(types)
        if t.early_hours_of
    )


def osm_index(types: BusinessTypes) -> OsmIndex:
    """Prepare the tag look-up of a catalogue."""
    index = OsmIndex(
        parents=tuple(types.with_parents(idx)[1:] for idx in range(len(types))), by_hours=hours_rules(types)
    )
    for idx, business_type in enumerate(types):
        for tag_set in business_type.osm:
            first, *rest = (_condition(key, value) for key, value in tag_set.items())
            _file(index, idx, first, tuple(rest))
    index.keys = frozenset(key for key, _ in index.by_tag) | frozenset(index.by_key)
    return index


def _file(index: OsmIndex, idx: int, first: Condition, rest: tuple[Condition, ...]) -> None:
    key, values, how = first
    if how == "is":
        for value in sorted(values):
            index.by_tag.setdefault((key, value), []).append((idx, rest))
    else:
        index.by_key.setdefault(key, []).append((idx, (first, *rest)))


def _condition(key: str, value: str) -> Condition:
    if value == "*":
        return key, frozenset(), "any"
    if value.startswith("~"):
        return key, frozenset(value[1:].split(";")), "holds"
    return key, frozenset(value.split(";")), "is"


def _values(value: str) -> list[str]:
    return [part.strip() for part in value.split(";")] if ";" in value else [value]


def _meets(condition: Condition, tags: Mapping[str, str]) -> bool:
    key, values, how = condition
    found = tags.get(key)
    if found is None:
        return False
    if how == "any":
        return True
    if how == "holds":
        return any(word in found for word in values)
    return not values.isdisjoint(_values(found))


_INDICES: dict[int, tuple[BusinessTypes, OsmIndex]] = {}


def classify_osm(
    tags: Mapping[str, str], types: BusinessTypes, *, opens_before_8: bool | None = None
) -> tuple[int, ...]:
    """
    Business types of an OpenStreetMap object.

    Parameters
    ----------
    tags
        Its tags; a value may be a list (``shop=convenience;bakery``).
    opens_before_8
        Whether it opens before 08:00 on some day; None when unknown. Dining places that do count as
        breakfast too.

    Returns
    -------
    Rows of ``types``: the main type first, then others it serves, parents of sub-types included; empty
    when no tag set of the catalogue fits.
    """
    known = _INDICES.get(id(types))
    if known is None or known[0] is not types:
        known = _INDICES[id(types)] = (types, osm_index(types))
    return known[1].match(tags, opens_before_8)
