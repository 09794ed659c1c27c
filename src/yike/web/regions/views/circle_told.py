"""What the page of a circle shows."""

from __future__ import annotations

import datetime as dt
from typing import Any

from yike.web.audit.chain import Who
from yike.web.regions import reading, rules, words
from yike.web.regions.forms import CentreForm, DayForm, OperatorForm, StepForm
from yike.web.regions.limits import Check
from yike.web.regions.models import Circle
from yike.web.regions.profiles import CircleProfile
from yike.web.regions.queries import profile_of
from yike.web.regions.views.bars import age_bars
from yike.web.ui.table import Cell, Column, Table

MEMBERS = (
    Column(
        "name",
        "社区",
        lambda r: Cell(
            r.name + ("（牵头）" if r.is_lead else ""), f"/desk/regions/areas/{r.area.pk}/",
            is_invented=r.area.is_invented or bool(r.profile and r.profile.is_invented),
        ),
    ),
    Column("people", "居民", lambda r: r.profile and r.profile.people, unit="人", is_number=True),
    Column("households", "户数", lambda r: r.profile and r.profile.households, unit="户", is_number=True),
    Column("share", "设施面积占比", lambda r: _check_cell(r.checks, "%"), unit="%", is_number=True),
    Column("service", "每百户综合服务", lambda r: _check_cell(r.checks, "m²"), unit="m²", is_number=True),
    Column("as_of", "截至", lambda r: r.profile.as_of if r.profile else None),
)  # fmt: skip


def _check_cell(checks: tuple[Check, ...], unit: str) -> Cell:
    check = next((c for c in checks if c.unit == unit), None)
    if check is None or check.value is None:
        return Cell("暂缺", is_number=True)
    told = f"{check.source}；{check.note}" if check.note else check.source
    if check.sign == "standing":
        return Cell(f"{words.figure(check.value)}（参考）", title=told, is_number=True)
    return Cell(words.figure(check.value), sign=check.sign, title=told, is_number=True)


def told_of(circle: Circle, who: Who, today: dt.date) -> dict[str, Any]:
    """Everything about a circle, for its page."""
    rows = reading.member_rows(circle, today)
    profiles = [r.profile for r in rows]
    facts = profile_of(circle, today)
    last = rules.state_of(circle)
    state = last.state if last else ""
    return {
        "circle": circle,
        "facts": facts,
        "lines": _lines(circle, facts),
        "state": rules.label_of(state),
        "sign": words.sign_of(state),
        "level": rules.LEVELS.get(last.level, "") if last else "",
        "has_map": bool(circle.boundary) or any(r.area.boundary for r in rows),
        "members": Table.plain(rows, MEMBERS, label="所含社区", counted="个社区", empty="还没有社区。"),
        "ages": age_bars(reading.ages_of(profiles), None),
        "ages_told": sum(1 for p in profiles if p is not None and p.age_bands),
        "centres": reading.centres_all(circle),
        "operators": [(o, _operator_words(o)) for o in reading.operators_all(circle)],
        "suggestions": words.suggestions(circle.neighbourhood_class, circle.themes),
        "transitions": reading.transitions_of(circle),
        "steps": reading.next_steps(circle, who, today),
        "former": reading.former_members(circle, today),
        "may_keep": rules.may_for(who, rules.CIRCLE_KEEPERS, circle, today),
        "may_tell": rules.may_for(who, rules.PROFILE_KEEPERS, circle, today),
        "step_form": StepForm(),
        "centre_form": CentreForm(auto_id="centre_%s"),
        "operator_form": OperatorForm(auto_id="operator_%s"),
        "end_form": DayForm(initial={"on": today}),
        "is_invented": circle.is_invented or any(p is not None and p.is_invented for p in profiles),
    }


def _operator_words(operator: Any) -> dict[str, str]:
    return {
        "kind": dict(words.operator_choices()).get(operator.kind, operator.kind),
        "unified": words.labels(words.choices("unified"), operator.unified),
    }


def _lines(circle: Circle, facts: CircleProfile) -> list[tuple[str, str, str]]:
    """(label, text, where from): what the form will be filled with, beside what only this page shows."""
    people = f"{facts.people:,}".replace(",", "\u202f") + " 人" if facts.people is not None else "暂缺"
    households = (
        f"{facts.households:,}".replace(",", "\u202f") + " 户" if facts.households is not None else "暂缺"
    )
    share = (
        f"{words.figure(facts.area_share)} %" if facts.area_share is not None else "暂缺（有社区未登记面积）"
    )
    return [
        ("居民", people, facts.said.get("residents", "")),
        ("户数", households, ""),
        ("社区商业中心", f"{facts.centres} 座" if facts.centres is not None else "暂缺",
         facts.said.get("centres", "")),
        ("运营主体", words.labels(words.operator_choices(), list(facts.operator_kinds)) or "暂缺", ""),
        ("发展形态", words.labels(words.layout_choices(), list(facts.layouts)) or "暂缺", ""),
        ("智慧服务平台", {True: "有", False: "无", None: "暂缺"}[facts.has_platform], ""),
        ("设施面积占比", share, facts.said.get("area_share", "")),
        ("邻里类别", words.labels(words.class_choices(), [circle.neighbourhood_class]) or "未分类", ""),
        ("主题", words.labels(words.theme_choices(), circle.themes) or "无", ""),
        ("建设年限", str(circle.build_year) if circle.build_year else "暂缺", ""),
    ]  # fmt: skip
