"""Every scenario against a full run of the edited pack: equal to the last bit."""

from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from small_packs import HEAD, NETWORK, OUTLETS, PLACES, SOURCE, at, lonlat, outlets_csv, small_pack
from yike.core.network.overlay import AddPath, CloseStreet, OpenGate
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
    SetProfile,
    SetTime,
    Spot,
    StreetEdit,
)
from yike.standards.loader import load_supply, load_types
from yike.studies.circle_areas import CircleInputs
from yike.studies.pipeline import reach_base
from yike.studies.scenario import apply_scenario, judge_base, open_base
from yike.studies.scenario_judge import judge_touched
from yike.studies.scenario_pack import edit_pack
from yike.studies.study import StudySpec, silent
from yike.studies.watch import Watch

TYPES = load_types()
BREAKFAST, PHARMACY, REPAIR = (TYPES.idx(c) for c in ("breakfast_shop", "pharmacy", "repair"))


def scenario_of(*edits):
    entries = tuple(Entry(e, k, 0, _kind(e)) for k, e in enumerate(edits, start=1))
    return Scenario("试", entries, file="试.toml")


def _kind(edit):
    streets = {AddPath: "add_path", CloseStreet: "close_street", OpenGate: "open_gate"}
    return streets[type(edit.edit)] if isinstance(edit, StreetEdit) else "add_outlet"


def full_run(opened, scenario):
    """The edited pack, run from the streets on as if it had never been seen."""
    edited = edit_pack(opened.base, scenario)
    return judge_base(reach_base(edited.spec, edited.pack, edited.rules, Watch(silent)))


def assert_same_table(one, other):
    assert type(one) is type(other)
    for f in fields(one):
        a, b = getattr(one, f.name), getattr(other, f.name)
        if isinstance(a, np.ndarray):
            assert a.dtype == b.dtype, f.name
            np.testing.assert_array_equal(a, b, f.name)
        else:
            assert a == b, f.name


def assert_same_side(one, other):
    for name in (
        "access", "circle_coverage", "community_coverage", "circle_presence", "community_presence",
        "assessment", "gaps", "outlets", "places",
    ):  # fmt: skip
        assert_same_table(getattr(one, name), getattr(other, name))
    assert one.saturation == other.saturation


@pytest.fixture(scope="module")
def yima(yima_pack):
    return open_base(StudySpec(yima_pack, with_isochrones=False))


@pytest.fixture(scope="module")
def tiny(tiny_pack):
    return open_base(StudySpec(tiny_pack, with_isochrones=False))


def some_spot(opened, k=0.5):
    places = opened.base.pack.places
    i = int(k * (len(places) - 1))
    return Spot(float(places.lon[i]) + 1e-4, float(places.lat[i]) + 2e-4)


def open_ids(opened):
    outlets = opened.base.pack.outlets
    return [i for i, s in zip(outlets.outlet_id, outlets.status, strict=True) if s == 0]


def kinds_of_edits(opened):
    ids, places = open_ids(opened), opened.base.pack.places
    lon, lat = float(places.lon[0]), float(places.lat[0])
    spot = some_spot(opened)
    lacks_repair = next(
        i for i in ids if REPAIR not in _served(opened, i) and BREAKFAST not in _served(opened, i)
    )
    return {
        "add_outlet": ([AddOutlet(BREAKFAST, spot, services=(PHARMACY,))], "outlets"),
        "add_outlet_at_premises": (
            [AddOutlet(REPAIR, Spot(at=opened.base.pack.premises.premises_id[0]))],
            "outlets",
        ),
        "add_outlet_of_a_new_column": ([AddOutlet(_unknown_type(opened), spot)], "outlets"),
        "close_outlet": ([CloseOutlet(ids[5])], "outlets"),
        "move_outlet": ([MoveOutlet(ids[7], spot)], "outlets"),
        "add_function": ([AddFunction(lacks_repair, (REPAIR,))], "outlets"),
        "extend_hours": ([ExtendHours(_diner(opened), "05:30-21:00")], "outlets"),
        "new_estate": ([NewEstate(spot, 900.0, households=300.0, bands={"60_over": 80.0})], "places"),
        "new_estate_and_outlets": (
            [NewEstate(spot, 900.0), AddOutlet(REPAIR, spot), CloseOutlet(ids[3])],
            "places",
        ),
        "set_norm": ([SetNorm(BREAKFAST, 300.0)], "judging"),
        "set_profile": ([SetProfile("elder")], "all"),
        "set_time": ([SetTime(23 * 60)], "all"),
        "open_gate": ([StreetEdit(_gate(opened))], "all"),
        "add_path": ([StreetEdit(AddPath((lon, lon + 0.002), (lat, lat + 0.002), join_m=150.0))], "all"),
        "close_street": ([StreetEdit(CloseStreet(0, lon, lat, 150.0))], "all"),
    }


