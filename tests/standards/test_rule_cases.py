"""Rule cases written as data: a small circle, the expected grade. One file a case, anyone can add one."""

from __future__ import annotations

import tomllib
from pathlib import Path

import numpy as np
import pytest

from circle_tables import make_access, make_communities, make_outlets, make_places
from yike.core.circle.context import MeasureContext
from yike.core.circle.coverage import area_coverage
from yike.core.circle.grade import grade_circles
from yike.core.circle.presence import judge_presence
from yike.core.tables import GapState, Tri
from yike.standards.loader import load_rule_pack, load_types
from yike.studies.policy import choose_columns, rules_to_core

CASES = sorted((Path(__file__).parent / "cases").glob("*.toml"))
PEOPLE = 100  # places of one resident each, so that a share of 0.79 is 79 people
KEYS = {"label", "rule_pack", "scope", "reach", "outlets", "community", "typed_in", "expect"}


def read_case(path: Path) -> dict:
    case = tomllib.loads(path.read_text("utf-8"))
    assert set(case) <= KEYS, f"{path.name}: {set(case) - KEYS}"
    return case


def nearest_s(case: dict, codes: list[str]) -> np.ndarray:
    """A type stands at everybody's door, or only at the doors of the stated share of residents."""
    reach = case.get("reach", {})
    assert set(reach) <= set(codes)
    times = np.full((PEOPLE, len(codes)), np.inf)
    for column, code in enumerate(codes):
        times[: round(PEOPLE * reach.get(code, 1.0)), column] = 60.0
    return times


def make_case_context(case: dict) -> tuple[MeasureContext, object, list[str]]:
    types, rules = load_types(), load_rule_pack(case["rule_pack"])
    n_chain, n_other = (case.get("outlets", {}).get(kind, 0) for kind in ("chain", "other"))
    outlets = make_outlets([0] * (n_chain + n_other), is_chain=[1] * n_chain + [0] * n_other)
    type_rows = choose_columns(types, rules, outlets)
    codes = [types.types[i].code for i in type_rows]
    policy = rules_to_core(rules, types, type_rows)
    places = make_places([1.0] * PEOPLE)
    access = make_access(nearest_s(case, codes), type_rows=type_rows)
    areas = np.zeros(len(outlets), np.int32)
    coverage = area_coverage(
        access, places, outlets, np.zeros(PEOPLE, np.int32), areas, ("k0",), policy.norm_s
    )
    told = np.full(len(codes), GapState.MET, np.uint8)
    community = {
        name: (value,) if isinstance(value, str) else [float(value)]
        for name, value in case.get("community", {}).items()
    }
    communities = make_communities(1, **community)
    context = MeasureContext(
        policy=policy,
        coverage=coverage,
        presence=judge_presence(coverage, policy.share, policy.is_required, told),
        outlets=outlets,
        area_of_outlet=areas,
        is_counted=np.ones(len(outlets), bool),
        is_unstaffed=outlets.is_unstaffed,
        n_functions=np.ones(len(outlets), np.int32),
        communities=communities,
        area_of_community=np.zeros(1, np.int32),
        external={code: np.array([float(v)]) for code, v in case.get("typed_in", {}).items()},
    )
    return context, policy, codes


@pytest.mark.parametrize("path", CASES, ids=[path.stem for path in CASES])
def test_case_gives_the_expected_result(path):
    case = read_case(path)
    context, policy, codes = make_case_context(case)
    typed = set(case.get("typed_in", {}))
    assert typed <= {i.code for i in policy.indicators}, "a typed-in value belongs to an indicator"
    asked = [i for i in policy.indicators if i.scope == case.get("scope", "circle")]

    assessment = grade_circles(context, asked, policy.grades, policy.rule_pack).assessment

    expect = case["expect"]
    assert set(expect) <= {"grade", "score", "met", "value", "present"}
    if "grade" in expect:
        assert assessment.grade == (expect["grade"],)
    if "score" in expect:
        assert round(float(assessment.score[0]), 2) == expect["score"]
    for code, met in expect.get("met", {}).items():
        assert Tri(assessment.is_met[0, assessment.indicator.index(code)]).name.lower() == met, code
    for code, value in expect.get("value", {}).items():
        assert assessment.value[0, assessment.indicator.index(code)] == value, code
    for code, present in expect.get("present", {}).items():
        assert Tri(context.presence.is_present[0, codes.index(code)]).name.lower() == present


def test_every_rule_pack_has_a_case_or_is_a_base():
    covered = {read_case(path)["rule_pack"] for path in CASES}
    from yike.standards.loader import list_rule_packs

    assert set(list_rule_packs()) - covered == {"mofcom-2021-247"}
