"""Office files with the same bytes each time: zip members in order, with a fixed time stamp."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

FIXED_TIME = (1980, 1, 1, 0, 0, 0)
MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)")
CREATED = re.compile(rb"<dcterms:created[^>]*>([^<]*)</dcterms:created>")


def rewrite_stable(path: Path) -> None:
    """
    Rewrite an xlsx or docx in place with fixed time stamps.

    The libraries stamp each zip member and the document's "modified" property with the clock; the latter is
    set to the document's "created" time, which the caller has set to the date of the data.
    """
    with zipfile.ZipFile(path) as old:
        members = [(info.filename, old.read(info)) for info in old.infolist()]
    core = next((data for name, data in members if name == "docProps/core.xml"), b"")
    created = CREATED.search(core)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as new:
        for name, data in members:
            if name == "docProps/core.xml" and created:
                data = MODIFIED.sub(rb"\g<1>" + created.group(1) + rb"\g<2>", data)
            info = zipfile.ZipInfo(name, FIXED_TIME)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o600 << 16
            new.writestr(info, data)
