"""Instant retail on the ladder of homes: radius, promise, units, and what nobody wrote down."""

import shutil

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from yike.core.circle.delivery import within_radius
from yike.core.tables import Tri
from yike.sources.pack import read_pack
from yike.studies.instant_retail import instant_of

# Homes of 100, 200, 300 at 116.301, .305, .320 and 7 far away; shops at .302, .310, .330; 85.2 m a step of
# 0.001 degrees: from s1 the homes lie 85, 256, 1,533 m away, from s3 2,470, 2,129, 852 m.
HEADER = "id,name,type,lon,lat"


def pack_with(tiny_pack, folder, header, cells):
    shutil.copytree(tiny_pack, folder)
    rows = (folder / "outlets.csv").read_text("utf-8").splitlines()
    assert rows[0] == HEADER
    lines = [f"{HEADER},{header}", *(f"{row},{more}" for row, more in zip(rows[1:], cells, strict=True))]
    (folder / "outlets.csv").write_text("\n".join(lines) + "\n", "utf-8")
    return read_pack(folder)


def test_a_list_without_the_columns_leaves_it_unknown(tiny_pack):
    record = instant_of(read_pack(tiny_pack))

    assert (record["share"], record["people_reached"], record["people"]) == (None, None, 607)
    assert "未知" in record["sentence"]


def test_residents_within_the_radius_of_a_quick_shop_are_reached(tiny_pack, tmp_path):
    cells = ("是,300米,30", ",,", "是,1公里,45")
    pack = pack_with(tiny_pack, tmp_path / "p", "即时零售,配送半径,承诺分钟", cells)

    record = instant_of(pack)  # s3 promises 45 minutes: too slow for 30
    assert record["people_reached"] == 100 + 200
    assert record["share"] == pytest.approx(300 / 607, abs=1e-6)
    assert record["outlets"] == {"instant": 2, "without_radius": 0, "without_promise": 0, "too_slow": 1}
    assert instant_of(pack, 45 * 60.0)["people_reached"] == 100 + 200 + 300
    assert record["clause"].startswith("义政办〔2023〕9号 五（五）17")


def test_a_shop_without_a_radius_makes_the_share_at_least(tiny_pack, tmp_path):
    pack = pack_with(tiny_pack, tmp_path / "p", "即时零售,配送半径", ("是,300", "是,", "否,"))
    record = instant_of(pack)

    assert (record["people_reached"], record["is_at_least"]) == (300, True)
    assert "至少" in record["sentence"]
    assert record["outlets"]["without_promise"] == 2


def test_a_bare_small_number_is_unknown_and_told(tiny_pack, tmp_path):
    pack = pack_with(tiny_pack, tmp_path / "p", "配送半径,是否即时零售", ("3,是", "3 km,", "800,随便"))
    delivery = pack.settled["delivery"]

    assert np.isnan(delivery.radius_m[0])
    assert delivery.radius_m[1:].tolist() == [3000, 800]
    assert delivery.is_instant.tolist() == [Tri.YES] * 3  # whoever has a radius delivers
    told = {(f.code, f.row) for f in pack.report.faults if "delivery" in f.code or "yes_no" in f.code}
    assert told == {("outlets.delivery.unit", 2), ("outlets.yes_no.unknown", 4)}


def test_kilometres_may_stand_in_the_header(tiny_pack, tmp_path):
    pack = pack_with(tiny_pack, tmp_path / "p", "配送半径（公里）", ("3", "500米", "0.5"))

    assert pack.settled["delivery"].radius_m.tolist() == [3000, 500, 500]


POINTS = st.lists(st.tuples(st.integers(-50, 50), st.integers(-50, 50)), min_size=1, max_size=12)


@given(POINTS, POINTS, st.lists(st.integers(0, 60), min_size=12, max_size=12))
def test_within_radius_equals_measuring_every_pair(homes, shops, radii):
    home, shop = np.array(homes, float), np.array(shops, float)
    radius = np.array(radii[: len(shops)], float)
    radius[radius == 7] = np.nan
    naive = [any(np.hypot(*(h - s)) <= r + 1e-6 for s, r in zip(shop, radius, strict=True)) for h in home]

    assert within_radius(home[:, 0], home[:, 1], shop[:, 0], shop[:, 1], radius).tolist() == naive
