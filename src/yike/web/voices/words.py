"""Signs of states in lists."""

from __future__ import annotations

from yike.web.voices.models import Need

NEED_SIGNS: dict[str, str] = {
    Need.State.NEW: "waiting",
    Need.State.CONFIRMED: "done",
    Need.State.REFUSED: "stopped",
    Need.State.MERGED: "standing",
}
SURVEY_WORDS = {"waiting": "未开始", "open": "进行中", "closed": "已结束"}
SURVEY_SIGNS = {"waiting": "waiting", "open": "busy", "closed": "done"}
TRACE_WORDS = {
    "need.note": "记需求", "need.voice": "加人次", "need.classify": "需求归类", "need.merge": "合并需求",
    "need.part": "分开需求", "need.decide": "处理需求", "need.reopen": "撤回需求处理",
    "survey.open": "开展调查", "survey.close": "关闭调查", "survey.answer": "收到问卷",
    "survey.answers": "录入一批问卷", "survey.void": "作废问卷", "survey.raw": "下载原始问卷",
    "survey.file": "上传问卷录入表", "survey.file_drop": "放弃问卷录入表",
}  # fmt: skip
TRACE_KINDS = {"need": "需求", "survey": "满意度调查"}
