"""Words of the record."""

from __future__ import annotations

ACTIONS = {
    "unit.create": "登记单位",
    "unit.change": "修改单位",
    "unit.rename": "单位更名",
    "unit.end": "撤销单位",
    "unit.load": "载入单位名录",
    "team.create": "成立专班",
    "team.change": "修改专班",
    "team.join": "专班成员加入",
    "team.leave": "专班成员离任",
    "team.replace": "专班成员调整（备案）",
    "team.dissolve": "撤销专班",
}
