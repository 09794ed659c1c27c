"""What the audit list calls the actions of this app."""

from __future__ import annotations

ACTIONS = {
    "wave.open": "开期次",
    "wave.add": "补建调查表",
    "wave.close": "结束期次",
    "wave.reopen": "重新开放期次",
    "wave.report": "汇总上报",
    "wave.send_back": "退回汇总",
    "wave.undo": "撤销汇总上报",
    "wave.lock": "锁定汇总",
    "return.fill": "填写调查表",
    "return.refresh": "按登记册更新",
    "return.submit": "提交调查表",
    "return.checked": "街道审核",
    "return.approved": "区县审核",
    "return.locked": "锁定调查表",
    "return.send_back": "退回调查表",
    "return.undo": "撤销流转",
    "return.correct": "更正调查表",
    "return.note": "写批注",
    "return.settle": "处理批注",
    "return.file": "上传表格",
    "return.file_apply": "采用表格",
    "return.file_drop": "放弃表格",
    "return.file_undo": "撤销采用表格",
    "rule_set.add": "定口径",
}
KINDS = {"return": "调查表", "wave": "期次", "rule_set": "口径"}
