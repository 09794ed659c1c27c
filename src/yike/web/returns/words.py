"""Words of the pages of returns: marks of where a cell comes from, units, signs of states."""

from __future__ import annotations

MARKS = {
    "register": ("登", "登记册"),
    "circle": ("圈", "生活圈档案"),
    "analysis": ("析", "分析结果"),
    "answers": ("卷", "满意度问卷"),
    "needs": ("需", "需求清单"),
    "hand": ("手", "手工填写"),
}
UNITS = {
    "outlets": "个",
    "staff": "人",
    "chain": "个",
    "satisfaction": "%",
    "centres": "座",
    "residents": "人",
    "area_share": "%",
}
SIGNS = {
    "draft": "busy",
    "submitted": "waiting",
    "sent_back": "wrong",
    "checked": "near",
    "approved": "met",
    "locked": "done",
}
BRANCH_SIGNS = {"open": "waiting", "reported": "near", "sent_back": "wrong", "locked": "done"}
SEVERITIES = {"error": "必须改", "question": "请核对", "warning": "请留意"}
YES, NO = "有", "无"
TICKED, UNTICKED = "☑", "□"
COLUMN_WORDS = {
    "outlets": "网点（个）",
    "staff": "从业（人）",
    "chain": "连锁店（个）",
    "satisfaction": "满意度（%）",
    "needs": "需求清单",
}  # short enough for three beside each other on a phone
