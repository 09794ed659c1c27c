"""The cheapest projects for a target: proven, staged by day, honest about what sites cannot change."""

import itertools
from dataclasses import replace

import numpy as np
import pytest

from yike.errors import InfeasibleError, InputError
from yike.studies.pipeline import assess_base, base_of
from yike.studies.study import StudySpec, silent
from yike.studies.target_levels import grade_of, level_of, standing_of
from yike.studies.target_plan import TargetSpec, plan_targets
from yike.studies.watch import Watch

ALL_BASIC = {"basic": 1.0}


def judged(pack, rules=None):
    watch = Watch(silent)
    base = base_of(StudySpec(pack, rule_pack=rules, with_isochrones=False), watch)
    return base, assess_base(base, watch).facts


@pytest.fixture(scope="module")
def yima(yima_pack):
    return judged(yima_pack)


def test_gates_split_into_what_sites_change_and_what_they_do_not(yima):
    _, facts = yima
    level = level_of(facts, grade_of(facts.rules, "提升示范类"), {})
    # 11 required basic types: 0.9 of them is 9.9, so ten; six quality types: half is three
    assert [(p.gate, len(p.types), p.at_least) for p in level.parts] == [
        ("basic_types", 11, 10), ("quality_types", 6, 3),
    ]  # fmt: skip
    assert [c.gate for c in level.conditions] == ["score", "samples", "red_items", "satisfaction"]
    satisfaction = level.conditions[-1]
    assert (satisfaction.limit, satisfaction.unknown) == ("≥ 85%", 22)


def test_a_level_that_all_circles_have_needs_nothing(yima):
    outcome = plan_targets(*yima, TargetSpec(level="basic", share=0.7, by="2024-12-31"))
    (aim,) = outcome.record["aims"]
    assert (aim["before"], aim["after"], aim["is_met"]) == (1.0, 1.0, True)
    assert outcome.record["projects"] == []
    assert [c["gate"] for c in outcome.record["conditions"]] == ["score", "samples", "red_items"]


def test_planted_circles_are_brought_to_the_level_and_no_other(yima):
    base, facts = yima
    standing = standing_of(facts, level_of(facts, grade_of(facts.rules, "basic"), ALL_BASIC))
    short = {facts.circles.name[c] for c in np.flatnonzero(standing.present[0] < 11)}
    assert len(short) == 8  # one planted gap each

    outcome = plan_targets(base, facts, TargetSpec(level="basic", share=1.0, shares=ALL_BASIC))

    risen = {c["name"] for c in outcome.record["circles"]
             if c["levels"]["basic"]["after"] and not c["levels"]["basic"]["before"]}  # fmt: skip
    assert risen == short
    assert outcome.record["status"] == "optimal"
    assert outcome.record["objective"] == outcome.record["bound"]


def test_part_of_the_circles_is_the_cheapest_part(yima):
    # Each circle lacks one type of its own, so the circles' costs add up and every choice can be tried.
    base, facts = yima
    spec = TargetSpec(level="basic", share=1.0, shares=ALL_BASIC, kinds=("premises", "outlet"))
    names = list(facts.circles.name)
    whole = plan_targets(base, facts, replace(spec, max_types_per_site=1)).record
    cost_of = dict.fromkeys(names, 0)
    for project in whole["projects"]:
        (circle,) = {c for c in names if c.removesuffix("便民生活圈") == project["name"].split("生活圈")[0]}
        cost_of[circle] += (project["cost_low_fen"] + project["cost_high_fen"]) // 2
    weight = np.bincount(facts.communities.circle_idx, minlength=len(names))
    open_ = [c for c in range(len(names)) if cost_of[names[c]] > 0]
    have = sum(weight) - sum(weight[c] for c in open_)
    need = 0.9 * len(facts.communities)
    best = min(
        sum(cost_of[names[c]] for c in chosen)
        for n in range(len(open_) + 1)
        for chosen in itertools.combinations(open_, n)
        if have + sum(weight[c] for c in chosen) >= need
    )

    part = plan_targets(base, facts, replace(spec, share=0.9, max_types_per_site=1)).record

    assert part["status"] == "optimal"
    assert part["objective"] == best


def test_every_gate_of_a_circle_must_be_passed(yima):
    rooms = {"kinds": ("premises",), "last_resort": False, "any_area": True}
    spec = TargetSpec(level="improved", share=0.6, shares={"basic": 1.0, "quality": 1.0}, **rooms)
    outcome = plan_targets(*yima, spec)
    assert outcome.record["aims"][0]["is_met"]
    assert outcome.record["bound"] <= outcome.record["objective"]
    with pytest.raises(InfeasibleError) as caught:
        plan_targets(*yima, replace(spec, share=1.0))
    utmost = plan_targets(*yima, replace(spec, share=caught.value.facts["best"]))
    assert utmost.record["objective"] >= outcome.record["objective"]
    assert utmost.record["status"] == "optimal"  # no circle can be left out, so the proof is its own


