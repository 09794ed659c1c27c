"""Siting on a real extract with an invented list of idle premises (虚构)."""

import numpy as np
import pytest

from naive.siting_by_scipy import best_cover
from real_packs import make_pack
from yike.studies.pipeline import base_of
from yike.studies.policy import services_of
from yike.studies.siting import SitingSpec, site
from yike.studies.study import StudySpec, silent
from yike.studies.watch import Watch

pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def wudaokou(shared_data, tmp_path_factory):
    """Wudaokou with 15 rooms beside homes drawn at random; the rooms are invented, the streets are not."""
    folder = make_pack("beijing-wudaokou", shared_data, tmp_path_factory.mktemp("packs") / "wudaokou")
    base = base_of(StudySpec(folder), Watch(silent))
    rng = np.random.default_rng(15)
    homes = rng.choice(np.flatnonzero(base.joined.place_attachments.is_attached), 15, replace=False)
    at = zip(base.joined.places.lon[homes], base.joined.places.lat[homes], strict=True)
    rows = [f"X{i},虚构空房{i},闲置用房,{x:.7f},{y:.7f},{30 + 10 * i}" for i, (x, y) in enumerate(at)]
    (folder / "rooms.csv").write_text("\n".join(["编号,名称,类型,经度,纬度,面积", *rows]) + "\n", "utf-8")
    toml = (folder / "pack.toml").read_text("utf-8")
    section = '[premises]\nfile = "rooms.csv"\ndatum = "wgs84"\n\n'
    (folder / "pack.toml").write_text(toml.replace("[[source]]", section + "[[source]]", 1), "utf-8")
    return base_of(StudySpec(folder), Watch(silent))


@pytest.mark.parametrize(("type_code", "k", "cutoff_s"), [("pharmacy", 2, 301.7), ("food_market", 3, 599.3)])
def test_plan_is_that_of_brute_force(wudaokou, type_code, k, cutoff_s):
    record = site(wudaokou, SitingSpec(type_code, k=k, cutoff_s=cutoff_s)).record
    idx = np.array([wudaokou.types.idx(type_code)], np.int32)
    serves = np.diff(services_of(wudaokou.joined.outlets, wudaokou.types, idx)[0]) > 0
    best, margin = best_cover(wudaokou, serves, k, cutoff_s)

    assert margin > 1e-3
    assert record["objective"] == pytest.approx(best, rel=1e-9)
    assert record["status"] == "optimal"
    assert record["sites"]


def test_street_points_never_do_worse_than_the_rooms(wudaokou):
    def people(kinds):
        spec = SitingSpec("pharmacy", k=3, cutoff_s=300, kinds=kinds, time_limit_s=20)
        return site(wudaokou, spec).record

    rooms, more = people(("premises",)), people(("premises", "street_point"))

    assert more["bound"] >= more["objective"] >= rooms["objective"] > 0
    assert more["candidates"] > rooms["candidates"] + 100
    assert any("不是已知空房" in n for n in more["notes"])


def test_estimated_people_are_said_to_be_so(wudaokou):
    record = site(wudaokou, SitingSpec("pharmacy", k=1, cutoff_s=300)).record

    assert record["is_estimate"]
    assert any("估算" in n for n in record["notes"])
