"""Shared set-up of all tests: where real data lies, golden files, streets drawn as text."""

import os
import sys
from pathlib import Path

import pytest
from hypothesis import settings

sys.path.insert(0, str(Path(__file__).parent))

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared" / "data"


# The same examples at every run, so that a red build can be repeated; look for new ones with
# HYPOTHESIS_PROFILE=search.
settings.register_profile("repeat", derandomize=True, deadline=None)
settings.register_profile("search", deadline=None, max_examples=1000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeat"))


def pytest_addoption(parser):
    parser.addoption("--update-golden", action="store_true", help="rewrite the golden files")


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Folder of real extracts; tests that need it skip, with a word, where it is missing."""
    if not SHARED.is_dir():
        pytest.skip("the shared data folder is not beside the project: real extracts cannot be read")
    return SHARED


@pytest.fixture
def golden(request):
    """Compare text with tests/golden/<name>; rewrite it with --update-golden."""

    def compare(name: str, text: str) -> None:
        path = ROOT / "tests" / "golden" / name
        if request.config.getoption("--update-golden"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        assert path.read_text("utf-8") == text

    return compare


@pytest.fixture(scope="session")
def tiny_pack(tmp_path_factory) -> Path:
    """The smallest pack that works as it stands."""
    from tiny_pack import write_tiny_pack

    return write_tiny_pack(tmp_path_factory.mktemp("packs") / "tiny")


@pytest.fixture(scope="session")
def yima_pack(tmp_path_factory) -> Path:
    """The made-up 义马, seed 7, with its truth beside it."""
    from yike.sources.synth.city import make_city

    return make_city("yima", 7, tmp_path_factory.mktemp("packs") / "yima")


@pytest.fixture(scope="session")
def helsinki_pack(tmp_path_factory) -> Path:
    """The bundled real district as a pack."""
    from yike.studies.bundled import bundled_pack

    return bundled_pack(tmp_path_factory.mktemp("packs") / "helsinki")


@pytest.fixture(scope="session")
def browser():
    """The system's Chromium, opened once for all tests; skips, with a word, where there is none."""
    from browser_visit import CHROMIUM, PLAIN_NAME

    if CHROMIUM is None:
        pytest.skip("Chromium is not installed: pages cannot be looked at")
    from playwright.sync_api import sync_playwright

    # Its driver runs a loop in this thread; Django's guard against loops does not concern these tests.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        named = f"--host-resolver-rules=MAP {PLAIN_NAME} 127.0.0.1"
        opened = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", named]
        )
        yield opened
        opened.close()
