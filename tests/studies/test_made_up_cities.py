"""Larger made-up cities: every planted gap is found and no other, shares as an independent Dijkstra says."""

import json

import pytest

from yike.core.tables import GapState
from yike.sources.synth.city import make_city
from yike.sources.synth.spec import SIZES
from yike.studies.pipeline import run_study
from yike.studies.study import StudySpec

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("size", ["medium", "large"])
def test_every_planted_gap_is_found_and_no_other(size, tmp_path):
    pack = make_city(size, 7, tmp_path / size)
    truth = json.loads((pack / "truth.json").read_text("utf-8"))
    facts = run_study(StudySpec(pack, with_isochrones=False)).facts
    found = {
        (facts.circles.name[c], facts.types.types[t].form_row)
        for c, t, s in zip(facts.gaps.circle_idx, facts.gaps.type_idx, facts.gaps.state, strict=True)
        if s == GapState.GAP
    }

    assert found == {(g["circle_name"], g["form_row"]) for g in truth["planted"]}
    assert len(found) == SIZES[size].n_planted
    assert len(facts.communities) == SIZES[size].n_communities
    assert facts.places.people.sum() == SIZES[size].people
    assert len(facts.outlets) == SIZES[size].n_outlets
    assert facts.access.is_attached.all()
    if size == "large":
        assert facts.network.n_pieces >= 300_000
    assert_shares_are_true(facts, truth)


def assert_shares_are_true(facts, truth):
    """Within the one building that coordinates rounded to a centimetre may move across a limit."""
    at = {name: i for i, name in enumerate(facts.circles.name)}
    largest = [
        facts.places.people[facts.places.circle_idx == i].max() / facts.circle_coverage.people[i]
        for i in range(len(at))
    ]
    for row, shares in truth["share_in_norm"].items():
        column = facts.access.column_of(facts.types.idx_of_row(row))
        for name, share in zip(truth["circles"], shares, strict=True):
            told = facts.circle_coverage.share_in_norm[at[name], column]
            assert told == pytest.approx(share, abs=largest[at[name]] + 1e-4), (row, name)
