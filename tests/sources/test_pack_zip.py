import zipfile

import pytest

from small_packs import HEAD, NETWORK, SOURCE, small_pack
from yike.errors import UnreadableFileError
from yike.sources.pack_zip import open_pack

TOML = HEAD + NETWORK + SOURCE


def _zip(path, members):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in members.items():
            packed.writestr(name, data)
    return path


def _refused(path):
    with pytest.raises(UnreadableFileError) as caught, open_pack(path):
        pass
    return caught.value.code


def test_folder_and_its_toml_open_alike(tmp_path):
    folder = small_pack(tmp_path / "a")
    with open_pack(folder) as opened:
        assert opened == folder
    with open_pack(folder / "pack.toml") as opened:
        assert opened == folder


@pytest.mark.parametrize("root", ["", "光明片区/"])
def test_zip_of_files_or_of_a_folder_opens(tmp_path, root):
    path = _zip(tmp_path / "a.zip", {f"{root}pack.toml": TOML, f"{root}表/网点.csv": "x", "__MACOSX/a": "y"})
    with open_pack(path) as opened:
        assert (opened / "pack.toml").read_text("utf-8") == TOML
        assert (opened / "表" / "网点.csv").read_text("utf-8") == "x"
    assert not opened.exists()


class _GbkInfo(zipfile.ZipInfo):
    """A member named as a Chinese Windows does: GBK bytes, without the UTF-8 flag."""

    def _encodeFilenameFlags(self):
        return self.filename.encode("gbk"), self.flag_bits & ~0x800


def test_zip_with_gbk_names_opens(tmp_path):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("pack.toml", TOML)
        packed.writestr(_GbkInfo("网点.csv"), "x")
    with open_pack(path) as opened:
        assert (opened / "网点.csv").read_text("utf-8") == "x"


@pytest.mark.parametrize("name", ["../evil.txt", "a/../../evil.txt", "/etc/evil", "C:/evil", "..\\evil.txt"])
def test_names_that_lead_outside_refuse_the_whole_zip(tmp_path, name):
    path = _zip(tmp_path / "a.zip", {"pack.toml": TOML, name: "x"})
    assert _refused(path) == "pack.zip.unsafe"
    assert not (tmp_path / "evil.txt").exists()


def test_zip_bomb_is_refused_before_it_is_unpacked(tmp_path):
    path = _zip(tmp_path / "a.zip", {"pack.toml": TOML, "zeros.csv": bytes(60_000_000)})
    assert path.stat().st_size < 100_000
    assert _refused(path) == "pack.zip.bomb"


def test_too_many_members_are_refused(tmp_path):
    path = _zip(tmp_path / "a.zip", {f"{i}.txt": "" for i in range(5_001)})
    assert _refused(path) == "pack.zip.bomb"


def test_nested_zip_is_named(tmp_path):
    inner = _zip(tmp_path / "inner.zip", {"pack.toml": TOML})
    path = _zip(tmp_path / "a.zip", {"inner.zip": inner.read_bytes()})
    assert _refused(path) == "pack.zip.nested"


def test_other_broken_zips_have_codes_of_their_own(tmp_path):
    assert _refused(_zip(tmp_path / "none.zip", {"a.txt": "x"})) == "pack.zip.no_toml"
    two = _zip(tmp_path / "two.zip", {"a/pack.toml": TOML, "b/pack.toml": TOML})
    assert _refused(two) == "pack.zip.several"
    assert _refused(tmp_path / "missing") == "pack.path.missing"
    text = tmp_path / "text.zip"
    text.write_text("not a zip")
    assert _refused(text) == "pack.path.kind"
    whole = _zip(tmp_path / "whole.zip", {"pack.toml": TOML * 50, "b.csv": "ab" * 5000}).read_bytes()
    cut = tmp_path / "cut.zip"
    cut.write_bytes(whole[:60] + bytes(40) + whole[100:])
    assert _refused(cut) == "pack.zip.damaged"


def test_encrypted_zip_is_refused(tmp_path):
    path = _zip(tmp_path / "a.zip", {"pack.toml": TOML})
    data = bytearray(path.read_bytes())
    data[6] |= 1  # local header: general purpose bit 0
    at = data.find(b"PK\x01\x02")
    data[at + 8] |= 1  # the same in the central directory
    path.write_bytes(bytes(data))
    assert _refused(path) == "pack.zip.encrypted"
