"""One open report page, with all it asked for and all it complained of."""

from __future__ import annotations

import shutil
from pathlib import Path

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
DESK = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
PLAIN_NAME = "desk.test"  # the tests' browser takes it for 127.0.0.1, but does not trust it as that


class Visit:
    """One open page with all it asked for and all it complained of."""

    def __init__(self, browser, report: Path, **options) -> None:
        self.context = browser.new_context(**options)
        self.page = self.context.new_page()
        self.asked: list[str] = []
        self.complaints: list[str] = []
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on(
            "console", lambda line: self.complaints.append(line.text) if line.type == "error" else None
        )
        self.page.goto(report.as_uri())

    def text(self, selector: str) -> str:
        return self.page.locator(selector).first.inner_text()

    def leave(self, picture: Path) -> None:
        """Keep a screenshot, then check that nothing was asked of the network and nothing went wrong."""
        self.page.screenshot(path=str(picture))
        self.context.close()
        outside = [url for url in self.asked if not url.startswith(("file:", "data:", "blob:"))]
        assert outside == []
        assert self.complaints == []


def ink(visit: Visit) -> list[int]:
    """Four sums over the pixels of the map: equal pictures have equal sums."""
    return visit.page.evaluate(
        """() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => {
        const c = document.getElementById('map-canvas');
        const p = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;
        const sums = [0, 0, 0, 0];
        for (let i = 0; i < p.length; i++) sums[i % 4] += p[i] * (1 + (i >> 12) % 7);
        done(sums); })))"""
    )
