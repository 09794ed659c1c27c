"""Checks of the files behind plans: pilot criteria, new estates, shapes of building, instant retail."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

from yike.errors import Fault
from yike.standards import pilot_criteria
from yike.standards.build_shapes import FILE as SHAPES
from yike.standards.build_shapes import load_shapes
from yike.standards.instant_retail import FILE as INSTANT
from yike.standards.instant_retail import load_promise
from yike.standards.new_estates import load_estate_policy
from yike.standards.types import Source

CheckSource = Callable[[Source, str, str, frozenset[str]], Iterator[Fault]]


def check_plans(documents: frozenset[str], check_source: CheckSource) -> Iterator[Fault]:
    """
    Every fault of the files that plans are made from.

    Raises
    ------
    PolicyFileError
        A file cannot be read at all.
    """
    criteria = pilot_criteria.load_criteria()
    for rule in criteria:
        key = f"criterion[{rule.code}]"
        yield from check_source(rule.source, pilot_criteria.FILE, key, documents)
    yield from _twice(pilot_criteria.FILE, "criterion", [rule.code for rule in criteria])
    policy, file = load_estate_policy(), "new_estates.toml"
    yield from check_source(policy.step_source, file, "step_source", documents)
    yield from check_source(policy.step_text_source, file, "step_text_source", documents)
    for area in policy.areas:
        yield from check_source(area.source, file, f"area[{area.code}]", documents)
    yield from _twice(file, "step", [step.code for step in policy.steps])
    yield from check_source(load_promise()[1], INSTANT, "promise_min", documents)
    shapes = load_shapes()
    yield from check_source(shapes.sparing, SHAPES, "sparing", documents)
    for shape in (*shapes.shapes, shapes.mixed):
        yield from check_source(shape.source, SHAPES, f"shape[{shape.code}]", documents)
    for shape in shapes.shapes:
        yield from check_source(shape.limit_source, SHAPES, f"shape[{shape.code}].limit_source", documents)


def _twice(file: str, section: str, codes: list[str]) -> Iterator[Fault]:
    for code, times in Counter(codes).items():
        if times > 1:
            facts = {"key": f"{section}[{code}]"}
            yield Fault("standards.check.claimed_twice", file=file, found=code, expected=section, facts=facts)
