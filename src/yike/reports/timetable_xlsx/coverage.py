"""What a timetable brings, and how it was made."""

from __future__ import annotations

import math

from yike.reports.survey_form.pen import LEFT, Pen
from yike.reports.timetable_facts import TradeReach
from yike.reports.timetable_view import TimetableView
from yike.reports.timetable_xlsx.page import (
    BODY,
    HEAD,
    HEAD_FILL,
    LINE_PT,
    STRONG,
    Layout,
    lines,
    put_row,
    put_title,
    safe,
)
from yike.reports.words import UNKNOWN, chinese_date

TOP_ROW, SUB_ROW, FIRST_ROW = 3, 4, 5
ALL = "全部"
WIDTHS = (16.0, 22.0, 12.0, 12.0, 10.0, 12.0, 10.0, 12.0, 10.0, 12.0)
PAIRS = ("安排前：走得到固定网点", "安排后：每周至少一次", "安排后：每周至少两次")
NOTE_WIDTHS = (16.0, 110.0)


def coverage_sheet(pen: Pen, view: TimetableView) -> Layout:
    """覆盖情况: per trade all residents first, then community by community."""
    put_title(pen, view, len(WIDTHS), f"步行 {view.walk_minutes} 分钟内")
    for column, name in ((1, "业态"), (2, "社区"), (3, "居民（人）"), (10, "增加（人）")):
        pen.put(TOP_ROW, column, column, name, font=HEAD, fill=HEAD_FILL, rows=2)
    for k, name in enumerate(PAIRS):
        first = 4 + 2 * k
        pen.put(TOP_ROW, first, first + 1, name, font=HEAD, fill=HEAD_FILL)
        pen.put(SUB_ROW, first, first, "人", font=HEAD, fill=HEAD_FILL)
        pen.put(SUB_ROW, first + 1, first + 1, "比例", font=HEAD, fill=HEAD_FILL)
    pen.ws.row_dimensions[TOP_ROW].height = 34
    numbers = dict.fromkeys((3, 4, 6, 8, 10), "#,##0") | dict.fromkeys((5, 7, 9), "0.0%")
    rows = _by_trade(view)
    for at, r in enumerate(rows, start=FIRST_ROW):
        font = BODY if r.community else STRONG
        put_row(pen, at, _reach_row(view, r), WIDTHS, left=(1, 2), numbers=numbers, font=font)
    return Layout(f"C{FIRST_ROW}", (TOP_ROW, SUB_ROW), FIRST_ROW + len(rows) - 1, WIDTHS)


def _by_trade(view: TimetableView) -> list[TradeReach]:
    """Trades in the facts' order, all residents before the communities, these as they come."""
    order = {code: i for i, (code, _) in enumerate(view.facts.trades)}
    return sorted(view.facts.reach, key=lambda r: (order.get(r.trade, len(order)), bool(r.community)))


def _reach_row(view: TimetableView, r: TradeReach) -> list[object]:
    row: list[object] = [view.trade_label_of.get(r.trade, r.trade), r.community or ALL, _number(r.people)]
    for people in (r.before, r.after_once, r.after_twice):
        row += [_number(people), _share(people, r.people)]
    return [*row, _number(r.gained)]


def _number(people: float) -> object:
    return UNKNOWN if math.isnan(people) else round(people)


def _share(part: float, whole: float) -> object:
    """A share, 未知 where a number is; a dash where nobody lives."""
    if math.isnan(part) or math.isnan(whole):
        return UNKNOWN
    return part / whole if whole > 0 else "—"


def notes_sheet(pen: Pen, view: TimetableView) -> Layout:
    """说明: method, proof, words, sources, what is estimated."""
    put_title(pen, view, len(NOTE_WIDTHS))
    rows = note_rows(view)
    for at, (name, text) in enumerate(rows, start=TOP_ROW):
        pen.put(at, 1, 1, name, font=HEAD, fill=HEAD_FILL)
        pen.put(at, 2, 2, safe(text), align=LEFT)
        pen.ws.row_dimensions[at].height = max(24.0, 8 + LINE_PT * lines(text, NOTE_WIDTHS[1]))
    return Layout(f"B{TOP_ROW}", (1, 2), TOP_ROW + len(rows) - 1, NOTE_WIDTHS)


def note_rows(view: TimetableView) -> list[tuple[str, str]]:
    """Name and sentence of each note, in the order they are printed."""
    facts, origin = view.facts, view.facts.provenance
    number = "{:,.2f}".format
    rows = [
        ("范围", f"{origin.name}（{origin.division}）" if origin.division else origin.name),
        ("数据日期", chinese_date(origin.as_of)),
        ("虚构", "本表数据为虚构，仅供演示，请勿张贴" if view.is_invented else "否"),
        ("有效期", view.validity),
        ("服务范围", f"居民步行 {view.walk_minutes} 分钟内有停靠点，就算用得上；同一人一周多次只算一人"),
        ("方法", f"{facts.method}；随机种子 {facts.seed}"),
        ("结果", f"{view.proof}：目标值 {number(facts.objective)}，上界 {number(facts.bound)}"),
        ("用词", "“已证明最优”指没有更好的安排；“相差不超过”指最多还能好这么多，未必做得到"),
        ("安排前", "步行范围内有同业态的固定营业网点的居民"),
        ("安排后", "步行范围内有固定网点，或者每周有流动服务来至少一次（两次）的居民"),
        ("未知", "标“未知”的数没有来源，不是 0"),
        *(("备注", note) for note in facts.notes),
        *(("估算", note) for note in origin.estimates),
        *(
            ("来源", "，".join(filter(None, (s.name, s.licence, s.attribution, s.as_of))))
            for s in origin.sources
        ),
    ]  # fmt: skip
    return [*rows, ("审图号", origin.map_review_no)] if origin.map_review_no else rows
