"""States, centres and operators of a circle."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.shortcuts import get_object_or_404

from yike.web.audit.chain import Who
from yike.web.regions import rules
from yike.web.regions.models import (
    Circle,
    CircleOperator,
    CircleTransition,
    CommercialCentre,
)


@dataclass(frozen=True)
class NextStep:
    """A state a circle may enter next, for somebody."""

    state: str
    label: str
    is_mine: bool
    missing: tuple[str, ...]
    asks_level: bool
    asks_note: bool


def next_steps(circle: Circle, who: Who, today: dt.date) -> list[NextStep]:
    """States a circle may enter next: whose step it is and what is still missing."""
    last = rules.state_of(circle)
    found = []
    for state in rules.next_states(last.state if last else ""):
        step = rules.steps()[state]
        found.append(
            NextStep(
                state=state,
                label=rules.label_of(state),
                is_mine=rules.may_for(who, step.roles, circle, today),
                missing=tuple(rules.missing_for(circle, step)),
                asks_level="level" in step.needs,
                asks_note="note" in step.needs,
            )
        )
    return found


def centre_of(circle: Circle, key: int) -> CommercialCentre:
    """A centre of a circle; 404 for any other."""
    return get_object_or_404(circle.centres, pk=key)


def operator_of(circle: Circle, key: int) -> CircleOperator:
    """An operator of a circle; 404 for any other."""
    return get_object_or_404(circle.operators, pk=key)


def centres_open(circle: Circle) -> list[CommercialCentre]:
    """Centres that are not closed."""
    return list(circle.centres.filter(ends_on__isnull=True))


def centres_all(circle: Circle) -> list[CommercialCentre]:
    """Every centre a circle ever had."""
    return list(circle.centres.all())


def operators_all(circle: Circle) -> list[CircleOperator]:
    """Every operator a circle ever had."""
    return list(circle.operators.all())


def transitions_of(circle: Circle) -> list[CircleTransition]:
    """States a circle went through, the last first."""
    return list(circle.transitions.select_related("by").order_by("-at", "-id"))
