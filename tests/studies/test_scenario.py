"""What a scenario tells: numbers worked out by hand on one straight street, notes, faults, kept bases."""

import json
import shutil

import numpy as np
import pytest

from tiny_pack import OUTLETS, PLACES, write_tiny_pack
from yike.errors import InputError, UnreadableFileError
from yike.reports.scenario_report.rows import area_rows, grade_rows, overview, type_rows, who_rows
from yike.sources.scenario_edits import (
    AddFunction,
    AddOutlet,
    CloseOutlet,
    Entry,
    ExtendHours,
    MoveOutlet,
    NewEstate,
    Scenario,
    SetNorm,
    Spot,
)
from yike.standards.loader import load_types
from yike.studies.kept_base import keep_base, load_base
from yike.studies.scenario import apply_scenario, compare_scenarios, open_base
from yike.studies.scenario_changes import same_table
from yike.studies.study import StudySpec

TYPES = load_types()
STORE, PHARMACY, REPAIR, BREAKFAST, DINING = (
    TYPES.idx(c) for c in ("convenience_store", "pharmacy", "repair", "breakfast_shop", "specialty_dining")
)


def scenario_of(*edits, name="试"):
    return Scenario(name, tuple(Entry(e, k, 0, "add_outlet") for k, e in enumerate(edits, 1)), file="试.toml")


def at(lon):
    return Spot(lon, 40.0)


@pytest.fixture(scope="module")
def tiny(tiny_pack):
    return open_base(StudySpec(tiny_pack, with_isochrones=False))


def cell(facts, outcome, type_idx):
    return next(r for r in type_rows(facts, outcome) if r["type"] == TYPES.types[type_idx].code)


def test_new_pharmacy_counts_who_comes_within_the_norm(tiny):
    # Homes at 116.301 (100 people), .305 (200), .320 (300); the only pharmacy stands at .310. One at .300
    # lies 85 m from the first and 425 m from the second; both had it within 15 minutes already (9 and 5
    # pieces of 85 m at 4 km/h: 11.5 and 6.4 minutes), so with a norm of 5 minutes only these change:
    # first 1.3 minutes, before 11.5: gained; second 6.4 minutes either way: not within 5.
    scenario = scenario_of(SetNorm(PHARMACY, 300.0), AddOutlet(PHARMACY, at(116.300), "新"))
    norm_only = scenario_of(SetNorm(PHARMACY, 300.0), name="只改时限")
    facts = compare_scenarios(tiny, [scenario, norm_only])
    after, only = facts.outcomes

    table = after.city
    col = int(np.flatnonzero(table.type_rows == PHARMACY)[0])
    assert table.norm_after_s[col] == 300.0
    assert after.after.access.nearest_s[0, after.after.access.column_of(PHARMACY)] < 90
    # of 600 attached people, 100 are within 5 minutes of a pharmacy now, and none without the new one
    assert (table.people_after[0, col], only.city.people_after[0, col]) == (100.0, 0.0)
    assert only.recomputed == "judging"
    assert after.recomputed == "outlets"


def test_closed_outlet_loses_exactly_its_people(tiny):
    # Within 10 minutes (the norm): the homes at .301 and .305 have the store at .302; the home at .320 has
    # that at .330 only 12.8 minutes away (10 pieces of 85 m at 4 km/h). Without .302 the first two walk to
    # .330 too: 25 pieces and more, over half an hour.
    facts = compare_scenarios(tiny, [scenario_of(CloseOutlet("s1"))])
    (outcome,) = facts.outcomes
    row = cell(facts, outcome, STORE)

    assert row["norm_before_min"] == 10
    assert (row["people_before"], row["gained"], row["lost"]) == (300, 0, 300)
    assert (row["places_lost"], row["outlets_before"], row["outlets_after"]) == (2, 2, 1)
    lost = [r for r in who_rows(facts, outcome, 10) if r["within_before"] and not r["within_after"]]
    assert [(r["place_id"], r["people"]) for r in lost] == [("p2", 200), ("p1", 100)]
    # p1 stands 85 m from s1: 1.275 minutes; s3 is 29 pieces of 85 m away: 36.975 minutes at 4 km/h
    p1 = lost[1]
    assert p1["before_s"] == pytest.approx(76.5, abs=1.0)
    assert p1["after_s"] == pytest.approx(29 * 76.5, rel=0.01)
    figures = {r["code"]: r for r in overview(facts)}
    assert figures["people_worse"]["scenarios"] == [300]
    assert figures["outlets"]["scenarios"] == [2]
    assert figures["outlets"]["now"] == 3


