"""Invented lists on real packs: said to be invented, the same twice, and good enough for papers."""

import numpy as np
import pytest
from pypdf import PdfReader

from invented_lists import invented_premises, invented_vendors
from real_packs import make_pack
from yike.studies.bundled import bundled_pack
from yike.studies.pipeline import base_of
from yike.studies.study import StudySpec, silent
from yike.studies.timetable import TimetableSpec, timetable_of
from yike.studies.timetable_papers import write_papers
from yike.studies.watch import Watch


def test_lists_say_that_they_are_invented_and_are_the_same_twice(tmp_path):
    one, two = (
        invented_vendors(invented_premises(bundled_pack(tmp_path / n), 12, 5), 6, 5) for n in ("a", "b")
    )
    base = base_of(StudySpec(one), Watch(silent))

    assert len(base.pack.premises) == 12
    assert all(name.startswith("虚构") for name in base.pack.premises.name)
    assert not np.isnan(base.pack.premises.area_m2).any()
    invented = [s for s in base.pack.provenance.sources if s.name.startswith("虚构")]
    assert [s.covers for s in invented] == [("premises",), ("vendors", "stops")]
    assert not base.pack.provenance.is_invented  # streets and homes are real
    for path in [*sorted(one.glob("*.csv")), one / "pack.toml"]:
        assert path.read_bytes() == (two / path.name).read_bytes()


@pytest.mark.real
@pytest.mark.parametrize("name", ["beijing-wudaokou", "las-palmas"])
def test_timetables_of_real_towns_make_their_papers(name, shared_data, tmp_path):
    pack = invented_vendors(make_pack(name, shared_data, tmp_path / "pack"), 10, 3)
    facts = timetable_of(base_of(StudySpec(pack), Watch(silent)), TimetableSpec(time_limit_s=10))
    written = write_papers(facts, tmp_path / "out")
    posters = [p for p in written if p.suffix == ".pdf"]
    visited = {v.stop_id for v in facts.visits}

    assert visited
    assert len(posters) == len(visited) + 1
    text = PdfReader(posters[0]).pages[0].extract_text().replace(" ", "").replace("\n", "")
    assert "虚构流动服务者和停靠点清单" in text
    assert "虚构演示" in text  # the town is real, what stands on the poster is not
