"""What returns have for the first screen."""

from __future__ import annotations

import datetime as dt

from django.urls import NoReverseMatch, reverse
from django.utils.timezone import localdate

from yike.web.accounts.bar import counts_todo, tells_round
from yike.web.accounts.cards import Card, Line, shows_card
from yike.web.accounts.models import Account, Role
from yike.web.accounts.queries import branches_of
from yike.web.accounts.rules import roles_of
from yike.web.returns import queries
from yike.web.returns.models import Return, Wave
from yike.web.returns.queries import Waiting

LISTED = 6
BIG = (("记需求", "voices:new"), ("拍网点", "outlets:photo"), ("上传表格", "returns:upload"))
LOOKERS = frozenset({Role.SUBDISTRICT, Role.DISTRICT, Role.CITY})


@shows_card(order=10)
def mine(account: Account, now: dt.datetime) -> Card | None:
    """For a community: forms to fill and put right, cells that are wrong, the three big buttons."""
    today = localdate(now)
    if Role.COMMUNITY not in roles_of(account, today):
        return None
    waiting = queries.waiting_for(account, today)
    lines = [_line(r, today) for r in (*waiting.sent_back, *waiting.to_fill)[:LISTED]]
    told = _told(waiting)
    return Card(
        f"本月要填：{told}" if told else "调查表",
        lines,
        empty="没有要填的调查表。",
        actions=_buttons(),
        is_invented=any(r.is_invented for r in (*waiting.sent_back, *waiting.to_fill)),
    )


@shows_card(order=20)
def looked_at(account: Account, now: dt.datetime) -> Card | None:
    """For a subdistrict, county or city: how many circles have not sent, how many wait for a look."""
    today = localdate(now)
    if not LOOKERS & roles_of(account, today):
        return None
    waiting = queries.waiting_for(account, today)
    lines = [
        Line(f"待审：{r.circle.name}", f"/desk/returns/{r.pk}/", sign="waiting", word=r.get_state_display())
        for r in waiting.to_check[:LISTED]
    ]
    lines += _waves(account, today)
    title = f"调查表：未交 {len(waiting.not_submitted)} 圈，待审 {len(waiting.to_check)} 张"
    invented = any(r.is_invented for r in (*waiting.to_check, *waiting.not_submitted))
    return Card(title, lines, empty="没有进行中的调查。", is_invented=invented)


@counts_todo
def waiting_returns(account: Account, today: dt.date) -> int:
    """Forms to fill, to put right and to look at."""
    return queries.todo_count(account, today)


@tells_round
def running(account: Account, today: dt.date) -> tuple[str, str] | None:
    """The wave that is open."""
    wave = queries.running_wave(account, today)
    return (wave.title, reverse("returns:wave", args=[wave.pk])) if wave else None


def _told(waiting: Waiting) -> str:
    parts = (
        (len(waiting.to_fill), "要填 {} 张"),
        (len(waiting.sent_back), "退回 {} 张"),
        (waiting.red_cells, "红格 {} 处"),
    )
    return "，".join(words.format(n) for n, words in parts if n)


def _line(ret: Return, today: dt.date) -> Line:
    left = (ret.wave.due_on - today).days
    if ret.state == "sent_back":
        return Line(f"{ret.circle.name}：按批注修改", f"/desk/returns/{ret.pk}/", sign="wrong", word="已退回")
    if left < 0:
        return Line(ret.circle.name, f"/desk/returns/{ret.pk}/", sign="late", word=f"逾期 {-left} 天")
    is_near = left <= ret.wave.remind_days
    return Line(
        ret.circle.name,
        f"/desk/returns/{ret.pk}/",
        sign="late" if is_near else "busy",
        word=f"还有 {left} 天",
    )


def _waves(account: Account, today: dt.date) -> list[Line]:
    """Every running wave with its branches one level down: 进度 by county or street."""
    lines: list[Line] = []
    for wave in queries.waves_visible_to(account, today).filter(closed_at__isnull=True).order_by("due_on"):
        for branch in _own(wave, branches_of(account, today)):
            lines += _progress(wave, branch)
    return lines[:12]


def _own(wave: Wave, mine: tuple[str, ...]) -> list[str]:
    inside = [b for b in mine if b.startswith(wave.area_code)]
    return inside or [wave.area_code for b in mine if wave.area_code.startswith(b)][:1]


def _progress(wave: Wave, branch: str) -> list[Line]:
    found = queries.progress_of(wave, branch)
    depth = min((len(p.area_code) for p in found if len(p.area_code) > len(branch)), default=len(branch))
    shown = [p for p in found if len(p.area_code) == depth] or found
    return [
        Line(
            f"{wave.title} · {p.name}",
            f"/desk/returns/waves/{wave.pk}/branches/{p.area_code}/",
            sign="done" if p.submitted == p.circles else "busy",
            word=f"{p.submitted} / {p.circles} 圈",
        )
        for p in shown
    ]


def _buttons() -> tuple[tuple[str, str], ...]:
    """The big buttons whose pages are there."""
    found = []
    for text, name in BIG:
        try:
            found.append((text, reverse(name)))
        except NoReverseMatch:
            continue
    return tuple(found)
