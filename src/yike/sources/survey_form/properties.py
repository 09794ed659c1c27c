"""What an office file says of its forms in its own properties (标记): a line each, as they were written."""

from __future__ import annotations

import zipfile
from pathlib import Path
from xml.etree import ElementTree as ET

CORE = "docProps/core.xml"
KEYWORDS = "{http://schemas.openxmlformats.org/package/2006/metadata/core-properties}keywords"
MOST_BYTES = 1_000_000


def properties_in(path: Path) -> tuple[str, ...]:
    """Lines of an xlsx or docx; () where there are none, or where the file keeps its properties elsewhere."""
    try:
        with zipfile.ZipFile(path) as packed:
            if packed.getinfo(CORE).file_size > MOST_BYTES:
                return ()
            root = ET.fromstring(packed.read(CORE))  # noqa: S314 (its size is checked before)
    except (KeyError, ET.ParseError, zipfile.BadZipFile, OSError):
        return ()
    text = root.findtext(KEYWORDS) or ""
    return tuple(line.strip() for line in text.replace(";", "；").split("；") if line.strip())
