"""City packs made of the shared extracts read whole, with the counts their READMEs give."""

import numpy as np
import pytest

import real_packs
from yike.sources.pack import read_pack

pytestmark = pytest.mark.real


def read_real(name, shared_data, tmp_path):
    pack = read_pack(real_packs.make_pack(name, shared_data, tmp_path / name))
    pack.places.validate()
    pack.outlets.validate()
    pack.network.validate()
    return pack


def test_wudaokou_has_six_quarters_by_walking_time(shared_data, tmp_path):
    pack = read_real("beijing-wudaokou", shared_data, tmp_path)

    assert pack.network.n_vertices == 2_101
    assert pack.communities.delineation == "walking_voronoi"
    assert sorted(pack.communities.name) == sorted(
        ["新林院", "荷清苑教师住宅区", "西院", "西王庄小区", "清华大学西北小区", "华清嘉园小区"]
    )
    assert 100 <= len(pack.outlets) <= 255
    assert 150 <= len(pack.places) <= 520
    assert pack.places.is_estimated.all()
    assert 15_000 < pack.places.people.sum() < 60_000
    assert any("估算" in sentence for sentence in pack.provenance.estimates)


def test_guixi_has_communities_and_no_outlets(shared_data, tmp_path):
    pack = read_real("guixi-county-city", shared_data, tmp_path)

    assert len(pack.communities) == 16
    assert sum(i.startswith("n") for i in pack.communities.community_id) == 16
    assert pack.communities.street.count("花园街道") >= 1
    assert len(pack.outlets) == 0
    assert pack.provenance.settings["outlets_source"] == "none"
    assert "outlets.none" in [f.code for f in pack.report.faults]


def test_las_palmas_is_a_whole_city_with_exact_people(shared_data, tmp_path):
    pack = read_real("las-palmas", shared_data, tmp_path)

    assert len(pack.communities) == 68
    assert len(pack.outlets) > 3_000
    assert 15_000 < len(pack.places) < 20_695
    assert pack.places.people.sum() == 380_000


def test_nanshan_homes_lie_in_named_quarters(shared_data, tmp_path):
    pack = read_real("shenzhen-nanshan", shared_data, tmp_path)

    assert pack.communities.delineation == "polygons"
    assert 36 <= len(pack.circles) <= 44
    assert "大冲城市花园" in pack.circles.name
    inside = pack.places.community_idx >= 0
    assert np.array_equal(pack.places.circle_idx[inside], pack.places.community_idx[inside])
    assert 0.6 < inside.mean() < 0.9
    assert (pack.outlets.circle_idx >= 0).any()


def test_shanghai_homes_come_from_floor_area(shared_data, tmp_path):
    pack = read_real("shanghai-center", shared_data, tmp_path)

    assert pack.network.n_vertices == 20_735
    assert len(pack.outlets) > 80
    assert pack.places.people_method == "floor_area"
    assert pack.circles.name == ("上海外滩—陆家嘴",)


def test_monaco_has_nine_wards(shared_data, tmp_path):
    pack = read_real("monaco", shared_data, tmp_path)

    assert pack.network.n_vertices == 11_058
    assert len(pack.circles) == 9
    assert 300 <= len(pack.outlets) <= 651
    assert 600 <= len(pack.places) <= 1_256


def test_sao_paulo_has_its_population_grid(shared_data, tmp_path):
    pack = read_real("sao-paulo-center", shared_data, tmp_path)

    assert len(pack.places) == 323
    assert pack.places.people.sum() == 517_570
    assert pack.places.people_method == "grid"
    assert pack.provenance.estimates == ()


def test_zhuhai_has_streets_without_a_place_on_earth(shared_data, tmp_path):
    pack = read_real("zhuhai-topology", shared_data, tmp_path)

    assert pack.network.n_vertices == 11_254
    assert pack.network.n_pieces == 16_829
    assert pack.network.piece_length_m.sum() == pytest.approx(4_289_000, rel=1e-3)
    assert pack.provenance.is_invented


def test_porto_is_streets_only(shared_data, tmp_path):
    pack = read_real("porto-perf", shared_data, tmp_path)

    assert pack.network.n_vertices == pytest.approx(304_866, abs=5)
    assert pack.network.n_pieces == pytest.approx(327_995, abs=50)
    assert len(pack.places) == 0


def test_real_packs_runs_as_a_command(shared_data, tmp_path, capsys):
    code = real_packs.main(["monaco", "-o", str(tmp_path / "m"), "--data", str(shared_data)])

    assert code == 0
    assert (tmp_path / "m" / "pack.toml").is_file()
    assert "已生成城市包" in capsys.readouterr().err
    assert real_packs.main(["monaco", "-o", str(tmp_path / "n"), "--data", str(tmp_path / "none")]) == 2
