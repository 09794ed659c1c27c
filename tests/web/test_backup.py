"""Backing up and putting back, as a person at a shell does it; between both databases."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tiny_pack import PACK_TOML, write_tiny_pack

COMMUNITIES = (
    "id,name,lon,lat,people\n411281001001,民安社区,116.303,40.0,300\n411281001002,兴苑,116.322,40.0,\n"
)

DATABASE_FILES = ("yike.sqlite3", "yike.sqlite3-wal", "yike.sqlite3-shm")
pytestmark = pytest.mark.slow  # every command is a process of its own


def yike(*words, database=None):
    """One command in a process of its own; SQLite unless a database is named."""
    environment = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "YIKE_DATA")}
    if database:
        environment["DATABASE_URL"] = database
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    command = [sys.executable, "-m", "yike.cli.main", *map(str, words)]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)


def done(*words, database=None):
    """The JSON answer of a command that must succeed."""
    run = yike(*words, "--json", database=database)
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


def listed(path):
    return json.loads(zipfile.ZipFile(path).read("manifest.json"))


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A data folder with an account, a register, an upload; and its backup."""
    folder = tmp_path_factory.mktemp("home")
    pack = write_tiny_pack(folder / "pack")
    (pack / "communities.csv").write_text(COMMUNITIES, "utf-8")
    section = '[communities]\nfile = "communities.csv"\ndatum = "wgs84"\n\n[[source]]'
    (pack / "pack.toml").write_text(PACK_TOML.replace("[[source]]", section), "utf-8")
    assert yike("init", "--data", folder / "data").returncode == 0
    done("createuser", "anquan", "--name", "张三（虚构）", "--data", folder / "data")
    first = done("import", pack, "--branch", "411281", "--data", folder / "data")
    again = done("import", pack, "--branch", "411281", "--data", folder / "data")
    done("backup", "--data", folder / "data", "-o", folder / "first.zip")
    return folder, first, again


def test_importing_a_pack_twice_registers_once(home):
    _, first, again = home

    assert (first["areas"] > 30, first["circles"], first["outlets"]["new"], first["premises"]) == (
        True,
        2,
        3,
        1,
    )
    assert (again["areas"], again["circles"], again["premises"], again["pack"]) == (0, 0, 0, first["pack"])
    assert (again["outlets"].get("new", 0), again["outlets"]["same"]) == (0, 3)
    assert first["unmatched"] == []


def test_a_backup_holds_every_file_and_no_key(home):
    folder, *_ = home
    names = zipfile.ZipFile(folder / "first.zip").namelist()

    kept = listed(folder / "first.zip")

    assert not [n for n in names if n.endswith((".key", ".sqlite3"))]
    assert [n for n in names if n.startswith("files/imports/")]
    assert [n for n in names if n.startswith("files/packs/")]
    assert kept["tables"]["outlets_outlet"]["size"] == 3
    assert kept["tables"]["accounts_account"]["size"] == 1
    assert (folder / "first.zip").stat().st_mode & 0o077 == 0


def test_what_is_put_back_is_what_was_there(home, tmp_path):
    folder, *_ = home
    told = done("restore", folder / "first.zip", "--data", tmp_path / "new")
    done("backup", "--data", tmp_path / "new", "-o", tmp_path / "second.zip")

    first, second = listed(folder / "first.zip"), listed(tmp_path / "second.zip")

    assert second["tables"] == first["tables"]
    assert second["files"] == first["files"]
    assert told == {
        "rows": sum(t["size"] for t in first["tables"].values()),
        "tables": len(first["tables"]),
        "files": len(first["files"]),
        "key_fits": False,
    }
    assert yike("audit", "verify", "--data", tmp_path / "new").returncode == 0
    assert yike("doctor", "--data", tmp_path / "new").returncode == 0


def test_with_its_keys_a_backup_opens_what_was_sealed(home, tmp_path):
    folder, *_ = home
    done("backup", "--with-keys", "--data", folder / "data", "-o", tmp_path / "keys.zip")
    (tmp_path / "new").mkdir()
    shutil.copy(folder / "data" / "seal.key", tmp_path / "new" / "seal.key")
    shutil.copy(folder / "data" / "secret.key", tmp_path / "new" / "secret.key")

    told = done("restore", tmp_path / "keys.zip", "--data", tmp_path / "new")

    assert told["key_fits"] is True


