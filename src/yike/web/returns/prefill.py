"""What the register, the answers and the needs say of a circle's form, each cell with its source."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, Subquery, Sum
from django.utils.timezone import localdate

from yike.standards.survey_form import TOTAL, TYPE_ROWS, Value
from yike.web.accounts.queries import within_branch
from yike.web.outlets.models import Outlet, Status
from yike.web.regions.codes import full_code
from yike.web.regions.models import Area, AreaName, Circle, CircleMember, CircleState, CircleTransition
from yike.web.regions.queries import profile_of
from yike.web.returns.cells import Source
from yike.web.voices.queries import Pooled, confirmed_needs, pooled

HUNDRED = Decimal(100)
FIGURES = {
    "n": Count("id"), "persons": Sum("staff"), "persons_known": Count("staff"),
    "chains": Count("id", filter=Q(is_chain=True)), "chains_known": Count("is_chain"),
}  # fmt: skip
"""What is counted of the outlets of a row, in the order of ``RowFigures``."""
PERCENT_STEP = Decimal("0.000001")  # kept finer than any printing, so that comparing is exact


@dataclass(frozen=True)
class RowFigures:
    """What the register holds of one row in one circle."""

    outlets: int = 0
    staff: int = 0  # persons, of those whose staff is known
    staff_known: int = 0
    chain: int = 0
    chain_known: int = 0

    def plus(self, other: RowFigures) -> RowFigures:
        """Both together."""
        return RowFigures(
            self.outlets + other.outlets,
            self.staff + other.staff,
            self.staff_known + other.staff_known,
            self.chain + other.chain,
            self.chain_known + other.chain_known,
        )


@dataclass(frozen=True)
class Prefill:
    """A form filled from what is known: values by cell, their sources, the communities it is about."""

    values: dict[str, Value] = field(default_factory=dict)
    sources: dict[str, Source] = field(default_factory=dict)
    communities: list[dict[str, Any]] = field(default_factory=list)
    home_code: str = ""

    def put(self, key: str, value: Value, mark: str, said: str, unknown: int = 0) -> None:
        """Fill one cell; None keeps the sentence and leaves the cell blank."""
        if value is not None:
            self.values[key] = value
        self.sources[key] = Source(mark, said, value, unknown)


def prefilled(
    circles: Sequence[Circle],
    *,
    as_of: dt.date,
    since: dt.date,
    until: dt.date,
    now: dt.datetime,
    satisfied_from: int | None = None,
) -> dict[int, Prefill]:
    """Forms of circles, by ``Circle.pk``; the register is read once for all of them."""
    members = _members(circles)
    figures = _figures({code for codes in members.values() for code, _ in codes})
    filled = {}
    for circle in circles:
        own = members.get(circle.pk, [])
        form = Prefill(
            communities=[{"code": code, "name": name, "people": None} for code, name in own],
            home_code=_home(circle, [code for code, _ in own]),
        )
        _fill_head(form, circle, as_of=as_of, now=now)
        _fill_rows(form, _of_circle(figures, [code for code, _ in own]), localdate(now))
        _fill_answers(form, pooled([circle], since, until, satisfied_from), since, until)
        _fill_needs(form, circle, localdate(now))
        filled[circle.pk] = form
    return filled


def circles_of_branch(branch: str) -> Sequence[Circle]:
    """Circles that fill a form in a branch: those with a community in it, unless withdrawn."""
    member = CircleMember.objects.filter(
        within_branch(branch, "community__branch"), circle=OuterRef("pk"), ends_on__isnull=True
    )
    last = CircleTransition.objects.filter(circle=OuterRef("pk")).order_by("-at", "-id").values("state")[:1]
    circles = Circle.objects.filter(Exists(member)).annotate(state_now=Subquery(last))
    return list(
        circles.filter(Q(state_now__isnull=True) | ~Q(state_now=CircleState.WITHDRAWN))
        .select_related("lead_community")
        .order_by("code")
    )


def home_codes(circles: Sequence[Circle]) -> dict[int, str]:
    """The community whose subdistrict checks a circle's return: the leading one, else the first."""
    members = _members(circles)
    return {c.pk: _home(c, [code for code, _ in members.get(c.pk, [])]) for c in circles}


def _home(circle: Circle, codes: Sequence[str]) -> str:
    lead = circle.lead_community
    return lead.branch if lead is not None else min(codes, default=circle.area_code)


def _members(circles: Iterable[Circle]) -> dict[int, list[tuple[str, str]]]:
    """(branch, present name) of the communities of each circle, by code."""
    keys = [c.pk for c in circles]
    found = CircleMember.objects.filter(circle__in=keys, ends_on__isnull=True).order_by("community__branch")
    rows = list(found.values_list("circle", "community", "community__branch"))
    names = AreaName.objects.filter(area__in=[r[1] for r in rows], ends_on__isnull=True)
    called = dict(names.values_list("area", "name"))
    members: dict[int, list[tuple[str, str]]] = {}
    for circle, area, branch in rows:
        members.setdefault(circle, []).append((branch, called.get(area, branch)))
    return members


def _figures(codes: Iterable[str]) -> dict[tuple[str, str], RowFigures]:
    """Open outlets by community and row of the form, "" for a type not known."""
    wanted = sorted(codes)
    found: dict[tuple[str, str], RowFigures] = {}
    for start in range(0, len(wanted), 500):
        some = wanted[start : start + 500]
        rows = Outlet.objects.filter(area_code__in=some, gone_at__isnull=True, status=Status.OPEN)
        counted = rows.order_by().values_list("area_code", "form_row").annotate(**FIGURES)
        for area, row, *figures in counted:
            found[area, row] = RowFigures(*(f or 0 for f in figures))
    return found


