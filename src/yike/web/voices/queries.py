"""Reads: needs and surveys a person sees, pooled answers, the needs that stand in the form."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from django.db.models import Count, Prefetch, Q, QuerySet

from yike.standards.survey_form import TYPE_ROWS
from yike.web.accounts.models import Account
from yike.web.accounts.queries import branches_of, within_branches
from yike.web.audit.chain import Who
from yike.web.outlets.values import types_by_code
from yike.web.regions.models import Area, Circle, CircleMember
from yike.web.regions.queries import circles_visible_to, named
from yike.web.voices import rules
from yike.web.voices.models import Answer, AnswerFile, Need, Survey
from yike.web.voices.pooling import Pooled as Pooled
from yike.web.voices.pooling import pooled as pooled
from yike.web.voices.questions import settings
from yike.web.voices.speech import alike

MOST_FILES = 50

if TYPE_CHECKING:

    class SurveyCount(Survey):
        """A survey with ``n_valid``."""

        n_valid: int


def confirmed_needs(circle: Circle) -> dict[str, str]:
    """What stands in the form's last column, by row: texts of confirmed needs, most voices first."""
    found = Need.objects.filter(circle=circle, state=Need.State.CONFIRMED, form_row__in=TYPE_ROWS)
    texts: dict[str, list[str]] = {}
    for row, text in found.order_by("-voices", "id").values_list("form_row", "text"):
        kept = texts.setdefault(row, [])
        if text.strip() not in kept:
            kept.append(text.strip())
    return {row: "；".join(texts[row]) for row in TYPE_ROWS if row in texts}


def needs_visible_to(account: Account, today: dt.date) -> QuerySet[Need]:
    """Needs of the circles a person sees, and of the branches."""
    mine = Q(within_branches(branches_of(account, today))) | Q(circle__in=circles_visible_to(account, today))
    return Need.objects.filter(mine).select_related("circle")


def needs_in(account: Account, circle: Circle, today: dt.date) -> QuerySet[Need]:
    """Needs of one circle that a person sees."""
    return needs_visible_to(account, today).filter(circle=circle)


def surveys_visible_to(account: Account, today: dt.date) -> QuerySet[Survey]:
    """Surveys of the circles a person sees."""
    return Survey.objects.filter(circle__in=circles_visible_to(account, today)).select_related("circle")


def files_visible_to(account: Account, today: dt.date) -> QuerySet[AnswerFile]:
    """Workbooks of paper answers in surveys a person sees."""
    found = AnswerFile.objects.filter(survey__in=surveys_visible_to(account, today))
    return found.select_related("survey__circle", "by")


def circles_to_choose(account: Account, today: dt.date, what: str = "") -> list[tuple[int, str]]:
    """Circles a person sees; with ``what`` (``note``, ``survey`` …) those where the person may do that."""
    seen = circles_visible_to(account, today).order_by("area_code", "code")
    if what:
        branches = branches_of(account, today, rules.roles_for(what))
        mine = Q(within_branches(branches))
        for branch in branches:
            mine |= Q(members__community__branch__startswith=branch, members__ends_on__isnull=True)
        seen = seen.filter(mine).distinct()
    return [(c.pk, f"{c.name}（虚构）" if c.is_invented else c.name) for c in seen[:2000]]


@dataclass(frozen=True)
class Place:
    """Where a need can be noted: a community of a circle, or a circle as a whole."""

    key: str
    label: str
    circle: int
    circle_name: str
    community: int | None


def places_to_choose(account: Account, today: dt.date) -> list[Place]:
    """Communities of the circles a person sees, circle by circle, own ones first; last each circle whole."""
    circles = dict(circles_to_choose(account, today, "note"))
    members = CircleMember.objects.filter(circle__in=circles, ends_on__isnull=True)
    columns = members.order_by("community__branch").values_list("community", "community__branch", "circle")
    own = branches_of(account, today, rules.roles_for("note"))
    pairs = sorted(columns[:3000], key=lambda p: not p[1].startswith(own))
    lived_in = named(Area.objects.filter(pk__in=[p[0] for p in pairs]), today)
    names = {a.pk: getattr(a, "name", "") or a.code for a in lived_in}
    order = {circle: i for i, circle in enumerate(dict.fromkeys([*(p[2] for p in pairs), *circles]))}
    places = [Place(f"a{c}", names[c], k, circles[k], c) for c, _, k in pairs]
    places += [Place(f"c{k}", "全圈（不分社区）", k, name, None) for k, name in circles.items()]
    return sorted(places, key=lambda p: order[p.circle])


def buildings_of(circles: Iterable[int]) -> list[str]:
    """Places named before in these circles, the most named first."""
    named_before = Need.objects.filter(circle__in=list(circles)).exclude(building="")
    counted = named_before.order_by().values("building").annotate(n=Count("id")).order_by("-n", "building")
    return [row["building"] for row in counted[:200]]


