"""Every code that the readers of streets use has a Chinese text and a cure."""

import re
from pathlib import Path

import pytest

import yike
from yike.errors import cure_of, has_text

SOURCES = Path(yike.__file__).parent / "sources"
FILES = sorted(
    [
        *(SOURCES / "osm").glob("*.py"),
        *(
            SOURCES / f"{name}.py"
            for name in ("clip", "columns", "edges", "lines", "network_file", "overlay_file", "verify")
        ),
        SOURCES.parent / "studies" / "network_layers.py",
    ]
)
CODE = re.compile(r'"((?:osm|lines|edges|clip|overlay|layers|pack)\.[a-z_]+(?:\.[a-z_]+)*)"')
NOT_CODES = {"pack.toml", "overlay.toml", "area.geojson"}

CODES = sorted({c for file in FILES for c in CODE.findall(file.read_text("utf-8"))} - NOT_CODES)


def test_codes_are_found():
    assert len(CODES) > 50


@pytest.mark.parametrize("code", CODES)
def test_code_has_a_text_and_a_cure(code):
    assert has_text(code)
    assert cure_of(code, {})
