"""What the record calls the actions on packs and analyses."""

from __future__ import annotations

ACTIONS = {
    "analysis.ask": "提交分析",
    "analysis.done": "完成分析",
    "analysis.take_over": "载入演示分析",
    "pack.keep": "保存城市包",
}
KINDS = {"analysis": "分析", "pack": "城市包"}
