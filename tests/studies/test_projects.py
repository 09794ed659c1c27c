"""From gaps to projects: worked by hand on the tiny pack, and against what was planted in 义马."""

import csv
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from yike.core.tables import GapState
from yike.errors import InputError
from yike.standards.loader import load_types
from yike.studies.pipeline import assess_base, base_of, run_study
from yike.studies.projects import ProjectSpec, draft_projects
from yike.studies.study import StudySpec, silent
from yike.studies.watch import Watch

PREMISES = ProjectSpec(kinds=("premises",), last_resort=False)


def judged(pack):
    watch = Watch(silent)
    base = base_of(StudySpec(pack, with_isochrones=False), watch)
    return base, assess_base(base, watch).facts


@pytest.fixture(scope="module")
def tiny(tiny_pack):
    return judged(tiny_pack)


@pytest.fixture(scope="module")
def yima(yima_pack):
    return judged(yima_pack)


def of_type(facts, code):
    return [i for i, d in enumerate(facts.details) if code in [g.type_code for g in d.gains]]


def test_draft_serves_the_home_beside_the_idle_room(tiny):
    # Homes p1 100, p2 200, p3 300 people; room r1 stands at p3. 80 % must be reached, 50 % can be.
    facts = draft_projects(*tiny, replace(PREMISES, types=("维修点",)))
    (detail,) = facts.details
    (gain,) = detail.gains
    assert facts.projects.site_id == ("r1",)
    assert facts.projects.people_gained.tolist() == [300.0]
    # none was within the 60 minutes searched: 300 people x (60 - 0) minutes
    assert facts.projects.person_minutes_saved.tolist() == [18_000.0]
    assert np.isnan(gain.before_s)
    assert (gain.out_of_reach, gain.after_s) == (300.0, 0.0)
    (gap,) = facts.gaps
    assert (gap.outcome, gap.reason) == ("partly", "partly")
    assert (gap.share_before, gap.share_after, gap.share_best) == (0.0, 0.5, 0.5)
    # 整修 2～8 and 维修 1～4: the middle is 7.5 万元
    assert (facts.projects.cost_low_fen[0], facts.projects.cost_high_fen[0]) == (3_000_000, 12_000_000)
    assert facts.projects.people_per_wan.tolist() == [pytest.approx(300 / 7.5)]


def test_a_host_and_the_idle_room_close_the_gap_together(tiny):
    # Shop s1 is 85 m from p1 and 255 m from p2 at 4 km/h: 76.5 s and 229.5 s.
    facts = draft_projects(*tiny, ProjectSpec(types=("洗染店",), kinds=("premises", "outlet")))
    assert sorted(facts.projects.site_id) == ["r1", "s1"]
    host = facts.projects.site_id.index("s1")
    saved = 100 * (60 - 76.5 / 60) + 200 * (60 - 229.5 / 60)
    assert facts.projects.person_minutes_saved[host] == pytest.approx(saved, rel=1e-6)
    assert facts.details[host].mode_label == "一店多能"
    assert [g.outcome for g in facts.gaps] == ["closed"]
    assert facts.plan.status == "optimal"


def test_rooms_hold_only_what_fits_and_the_rest_is_told(tiny):
    facts = draft_projects(*tiny, ProjectSpec())
    area = 0.3 * 12 + 0.7 * (4 + 12 + 12 + 10)  # repair, laundry, hair, breakfast by the site rules
    assert area <= 40
    assert max(len(d.gains) for d in facts.details) <= 4
    lost = {g.type_code: g.reason for g in facts.gaps if g.outcome == "left"}
    assert lost["food_market"] == lost["supermarket"] == "no_candidate"  # 40 square metres hold no market
    assert all(g.reason_text for g in facts.gaps if g.outcome != "closed")


