"""Siting against brute force by SciPy, and against the best premises that an independent program planted."""

import json
import shutil

import numpy as np
import pytest

from naive.siting_by_scipy import best_cover
from siting_town import PREMISES_HEADER, siting_town
from small_packs import at
from yike.sources.synth.city import make_city
from yike.studies.pipeline import base_of
from yike.studies.policy import services_of
from yike.studies.siting import SitingSpec, site
from yike.studies.siting_run import type_code_of
from yike.studies.study import StudySpec, silent
from yike.studies.watch import Watch


def opened(folder):
    return base_of(StudySpec(folder), Watch(silent))


def assert_as_brute_force(base, type_code, k, cutoff_s):
    record = site(base, SitingSpec(type_code, k=k, cutoff_s=cutoff_s)).record
    ptr, _ = services_of(base.joined.outlets, base.types, np.array([base.types.idx(type_code)], np.int32))
    best, margin = best_cover(base, np.diff(ptr) > 0, k, cutoff_s)
    assert margin > 1e-3, "a walk of the cutoff itself is decided by rounding: take another cutoff"
    assert record["objective"] == pytest.approx(best, rel=1e-12)
    assert record["status"] == "optimal"
    assert sum(s["people_gained"] for s in record["sites"]) == pytest.approx(best, abs=1e-4)
    return record


@pytest.fixture(scope="module")
def helsinki_with_premises(helsinki_pack, tmp_path_factory):
    """The bundled district with twelve invented rooms (虚构), two of them out of reach."""
    folder = tmp_path_factory.mktemp("packs") / "helsinki-premises"
    shutil.copytree(helsinki_pack, folder)
    base, rng = opened(helsinki_pack), np.random.default_rng(3)
    home = rng.choice(len(base.joined.places), 12, replace=False)
    lon = base.joined.places.lon[home] + rng.normal(0, 4e-4, 12) + np.where(np.arange(12) > 9, 0.2, 0)
    lat = base.joined.places.lat[home] + rng.normal(0, 2e-4, 12)
    rows = [f"V{i},虚构空房{i},{lon[i]:.7f},{lat[i]:.7f},60" for i in range(12)]
    (folder / "rooms.csv").write_text("\n".join(["编号,名称,经度,纬度,面积", *rows]) + "\n", "utf-8")
    toml = (folder / "pack.toml").read_text("utf-8")
    section = '[premises]\nfile = "rooms.csv"\ndatum = "wgs84"\n\n'
    (folder / "pack.toml").write_text(toml.replace("[[source]]", section + "[[source]]", 1), "utf-8")
    return opened(folder)


@pytest.mark.parametrize(
    ("form_row", "k", "cutoff_s"),
    [("B10", 1, 300), ("B10", 3, 240), ("B06", 2, 301), ("B01", 3, 121), ("B03", 4, 419), ("Q05", 2, 600)],
)
def test_plans_of_the_bundled_district_are_those_of_brute_force(
    helsinki_with_premises, form_row, k, cutoff_s
):
    base = helsinki_with_premises
    record = assert_as_brute_force(base, type_code_of(base.types, form_row), k, cutoff_s)

    assert {r["candidate_id"] for r in record["rejected"]} == {"V10", "V11"}


@pytest.mark.parametrize("seed", range(6))
def test_plans_of_random_small_towns_are_those_of_brute_force(seed, tmp_path):
    rng = np.random.default_rng(seed)

    def spots(n):
        return [at(*xy) for xy in rng.uniform(-60, 460, (n, 2))]

    statuses = rng.choice(["营业", "关闭", "筹建", ""], 4)
    types = rng.choice(["药店", "修鞋", "维修点"], 4)
    outlets = [f"W{i},店{i},{types[i]},{p},{statuses[i]}" for i, p in enumerate(spots(4))]
    people = rng.choice(["", "0", "7", "31.5", "120"], 25)
    homes = [f"H{i},{p},{people[i]}" for i, p in enumerate(spots(25))]
    rooms = [f"R{i},房{i},门面,50,{p},闲置,," for i, p in enumerate([*spots(8), at(2000, 0)])]
    base = opened(siting_town(tmp_path, outlets=tuple(outlets), homes=tuple(homes), premises=tuple(rooms)))
    assert PREMISES_HEADER.count(",") == rooms[0].count(",")

    for type_code in ("pharmacy", "repair"):
        for k, cutoff_s in ((1, 97.3), (2, 143.9), (3, 211.7)):
            assert_as_brute_force(base, type_code, k, cutoff_s)


def planted_and_found(folder):
    """Best premises of every planted gap, as planted and as found."""
    base = opened(folder)
    truth = json.loads((folder / "truth.json").read_text("utf-8"))["planted"]
    found = {}
    for form_row in sorted({g["form_row"] for g in truth}):
        record = site(base, SitingSpec(type_code_of(base.types, form_row), k=1)).record
        found[form_row] = (record["sites"][0]["id"], record["objective"], record["status"])
    return {g["form_row"]: (g["best_premises"], g["people_gained"], "optimal") for g in truth}, found


def test_best_premises_of_every_planted_gap_are_found(yima_pack):
    planted, found = planted_and_found(yima_pack)

    assert len(planted) == 8
    assert found == planted


@pytest.mark.slow
def test_best_premises_of_a_larger_city_are_found(tmp_path):
    planted, found = planted_and_found(make_city("medium", 7, tmp_path / "medium"))

    assert planted
    assert found == planted
