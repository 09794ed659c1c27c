"""What the record calls the actions on outlets, imports and lists."""

from __future__ import annotations

ACTIONS = {
    "outlet.create": "登记网点",
    "outlet.change": "修改网点",
    "outlet.status": "登记网点状态",
    "outlet.move": "网点迁址",
    "outlet.verify": "核实网点",
    "outlet.remove": "移出网点",
    "outlet.merge": "合并网点",
    "outlet.photo": "上传照片",
    "outlet.photo_removed": "去掉照片",
    "outlet.batch_edit": "批量修改网点",
    "outlet.batch_undo": "撤销批量修改",
    "outlet.export": "导出网点（含完整电话）",
    "facility.export": "导出公共设施（含完整电话）",
    "import.upload": "上传清单",
    "import.datum": "确定坐标系",
    "import.apply": "导入清单",
    "import.undo": "撤销导入",
    "import.drop": "放弃清单",
    "import.expire": "清除到期的清单",
    "view.save": "保存视图",
    "view.drop": "删除视图",
}
KINDS = {"import": "导入批次", "batch_edit": "批量修改", "saved_view": "视图", "list": "列表"}
