"""The system's Chromium, opened once."""

import pytest

from browser_visit import CHROMIUM


@pytest.fixture(scope="session")
def browser():
    """An open browser; skips, with a word, where there is none."""
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed: the report page cannot be looked at")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield opened
        opened.close()