@pytest.mark.parametrize("objective", ["cost", "projects"])
def test_levels_of_two_gates_are_one_problem_and_proven(yima, objective):
    # basic types and quality types at once: which circles rise and what they build is decided together
    spec = TargetSpec(level="improved", share=0.8, shares={"basic": 1.0, "quality": 1.0}, any_area=True,
                      kinds=("premises",), last_resort=False, objective=objective)  # fmt: skip
    outcome = plan_targets(*yima, spec)
    assert outcome.record["status"] == "optimal"
    assert outcome.record["aims"][0]["is_met"]


def test_targets_of_the_rule_pack_are_staged_by_their_days(yima):
    base, _ = yima
    codes = ("communities_2023", "communities_2024", "communities_2025")
    watch = Watch(silent)
    tianshui = base_of(replace(base.spec, rule_pack="tianshui-2023-54"), watch)
    judged_so = assess_base(tianshui, watch).facts
    outcome = plan_targets(
        tianshui, judged_so, TargetSpec(targets=codes, shares=ALL_BASIC, any_area=True, time_limit_s=3.0)
    )
    aims = outcome.record["aims"]
    assert [(a["wanted"], a["due_on"]) for a in aims] == [
        (0.3, "2023-12-31"), (0.7, "2024-12-31"), (1.0, "2025-12-31"),
    ]  # fmt: skip
    assert all(a["is_met"] for a in aims)
    days = [p["due_on"] for p in outcome.record["projects"]]
    assert days == sorted(days)
    assert sum(day["projects"] for day in outcome.record["by_day"]) == len(days)
    assert outcome.papers.projects.due_on == tuple(days)


def test_counts_of_levels_mean_different_circles(yima_pack):
    base, facts = judged(yima_pack, "hongjiang-2024-8")
    codes = ("circles_basic_2025", "circles_improved_2025", "circles_quality_2025")
    outcome = plan_targets(base, facts, TargetSpec(targets=codes, any_area=True, time_limit_s=3.0))
    wanted = {a["level"]: a["wanted"] for a in outcome.record["aims"]}
    assert wanted == {"basic": 3, "improved": 2, "quality": 1}
    assert all(a["is_met"] for a in outcome.record["aims"])


def test_what_cannot_be_met_says_what_could_be(yima):
    spec = TargetSpec(level="basic", share=1.0, shares=ALL_BASIC, kinds=("premises",), last_resort=False)
    with pytest.raises(InfeasibleError) as caught:
        plan_targets(*yima, spec)
    best = caught.value.facts["best"]
    assert 0.5 < best < 1.0
    assert caught.value.facts["n_blocked"] >= 1
    outcome = plan_targets(*yima, replace(spec, share=best - 1e-6))  # just below what it called the best
    assert outcome.record["aims"][0]["is_met"]


def test_too_small_a_budget_says_what_would_be_needed(yima):
    spec = TargetSpec(level="basic", share=1.0, shares=ALL_BASIC)
    needed = plan_targets(*yima, spec).record["objective"]
    with pytest.raises(InfeasibleError) as caught:
        plan_targets(*yima, replace(spec, budget_fen=int(needed) - 1))
    assert caught.value.code == "siting.target.budget"
    assert caught.value.facts["needed_yuan"] == pytest.approx(needed / 100)
    enough = plan_targets(*yima, replace(spec, budget_fen=int(needed)))
    assert enough.record["objective"] == needed


@pytest.mark.parametrize(
    ("spec", "code"),
    [
        (TargetSpec(level="gold", share=0.5), "projects.level"),
        (TargetSpec(targets=("nothing",)), "projects.target.unknown"),
        (TargetSpec(targets=("satisfaction_2025",)), "projects.target.not_sites"),
        (TargetSpec(), "projects.target.nothing"),
    ],
)
def test_what_is_not_a_target_of_sites_is_refused(yima, spec, code):
    with pytest.raises(InputError) as caught:
        plan_targets(*yima, spec)
    assert caught.value.code == code


@pytest.mark.real
def test_missing_data_are_not_missing_shops(shared_data, tmp_path):
    from real_packs import make_pack

    pack = make_pack("beijing-wudaokou", shared_data, tmp_path / "pack")
    with pytest.raises(InfeasibleError) as caught:
        plan_targets(*judged(pack, "yike-default"), TargetSpec(level="basic", share=0.7))
    assert caught.value.code == "projects.target.data"
    assert "补查" in caught.value.hint