def test_every_gap_ends_in_a_project_or_a_reason(yima):
    base, facts = yima
    drafted = draft_projects(base, facts, ProjectSpec())
    gap_rows = np.flatnonzero(facts.gaps.state == GapState.GAP)
    assert sorted(g.row for g in drafted.gaps) == gap_rows.tolist()
    assert all(g.projects if g.outcome == "closed" else g.reason_text for g in drafted.gaps)
    assert {r for rows in drafted.projects.gap_rows for r in rows} <= set(gap_rows.tolist())


def test_planted_best_room_is_the_project_where_it_closes_the_gap_alone(yima, yima_pack):
    truth = json.loads((Path(yima_pack) / "truth.json").read_text("utf-8"))
    types = load_types()
    checked = 0
    for planted in truth["planted"]:
        kind = types.types[types.idx_of_row(planted["form_row"])]
        spec = replace(PREMISES, types=(kind.code,), budget_fen=10**10, max_types_per_site=1, any_area=True)
        drafted = draft_projects(*yima, spec)
        assert planted["best_premises"] in drafted.projects.site_id, kind.label
        first = drafted.projects.site_id.index(planted["best_premises"])
        if first == 0:  # alone, its gain is the one that the city's maker counted
            assert drafted.projects.people_gained[0] == planted["people_gained"]
            checked += 1
    assert checked >= 5


def open_projects(pack, folder, drafted):
    """The pack with every proposed outlet open: what the scenario file does, as plain rows."""
    folder.mkdir()
    for path in Path(pack).iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    path = folder / "outlets.csv"
    rows = list(csv.reader(path.read_text("utf-8-sig").splitlines()))
    header, width = rows[0], len(rows[0])
    p = drafted.projects
    for i, detail in enumerate(drafted.details):
        for k, gain in enumerate(detail.gains):
            row = [""] * width
            values = {"编号": f"N{i}-{k}", "名称": p.name[i], "业态": gain.type_label, "状态": "营业",
                      "经度": repr(float(p.lon[i])), "纬度": repr(float(p.lat[i]))}  # fmt: skip
            for name, value in values.items():
                row[header.index(name)] = value
            rows.append(row)
    with path.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows(rows)
    return folder


def test_opening_the_proposed_outlets_closes_the_gaps(yima, yima_pack, tmp_path):
    base, facts = yima
    drafted = draft_projects(base, facts, ProjectSpec())
    assert all(g.outcome == "closed" for g in drafted.gaps)
    after = run_study(StudySpec(open_projects(yima_pack, tmp_path / "after", drafted), with_isochrones=False))
    assert int((after.facts.gaps.state == GapState.GAP).sum()) == 0
    share = {
        (after.facts.circles.circle_id[c], after.facts.types.types[t].code): s
        for c, t, s in zip(
            after.facts.gaps.circle_idx.tolist(), after.facts.gaps.type_idx.tolist(),
            after.facts.gaps.share_in_norm.tolist(), strict=True,
        )
    }  # fmt: skip
    for gap in drafted.gaps:
        assert share[gap.circle_id, gap.type_code] == pytest.approx(gap.share_after, abs=1e-9)


def test_more_money_never_serves_fewer(yima):
    served = []
    for wan in (0.5, 5, 20, 80):
        facts = draft_projects(*yima, ProjectSpec(budget_fen=wan * 1_000_000, last_resort=False))
        low_and_high = facts.projects.cost_low_fen + facts.projects.cost_high_fen
        assert low_and_high.sum() / 2 <= wan * 1_000_000
        served.append(float(facts.projects.people_gained.sum()))
    assert served == sorted(served)
    assert served[0] == 0.0  # nothing costs so little
    assert served[-1] > 0


def test_gaps_without_money_wait_with_that_reason(yima):
    facts = draft_projects(*yima, ProjectSpec(budget_fen=3_000_000))
    waiting = [g for g in facts.gaps if g.outcome == "left"]
    assert waiting
    assert {g.reason for g in waiting} == {"budget"}


