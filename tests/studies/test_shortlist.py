"""Pilots of the made-up 义马: criteria in the open, ranges where nobody knows, weights that people change."""

from dataclasses import replace

import numpy as np
import pytest

from yike.core.tables import Tri
from yike.errors import InputError, PolicyFileError
from yike.standards.pilot_criteria import load_criteria
from yike.studies.pipeline import assess_base, base_of
from yike.studies.shortlist import ShortlistSpec, shortlist_of
from yike.studies.study import StudySpec, silent
from yike.studies.watch import Watch


@pytest.fixture(scope="module")
def town(yima_pack):
    watch = Watch(silent)
    base = base_of(StudySpec(yima_pack, with_isochrones=False), watch)
    return base, assess_base(base, watch).facts


def ranked(town, n=3, of="communities", criteria=None):
    return shortlist_of(*town, ShortlistSpec(n, of), criteria or load_criteria())


def test_every_row_adds_up_from_its_criteria(town):
    record = ranked(town)

    assert len(record["rows"]) == 35
    assert [r["is_picked"] for r in record["rows"]] == [True] * 3 + [False] * 32
    for row in record["rows"]:
        assert row["score"] == pytest.approx(sum(c["points"] for c in row["criteria"]), abs=0.01)
        assert sum(c["worth"] for c in row["criteria"]) == pytest.approx(100)
    scores = [r["score"] for r in record["rows"]]
    assert scores == sorted(scores, reverse=True)
    assert all(c["is_inferred"] and "推定" in c["source"] for c in record["criteria"])


def test_values_are_those_of_the_assessment(town):
    _, facts = town
    rows = {r["id"]: r for r in ranked(town, of="circles")["rows"]}
    chain = facts.assessment.indicator.index("chain_share")
    for c, circle in enumerate(facts.circles.circle_id):
        cells = {x["code"]: x for x in rows[circle]["criteria"]}
        assert cells["people"]["value"] == facts.circle_coverage.people[c]
        assert cells["chain"]["value"] == pytest.approx(facts.assessment.value[c, chain], abs=0.02)


def test_unknown_chain_flags_and_missing_premises_make_ranges(town):
    base, facts = town
    unknown = replace(facts.outlets, is_chain=np.full(len(facts.outlets), Tri.UNKNOWN, np.int8))
    empty = base.pack.premises
    none = replace(empty, **{
        f: (v[:0] if isinstance(v, tuple | np.ndarray) else v) for f, v in vars(empty).items()
    })  # fmt: skip
    other = replace(base, pack=replace(base.pack, premises=none))
    record = ranked((other, replace(facts, outlets=unknown)))
    first = {c["code"]: c for c in record["rows"][0]["criteria"]}

    assert (first["chain"]["value"], first["chain"]["words"]) == (None, "未知")
    assert (first["premises"]["points"], first["premises"]["points_at_most"]) == (0, 15)
    assert record["rows"][0]["score_at_most"] - record["rows"][0]["score"] == pytest.approx(25, abs=0.01)
    assert "分未知" in record["rows"][0]["sentence"]
    assert any("不得分，也不扣分" in note for note in record["notes"])


def test_weights_of_ones_own_change_the_ranking(town, tmp_path):
    file = tmp_path / "mine.toml"
    file.write_text(
        '[[criterion]]\ncode = "people"\nlabel = "居民人数"\nmeasure = "people"\nunit = "people"\n'
        "weight = 1\nzero = 0\nfull = 20000\n",
        "utf-8",
    )
    criteria = load_criteria(file)
    record = ranked(town, criteria=criteria)
    people = [r["people"] for r in record["rows"]]

    assert people == sorted(people, reverse=True)
    assert record["criteria"][0]["source"].endswith("〔推定〕")
    _, facts = town
    best = np.sort(facts.community_coverage.people)[::-1][:3].sum()
    assert record["together"]["people"] == best
    assert record["together"]["people_share"] == pytest.approx(best / facts.places.people.sum(), abs=1e-6)


@pytest.mark.parametrize(("line", "words"), [
    ("weight = -1\nzero = 0\nfull = 1", "权重不能小于 0"),
    ("weight = 1\nzero = 1\nfull = 1", "不能相同"),
    ("weight = 0\nzero = 0\nfull = 1", "没有一项有权重"),
])  # fmt: skip
def test_criteria_that_cannot_rank_are_refused(tmp_path, line, words):
    file = tmp_path / "mine.toml"
    head = '[[criterion]]\ncode = "people"\nlabel = "人"\nmeasure = "people"\nunit = "people"\n'
    file.write_text(head + line + "\n", "utf-8")

    with pytest.raises(PolicyFileError, match=words):
        load_criteria(file)


def test_a_pack_without_communities_says_so(tiny_pack):
    watch = Watch(silent)
    base = base_of(StudySpec(tiny_pack, with_isochrones=False), watch)

    with pytest.raises(InputError, match="没有社区"):
        shortlist_of(base, assess_base(base, watch).facts, ShortlistSpec(), load_criteria())
