"""Files that are whole or not there."""

import pytest

from yike.reports.whole_file import write_whole


def test_file_gets_its_name_when_it_is_whole(tmp_path):
    write_whole(tmp_path / "a.txt", lambda half: half.write_text("新", "utf-8"))

    assert [p.name for p in tmp_path.iterdir()] == ["a.txt"]
    assert (tmp_path / "a.txt").read_text("utf-8") == "新"


@pytest.mark.parametrize("stop", [KeyboardInterrupt, OSError])
def test_stopping_half_way_leaves_the_old_file_and_nothing_else(tmp_path, stop):
    (tmp_path / "a.txt").write_text("旧", "utf-8")

    def write(half):
        half.write_text("半", "utf-8")
        raise stop

    with pytest.raises(stop):
        write_whole(tmp_path / "a.txt", write)
    assert [p.name for p in tmp_path.iterdir()] == ["a.txt"]
    assert (tmp_path / "a.txt").read_text("utf-8") == "旧"
