"""What to add and how: each gap has an option with a reason."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from circle_tables import make_access, make_outlets, make_places, make_policy
from yike.core.circle.coverage import area_coverage
from yike.core.circle.gaps import find_gaps
from yike.core.circle.options import OptionInputs, propose_options
from yike.core.circle.presence import judge_presence
from yike.core.circle.rules import Pairing
from yike.core.tables import GapState, Premises, WalkTimes

INF = np.inf
SPEED_M_S = 1.3  # so that 600 s of walking are 600 m of straight line at a detour of 1.3


def premises(x_m, names, allowed=None):
    n = len(x_m)
    zero = np.zeros(n)
    return Premises(
        premises_id=tuple(f"v{i}" for i in range(n)),
        name=tuple(names),
        kind=("room",) * n,
        lon=zero,
        lat=zero,
        x_m=np.asarray(x_m, float),
        y_m=zero,
        area_m2=np.full(n, 50.0),
        owner=("",) * n,
        state=("idle",) * n,
        allowed_types=tuple(allowed or ((),) * n),
        cost_fen=np.full(n, -1, np.int64),
        hours=("",) * n,
        source_row=np.arange(n, dtype=np.int32),
    )


def options_of(access, places, outlets=None, *, pairings=(), movable=(), **more):
    """Options of the gap of column 0; other columns are not asked for."""
    outlets = make_outlets([]) if outlets is None else outlets
    n_cols = access.nearest_s.shape[1]
    required = [True] + [False] * (n_cols - 1)
    policy = make_policy(n_cols, required=required, pairings=tuple(pairings), movable_cols=tuple(movable))
    none = outlets.circle_idx
    coverage = area_coverage(access, places, outlets, places.circle_idx, none, ("k0",), policy.norm_s)
    states = np.full(n_cols, GapState.MET, np.uint8)
    presence = judge_presence(coverage, policy.share, policy.is_required, states)
    gaps = find_gaps(access, places, coverage, presence, policy.share, places.circle_idx)
    assert gaps.state[0] == GapState.GAP
    inputs = OptionInputs(
        access=access,
        places=places,
        outlets=outlets,
        policy=policy,
        labels=tuple("甲乙丙丁"[:n_cols]),
        type_codes=tuple(f"t{c}" for c in range(n_cols)),
        speed_m_s=SPEED_M_S,
        **more,
    )
    every = propose_options(gaps, inputs)
    assert [bool(o) for o in every] == [s == GapState.GAP for s in gaps.state]
    return {o["kind"]: o for o in every[0]}, [o["kind"] for o in every[0]]


def test_a_new_outlet_is_always_an_option_at_the_spot_that_serves_most():
    # at 0 m 10 people, at 500 m 30, at 1000 m 25: the middle reaches all three
    places = make_places([10, 30, 25], x_m=[0, 500, 1000])
    found, kinds = options_of(make_access([[900], [900], [900]]), places)
    assert kinds == ["add_outlet"]
    assert found["add_outlet"]["place_id"] == "p1"
    assert found["add_outlet"]["people_gained"] == 65
    assert found["add_outlet"]["is_estimate"] is True
    assert found["add_outlet"]["text"] == "在“p1”附近新增甲，估算约 65 名居民将在 10 分钟内可达。"


def test_a_host_is_named_that_serves_most_unserved_people_within_the_norm():
    # column 1 is the host's type: outlet 0 is nearest for p0 (10 people), outlet 1 for p1 and p2 (5 + 6)
    access = make_access(
        [[INF, 100], [INF, 600], [INF, 500], [INF, 900]], nearest_idx=[[-1, 0], [-1, 1], [-1, 1], [-1, 0]]
    )
    outlets = make_outlets([1, 1], name=("早点铺", "便民超市"))
    places = make_places([10, 5, 6, 40], x_m=[0, 3000, 6000, 9000])
    found, _ = options_of(access, places, outlets, pairings=[Pairing(0, 1)])
    host = found["add_function"]
    assert (host["outlet_id"], host["people_gained"], host["places_gained"]) == ("o1", 11, 2)
    assert host["is_estimate"] is False
    assert host["text"] == "在“便民超市”（乙）增设甲功能，约 11 名居民将在 10 分钟内可达。"


def test_a_host_out_of_reach_or_closed_is_no_option():
    access = make_access([[INF, 601]], nearest_idx=[[-1, 0]])
    _, kinds = options_of(access, make_places([9]), make_outlets([1]), pairings=[Pairing(0, 1)])
    assert "add_function" not in kinds
    access = make_access([[INF, 100]], nearest_idx=[[-1, 0]])
    closed = make_outlets([1], status=[2])
    _, kinds = options_of(access, make_places([9]), closed, pairings=[Pairing(0, 1)])
    assert "add_function" not in kinds


def test_a_pairing_may_be_about_hours():
    access = make_access([[INF, 100]], nearest_idx=[[-1, 0]])
    pairing = Pairing(0, 1, "extend_hours")
    found, _ = options_of(access, make_places([9]), make_outlets([1]), pairings=[pairing])
    assert found["extend_hours"]["text"].startswith("请“店0”（乙）延长营业时间提供甲")


def test_premises_are_named_where_they_reach_and_are_allowed():
    places = make_places([10, 30], x_m=[0, 100])
    idle = premises([50, 60, 5000], ["旧锅炉房", "岗亭", "远处"], [("t1",), (), ()])
    found, kinds = options_of(make_access([[900], [900]]), places, premises=idle)
    assert found["reuse_premises"]["premises_id"] == "v1"  # the boiler house may only take type 1
    assert found["reuse_premises"]["people_gained"] == 40
    assert kinds == ["reuse_premises", "add_outlet"]  # equal gain: what builds least first


def walks(*rows, limit_s=900.0):
    """Walks of each row, as (place, seconds)."""
    ptr = np.cumsum([0] + [len(row) for row in rows])
    pairs = [pair for row in rows for pair in row]
    place, seconds = np.array(pairs, float).reshape(-1, 2).T
    return WalkTimes(ptr, place.astype(np.int32), seconds.astype(np.float32), limit_s)


def test_premises_are_walked_to_where_walks_are_known():
    places = make_places([10, 30], x_m=[0, 100])
    idle = premises([50, 5000], ["河对岸", "桥头"])
    # near in a straight line but a long way round; far off, but exactly the norm on foot
    found, _ = options_of(
        make_access([[900], [900]]),
        places,
        premises=idle,
        premises_walks=walks([(0, 601), (1, 700)], [(0, 600), (1, 300)]),
    )
    assert found["reuse_premises"]["premises_id"] == "v1"
    assert found["reuse_premises"]["people_gained"] == 40
    assert found["reuse_premises"]["is_estimate"] is False
    assert "估算" not in found["reuse_premises"]["text"]


def test_premises_that_cannot_be_had_are_no_option():
    places = make_places([10], x_m=[0])
    idle = premises([0, 0], ["已租", "空着"])
    may = np.array([[False], [True]])
    found, _ = options_of(make_access([[900]]), places, premises=idle, premises_may=may)
    assert found["reuse_premises"]["premises_id"] == "v1"
    _, kinds = options_of(make_access([[900]]), places, premises=idle, premises_may=~may & may)
    assert "reuse_premises" not in kinds


def test_a_new_spot_gains_who_walks_there_in_time():
    places = make_places([10, 30, 25], x_m=[0, 500, 1000])
    asked = []

    def spot_walks(rows):
        asked.append(rows.tolist())
        return walks([(0, 601), (1, 0), (2, 600)])

    found, _ = options_of(make_access([[900], [900], [900]]), places, spot_walks=spot_walks)
    # the middle place, of which the first is just too far on foot: 30 + 25
    assert asked == [[1]]
    assert found["add_outlet"]["people_gained"] == 55
    assert found["add_outlet"]["is_estimate"] is False
    assert found["add_outlet"]["text"] == "在“p1”附近新增甲，约 55 名居民将在 10 分钟内可达。"


def test_a_spot_that_nobody_could_walk_from_stays_an_estimate():
    found, _ = options_of(make_access([[900]]), make_places([10]), spot_walks=lambda rows: None)
    assert found["add_outlet"]["is_estimate"] is True
    assert "估算约 10 名居民" in found["add_outlet"]["text"]


def test_movable_facilities_are_offered_for_types_one_may_bring():
    found, _ = options_of(make_access([[900]]), make_places([10]), movable=[0])
    assert found["movable"]["text"] == "在“p0”附近定时定点设置流动的甲，估算约 10 名居民将在 10 分钟内可达。"


def test_without_known_people_places_are_counted():
    found, _ = options_of(make_access([[900], [900]]), make_places([np.nan, np.nan], x_m=[0, 10]))
    assert found["add_outlet"]["people_gained"] is None
    assert found["add_outlet"]["places_gained"] == 2
    assert "2 处居住点" in found["add_outlet"]["text"]


def test_adding_to_an_oversupplied_type_is_warned_of():
    over = np.array([[True]])
    found, _ = options_of(make_access([[900]]), make_places([10]), oversupplied=over)
    assert found["add_outlet"]["is_oversupplied"] is True


@given(
    st.lists(st.tuples(st.integers(1, 50), st.integers(0, 4000)), min_size=1, max_size=20),
)
@settings(max_examples=40, deadline=None)
def test_every_gap_has_an_option_that_gains_somebody(rows):
    people, x_m = zip(*rows, strict=True)
    access = make_access(np.full((len(rows), 1), 900.0))
    found, _ = options_of(access, make_places(people, x_m=x_m))
    best = found["add_outlet"]
    assert 0 < best["people_gained"] <= sum(people)
    assert best["share_of_unserved"] == pytest.approx(best["people_gained"] / sum(people), abs=1e-6)
