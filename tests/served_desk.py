"""``yike serve`` as a process of its own on the database of the tests, to talk to and to kill."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

from desk_clerk import Clerk

HALTING = Path(__file__).parent / "halting"
PASSWORD = "长城长城-1234"
LONGEST_S = 60
YIKE = (sys.executable, "-m", "yike.cli.main")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def seen(what, look, longest_s=LONGEST_S):
    """What ``look()`` gives once it is something; fails with a word when that takes too long."""
    until = time.monotonic() + longest_s
    while time.monotonic() < until:
        if found := look():
            return found
        time.sleep(0.05)
    raise AssertionError(f"not seen within {longest_s} s: {what}")


def database_url():
    """The database of the tests as other processes reach it."""
    from django.db import connection

    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()


class ServedDesk:
    """``yike serve`` with all its processes; with ``halt_at`` they stop at that function when armed."""

    def __init__(self, data, folder, halt_at="", workers=1, processes=2):
        self.data, self.folder, self.port = data, folder, free_port()
        self.sizes = ["--workers", str(workers), "--processes", str(processes)]
        self.env = os.environ | {
            "DJANGO_SETTINGS_MODULE": "yike.web.config.settings", "DATABASE_URL": database_url(),
            "YIKE_HALT_AT": halt_at, "YIKE_HALT_FOLDER": str(folder),
            "PYTHONPATH": os.pathsep.join(filter(None, [str(HALTING), os.environ.get("PYTHONPATH")])),
        }  # fmt: skip
        self.log = folder / "serve.log"
        self.process = None

    @property
    def base(self):
        return f"http://127.0.0.1:{self.port}"

    def start(self):
        asked = [*YIKE, "serve", "--data", str(self.data), "--port", str(self.port), *self.sizes]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                asked, env=self.env, stdout=log, stderr=log, start_new_session=True
            )
        seen("the sign-in page", self.answers)
        return self

    def answers(self):
        if self.process.poll() is not None:
            raise AssertionError(self.log.read_text("utf-8"))
        try:
            return Clerk(self.base).get("/desk/session/").status == 200
        except OSError:
            return False

    def arm(self):
        for old in self.folder.glob("halted-*"):
            old.unlink()
        (self.folder / "armed").touch()

    def halted(self):
        """Process number of who stopped at the place; the others may pass from now on."""
        found = seen("a process at the place", lambda: list(self.folder.glob("halted-*")))
        (self.folder / "armed").unlink()
        return int(found[0].name.removeprefix("halted-"))

    def kill_all(self):
        """As when the power goes: the server, its web processes, its workers, in one blow."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self):
        """In peace."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(LONGEST_S)
        except subprocess.TimeoutExpired:
            self.kill_all()
            raise

    def run(self, *command):
        """Another command of ``yike`` on the same data."""
        return subprocess.run(
            [*YIKE, *command, "--data", str(self.data)], env=self.env | {"YIKE_HALT_AT": ""},
            capture_output=True, text=True,
        )  # fmt: skip


@contextlib.contextmanager
def served(data, folder, **more):
    desk = ServedDesk(data, folder, **more)
    try:
        yield desk.start()
    finally:
        desk.stop()


def let_sign_in(who):
    """Give an account a password that the real program reads (tests keep theirs cheaper)."""
    from yike.web.accounts.hashing import Argon2

    kept = Argon2()
    who.account.password = kept.encode(PASSWORD, kept.salt())
    who.account.must_change_password = False
    who.account.save()
    return who.account.username
