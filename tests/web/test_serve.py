"""What ``yike serve`` says when it cannot start: a taken port, a held folder, a full disk, a wrong file."""

import os
import resource
import signal
import socket
import sqlite3
import subprocess
import sys

import pytest

from served_desk import YIKE, ServedDesk, free_port, seen, served
from yike.web.config.commands.starting import database_error

pytestmark = pytest.mark.slow


def serve(data, *more, before=None, **env):
    """Run ``yike serve`` on a folder of its own database until it gives up."""
    plain = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "YIKE_DATA")}
    return subprocess.run(
        [*YIKE, "serve", "--data", str(data), "--port", str(free_port()), *more],
        env=plain | {"DJANGO_SETTINGS_MODULE": "yike.web.config.settings"} | env,
        capture_output=True, text=True, timeout=120, preexec_fn=before,
    )  # fmt: skip


def assert_refused(told, text):
    assert (told.returncode, "Traceback" in told.stderr) == (2, False), told.stderr
    assert text in told.stderr
    assert "办法：" in told.stderr


def test_a_taken_port_is_named_and_the_next_one_proposed(tmp_path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        told = serve(tmp_path / "data", "--port", str(port))

    assert_refused(told, f"端口 {port} 已被别的程序占用")
    assert f"--port {port + 1}" in told.stderr
    assert not (tmp_path / "data" / "yike.sqlite3").exists()


def test_an_address_that_is_not_of_this_machine_is_refused(tmp_path):
    assert_refused(serve(tmp_path, "--host", "192.0.2.7"), "不能在 192.0.2.7 上监听")


def test_a_folder_that_cannot_be_made_is_refused(tmp_path):
    (tmp_path / "file").touch()

    assert_refused(serve(tmp_path / "file" / "data"), "有一段是文件，不是文件夹")


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has such folders")
def test_a_folder_nobody_may_write_to_is_refused():
    told = serve("/proc/yike")

    assert (told.returncode, "Traceback" in told.stderr, "/proc/yike" in told.stderr) == (2, False, True)


def test_a_full_disk_is_said_before_anything_starts(tmp_path):
    def no_room():
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))

    assert_refused(serve(tmp_path, before=no_room), "磁盘已满")


def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path):
    broken = b"not a database" * 999
    (tmp_path / "yike.sqlite3").write_bytes(broken)

    assert_refused(serve(tmp_path), "数据库文件已损坏，或不是本程序的数据库")
    assert (tmp_path / "yike.sqlite3").read_bytes() == broken


def test_a_database_of_a_later_version_is_refused_and_left_alone(tmp_path):
    with sqlite3.connect(tmp_path / "yike.sqlite3") as late:
        late.execute("CREATE TABLE django_migrations (id INTEGER PRIMARY KEY, app, name, applied)")
        late.execute("INSERT INTO django_migrations VALUES (1, 'outlets', '0999_later', '2030-01-01')")
    late.close()

    assert_refused(serve(tmp_path), "数据库来自更新的版本")
    with sqlite3.connect(tmp_path / "yike.sqlite3") as late:
        assert late.execute("SELECT count(*) FROM sqlite_master WHERE type = 'table'").fetchone() == (1,)
    late.close()


def test_a_database_that_cannot_be_reached_is_refused(tmp_path):
    told = serve(tmp_path, DATABASE_URL=f"postgres://someone:secret@127.0.0.1:{free_port()}/yike")

    assert_refused(told, "连不上数据库")
    assert "secret" not in told.stderr


@pytest.mark.django_db(transaction=True)
def test_a_second_server_on_a_folder_is_sent_to_the_first(tmp_path):
    with served(tmp_path / "data", tmp_path, workers=0, processes=1) as desk:
        second = ServedDesk(desk.data, tmp_path)
        told = second.run("serve", "--port", str(second.port))

    assert_refused(told, "正由另一个 yike serve 使用")
    assert f"http://127.0.0.1:{desk.port}/desk/" in told.stderr


@pytest.mark.django_db(transaction=True)
def test_a_killed_server_leaves_no_process_at_its_door(tmp_path):
    with served(tmp_path / "data", tmp_path, processes=1) as desk:
        os.kill(desk.process.pid, signal.SIGKILL)  # it alone: its children must notice
        desk.process.wait()

        assert seen("an empty door", lambda: is_free(desk.port))


def is_free(port):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("database or disk is full", "serve.database_full"),
        ('could not extend file "base/1/2": No space left on device', "serve.database_full"),
        ("attempt to write a readonly database", "serve.database_readonly"),
        ("database is locked", "serve.locked"),
        ('relation "outlets_outlet" does not exist', "serve.older"),
        ("something new", "serve.database"),
    ],
)
def test_what_databases_say_becomes_a_sentence_with_a_cure(said, code):
    wrong = database_error(RuntimeError(said))

    assert (wrong.code, bool(wrong.hint)) == (code, True)