def test_new_estate_is_told_apart_from_who_was_there(tiny):
    facts = compare_scenarios(tiny, [scenario_of(NewEstate(at(116.303), 500.0, "新苑"))])
    (outcome,) = facts.outcomes

    assert outcome.recomputed == "places"
    assert outcome.after.places.place_id[outcome.new_places[0]] == "新苑"
    assert not outcome.is_better.any()
    assert not outcome.is_worse.any()
    table = outcome.city
    col = int(np.flatnonzero(table.type_rows == STORE)[0])
    # 85 m from s1: within any norm
    assert table.people_after[0, col] - table.people_before[0, col] == 500
    assert {r["code"]: r["scenarios"][0] for r in overview(facts)}["new_people"] == 500


def test_move_there_and_back_changes_nothing(tiny):
    home = next(lon for name, _, _, lon, _ in OUTLETS if name == "s2")
    outcome = apply_scenario(tiny, scenario_of(MoveOutlet("s2", at(116.32)), MoveOutlet("s2", at(home))))

    assert same_table(outcome.after.access, tiny.before.access)
    assert outcome.who.n_all == 0


def test_edited_file_gives_the_table_that_the_scenario_gives(tiny, tmp_path):
    """The same change typed into outlets.csv and places.csv, read from disk."""
    folder = write_tiny_pack(tmp_path / "p")
    rows = [*OUTLETS[:1], ("s2", "街角药房", "药店", 116.315, 40.0), *OUTLETS[2:]]
    lines = ["id,name,type,lon,lat,services,status"]
    lines += [",".join(map(str, r)) + (",维修点,开业" if r[0] == "s3" else ",,开业") for r in rows]
    lines[1] = lines[1].removesuffix("开业") + "关闭"
    lines.append("n1,新店,早餐店,116.318,40.0,便利店,开业")
    (folder / "outlets.csv").write_text("\n".join(lines) + "\n", "utf-8")
    homes = [",".join(map(str, p)) for p in (*PLACES, ("e1", 116.312, 40.0, 50))]
    (folder / "places.csv").write_text("\n".join(["id,lon,lat,people", *homes]) + "\n", "utf-8")
    by_file = open_base(StudySpec(folder, with_isochrones=False))

    by_scenario = apply_scenario(
        tiny,
        scenario_of(
            CloseOutlet("s1"), MoveOutlet("s2", at(116.315)), AddFunction("s3", (REPAIR,)),
            AddOutlet(BREAKFAST, at(116.318), "n1", services=(STORE,)), NewEstate(at(116.312), 50.0, "e1"),
        ),
    )  # fmt: skip

    assert same_table(by_scenario.after.access, by_file.before.access)
    np.testing.assert_array_equal(by_scenario.after.gaps.state, by_file.before.gaps.state)
    np.testing.assert_array_equal(
        by_scenario.after.circle_coverage.people_in_norm, by_file.before.circle_coverage.people_in_norm
    )