def _served(opened, outlet_id):
    outlets = opened.base.pack.outlets
    row = outlets.outlet_id.index(outlet_id)
    return set(outlets.service_type_idx[outlets.service_ptr[row] : outlets.service_ptr[row + 1]].tolist())


def _unknown_type(opened):
    """A top-level type without a column of the access table."""
    known = set(opened.base.access.type_rows.tolist())
    return next(i for i, t in enumerate(TYPES) if not t.parent and i not in known)


def _diner(opened):
    """A dining place that does not serve breakfast yet."""
    hosts = {TYPES.idx(c) for c in TYPES.types[BREAKFAST].early_hours_of}
    return next(
        i for i in open_ids(opened) if _served(opened, i) & hosts and BREAKFAST not in _served(opened, i)
    )


def _gate(opened):
    """A point in the wall of a compound."""
    wall = opened.base.pack.compounds.polygons[0].exterior.interpolate(0.37, normalized=True)
    return OpenGate(float(wall.x), float(wall.y))


KINDS = (
    "add_outlet", "add_outlet_at_premises", "add_outlet_of_a_new_column", "close_outlet", "move_outlet",
    "add_function", "extend_hours", "new_estate", "new_estate_and_outlets", "set_norm", "set_profile",
    "set_time", "open_gate", "add_path", "close_street",
)  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_scenario_equals_the_full_run(yima, kind):
    edits, recomputed = kinds_of_edits(yima)[kind]
    scenario = scenario_of(*edits)

    outcome = apply_scenario(yima, scenario)

    assert outcome.recomputed == recomputed
    assert_same_side(outcome.after, full_run(yima, scenario))
    assert_same_table(apply_scenario(yima, scenario_of()).after.access, yima.before.access)


def test_scenario_of_every_kind_together_equals_the_full_run(yima):
    table = kinds_of_edits(yima)
    edits = [e for kind in KINDS if kind not in ("add_outlet_at_premises",) for e in table[kind][0]]
    scenario = scenario_of(*edits)

    assert_same_side(apply_scenario(yima, scenario).after, full_run(yima, scenario))


@given(st.data())
@settings(max_examples=25)
def test_any_sequence_of_edits_equals_the_full_run(tiny, data):
    """On one straight street, with spots on it: ties and outlets at one place are the rule."""
    spots = st.builds(lambda k: Spot(116.300 + 0.001 * k, 40.0), st.integers(0, 60))
    outlets = tiny.base.pack.outlets
    open_now = {name: _served(tiny, name) for name in outlets.outlet_id}
    edits = []
    for k in range(data.draw(st.integers(1, 8))):
        kind = data.draw(st.sampled_from(["add", "close", "move", "function", "estate", "norm"]))
        if kind == "add":
            new = AddOutlet(data.draw(st.sampled_from([BREAKFAST, PHARMACY])), data.draw(spots), f"n{k}")
            open_now[f"n{k}"] = {new.type_idx}
            edits.append(new)
        elif kind == "estate":
            edits.append(NewEstate(data.draw(spots), float(data.draw(st.integers(0, 500)))))
        elif kind == "norm":
            edits.append(SetNorm(PHARMACY, 60.0 * data.draw(st.integers(1, 20))))
        elif open_now:
            name = data.draw(st.sampled_from(sorted(open_now)))
            if kind == "close":
                edits.append(CloseOutlet(name))
                del open_now[name]
            elif kind == "move":
                edits.append(MoveOutlet(name, data.draw(spots)))
            elif REPAIR not in open_now[name]:
                edits.append(AddFunction(name, (REPAIR,)))
                open_now[name] = {*open_now[name], REPAIR}
    scenario = scenario_of(*edits)

    assert_same_side(apply_scenario(tiny, scenario).after, full_run(tiny, scenario))