def test_nothing_is_put_over_something(home):
    folder, *_ = home
    before = listed(folder / "first.zip")

    run = yike("restore", folder / "first.zip", "--data", folder / "data")

    assert run.returncode == 2
    assert "已有数据" in run.stderr
    done("backup", "--data", folder / "data", "-o", folder / "after.zip")
    assert listed(folder / "after.zip")["tables"] == before["tables"]


def test_a_backup_is_not_written_over_another(home):
    folder, *_ = home
    stamp = (folder / "first.zip").read_bytes()

    run = yike("backup", "--data", folder / "data", "-o", folder / "first.zip")

    assert (run.returncode, "已经存在" in run.stderr) == (2, True)
    assert (folder / "first.zip").read_bytes() == stamp


def spoilt(source: Path, to: Path, entry: str, change):
    """A copy of a backup with one entry changed."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(to, "w") as new:
        for name in old.namelist():
            new.writestr(name, change(old.read(name)) if name == entry else old.read(name))
    return to


@pytest.mark.parametrize(
    ("entry", "change", "words"),
    [
        ("tables/outlets_outlet.jsonl", lambda b: b.replace(b"s1", b"s9"), "与清单不符"),
        ("tables/outlets_outlet.jsonl", lambda b: b[:-20], "与清单不符"),
        ("manifest.json", lambda b: b.replace(b'"yike"', b'"other"'), "不是一刻的备份"),
        ("manifest.json", lambda b: b.replace(b'"0001_initial"', b'"9999_later"', 1), "数据结构"),
    ],
)
def test_a_spoilt_backup_leaves_nothing_behind(home, tmp_path, entry, change, words):
    folder, *_ = home
    bad = spoilt(folder / "first.zip", tmp_path / "bad.zip", entry, change)

    run = yike("restore", bad, "--data", tmp_path / "new")

    assert (run.returncode, words in run.stderr) == (2, True)
    assert {p.name for p in (tmp_path / "new").iterdir()} <= {
        "secret.key",
        "seal.key",
        "static",
        *DATABASE_FILES,
    }


def test_a_file_that_is_no_backup_is_refused(tmp_path):
    (tmp_path / "no.zip").write_bytes(b"nothing")

    run = yike("restore", tmp_path / "no.zip", "--data", tmp_path / "new")

    assert (run.returncode, "不是一刻的备份" in run.stderr) == (2, True)


def test_the_demo_does_not_touch_a_real_installation(home):
    folder, *_ = home

    run = yike("demo", "--data", folder / "data", "--no-serve", "--quiet")

    assert (run.returncode, "正式数据" in run.stderr) == (2, True)
    assert not (folder / "data" / "demo.json").exists()


@pytest.mark.skipif(
    os.environ.get("YIKE_TEST_DB") != "postgres", reason="needs the PostgreSQL of the test set-up"
)
def test_moving_to_postgresql_and_back_keeps_every_row(home, tmp_path, django_db_setup):
    import psycopg

    folder, *_ = home
    there = os.environ["DATABASE_URL"]
    with psycopg.connect(there.replace("postgres://", "postgresql://", 1), autocommit=True) as server:
        server.execute("DROP DATABASE IF EXISTS yike_moved")
        server.execute("CREATE DATABASE yike_moved ENCODING 'UTF8' TEMPLATE template0")
    moved = there.replace("/postgres?", "/yike_moved?", 1)

    done("restore", folder / "first.zip", "--data", tmp_path / "pg", database=moved)
    done("backup", "--data", tmp_path / "pg", "-o", tmp_path / "pg.zip", database=moved)
    done("restore", tmp_path / "pg.zip", "--data", tmp_path / "back")
    done("backup", "--data", tmp_path / "back", "-o", tmp_path / "back.zip")

    first, on_postgres, back = (
        listed(p) for p in (folder / "first.zip", tmp_path / "pg.zip", tmp_path / "back.zip")
    )
    assert on_postgres["database"] == "postgresql"
    assert on_postgres["tables"] == first["tables"] == back["tables"]
    assert on_postgres["files"] == first["files"]
    assert yike("audit", "verify", "--data", tmp_path / "pg", database=moved).returncode == 0