def _of_circle(figures: Mapping[tuple[str, str], RowFigures], codes: Iterable[str]) -> dict[str, RowFigures]:
    own = list(codes)
    by_row: dict[str, RowFigures] = {}
    for row in (*TYPE_ROWS, ""):
        for code in own:
            if (code, row) in figures:
                by_row[row] = by_row.get(row, RowFigures()).plus(figures[code, row])
    return by_row


def _fill_head(form: Prefill, circle: Circle, *, as_of: dt.date, now: dt.datetime) -> None:
    said = f"生活圈登记（{localdate(now):%Y-%m-%d}）"
    form.put("circle", circle.name, "circle", said)
    form.put("city", city_of(form.home_code), "circle", said)
    form.put("as_of", as_of, "circle", "期次的截至日期")
    known = profile_of(circle, localdate(now))
    facts: dict[str, Value] = {
        "operators": known.operator_kinds or None,
        "has_platform": known.has_platform,
        "layouts": known.layouts or None,
        "centres": known.centres,
        "residents": known.people,
        "area_share": known.area_share
        if known.area_share is None
        else known.area_share.quantize(PERCENT_STEP),
    }
    people_of = {m.code: m.people for m in known.members}
    for community in form.communities:
        community["people"] = people_of.get(full_code(community["code"]))
    for key, value in facts.items():
        if value is not None:
            unknown = sum(m.people is None for m in known.members) if key == "residents" else 0
            form.put(key, value, "register", known.said.get(key, said), unknown)


def city_of(home_code: str) -> str | None:
    """The city a community lies in: a county-level city itself, else the prefecture, else the province."""
    branches = [home_code[:n] for n in (6, 4, 2)]
    names = dict(
        AreaName.objects.filter(area__branch__in=branches, ends_on__isnull=True).values_list(
            "area__branch", "name"
        )
    )
    for branch in branches:
        name = names.get(branch, "")
        if name.endswith("市"):
            return str(name)
    return names.get(branches[1]) or names.get(branches[0])


def _fill_rows(form: Prefill, by_row: Mapping[str, RowFigures], today: dt.date) -> None:
    day = f"登记册（{today:%Y-%m-%d}）"
    for row in TYPE_ROWS:
        known = by_row.get(row)
        if known is None:
            form.put(f"{row}.outlets", None, "register", f"{day}：没有登记这类网点；确实没有请填 0")
            continue
        form.put(f"{row}.outlets", known.outlets, "register", f"{day}：营业网点 {known.outlets} 个")
        _fill_staff(form, row, known, day)
        _fill_chain(form, row, known, day)
    if "" in by_row:
        said = f"{day}：另有 {by_row[''].outlets} 个网点没有定业态，未计入各行"
        form.put(f"{TOTAL}.outlets", None, "register", said, by_row[""].outlets)


def _fill_staff(form: Prefill, row: str, known: RowFigures, day: str) -> None:
    unknown = known.outlets - known.staff_known
    said = f"{day}：{known.staff_known} 个网点共 {known.staff} 人" if known.staff_known else f"{day}"
    more = f"，{unknown} 个网点没有登记从业人数" if unknown else ""
    form.put(f"{row}.staff", known.staff if known.staff_known else None, "register", f"{said}{more}", unknown)


def _fill_chain(form: Prefill, row: str, known: RowFigures, day: str) -> None:
    unknown = known.outlets - known.chain_known
    said = f"{day}：连锁 {known.chain} 个" if known.chain_known else f"{day}"
    more = f"，{unknown} 个网点不知道是否连锁" if unknown else ""
    form.put(f"{row}.chain", known.chain if known.chain_known else None, "register", f"{said}{more}", unknown)


def _fill_answers(form: Prefill, answers: Pooled, since: dt.date, until: dt.date) -> None:
    when = f"问卷（{since:%Y-%m-%d} 至 {until:%Y-%m-%d}）"
    for row, (satisfied, valid) in answers.by_row.items():
        said = f"{when}：有效 {valid} 份，满意 {satisfied} 份"
        form.put(f"{row}.satisfaction", share_percent(satisfied, valid), "answers", said)
    satisfied, valid = answers.overall
    if valid:
        how = "总体一题" if answers.is_overall_asked else "各行合并"
        said = f"{when}：共 {answers.n_valid} 份，{how}：有效 {valid}，满意 {satisfied}"
        form.put(f"{TOTAL}.satisfaction", share_percent(satisfied, valid), "answers", said)


def share_percent(satisfied: int, valid: int) -> Decimal | None:
    """Per cent of valid answers; None without any."""
    return (HUNDRED * satisfied / valid).quantize(PERCENT_STEP) if valid else None


def _fill_needs(form: Prefill, circle: Circle, today: dt.date) -> None:
    for row, text in confirmed_needs(circle).items():
        count = text.count("；") + 1
        form.put(f"{row}.needs", text, "needs", f"已确认的需求 {count} 条（{today:%Y-%m-%d}）")


def areas_named(branches: Iterable[str]) -> dict[str, tuple[str, str]]:
    """(present name, level) of areas by branch."""
    wanted = sorted(set(branches))
    found = AreaName.objects.filter(area__branch__in=wanted, ends_on__isnull=True)
    rows = found.values_list("area__branch", "name", "area__level")
    known = {branch: (name, level) for branch, name, level in rows}
    levels = dict(Area.objects.filter(branch__in=wanted).values_list("branch", "level"))
    return {b: known.get(b, (b, levels.get(b, ""))) for b in wanted}