def test_needs_lift_a_gap_and_every_need_is_answered(yima, tmp_path):
    path = tmp_path / "needs.csv"
    path.write_text(
        "生活圈,业态,需求内容,票数\n"
        "梁沟便民生活圈,理发店,没处理发,5000\n"
        "银杏便民生活圈,药店,药店太远,3\n"
        ",,多种点树,5\n",
        "utf-8",
    )
    plain = draft_projects(*yima, ProjectSpec())
    facts = draft_projects(*yima, ProjectSpec(needs=path))
    assert plain.gaps[0].type_code == "food_market"  # most residents
    assert (facts.gaps[0].type_code, facts.gaps[0].voices) == ("hair_beauty", 5000.0)
    assert [n.decision for n in facts.needs] == ["project", "existing", "not_now"]
    assert facts.needs[0].projects == facts.gaps[0].projects
    assert all(n.answer for n in facts.needs)


def test_own_units_replace_the_suggestion(yima, tmp_path):
    path = tmp_path / "units.toml"
    path.write_text('[type."早餐店"]\nlead = ["某某街道"]\ndue = "2026年9月底"\ncost_wan = [1, 3]\n', "utf-8")
    facts = draft_projects(*yima, ProjectSpec(types=("早餐店",), units=path))
    p = facts.projects
    assert set(p.lead) == {("某某街道",)}
    assert set(p.due_on) == {"2026-09-30"}
    assert set(zip(p.cost_low_fen.tolist(), p.cost_high_fen.tolist(), strict=True)) == {
        (1_000_000, 3_000_000)
    }
    assert not any(d.units_inferred or d.is_late for d in facts.details)


def test_every_line_explains_whom_minutes_and_clause(yima):
    facts = draft_projects(*yima, ProjectSpec())
    for text, detail in zip(facts.projects.explanation, facts.details, strict=True):
        for gain in detail.gains:
            assert gain.type_label in text
            assert gain.communities[0].community in text
            assert "义政办〔2023〕9号" in gain.clause
            assert gain.after_s <= gain.norm_s < gain.before_s
            assert sum(c.people for c in gain.communities) == pytest.approx(gain.people)


def test_the_same_input_gives_the_same_list(yima):
    one, two = (draft_projects(*yima, ProjectSpec()) for _ in range(2))
    assert one.projects.explanation == two.projects.explanation
    assert one.projects.site_id == two.projects.site_id


def test_street_points_help_only_where_nothing_else_does(yima):
    facts = draft_projects(*yima, ProjectSpec())
    points = [i for i, kind in enumerate(facts.projects.site_kind) if kind == "street_point"]
    strict = draft_projects(*yima, ProjectSpec(last_resort=False))
    short = {g.type_code for g in strict.gaps if g.outcome != "closed"}
    assert {g.type_code for i in points for g in facts.details[i].gains} == short
    assert all(facts.details[i].needs_review for i in points)


def test_nothing_to_draft_is_not_nothing_lacking(tiny):
    # Nobody looked: every state becomes 未调查, and the list must not say that all is well.
    base, facts = tiny
    looked = facts.gaps.state.copy()
    looked[:] = GapState.NOT_SURVEYED
    unseen = replace(facts, gaps=replace(facts.gaps, state=looked))
    drafted = draft_projects(base, unseen, ProjectSpec())
    assert len(drafted.projects) == 0
    assert "判断不了" in drafted.plan.words
    met = replace(facts, gaps=replace(facts.gaps, state=np.full_like(looked, GapState.MET)))
    assert draft_projects(base, met, ProjectSpec()).plan.words == "没有发现缺口，不需要项目。"


def test_an_unknown_type_is_refused(yima):
    with pytest.raises(InputError, match="不认识的业态"):
        draft_projects(*yima, ProjectSpec(types=("飞船坞",)))


@pytest.mark.real
def test_a_real_district_gets_a_list_where_it_has_gaps(shared_data, tmp_path):
    from real_packs import make_pack

    pack = make_pack("beijing-wudaokou", shared_data, tmp_path / "pack")
    facts = draft_projects(*judged(pack), ProjectSpec())
    assert len(facts.projects)
    assert facts.is_estimate  # people are the program's own estimate there
    assert all(g.projects or g.reason_text for g in facts.gaps)
