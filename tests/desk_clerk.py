"""A clerk without a browser: signs in, opens pages, sends forms as a browser would, over plain HTTP."""

from __future__ import annotations

import html
import http.cookiejar
import re
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from dataclasses import dataclass, field

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
INPUT = re.compile(r"<(?:input|textarea|select)\b[^>]*>")
ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')


@dataclass
class Page:
    """What came back: status, text, the address in the end, seconds."""

    status: int
    text: str
    url: str
    took_s: float

    def links(self, pattern: str) -> list[str]:
        """Addresses on the page that match, in order, once each."""
        found = re.findall(r'href="([^"]+)"', self.text)
        return list(dict.fromkeys(html.unescape(h) for h in found if re.search(pattern, h)))


@dataclass
class Clerk:
    """One signed-in person at ``base`` (``http://127.0.0.1:8315``)."""

    base: str
    pages: list[Page] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.cookies = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies))
        self.token = ""

    def get(self, path: str) -> Page:
        """Open a page."""
        return self._send(urllib.request.Request(self.base + path))

    def post(self, path: str, values: dict[str, str], upload: tuple[str, str, bytes] | None = None) -> Page:
        """Send a form; ``upload`` is (field, file name, bytes)."""
        told = {"csrfmiddlewaretoken": self.token, **values}
        headers = {"Referer": self.base + path}
        if upload is None:
            body = urllib.parse.urlencode(told).encode()
        else:
            mark = uuid.uuid4().hex
            body = multipart(told, upload, mark)
            headers["Content-Type"] = f"multipart/form-data; boundary={mark}"
        return self._send(urllib.request.Request(self.base + path, body, headers))

    def sign_in(self, username: str, password: str) -> Page:
        """Through the door."""
        self.get("/desk/session/")
        return self.post("/desk/session/", {"username": username, "password": password})

    def _send(self, request: urllib.request.Request) -> Page:
        begun = time.perf_counter()
        try:
            with self.opener.open(request, timeout=120) as answer:
                status, body, url = answer.status, answer.read(), answer.url
        except urllib.error.HTTPError as wrong:
            with wrong:
                status, body, url = wrong.code, wrong.read(), wrong.url
        page = Page(status, body.decode("utf-8", "replace"), url, time.perf_counter() - begun)
        if found := TOKEN.search(page.text):
            self.token = found[1]
        self.pages.append(page)
        return page


def multipart(values: dict[str, str], upload: tuple[str, str, bytes], mark: str) -> bytes:
    """A form with a file, as browsers send it."""
    parts = [
        f'--{mark}\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n'.encode()
        for k, v in values.items()
    ]
    name, file_name, content = upload
    head = f'--{mark}\r\nContent-Disposition: form-data; name="{name}"; filename="{file_name}"\r\n'
    parts.append(head.encode() + b"Content-Type: application/octet-stream\r\n\r\n" + content + b"\r\n")
    return b"".join(parts) + f"--{mark}--\r\n".encode()


def fields_of(text: str) -> dict[str, str]:
    """Names and values of the inputs of a page (text areas and choices without theirs)."""
    found = {}
    for tag in INPUT.findall(text):
        attributes = dict(ATTRIBUTE.findall(tag))
        if "name" in attributes:
            found[attributes["name"]] = html.unescape(attributes.get("value", ""))
    return found
