"""
The data of a page, packed where it is large.

A city of 500 circles and 50,000 outlets brings 17 MB of numbers; packed it is 5 MB, and browsers since 2020
(Safari and Firefox since 2023) unpack it by themselves. Smaller pages stay plain text and open anywhere.
"""

from __future__ import annotations

import base64
import zlib

from yike.reports.html_report.labels import label
from yike.reports.html_report.markup import Html, tag

PACK_FROM = 3_000_000
"""Letters of data from which on it is packed."""

FORMAT = "deflate"


def data_script(body: str, pack_from: int) -> Html:
    """The ``yike-data`` element: JSON as it is, or packed when it is longer than ``pack_from`` letters."""
    if len(body) < pack_from:
        return tag("script", Html(body), type="application/json", id="yike-data")
    packed = base64.b64encode(zlib.compress(body.encode("utf-8"), 9)).decode("ascii")
    sorry = label("old_browser")
    return tag(
        "script", Html(packed), type="text/plain", id="yike-data", data_packed=FORMAT, data_sorry=sorry
    )