def similar_needs(circle: Circle, text: str, type_code: str) -> list[Need]:
    """Open needs of a circle that may be the same: of one type, or in much the same words."""
    open_ones = Need.objects.filter(circle=circle, state__in=rules.OPEN_STATES).order_by("-voices", "id")
    scored = []
    for need in open_ones[:500]:
        likeness = alike(text, need.text)
        same = bool(type_code) and need.type_code == type_code
        related = bool(type_code) and _parent(need.type_code) == _parent(type_code)
        if same or likeness >= rules.limit("alike") or (related and likeness > 0):
            scored.append((2 * same + related + likeness, need))
    scored.sort(key=lambda pair: -pair[0])
    return [need for _, need in scored[: int(rules.limit("most_offered"))]]


def _parent(code: str) -> str:
    kind = types_by_code().get(code)
    return (kind.parent or kind.code) if kind else code


def histories(needs: QuerySet[Need]) -> QuerySet[Need]:
    """Needs with everything their page shows."""
    return needs.select_related("circle", "community", "merged_into", "noted_by").prefetch_related(
        "said__noted_by", "steps__by", "steps__into", Prefetch("merged_from", Need.objects.order_by("pk"))
    )


@dataclass(frozen=True)
class NeedFilter:
    """What a list shows; "" leaves a question open."""

    circle: str = ""
    state: str = ""
    row: str = ""
    channel: str = ""
    text: str = ""
    is_urgent: bool = False


def needs_found(needs: QuerySet[Need], wanted: NeedFilter) -> QuerySet[Need]:
    """The needs a filter lets through; merged ones only where they are asked for."""
    exact = {"circle": wanted.circle, "form_row": wanted.row, "channel": wanted.channel}
    needs = needs.filter(**{k: v for k, v in exact.items() if v})
    state = Q(state=wanted.state) if wanted.state else ~Q(state=Need.State.MERGED)
    if wanted.is_urgent:
        needs = needs.filter(is_urgent=True)
    for word in wanted.text.split():
        needs = needs.filter(Q(text__icontains=word) | Q(building__icontains=word))
    return needs.filter(state).select_related("circle", "community").order_by("circle", "-voices", "id")


def next_number(survey: Survey, last: str = "") -> str:
    """The paper number that probably follows: one more than the last that ends in figures."""
    if not last:
        typed = Answer.objects.filter(survey=survey).exclude(entered_by=None).order_by("-id")
        last = typed.values_list("number", flat=True).first() or "0000"
    head = last.rstrip("0123456789")
    tail = last[len(head) :]
    return f"{head}{int(tail) + 1:0{len(tail)}d}" if tail and len(tail) < 12 else ""


def waiting_needs(account: Account, today: dt.date) -> int:
    """How many needs wait for a decision."""
    return needs_visible_to(account, today).filter(state=Need.State.NEW).count()


def surveys_running(account: Account, today: dt.date) -> list[SurveyCount]:
    """Surveys under way in the circles a person sees, those that end first before."""
    running = surveys_visible_to(account, today).filter(closed_at__isnull=True, opens_on__lte=today)
    return list(with_valid(running).select_related("circle").order_by("closes_on", "id")[:50])


def may(account: Account, what: str, need: Need | Survey, today: dt.date) -> bool:
    """Whether somebody may do it, for pages that show or hide a button."""
    return rules.may(Who(account), what, need.circle, need.area_code, today)


def answers_of(survey: Survey) -> QuerySet[Answer]:
    """Every answer of a survey, the newest first, void ones too."""
    return Answer.objects.filter(survey=survey).select_related("entered_by").order_by("-id")


def answer_numbered(survey: Survey, number: str) -> Answer | None:
    """The answer under a number, None when there is none."""
    return Answer.objects.filter(survey=survey, number=number).first()


def raw_answers(survey: Survey) -> Iterator[Answer]:
    """Every answer in the order it came, without holding all of them."""
    return Answer.objects.filter(survey=survey).order_by("id").iterator(2000)


def files_of(survey: Survey) -> list[AnswerFile]:
    """Workbooks of a survey so far, the last fifty."""
    return list(survey.files.select_related("by")[:MOST_FILES])


def community_of(key: int | None) -> Area | None:
    """The community of a place, None where a circle alone is meant."""
    return Area.objects.filter(pk=key).first() if key else None


def survey_by_token(token: str) -> Survey | None:
    """The survey of a link, None for a token nobody gave out."""
    return Survey.objects.select_related("circle").filter(token=token).first()


def is_answered(survey: Survey, number: str) -> bool:
    """Whether an answer under the number has come in."""
    return Answer.objects.filter(survey=survey, number=number).exists()


def is_issued(survey: Survey, number: str, now: dt.datetime) -> bool:
    """Whether a one-time number was given out and is still good."""
    since = now - dt.timedelta(hours=settings().number_hours)
    return survey.numbers.filter(number=number, issued_at__gt=since).exists()


def with_valid(surveys: QuerySet[Survey]) -> QuerySet[SurveyCount]:
    """Surveys with ``n_valid``: answers in force that say something on satisfaction."""
    told = Q(answers__overall__isnull=False) | ~Q(answers__satisfaction={})
    counted = Count("answers", filter=Q(answers__void_reason="") & told)
    return cast("QuerySet[SurveyCount]", surveys.annotate(n_valid=counted))


def rows_noted_from(survey: Survey) -> frozenset[str]:
    """Rows of the form whose counts in a survey stand in the needs list already."""
    return frozenset(Need.objects.filter(said__survey=survey).values_list("form_row", flat=True))