def test_early_hours_make_a_dining_place_serve_breakfast(tiny):
    early = apply_scenario(
        tiny, scenario_of(AddOutlet(DINING, at(116.305), "d"), ExtendHours("d", "06:00-21:00"))
    )
    late = apply_scenario(
        tiny, scenario_of(AddOutlet(DINING, at(116.305), "d"), ExtendHours("d", "10:00-23:00"))
    )

    col = early.after.access.column_of(BREAKFAST)
    assert early.after.access.count[1, col].tolist() == [1, 1, 1]
    assert not late.after.access.count[1, col].any()
    assert any("可达不变" in note for note in late.notes)


def test_outlet_that_no_street_comes_near_is_told(tiny):
    outcome = apply_scenario(tiny, scenario_of(AddOutlet(PHARMACY, Spot(116.31, 40.005), "远")))

    assert any("远" in note and "走不到" in note for note in outcome.notes)
    assert same_table(outcome.after.access, tiny.before.access)


def test_edits_that_do_not_fit_are_all_told(tiny):
    scenario = scenario_of(
        CloseOutlet("s9"),
        CloseOutlet("s1"),
        CloseOutlet("s1"),
        MoveOutlet("s1", at(116.31)),
        AddFunction("s2", (PHARMACY,)),
        AddOutlet(STORE, Spot(at="没有")),
        AddOutlet(STORE, at(116.31), "s3"),
        AddOutlet(STORE, at(110.0)),
        NewEstate(at(116.31), 10.0, "p1"),
        NewEstate(at(116.31), 10.0, community="哪里"),
        NewEstate(at(116.31), 10.0, bands={"60_over": 3.0}),
        SetNorm(PHARMACY, 7000.0),
        SetNorm(TYPES.idx("hospital"), 300.0),
    )

    with pytest.raises(InputError) as wrong:
        apply_scenario(tiny, scenario)

    codes = [f.code.removeprefix("scenario.") for f in wrong.value.faults]
    assert codes == [
        "outlet_unknown", "outlet_closed", "outlet_closed", "function_known", "at_unknown", "id_taken",
        "outside", "id_taken", "community_unknown", "band_unknown", "norm_beyond", "norm_unknown",
    ]  # fmt: skip
    assert all("{" not in f.message + f.cure for f in wrong.value.faults)


def test_scenarios_of_one_name_are_refused(tiny):
    with pytest.raises(InputError, match="都叫"):
        compare_scenarios(tiny, [scenario_of(), scenario_of()])


def test_gained_and_lost_agree_over_places_areas_and_the_whole(yima_pack):
    opened = open_base(StudySpec(yima_pack, with_isochrones=False))
    ids = opened.base.pack.outlets.outlet_id
    scenario = scenario_of(
        *(CloseOutlet(i) for i in ids[:60]), *(AddOutlet(REPAIR, Spot(at=p)) for p in ("R0001", "R0002"))
    )
    facts = compare_scenarios(opened, [scenario])
    (outcome,) = facts.outcomes
    who, people = outcome.who, facts.before.places.people

    # every home of this town lies in a circle and in a community
    for table in (outcome.circles, outcome.communities, outcome.city):
        for name, is_gain in (("gained", True), ("lost", False)):
            crossing = (who.was_within != who.is_within) & (who.is_within == is_gain)
            for col, type_idx in enumerate(table.type_rows):
                mine = crossing & (who.type_idx == type_idx)
                by_hand = people[who.place_idx[mine]].sum()
                assert getattr(table, name)[:, col].sum() == pytest.approx(by_hand, abs=1e-6)
    # before + gained - lost = after, where no norm changes and nobody moves in
    table = outcome.circles
    np.testing.assert_allclose(table.people_before + table.gained - table.lost, table.people_after, atol=1e-6)
    assert outcome.circles.lost.sum() > 0
    assert area_rows(facts, outcome, "circles")
    assert grade_rows(facts, outcome)
    bands = np.nansum(outcome.city.lost_by_band)
    assert 0 < bands < outcome.city.lost.sum()


