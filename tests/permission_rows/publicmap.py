"""Rows of the public pages."""

from __future__ import annotations

from permission_rows.base import Row

ROWS: dict[str, Row] = {}
OPEN: set[str] = {"publicmap:first", "publicmap:frozen"}
