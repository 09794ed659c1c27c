"""Rows of personal data."""

from __future__ import annotations

from permission_rows.base import MANAGE, Row

ROWS = {
    "personal:inventory": Row(may=MANAGE),
    "personal:records": Row("post", may=MANAGE, ok=200, data={"words": "张三"}),
    "personal:copy": Row("post", may=MANAGE, ok=200, data={"words": "张三", "reason": "本人申请"}),
    "personal:erasure": Row("post", may=MANAGE, ok=302, data={"words": "张三", "reason": "本人申请"}),
}
OPEN: set[str] = set()