def test_kept_base_answers_like_the_pack(tiny, tmp_path):
    folder = keep_base(tiny, tmp_path / "底稿")
    kept = load_base(folder)
    scenario = scenario_of(CloseOutlet("s1"), AddOutlet(REPAIR, at(116.31)))

    assert same_table(
        apply_scenario(kept, scenario).after.access, apply_scenario(tiny, scenario).after.access
    )
    assert kept.before.assessment.grade == tiny.before.assessment.grade
    assert kept.before.saturation == tiny.before.saturation
    assert kept.base.rules == tiny.base.rules
    assert kept.base.pack.communities.name == tiny.base.pack.communities.name


def test_kept_base_of_a_town_with_walls_answers_like_the_pack(yima_pack, tmp_path):
    opened = open_base(StudySpec(yima_pack, with_isochrones=False))
    kept = load_base(keep_base(opened, tmp_path / "底稿"))
    scenario = scenario_of(AddOutlet(REPAIR, Spot(at="R0001")), NewEstate(Spot(at="R0003"), 100.0))

    one, other = apply_scenario(opened, scenario), apply_scenario(kept, scenario)
    assert same_table(one.after.access, other.after.access)
    assert one.after.gaps.rank.tolist() == other.after.gaps.rank.tolist()


def test_kept_base_gives_the_same_bytes_again(tiny, tmp_path):
    one, two = keep_base(tiny, tmp_path / "a"), keep_base(load_base(tmp_path / "a"), tmp_path / "b")

    for name in ("arrays.bin", "tables.json"):
        assert (one / name).read_bytes() == (two / name).read_bytes()


def test_kept_base_is_refused_when_a_file_of_the_pack_changes(tmp_path):
    pack = write_tiny_pack(tmp_path / "p")
    folder = keep_base(open_base(StudySpec(pack, with_isochrones=False)), tmp_path / "底稿")
    with (pack / "places.csv").open("a", encoding="utf-8") as more:
        more.write("p9,116.31,40.0,5\n")

    with pytest.raises(InputError, match=r"places\.csv"):
        load_base(folder)
    shutil.rmtree(pack)
    with pytest.raises(InputError, match=r"pack\.toml"):
        load_base(folder)


def test_kept_base_of_another_version_or_cut_short_is_refused(tiny, tmp_path):
    folder = keep_base(tiny, tmp_path / "a")
    record = json.loads((folder / "base.json").read_text("utf-8"))
    (folder / "base.json").write_text(json.dumps(record | {"version": "0.0.0"}), "utf-8")
    with pytest.raises(UnreadableFileError, match="版本"):
        load_base(folder)

    (folder / "base.json").write_text(json.dumps(record), "utf-8")
    data = (folder / "arrays.bin").read_bytes()
    for wrong in (data[:-9], bytes(len(data)), data[:100] + b"?" + data[101:]):
        (folder / "arrays.bin").write_bytes(wrong)
        with pytest.raises(UnreadableFileError, match=r"与写出时不同：arrays\.bin"):
            load_base(folder)
    (folder / "arrays.bin").unlink()
    with pytest.raises(UnreadableFileError, match=r"arrays\.bin"):
        load_base(folder)


@pytest.mark.parametrize("cut", [{"inputs": {}}, {"files": {}}, {"files": None}])
def test_kept_base_with_a_record_of_nothing_is_refused(tiny, tmp_path, cut):
    folder = keep_base(tiny, tmp_path / "a")
    record = json.loads((folder / "base.json").read_text("utf-8"))
    (folder / "base.json").write_text(json.dumps(record | cut), "utf-8")

    with pytest.raises(UnreadableFileError, match="不是完整的"):
        load_base(folder)


def test_keeping_a_base_spares_folders_of_others(tiny, tmp_path):
    (tmp_path / "别的").mkdir()
    (tmp_path / "别的" / "重要.txt").write_text("x", "utf-8")

    with pytest.raises(InputError, match="不会覆盖"):
        keep_base(tiny, tmp_path / "别的")
    assert (tmp_path / "别的" / "重要.txt").exists()
