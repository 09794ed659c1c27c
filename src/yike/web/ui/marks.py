"""Status marks: shape, word and colour together, so that none is needed alone."""

from __future__ import annotations

from dataclasses import dataclass

from yike.reports.brand.tokens import load_tokens


@dataclass(frozen=True)
class Mark:
    """One status as it is shown."""

    code: str
    shape: str
    word: str
    colour: str


def marks() -> dict[str, Mark]:
    """The marks of the brand, and those that only working lists need."""
    brand = {s["code"]: Mark(s["code"], s["shape"], s["label"], s["colour"]) for s in load_tokens()["status"]}
    return brand | {m.code: m for m in OWN}


OWN = (
    Mark("standing", "‖", "常态化", "muted"),
    Mark("late", "!", "逾期", "danger"),
    Mark("wrong", "!", "有误", "danger"),
    Mark("busy", "◔", "进行中", "primary"),
    Mark("done", "●", "已完成", "good"),
    Mark("waiting", "○", "待处理", "muted"),
    Mark("stopped", "‖", "已停用", "muted"),
)
