"""Going through the workbench as people do: a served folder, one person at one screen, papers read back."""

from __future__ import annotations

import base64
import contextlib
import io
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from journey_town import PASSWORD

UP_WITHIN_S = 90
FETCH = """async (path) => {
  const answer = await fetch(path);
  const bytes = new Uint8Array(await answer.arrayBuffer());
  return [answer.status, btoa(Array.from(bytes, (b) => String.fromCharCode(b)).join(""))];
}"""


def environment(database: str | None = None) -> dict[str, str]:
    """Of a program of its own: nothing of the tests' settings."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("YIKE_", "DJANGO_", "DATABASE_URL"))}
    return kept | ({"DATABASE_URL": database} if database else {})


def yike(*words, database: str | None = None) -> subprocess.CompletedProcess[str]:
    """One command, which must succeed."""
    command = [sys.executable, "-m", "yike.cli.main", *map(str, words)]
    run = subprocess.run(command, env=environment(database), capture_output=True, text=True, timeout=180)
    assert run.returncode == 0, run.stderr
    return run


@contextlib.contextmanager
def served(folder: Path, name: str = "127.0.0.1", database: str | None = None):
    """The folder served with its worker under a name of 127.0.0.1; gives the address, stops it in the end."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "yike.cli.main", "serve", "--data", str(folder),
               "--port", str(port), "--processes", "1"]  # fmt: skip
    around = environment(database) | {"YIKE_HOSTS": f"{name},127.0.0.1"}
    with (folder.parent / "serve.log").open("ab") as log:
        running = subprocess.Popen(command, env=around, stdout=log, stderr=log)
    try:
        wait_until_up(f"http://127.0.0.1:{port}/desk/session/", running)
        yield f"http://{name}:{port}"
    finally:
        running.send_signal(signal.SIGTERM)
        try:
            running.wait(30)
        except subprocess.TimeoutExpired:
            running.kill()


def wait_until_up(url: str, running: subprocess.Popen) -> None:
    until = time.monotonic() + UP_WITHIN_S
    while time.monotonic() < until and running.poll() is None:
        try:
            urllib.request.urlopen(url, timeout=5).close()
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
        else:
            return
    raise AssertionError("the workbench did not come up")


class Person:
    """Somebody signed in at one screen; what pages complained of or asked for is kept till she leaves."""

    def __init__(self, browser, home, name, viewport, password=PASSWORD):
        self.context = browser.new_context(viewport=viewport, locale="zh-CN", accept_downloads=True)
        self.context.set_default_timeout(15_000)
        self.home, self.name, self.password = home, name, password
        self.complaints, self.asked, self.wide = [], [], []
        self.open()
        self.go("/desk/session/")
        self.sign_in(password)

    def open(self):
        self.page = self.context.new_page()
        self.page.on("pageerror", lambda error: self.complaints.append(f"{self.page.url} {error}"))
        self.page.on("console", self._heard)
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("load", lambda page: self._measure(page))
        return self.page

    def _heard(self, line):
        if line.type == "error":
            self.complaints.append(f"{self.page.url} {line.text}")

    def _measure(self, page):
        with contextlib.suppress(Exception):  # the page may have gone on meanwhile
            over = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            if over > 0:
                self.wide.append((page.url, over))

    def sign_in(self, password):
        form = self.page.locator("form").filter(has=self.page.get_by_label("密码"))
        form.get_by_label("用户名").fill(self.name)
        form.get_by_label("密码").fill(password)
        form.get_by_role("button", name="登录").click()

    def go(self, path):
        self.page.goto(f"{self.home}{path}")
        return self.page

    def heading(self):
        return self.page.get_by_role("heading", level=1).inner_text()

    def sheet(self, path):
        page = self.go(path)
        page.locator("table.annex.live").wait_for()
        return page

    def fetch(self, path):
        """The bytes behind a link of the page."""
        status, body = self.page.evaluate(FETCH, path)
        assert status == 200, path
        return base64.b64decode(body)

    def download(self, link):
        with self.page.expect_download() as told:
            link.click()
        return Path(told.value.path()).read_bytes()

    def leave(self, picture: Path):
        self.page.screenshot(path=str(picture), full_page=True)
        self.context.close()
        outside = [u for u in self.asked if not u.startswith((self.home, "data:", "blob:"))]
        assert (self.complaints, outside, self.wide) == ([], [], [])


def qr_texts(pdf: bytes, tmp_path: Path) -> list[str]:
    """What the QR codes on the first page of a paper say, as a phone reads them."""
    import zxingcpp
    from PIL import Image

    (tmp_path / "paper.pdf").write_bytes(pdf)
    subprocess.run(
        [shutil.which("pdftoppm"), "-r", "150", "-png", "-f", "1", "-l", "1", "paper.pdf", "paper"],
        cwd=tmp_path, check=True,
    )  # fmt: skip
    found = []
    for picture in sorted(tmp_path.glob("paper*.png")):
        found += [code.text for code in zxingcpp.read_barcodes(Image.open(picture))]
        picture.unlink()
    return found


def pages_of(pdf: bytes) -> list[tuple[tuple[int, int], str]]:
    """(width and height in millimetres, text without spaces) of each page."""
    from pypdf import PdfReader

    return [
        (
            (round(float(p.mediabox.width) * 25.4 / 72), round(float(p.mediabox.height) * 25.4 / 72)),
            re.sub(r"\s", "", p.extract_text()),
        )
        for p in PdfReader(io.BytesIO(pdf)).pages
    ]