def test_one_outlet_is_judged_in_its_own_circle_only(yima):
    """The short way is taken: without it a large city would be judged whole for one shop."""
    scenario = scenario_of(AddOutlet(REPAIR, Spot(at=yima.base.pack.premises.premises_id[0])))
    after = apply_scenario(yima, scenario).after

    differs = after.circle_coverage.n_outlets != yima.before.circle_coverage.n_outlets
    assert differs.any(axis=1).sum() == 1
    inputs = CircleInputs(
        access=after.access, places=after.places, outlets=after.outlets, communities=after.communities,
        circles=after.circles, types=yima.base.types, rules=after.rules, supply=load_supply(),
        provenance=yima.base.pack.provenance, profile=after.profile, service_ptr=after.services[0],
        service_col=after.services[1],
    )  # fmt: skip
    assert judge_touched(inputs, yima.before) is not None
    assert judge_touched(replace(inputs, rules=replace(after.rules)), yima.before) is None


COMMUNITIES = """
[communities]
file = "communities.csv"
datum = "wgs84"
"""
CIRCLES = """
[circles]
file = "circles.csv"
"""


def walked_pack(folder, places, communities=(), section=COMMUNITIES):
    """A pack whose areas have no borders: who belongs where is told on foot."""
    shops = (
        f"W1,便民店,便利店,{at(50, 5)}",
        f"W2,光明药房,药店,{at(250, 105)}",
        f"W3,小修,维修点,{at(310, 310)}",
        f"M1,菜场,菜市场,{at(0, 0)}",
    )
    return small_pack(
        folder,
        toml=HEAD + NETWORK + OUTLETS + PLACES + section + CIRCLES + SOURCE,
        places="\n".join(places) + "\n",
        outlets=outlets_csv(*shops),
        files={
            "communities.csv": "\n".join(communities) + "\n",
            "circles.csv": "名称,包含社区\n西圈,甲社区\n东圈,乙社区\n",
        },
    )


HOMES = (at(20, 10), at(130, 210), at(290, 300), at(390, 120), at(210, 195))
POINTS = ("社区名称,经度,纬度,人口", f"甲社区,{at(0, 0)},401", f"乙社区,{at(400, 400)},299")


def after_of(folder):
    opened = open_base(StudySpec(folder, with_isochrones=False))
    scenario = scenario_of(
        AddOutlet(REPAIR, Spot(*lonlat(300, 205)), "N1"),
        MoveOutlet("W1", Spot(*lonlat(350, 300))),
        NewEstate(Spot(*lonlat(290, 210)), 130.0, households=50.0, community="乙社区"),
        CloseOutlet("W2"),
    )
    after = apply_scenario(opened, scenario).after
    assert_same_side(after, full_run(opened, scenario))
    assert (after.outlets.circle_idx >= 0).all()
    # who lived there before is no fewer and no more: the new 130 are on top
    np.testing.assert_array_equal(after.places.people[:-1], opened.before.places.people)
    assert after.places.people[-1] == 130.0
    return after


@pytest.mark.parametrize(
    ("column", "values"), [("人数", (90, 70, 150, 40, 60)), ("建筑面积", (800, 1200, 500, 900, 700))]
)
def test_communities_by_walk_equal_the_full_run_and_keep_their_people(tmp_path, column, values):
    rows = [f"P{k},{spot},{n}" for k, (spot, n) in enumerate(zip(HOMES, values, strict=True))]
    after = after_of(walked_pack(tmp_path / "p", [f"编号,经度,纬度,{column}", *rows], POINTS))

    assert after.communities.delineation == "walking_voronoi"


def test_outlets_that_belong_to_the_nearest_home_equal_the_full_run(tmp_path):
    """Communities by a column of the homes, without any place: outlets go with the homes."""
    own = ("甲社区", "甲社区", "乙社区", "乙社区", "乙社区")
    rows = [f"P{k},{spot},50,{c}" for k, (spot, c) in enumerate(zip(HOMES, own, strict=True))]
    homes = ["编号,经度,纬度,人数,社区", *rows]
    section = '\n[communities]\ncolumn = "社区"\n'
    after = after_of(walked_pack(tmp_path / "p", homes, section=section))

    # the new one and the one that moved stand beside homes of the east
    assert after.outlets.circle_idx[[0, -1]].tolist() == [1, 1]
