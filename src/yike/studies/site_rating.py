"""What can be said of a site beside whom it serves: neighbours of its type, fitness, supply."""

from __future__ import annotations

import numpy as np

from yike.core.circle.coverage import area_coverage
from yike.core.circle.saturation import assess_saturation
from yike.core.siting.candidates import Candidates
from yike.core.tables import Attachments, BoolArray, FloatArray, LongArray
from yike.errors import message_of
from yike.standards.documents import source_words
from yike.standards.loader import load_supply
from yike.standards.site_rules import SiteRule, load_site_rules
from yike.standards.types import Source
from yike.studies.base import Base
from yike.studies.data_state import data_state_of
from yike.studies.policy import rules_to_core
from yike.studies.site_nearness import open_outlets, walk_m
from yike.studies.site_places import circle_of_points


def apart_m(base: Base, type_idx: int, at: Attachments, limit_m: float) -> FloatArray:
    """Metres on foot from points to the nearest open outlet of a type; +inf beyond the limit."""
    return walk_m(base, at, open_outlets(base, [type_idx]), limit_m)


def unsuited_source(base: Base, rule: SiteRule, premises_idx: int) -> tuple[str, Source] | None:
    """Label and source where a kind of idle space does not suit a type, else None."""
    code = base.pack.premises.kind_code[premises_idx]
    if not code or code not in rule.unsuited or rule.unsuited_source is None:
        return None
    label = next(k.label for k in load_site_rules().kinds if k.code == code)
    return label, rule.unsuited_source


def warnings_of(
    base: Base, type_idx: int, candidates: Candidates, at: Attachments, rows: LongArray, over: BoolArray
) -> list[list[dict[str, str]]]:
    """
    Warnings of chosen candidates: too near to the same type, small, unsuited, oversupplied.

    Parameters
    ----------
    over : shape (n_circles,)
        Circles where the type is oversupplied, from ``oversupplied``.

    Returns
    -------
    per row: dicts with ``code`` and ``text``
    """
    rule = load_site_rules().rule(base.types, type_idx)
    label = base.types.types[type_idx].label
    circle = circle_of_points(
        base, candidates.lon[rows], candidates.lat[rows], candidates.x_m[rows], candidates.y_m[rows]
    )
    near = np.full(len(rows), np.inf)
    if rule.apart_m is not None and len(rows):
        near = apart_m(base, type_idx, at, rule.apart_m.value)
    out = []
    for n, j in enumerate(rows.tolist()):
        said: list[dict[str, str]] = []
        if rule.apart_m is not None and near[n] < rule.apart_m.value:
            facts = {"found": f"{near[n]:.0f}", "expected": f"{rule.apart_m.value:g}"}
            said.append(_warning(base, "too_near", label, rule.apart_m.source, facts))
        area, least = candidates.area_m2[j], rule.area_min_m2
        if least is not None:
            facts = {"found": f"{area:g}", "expected": f"{least.value:g}"}
            if np.isnan(area) and candidates.kind[j] == "premises":
                said.append(_warning(base, "area_unknown", label, least.source, facts))
            elif area < least.value and candidates.kind[j] != "outlet":  # a corner of a shop is enough
                said.append(_warning(base, "area", label, least.source, facts))
        if candidates.kind[j] == "premises":
            unsuited = unsuited_source(base, rule, int(candidates.origin_idx[j]))
            if unsuited is not None:
                said.append(_warning(base, "kind", label, unsuited[1], {"found": unsuited[0]}))
        if circle[n] >= 0 and over[circle[n]]:
            name = base.joined.circles.name[circle[n]]
            said.append(_warning(base, "oversupplied", label, None, {"circle": name}))
        out.append(said)
    return out


def _warning(
    base: Base, code: str, label: str, source: Source | None, facts: dict[str, str]
) -> dict[str, str]:
    clause = source_words(source, base.rules.documents) if source is not None else ""
    text = message_of(f"site.warn.{code}", {"type": label, "clause": clause, **facts})
    return {"code": f"site.warn.{code}", "text": text}


def oversupplied(base: Base, type_idx: int) -> BoolArray:
    """Circles with clearly more outlets of a type per resident than their peers, shape (n_circles,)."""
    joined, access = base.joined, base.access
    own = [i for i in base.types.with_parents(type_idx) if i in access.type_rows]
    if not own:
        return np.zeros(len(joined.circles), bool)
    column = access.column_of(own[0])
    policy = rules_to_core(base.rules, base.types, access.type_rows, load_supply())
    coverage = area_coverage(
        access, joined.places, joined.outlets, joined.places.circle_idx, joined.outlets.circle_idx,
        joined.circles.circle_id, policy.norm_s, service_ptr=base.services[0], service_col=base.services[1],
    )  # fmt: skip
    state = data_state_of(
        joined.outlets, joined.places, base.pack.provenance, base.types, access.type_rows,
        base.services, policy, from_osm=base.pack.spec.outlets.source == "osm",
    )  # fmt: skip
    cells = assess_saturation(coverage, state, policy.judgement)
    return np.array([row[column]["flag"] == "over" for row in cells], bool)
